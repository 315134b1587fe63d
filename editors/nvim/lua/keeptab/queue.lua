--- Keeps every event until the host confirms that it is committed.

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

--- Milliseconds between messages: a crash of Neovim loses at most the events of this time.
local WINDOW = 1000
--- Milliseconds to the first message after a quiet time.
local SOON = 20
--- The maximum number of kept events: days of work without a host.
local LIMIT = 100000
--- Events per message when a new host gets the events that the last one may not have stored.
local BATCH = 1000

---@type table<integer, keeptab.Event> by seq, from `first` to `last`
local events = {}
local first, last = 1, 0

---@type fun(events: keeptab.Event[])? set while there is a host that listens
local send

---@type keeptab.Event[] not yet sent, so without a number
local pending = {}
---@class keeptab.Run of events alike
---@field kind? string
---@field subject? keeptab.Entity
---@field latest? keeptab.Event not yet sent: what came after the one that began the run, at the time of the latest

--- An agent at work does not interrupt the person's run.
---@type keeptab.Run, keeptab.Run
local person, agent = {}, {}
local timer = assert(vim.uv.new_timer())
--- True while the timer runs; asking it would be one more call for a key to wait for.
local beating = false

--- Called once a second while there are events to send, and once after.
---@type fun(is_quiet: boolean)?
M.on_beat = nil

--- Sends the pending events in one message.
function M.flush()
  local batch = pending
  pending, person.latest, agent.latest = {}, nil, nil
  for _, event in ipairs(batch) do
    last = last + 1
    event.seq = last
    events[last] = event
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

local on_beat = vim.schedule_wrap(function()
  local is_quiet = #pending == 0
  if is_quiet then
    timer:stop()
    beating, person.subject, agent.subject = false, nil, nil
  end
  M.flush()
  if M.on_beat then
    M.on_beat(is_quiet)
  end
end)

--- Adds an event; equal ones in a row become one, at the time of the latest. Writes no message, because a key must not
--- wait.
---@param kind string
---@param at integer wall clock in milliseconds
---@param subject keeptab.Entity
---@param actor? "agent" else the person
function M.add(kind, at, subject, actor)
  if subject.silent then
    return
  end
  local run = actor and agent or person
  local is_alike = run.subject == subject and run.kind == kind
  local event = is_alike and run.latest
  if event then
    event.at = at
    return
  end
  -- With space for all fields that it may get.
  event = {
    at = at,
    kind = kind,
    uri = subject.uri,
    root = subject.root,
    cwd = subject.cwd,
    language = subject.language,
    actor = actor,
    seq = nil,
  }
  pending[#pending + 1] = event
  if is_alike then
    run.latest = event
  else
    run.kind, run.subject, run.latest = kind, subject, nil
  end
  if not beating then
    beating = true
    timer:start(SOON, WINDOW, on_beat)
  end
end

--- Connects a host and sends it all events that no host has confirmed.
---@param to? fun(events: keeptab.Event[]) nil when there is no host any more
function M.connect(to)
  send = to
  for from = first, send and last or 0, BATCH do
    send(vim.list_slice(events, from, math.min(from + BATCH - 1, last)))
  end
end

--- Drops all events up to `seq`, which are committed.
---@param seq integer
function M.taken(seq)
  while first <= math.min(seq, last) do
    events[first] = nil
    first = first + 1
  end
end

---@return { waiting: integer, taken: integer }
function M.state()
  return { waiting = last - first + 1 + #pending, taken = first - 1 }
end

return M
