--- keeptab tracks working time from inside the editor. This plugin detects the person's work and shows the host's
--- messages; counting, decisions and storage are the host's.

local M = {}

local started = false

--- For plugin managers that call it; only sets `vim.g.keeptab`.
---@param options? keeptab.Options
function M.setup(options)
  vim.g.keeptab = options
end

--- Begins to watch and starts the host. Called once a screen is attached; repeated calls are harmless.
function M.start()
  if started then
    return
  end
  local options, problem = require("keeptab.config").get()
  if problem then
    require("keeptab.message")(problem, "see :help keeptab-options")
  elseif options.enabled then
    started = true
    local capture, host = require("keeptab.capture"), require("keeptab.host")
    capture.start()
    host.start()
    -- Neovim's language client may end the host first on exit, hence the earlier event.
    vim.api.nvim_create_autocmd("ExitPre", { callback = capture.finish })
    vim.api.nvim_create_autocmd("VimLeavePre", {
      callback = function()
        capture.finish()
        host.leave()
      end,
    })
  end
end

--- Returns the host's latest status: state, client, project, text, tooltip, todaySeconds, unbilled and more.
---@return keeptab.Status? status nil until the host has said something
function M.status()
  return require("keeptab.status").current
end

return M
