--- When the person was last seen at this Neovim. Only a key or the mouse proves them.

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

--- How long a person is present after a proof, in milliseconds. Nothing but another proof renews it.
local PRESENCE = 60000

local floor = math.floor

--- When the latest key was pressed, in milliseconds of the wall clock.
M.last_key = 0
--- Tells if the keys of this turn of the main loop are still at work: a change now is theirs.
M.acting = false
--- The buffer that the latest keys left in front. While a plugin calls something in another one, that is current.
---@type integer?
M.front = nil
---@type table<integer, true> buffers with edits of the person's own that are not saved
M.unsaved = {}

--- Wall clock in milliseconds.
---@return integer
function M.now()
  local seconds, microseconds = vim.uv.gettimeofday()
  return seconds * 1000 + floor(microseconds / 1000)
end

--- A key that lies ahead, by a clock that was set back, proves nothing.
---@param at integer
---@return boolean
function M.is_present(at)
  local since = at - M.last_key
  return since >= 0 and since < PRESENCE
end

return M
