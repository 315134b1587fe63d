--- The status for status lines that consist of components.

local M = {}

local status = require("keeptab.status")

--- The highlight group of each state.
local groups =
  { error = "DiagnosticError", unassigned = "DiagnosticWarn", paused = "Comment", idle = "Comment" }

function M.text()
  return status.current and status.current.text or ""
end

---@return string? # nil for the status line's own
function M.group()
  return status.current and groups[status.current.state]
end

--- A component for heirline.
M.heirline = {
  condition = function()
    return status.current ~= nil
  end,
  -- Status lines interpret a `%`.
  provider = function()
    return (M.text():gsub("%%", "%%%%"))
  end,
  hl = M.group,
  update = { "User", pattern = "KeeptabStatus" },
}

return M
