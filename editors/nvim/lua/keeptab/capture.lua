--- Detects the person's work: keys and mouse, never the work of plugins, programs or other processes.

local agent = require("keeptab.agent")
local entity = require("keeptab.entity")
local host = require("keeptab.host")
local presence = require("keeptab.presence")
local queue = require("keeptab.queue")

-- JIT compilation never pays for code that runs a few times a second, and a key would wait for it.
if jit then
  jit.off(true, true)
end

local M = {}

local api = vim.api
-- Looked up once, because each key uses them.
local current_buffer, changedtick = api.nvim_get_current_buf, api.nvim_buf_get_changedtick
local schedule, now = vim.schedule, presence.now

--- Milliseconds after a key in which a switch of buffers counts as its effect: a picker or a jump to a definition may
--- take a moment, and the time after it belongs to the new file.
local ANSWER = 2000

--- The current buffer as it was before the first key of this turn of the main loop. One table is reused for all turns:
--- creating one would be most of a key's cost.
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

--- Returns the entity in front. A project that is seen for the first time is reported to the host.
---@param buffer integer
---@return keeptab.Entity
local function current(buffer)
  local subject = entity.of(buffer)
  if subject.project_root then
    host.visit(subject.project_root)
  end
  return subject
end

--- Handles a `:wall`, but not a `:bufdo`: only buffers edited by hand are saved by hand.
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

--- Handles a build that ends, or a debugger that stops. While the person is present it is theirs, without a key of its
--- own.
---@param kind "task"|"debug"
local function record_step(kind)
  local at = now()
  queue.add(kind, at, current(current_buffer()), not presence.is_present(at) and "agent" or nil)
end

local debugger

--- Listens to nvim-dap. Any key may have loaded it; keeptab never does.
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

--- Evaluates the keys of this turn.
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
  -- Output changes a terminal's tick, and a picker's prompt is no file: only files are edited.
  local same_file = subject.uri and buffer == turn.buffer and subject.uri == turn.entity.uri
  -- The key that writes a file did not type the changes of a formatter.
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

--- A key has no effect yet when it is seen, so the effect is evaluated after it.
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

--- Evaluates the last keys of a session, such as `:wq`, which have no next turn.
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
    -- No timer runs while Neovim is suspended.
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
    -- Empty for keys from a mapping, a macro or `feedkeys()`.
    if typed and typed ~= "" then
      local at = now()
      presence.last_key = at
      look_soon(at)
    end
  end, api.nvim_create_namespace("keeptab"))
end

return M
