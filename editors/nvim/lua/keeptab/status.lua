--- Keeps the host's last word where status lines and scripts find it.

local M = {}

---@class keeptab.Status
---@field state "tracking"|"idle"|"paused"|"unassigned"|"error"
---@field text string
---@field tooltip? string
---@field client? string
---@field project? string
---@field todaySeconds? integer
---@field projectTodaySeconds? integer
---@field unbilled? { amount: string, currency: string }[]
---@field reason? string

---@type keeptab.Status?
M.current = nil

---@param status keeptab.Status
function M.set(status)
  for name, value in pairs(status) do
    -- Neovim hands on a null of the host's from 0.12 on.
    if value == vim.NIL then
      status[name] = nil
    end
  end
  M.current = status
  vim.g.keeptab_status = status.text
  vim.api.nvim_exec_autocmds("User", { pattern = "KeeptabStatus", modeline = false, data = status })
  -- In a prompt the redraw might cover what is typed there; the next one comes soon enough.
  if not vim.api.nvim_get_mode().mode:find("^[cr]") then
    vim.cmd.redrawstatus()
  end
end

return M
