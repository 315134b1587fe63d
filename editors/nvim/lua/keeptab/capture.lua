--- Sees the person at work: keys and mouse, never what plugins, programs or other processes do.

local agent = require("keeptab.agent")
local entity = require("keeptab.entity")
local host = require("keeptab.host")
local presence = require("keeptab.presence")
local queue = require("keeptab.queue")

-- What runs a few times a second is never worth a compilation, which a key would wait for.
if jit then
  jit.off(true, true)
end

local M = {}

local api = vim.api
-- What each key asks for is looked up once.
local current_buffer, changedtick = api.nvim_get_current_buf, api.nvim_buf_get_changedtick
local schedule, now = vim.schedule, presence.now

--- How long after a key a switch of buffers still counts as its answer, in milliseconds: a picker or a jump to a
--- definition may take a moment, and the time after it belongs to the new file.
local ANSWER = 2000

--- The current buffer as it was before the first key of this turn of the main loop. One table for all turns: making one
--- is most of what a key would cost.
---@class keeptab.Turn
local turn = {
  ---@type integer when the latest key was pressed
  at = 0,
  ---@type integer
  buffer = 0,
  ---@type keeptab.Entity `:edit` may reuse an empty buffer for another file
  entity = {},
  ---@type integer
  tick = 0,
  ---@type integer as the latest key found it
  last_tick = 0,
  ---@type table<integer, true>? what was written meanwhile
  saved = nil,
  --- `:make`, `:grep` or the like
  ran = false,
}
local focused = true
local unsaved = presence.unsaved
local NONE = {}

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

--- A `:wall`, but no `:bufdo`: what was not edited by hand is not saved by hand.
---@param saved table<integer, true>
---@param buffer integer the one in front, whose save comes last: the time that follows is its own
local function record_other_saves(saved, buffer)
  for other in pairs(saved) do
    if other ~= buffer and unsaved[other] then
      unsaved[other] = nil
      queue.add("save", turn.at, entity.of(other))
    end
  end
end

local function is_answer()
  return focused and now() - presence.last_key < ANSWER
end

--- A build that ends, or a debugger that stops: the person's while they are present, without a key of its own.
---@param kind "task"|"debug"
local function record_step(kind)
  local at = now()
  queue.add(kind, at, current(current_buffer()), not presence.is_present(at) and "agent" or nil)
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
      record_step("debug")
    end)
  end
end

--- Says what the keys of this turn did.
local function look()
  if not presence.acting then
    return
  end
  presence.acting = false
  hear_debugger()
  local buffer, at = current_buffer(), turn.at
  presence.front = buffer
  local saves, ran = turn.saved or NONE, turn.ran
  turn.saved, turn.ran = nil, false
  if saves ~= NONE then
    record_other_saves(saves, buffer)
  end
  local subject = current(buffer)
  local saved = saves[buffer] and (buffer == turn.buffer or unsaved[buffer])
  -- Output moves a terminal's tick, and a picker's prompt is no file: only files are edited.
  local same_file = subject.uri and buffer == turn.buffer and subject.uri == turn.entity.uri
  -- The key that writes a file did not type what a formatter made of it meanwhile.
  local tick = saved and turn.last_tick or changedtick(buffer)
  if same_file and tick > turn.tick then
    unsaved[buffer] = true
    queue.add("edit", at, subject)
  elseif ran or not saved then
    queue.add(ran and "task" or "navigate", at, subject)
  end
  if saved then
    unsaved[buffer] = nil
    queue.add("save", at, subject)
  end
end

--- A key has not done its work yet when it is seen, so its effect is looked at once that is over.
---@param at integer
local function look_soon(at)
  local buffer = current_buffer()
  local tick = changedtick(buffer)
  turn.at = at
  if presence.acting then
    if buffer == turn.buffer then
      turn.last_tick = tick
    end
    return
  end
  presence.acting, turn.buffer, turn.entity = true, buffer, entity.of(buffer)
  turn.tick, turn.last_tick = tick, tick
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
    queue.add("focus", now(), current(current_buffer()))
  end)
  on({ "FocusLost", "VimSuspend" }, function()
    focused = false
    queue.add("blur", now(), NONE)
    -- No timer runs in a Neovim that is suspended.
    queue.flush()
  end)
  on("BufEnter", function()
    if is_answer() then
      look_soon(now())
    end
  end)
  on("BufWritePost", function(args)
    if presence.acting then
      turn.saved = turn.saved or {}
      turn.saved[args.buf] = true
    else
      agent.saved(args.buf)
    end
  end)
  on("BufWipeout", function(args)
    unsaved[args.buf] = nil
  end)
  on("QuickFixCmdPost", function()
    if presence.acting then
      turn.ran = true
    else
      record_step("task")
    end
  end)
  agent.start(group)
  vim.on_key(function(_, typed)
    -- Empty for keys that come from a mapping, a macro or `feedkeys()`.
    if typed and typed ~= "" then
      local at = now()
      presence.last_key = at
      look_soon(at)
    end
  end, api.nvim_create_namespace("keeptab"))
end

return M
