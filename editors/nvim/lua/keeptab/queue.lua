--- Keeps every event until the host says that it is committed.

local M = {}

--- Events alike are one in this many milliseconds, so a crash of Neovim loses no more than that.
local WINDOW = 2000
--- Days of work without a host.
local LIMIT = 100000
--- Events in one message when a new host is told what the last one may not have kept.
local BATCH = 1000

---@class keeptab.Event
---@field seq? integer given when the event is sent for the first time
---@field at integer wall clock in milliseconds
---@field kind "edit"|"navigate"|"save"|"focus"|"blur"
---@field uri? string
---@field root? string
---@field language? string
---@field added? integer lines
---@field removed? integer lines

---@type table<integer, keeptab.Event> by seq, from `first` to `last`
local events = {}
local first, last = 1, 0

---@type fun(events: keeptab.Event[])? set while there is a host that listens
local send

---@type keeptab.Event? the one that opened the window
local leading
---@type keeptab.Event? what came after it and is still held back
local held
local timer = assert(vim.uv.new_timer())

--- Sends what is held back and then, in the same message, the event.
---@param event? keeptab.Event
function M.flush(event)
  local batch = { held or event, held and event }
  held = nil
  for _, new in ipairs(batch) do
    last = last + 1
    new.seq = last
    events[last] = new
  end
  while last - first >= LIMIT do
    events[first] = nil
    first = first + 1
    vim.notify_once(
      "keeptab: too much waits for the host, the oldest activity is dropped",
      vim.log.levels.WARN
    )
  end
  if send and #batch > 0 then
    send(batch)
  end
end

local open_window

local on_window_end = vim.schedule_wrap(function()
  open_window(held)
  M.flush()
end)

---@param event? keeptab.Event nil when it is quiet now
function open_window(event)
  leading = event
  if event then
    timer:start(WINDOW, 0, on_window_end)
  end
end

local function sum(a, b)
  return a and b and a + b or a or b
end

--- The first of its kind goes out at once. More of the same are one event, at the time of the latest.
---@param event keeptab.Event
function M.add(event)
  local alike = leading
    and leading.kind == event.kind
    and leading.uri == event.uri
    and leading.root == event.root
  if not alike then
    open_window(event)
    M.flush(event)
    return
  end
  if held then
    event.added = sum(held.added, event.added)
    event.removed = sum(held.removed, event.removed)
  end
  held = event
end

--- A host listens from now on. It is told again what no host has confirmed.
---@param to? fun(events: keeptab.Event[]) nil when there is no host any more
function M.connect(to)
  send = to
  for from = first, send and last or 0, BATCH do
    send(vim.list_slice(events, from, math.min(from + BATCH - 1, last)))
  end
end

--- All up to `seq` is committed.
---@param seq integer
function M.taken(seq)
  while first <= math.min(seq, last) do
    events[first] = nil
    first = first + 1
  end
end

---@return { waiting: integer, taken: integer }
function M.state()
  return { waiting = last - first + 1 + (held and 1 or 0), taken = first - 1 }
end

return M
