--- Keeps the host's latest status for status lines and scripts.

local M = {}

---@type keeptab.Status?
M.current = nil

--- The beginning of the gap that was offered last.
---@type string?
local offered

--- Offers a gap that one key counts. It is shown once, on one line, so that it stops nobody.
---@param away? keeptab.Gap
local function offer(away)
  if not away or not away.attended or away.from == offered then
    return
  end
  offered = away.from
  local minutes = math.floor(away.seconds / 60)
  local text = "keeptab: away %d:%02d, in this window all the while. :Keeptab away counts it"
  require("keeptab.calm")(function()
    vim.notify(text:format(math.floor(minutes / 60), minutes % 60))
  end)
end

--- The sign of a running timer; a terminal of another encoding has no dot.
local function sign()
  return vim.v.ctype:lower():find("utf%-?8") and "●" or "*"
end

---@param status keeptab.Status
function M.set(status)
  for name, value in pairs(status) do
    -- From 0.12 on, Neovim passes on the host's null values.
    if value == vim.NIL then
      status[name] = nil
    end
  end
  -- A config that is broken is to be mended, not begun.
  if status.setUp == false and not status.reason then
    status.text = "Set up Keeptab: :Keeptab"
  end
  if status.timer and status.state ~= "error" then
    status.text = sign() .. " " .. status.text
  end
  M.current = status
  offer(status.away)
  vim.g.keeptab_status = status.text
  vim.api.nvim_exec_autocmds("User", { pattern = "KeeptabStatus", modeline = false, data = status })
  -- In a prompt the redraw might cover the typed text; the next one comes soon.
  if not vim.api.nvim_get_mode().mode:find("^[cr]") then
    vim.cmd.redrawstatus()
  end
end

return M
