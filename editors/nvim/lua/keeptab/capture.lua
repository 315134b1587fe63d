--- Sees the person at work: keys and mouse, never what plugins, programs or other processes do.

local entity = require("keeptab.entity")
local host = require("keeptab.host")
local queue = require("keeptab.queue")

local M = {}

local api = vim.api

--- How long after a key a switch of buffers still counts as its answer: a picker or a jump to a definition
--- may take a moment, and the time after it belongs to the new file.
local ANSWER = 2000

---@class keeptab.Turn the current buffer as it was before the first key of this turn of the main loop
---@field at integer when the latest key was pressed
---@field buffer integer
---@field name string `:edit` may reuse an empty buffer for another file
---@field tick integer
---@field lines integer
---@field saved? table<integer, true>

---@type keeptab.Turn?
local turn
local last_key = 0
local focused = true

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

--- Says what the keys of this turn did to the buffer that is current now.
local function look()
  if not turn then
    return
  end
  local was, buffer = turn, api.nvim_get_current_buf()
  turn = nil
  local subject = current()
  -- Output moves a terminal's tick, and a picker's prompt is no file: only files are edited.
  local same_file = subject.uri and buffer == was.buffer and api.nvim_buf_get_name(buffer) == was.name
  if same_file and api.nvim_buf_get_changedtick(buffer) > was.tick then
    record("edit", was.at, subject, api.nvim_buf_line_count(buffer) - was.lines)
  else
    record("navigate", was.at, subject)
  end
  if was.saved and was.saved[buffer] then
    record("save", was.at, subject)
  end
end

--- A key has not done its work yet when it is seen, so its effect is looked at once that is over.
---@param at integer
local function look_soon(at)
  if turn then
    turn.at = at
    return
  end
  local buffer = api.nvim_get_current_buf()
  turn = {
    at = at,
    buffer = buffer,
    name = api.nvim_buf_get_name(buffer),
    tick = api.nvim_buf_get_changedtick(buffer),
    lines = api.nvim_buf_line_count(buffer),
  }
  vim.schedule(look)
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
    local at = now()
    if focused and at - last_key < ANSWER then
      look_soon(at)
    end
  end)
  on("BufWritePost", function(args)
    if turn then
      turn.saved = turn.saved or {}
      turn.saved[args.buf] = true
    end
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
