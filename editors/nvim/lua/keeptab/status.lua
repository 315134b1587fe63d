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
---@field away? { from: string, to: string, seconds: integer, attended?: boolean } by the clock
---@field reason? string

---@type keeptab.Status?
M.current = nil

--- The beginning of the gap that was offered last.
---@type string?
local offered

--- Offers a gap that one key counts. It is said once, on one line: nobody is to be stopped by it.
---@param away? { from: string, seconds: integer, attended?: boolean }
local function offer(away)
  if not away or not away.attended or away.from == offered then
    return
  end
  offered = away.from
  local minutes = math.floor(away.seconds / 60)
  local text = "keeptab: away %d:%02d, in this window all the while. :Keeptab away counts it"
  vim.notify(text:format(math.floor(minutes / 60), minutes % 60))
end

---@param status keeptab.Status
function M.set(status)
  for name, value in pairs(status) do
    -- Neovim hands on a null of the host's from 0.12 on.
    if value == vim.NIL then
      status[name] = nil
    end
  end
  M.current = status
  offer(status.away)
  vim.g.keeptab_status = status.text
  vim.api.nvim_exec_autocmds("User", { pattern = "KeeptabStatus", modeline = false, data = status })
  -- In a prompt the redraw might cover what is typed there; the next one comes soon enough.
  if not vim.api.nvim_get_mode().mode:find("^[cr]") then
    vim.cmd.redrawstatus()
  end
end

return M
