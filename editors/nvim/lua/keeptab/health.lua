--- `:checkhealth keeptab`

local M = {}

local health = vim.health

---@param command string[]
local function check_binary(command)
  local path = vim.fn.exepath(command[1])
  if path == "" then
    health.error(command[1] .. " is not to be found", {
      "install keeptab and put it on PATH",
      'or say where it is: vim.g.keeptab = { cmd = { "/path/to/keeptab", "lsp" } }',
    })
    return
  end
  local ok, version = pcall(function()
    return vim.system({ path, "--version" }, { text = true }):wait(2000)
  end)
  if ok and version.code == 0 then
    health.ok(("%s (%s)"):format(vim.trim(version.stdout), path))
  else
    health.error(path .. " --version fails", { ok and version.stderr or version })
  end
end

local function check_host()
  local host = require("keeptab.host")
  if host.is_ready() then
    health.ok("the host runs")
  else
    health.error(host.problem() or "the host is not ready yet", { ":Keeptab restart", ":Keeptab log" })
  end
  local queue = require("keeptab.queue").state()
  health.info(("last event committed: %d; events waiting: %d"):format(queue.taken, queue.waiting))
  local status = require("keeptab.status").current
  if status then
    health.info(("status: %s%s"):format(status.state, status.reason and ", " .. status.reason or ""))
  end
end

function M.check()
  health.start("keeptab")
  local options, problem = require("keeptab.config").get()
  if problem then
    health.error(problem, { ":help keeptab-options" })
  end
  check_binary(options.cmd)
  if options.enabled then
    check_host()
  else
    health.warn("switched off by vim.g.keeptab.enabled")
  end
end

return M
