--- `:checkhealth keeptab`

local M = {}

local health = vim.health

---@param command string[]
---@return vim.SystemCompleted? # nil when it cannot be run
local function run(command)
  local ok, done = pcall(function()
    return vim.system(command, { text = true }):wait(5000)
  end)
  return ok and done or nil
end

---@param command string[]
---@return string? # the program, if it is one
local function check_binary(command)
  local path = vim.fn.exepath(command[1])
  if path == "" then
    health.error(command[1] .. " is not to be found", {
      "install keeptab and put it on PATH",
      'or say where it is: vim.g.keeptab = { cmd = { "/path/to/keeptab", "lsp" } }',
    })
    return
  end
  local done = run({ path, "--version" })
  if done and done.code == 0 then
    health.ok(("%s (%s)"):format(vim.trim(done.stdout), path))
    return path
  end
  health.error(path .. " --version fails", { done and vim.trim(done.stderr) or "it cannot be run" })
end

--- Checks the config, the database and the last heartbeat with `keeptab doctor`.
---@param path string
local function check_home(path)
  local done = run({ path, "doctor", "--json" })
  local ok, checks = pcall(vim.json.decode, done and done.stdout or "")
  if not ok or not vim.islist(checks) then
    health.error(path .. " doctor fails", { done and vim.trim(done.stderr) or "it cannot be run" })
    return
  end
  for _, check in ipairs(checks) do
    local lines = vim.split(vim.trim(check.says), "\n%s*")
    local advice = vim.list_slice(lines, 2)
    table.insert(advice, check.hint)
    local tell = check.warning and health.warn or check.ok and health.ok or health.error
    tell(("%s: %s"):format(check.what, lines[1]), advice)
  end
end

--- Returns the processes with a name that this Neovim started; empty if unknown. Neovim may need `pgrep` and `ps`,
--- which not every system has.
---@param name string
---@return integer[]
local function children(name)
  local _, found = pcall(function()
    return vim.tbl_filter(function(child)
      local process = vim.api.nvim_get_proc(child)
      return process and process.name == name
    end, vim.api.nvim_get_proc_children(vim.uv.os_getpid()))
  end)
  return type(found) == "table" and found or {}
end

--- Warns of duplicates of the plugin and of the host.
---@param program string
local function check_doubles(program)
  local copies = vim.api.nvim_get_runtime_file("plugin/keeptab.lua", true)
  if #copies > 1 then
    health.warn("the plugin is installed more than once", copies)
  end
  local hosts = children(vim.fs.basename(program))
  if #hosts > 1 then
    health.warn(("%d hosts run in this Neovim: processes %s"):format(#hosts, table.concat(hosts, ", ")), {
      "this plugin starts the one there should be; take keeptab out of vim.lsp.enable() and the like",
    })
  end
end

local function check_host()
  local host = require("keeptab.host")
  local problem = host.problem()
  if host.is_ready() then
    health.ok("the host runs")
  elseif problem then
    health.error(problem, { ":Keeptab restart", ":Keeptab log" })
  else
    health.warn("the host is not ready yet", { "look again, then :Keeptab restart" })
  end
  local queue = require("keeptab.queue").state()
  health.info(("last event committed: %d; events waiting: %d"):format(queue.taken, queue.waiting))
  local status = require("keeptab.status").current
  if not status then
    health.info("nothing is tracked yet: the host has not said anything")
  elseif status.state == "paused" then
    health.warn("tracking is paused, in every editor", { ":Keeptab resume" })
  elseif status.state == "error" then
    health.error(("nothing is tracked: %s"):format(status.reason or status.text))
  else
    local reason = status.reason and ", " .. status.reason or ""
    health.info(("status: %s, %s%s"):format(status.state, status.text, reason))
  end
end

function M.check()
  health.start("keeptab: this Neovim")
  local options, problem = require("keeptab.config").get()
  if problem then
    health.error(problem .. ", so nothing is tracked", { ":help keeptab-options" })
  elseif not options.enabled then
    health.warn("switched off by vim.g.keeptab.enabled, so nothing is tracked")
  elseif #vim.api.nvim_list_uis() == 0 then
    health.info("there is no screen, so nothing is tracked")
  else
    check_host()
  end
  check_doubles(options.cmd[1])
  health.start("keeptab: the program")
  local path = check_binary(options.cmd)
  if path and options.cmd[2] == "lsp" then
    check_home(path)
  end
end

return M
