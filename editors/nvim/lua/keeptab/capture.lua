--- Sees the person at work: keys and mouse, never what plugins, programs or other processes do.

local entity = require("keeptab.entity")
local host = require("keeptab.host")
local queue = require("keeptab.queue")

-- What runs a few times a second is never worth a compilation, which a key would wait for.
if jit then
  jit.off(true, true)
end

local M = {}

local api = vim.api
-- What each key asks for is looked up once.
local current_buffer, changedtick, line_count =
  api.nvim_get_current_buf, api.nvim_buf_get_changedtick, api.nvim_buf_line_count
local schedule, floor = vim.schedule, math.floor

--- How long after a key a switch of buffers or a stop of the debugger still counts as its answer, in
--- milliseconds: a picker or a jump to a definition may take a moment, and the time after it belongs to the new
--- file.
local ANSWER = 2000

--- The current buffer as it was before the first key of this turn of the main loop. One table for all turns: making one
--- is most of what a key would cost.
---@class keeptab.Turn
local turn = {
  open = false,
  ---@type integer when the latest key was pressed
  at = 0,
  ---@type integer
  buffer = 0,
  ---@type keeptab.Entity `:edit` may reuse an empty buffer for another file
  entity = {},
  ---@type integer
  tick = 0,
  lines = 0,
  ---@type integer as the latest key found it
  last_tick = 0,
  last_lines = 0,
  ---@type table<integer, true>? what was written meanwhile
  saved = nil,
  --- `:make`, `:grep` or the like
  ran = false,
}
local last_key = 0
local focused = true
---@type table<integer, true> buffers with edits of the person's own that they have not saved
local edited = {}
local NONE = {}

--- Wall clock in milliseconds.
local function now()
  local seconds, microseconds = vim.uv.gettimeofday()
  return seconds * 1000 + floor(microseconds / 1000)
end

--- What the person looks at. A project seen for the first time is told to the host.
---@param buffer integer
---@return keeptab.Entity
local function current(buffer)
  local subject = entity.of(buffer)
  if subject.project_root then
    host.visit(subject.project_root)
  end
  return subject
end

--- Lines of a buffer at a tick; they are counted anew only when the tick has moved.
local counted = { buffer = 0, tick = 0, lines = 0 }

---@param buffer integer
---@param tick integer
local function lines_of(buffer, tick)
  if counted.tick ~= tick or counted.buffer ~= buffer then
    counted.buffer, counted.tick, counted.lines = buffer, tick, line_count(buffer)
  end
  return counted.lines
end

--- A `:wall`, but no `:bufdo`: what was not edited by hand is not saved by hand.
---@param saved table<integer, true>
---@param buffer integer the one in front, whose save comes last: the time that follows is its own
local function record_other_saves(saved, buffer)
  for other in pairs(saved) do
    if other ~= buffer and edited[other] then
      edited[other] = nil
      queue.add("save", turn.at, entity.of(other), 0)
    end
  end
end

local function is_answer()
  return focused and now() - last_key < ANSWER
end

local debugger

--- Hears of debugging from nvim-dap, which any key may have loaded, and never we.
local function hear_debugger()
  local dap = package.loaded.dap
  if dap == debugger or type(dap) ~= "table" or not dap.listeners then
    return
  end
  debugger = dap
  for _, event in ipairs({ "event_initialized", "event_stopped", "event_terminated" }) do
    dap.listeners.after[event].keeptab = vim.schedule_wrap(function()
      if is_answer() then
        queue.add("debug", now(), current(current_buffer()), 0)
      end
    end)
  end
end

--- Says what the keys of this turn did.
local function look()
  if not turn.open then
    return
  end
  turn.open = false
  hear_debugger()
  local buffer, at = current_buffer(), turn.at
  local saves, ran = turn.saved or NONE, turn.ran
  turn.saved, turn.ran = nil, false
  if saves ~= NONE then
    record_other_saves(saves, buffer)
  end
  local subject = current(buffer)
  local saved = saves[buffer] and (buffer == turn.buffer or edited[buffer])
  -- Output moves a terminal's tick, and a picker's prompt is no file: only files are edited.
  local same_file = subject.uri and buffer == turn.buffer and subject.uri == turn.entity.uri
  -- The key that writes a file did not type what a formatter made of it meanwhile.
  local tick = saved and turn.last_tick or changedtick(buffer)
  if same_file and tick > turn.tick then
    local lines = saved and turn.last_lines or lines_of(buffer, tick)
    edited[buffer] = true
    queue.add("edit", at, subject, lines - turn.lines)
  elseif ran or not saved then
    queue.add(ran and "task" or "navigate", at, subject, 0)
  end
  if saved then
    edited[buffer] = nil
    queue.add("save", at, subject, 0)
  end
end

--- A key has not done its work yet when it is seen, so its effect is looked at once that is over.
---@param at integer
local function look_soon(at)
  local buffer = current_buffer()
  local tick = changedtick(buffer)
  local lines = lines_of(buffer, tick)
  turn.at = at
  if turn.open then
    if buffer == turn.buffer then
      turn.last_tick, turn.last_lines = tick, lines
    end
    return
  end
  turn.open, turn.buffer, turn.entity = true, buffer, entity.of(buffer)
  turn.tick, turn.lines, turn.last_tick, turn.last_lines = tick, lines, tick, lines
  schedule(look)
end

--- Looks at the last keys of a session, such as `:wq`, for which there is no next turn.
function M.finish()
  look()
  queue.flush()
end

function M.start()
  current(current_buffer())
  local group = api.nvim_create_augroup("keeptab.capture", {})
  local function on(event, callback)
    api.nvim_create_autocmd(event, { group = group, callback = callback })
  end
  on({ "FocusGained", "VimResume" }, function()
    focused = true
    queue.add("focus", now(), current(current_buffer()), 0)
  end)
  on({ "FocusLost", "VimSuspend" }, function()
    focused = false
    queue.add("blur", now(), NONE, 0)
    -- No timer runs in a Neovim that is suspended.
    queue.flush()
  end)
  on("BufEnter", function()
    if is_answer() then
      look_soon(now())
    end
  end)
  on("BufWritePost", function(args)
    if turn.open then
      turn.saved = turn.saved or {}
      turn.saved[args.buf] = true
    end
  end)
  on("BufWipeout", function(args)
    edited[args.buf] = nil
  end)
  on("QuickFixCmdPost", function()
    turn.ran = turn.open
  end)
  vim.on_key(function(_, typed)
    -- Empty for keys that come from a mapping, a macro or `feedkeys()`.
    if typed and typed ~= "" then
      last_key = now()
      look_soon(last_key)
    end
  end, api.nvim_create_namespace("keeptab"))
end

return M
