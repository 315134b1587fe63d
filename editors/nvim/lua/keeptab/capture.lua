--- Sees the person at work: keys and mouse, never what plugins, programs or other processes do.

local entity = require("keeptab.entity")
local host = require("keeptab.host")
local queue = require("keeptab.queue")

local M = {}

local api = vim.api

--- How long after a key a switch of buffers or a stop of the debugger still counts as its answer, in
--- milliseconds: a picker or a jump to a definition may take a moment, and the time after it belongs to the new
--- file.
local ANSWER = 2000

---@class keeptab.Turn the current buffer as it was before the first key of this turn of the main loop
---@field at integer when the latest key was pressed
---@field buffer integer
---@field name string `:edit` may reuse an empty buffer for another file
---@field tick integer
---@field lines integer
---@field last_tick integer as the latest key found it
---@field last_lines integer
---@field saved table<integer, true>
---@field ran? true `:make`, `:grep` or the like

---@type keeptab.Turn?
local turn
local last_key = 0
local focused = true
---@type table<integer, true> buffers with edits of the person's own that they have not saved
local edited = {}

--- Wall clock in milliseconds.
local function now()
  local seconds, microseconds = vim.uv.gettimeofday()
  return seconds * 1000 + math.floor(microseconds / 1000)
end

---@param kind string
---@param at integer
---@param subject keeptab.Entity
---@param growth? integer in lines
local function record(kind, at, subject, growth)
  queue.add({
    at = at,
    kind = kind,
    uri = subject.uri,
    root = subject.root,
    language = subject.language,
    added = growth and growth > 0 and growth or nil,
    removed = growth and growth < 0 and -growth or nil,
  })
end

--- What the person looks at. A project seen for the first time is told to the host.
---@return keeptab.Entity
local function current()
  local subject = entity.of(api.nvim_get_current_buf())
  if subject.project_root then
    host.visit(subject.project_root)
  end
  return subject
end

--- Says what the keys of this turn did.
local function look()
  if not turn then
    return
  end
  local was, buffer = turn, api.nvim_get_current_buf()
  turn = nil
  -- A `:wall`, but no `:bufdo`: what was not edited by hand is not saved by hand.
  for saved in pairs(was.saved) do
    if saved ~= buffer and edited[saved] then
      edited[saved] = nil
      record("save", was.at, entity.of(saved))
    end
  end
  -- The buffer in front comes last: the time that follows is its own.
  local subject = current()
  local saved = was.saved[buffer] and (buffer == was.buffer or edited[buffer])
  -- Output moves a terminal's tick, and a picker's prompt is no file: only files are edited.
  local same_file = subject.uri and buffer == was.buffer and api.nvim_buf_get_name(buffer) == was.name
  -- The key that writes a file did not type what a formatter made of it meanwhile.
  local tick = saved and was.last_tick or api.nvim_buf_get_changedtick(buffer)
  if same_file and tick > was.tick then
    local lines = saved and was.last_lines or api.nvim_buf_line_count(buffer)
    edited[buffer] = true
    record("edit", was.at, subject, lines - was.lines)
  elseif was.ran or not saved then
    record(was.ran and "task" or "navigate", was.at, subject)
  end
  if saved then
    edited[buffer] = nil
    record("save", was.at, subject)
  end
end

--- A key has not done its work yet when it is seen, so its effect is looked at once that is over.
---@param at integer
local function look_soon(at)
  local buffer = api.nvim_get_current_buf()
  local tick, lines = api.nvim_buf_get_changedtick(buffer), api.nvim_buf_line_count(buffer)
  if turn then
    turn.at = at
    if buffer == turn.buffer then
      turn.last_tick, turn.last_lines = tick, lines
    end
    return
  end
  turn = {
    at = at,
    buffer = buffer,
    name = api.nvim_buf_get_name(buffer),
    tick = tick,
    lines = lines,
    last_tick = tick,
    last_lines = lines,
    saved = {},
  }
  vim.schedule(look)
end

local function is_answer()
  return focused and now() - last_key < ANSWER
end

local debugger

--- Hears of debugging from nvim-dap, which may be loaded at any time, and never by us.
local function hear_debugger()
  local dap = package.loaded.dap
  if dap == debugger or type(dap) ~= "table" or not dap.listeners then
    return
  end
  debugger = dap
  for _, event in ipairs({ "event_initialized", "event_stopped", "event_terminated" }) do
    dap.listeners.after[event].keeptab = vim.schedule_wrap(function()
      if is_answer() then
        record("debug", now(), current())
      end
    end)
  end
end

--- Looks at the last keys of a session, such as `:wq`, for which there is no next turn.
function M.finish()
  look()
  queue.flush()
end

function M.start()
  current()
  local group = api.nvim_create_augroup("keeptab.capture", {})
  local function on(event, callback)
    api.nvim_create_autocmd(event, { group = group, callback = callback })
  end
  on({ "FocusGained", "VimResume" }, function()
    focused = true
    record("focus", now(), current())
  end)
  on({ "FocusLost", "VimSuspend" }, function()
    focused = false
    record("blur", now(), {})
  end)
  on("BufEnter", function()
    if is_answer() then
      look_soon(now())
    end
  end)
  on("BufWritePost", function(args)
    if turn then
      turn.saved[args.buf] = true
    end
  end)
  on("BufWipeout", function(args)
    edited[args.buf] = nil
  end)
  on("QuickFixCmdPost", function()
    if turn then
      turn.ran = true
    end
  end)
  vim.on_key(function(_, typed)
    -- Empty for keys that come from a mapping, a macro or `feedkeys()`.
    if typed and typed ~= "" then
      last_key = now()
      look_soon(last_key)
      hear_debugger()
    end
  end, api.nvim_create_namespace("keeptab"))
end

return M
