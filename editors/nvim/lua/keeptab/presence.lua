--- The last proof that the person is at this Neovim: a key or the mouse.

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

--- Milliseconds for which a person counts as present after a proof. Only another proof renews it.
local PRESENCE = 60000

local floor = math.floor

--- The time of the latest key, in milliseconds of the wall clock.
M.last_key = 0
--- True while the keys of this turn of the main loop take effect: a change now is the person's.
M.acting = false
--- The buffer in front after the latest keys. While a plugin runs code in another buffer, that one is current.
---@type integer?
M.front = nil
---@type table<integer, true> buffers with edits of the person's own that are not saved
M.unsaved = {}

--- Returns the wall clock in milliseconds.
---@return integer
function M.now()
  local seconds, microseconds = vim.uv.gettimeofday()
  return seconds * 1000 + floor(microseconds / 1000)
end

--- A key in the future, after the clock was set back, proves nothing.
---@param at integer
---@return boolean
function M.is_present(at)
  local since = at - M.last_key
  return since >= 0 and since < PRESENCE
end

return M
