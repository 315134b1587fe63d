--- Detects edits and saves without a key: those of an agent, a formatter, or a checkout.
---
--- An edit of the buffer in front is the person's while they are present, and needs no event, because their keys report
--- it. So is a save of a buffer that they edited or look at. Everything else is reported as the agent's.

local entity = require("keeptab.entity")
local presence = require("keeptab.presence")
local queue = require("keeptab.queue")

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

local api = vim.api

--- By buffer, the time of the latest key before an agent's last edit. While it is still the latest key, the person has
--- proved nothing since.
---@type table<integer, integer>
local edited = {}
--- Buffers that changed without a key since the last check; true for those that were reloaded.
---@type table<integer, boolean>
local changed = {}
local is_due = false

--- Attributes the changes to the person or to an agent.
local function look()
  if not is_due then
    return
  end
  local buffers, at = changed, presence.now()
  changed, is_due = {}, false
  local is_present = presence.is_present(at)
  for buffer, is_reload in pairs(buffers) do
    local is_person = is_present and buffer == presence.front and not is_reload
    local subject = not is_person and api.nvim_buf_is_valid(buffer) and entity.of(buffer)
    if subject and subject.uri then
      edited[buffer] = presence.last_key
      queue.add("edit", at, subject, "agent")
    end
  end
end

---@param buffer integer
---@param is_reload boolean
local function note(buffer, is_reload)
  changed[buffer] = changed[buffer] or is_reload
  if not is_due then
    is_due = true
    vim.schedule(look)
  end
end

--- Handles a save without a key. A late formatter, or a plugin that saves by itself, saves for the person.
---@param buffer integer
function M.saved(buffer)
  look()
  local at = presence.now()
  local is_theirs = presence.unsaved[buffer] or buffer == presence.front
  local is_proved = edited[buffer] ~= presence.last_key
  if is_theirs and is_proved and presence.is_present(at) then
    presence.unsaved[buffer] = nil
    queue.add("save", at, entity.of(buffer))
  else
    queue.add("save", at, entity.of(buffer), "agent")
  end
end

---@type table<integer, true>
local watched = {}
--- Buffers that the person is editing. They are not watched, so that no key waits: changes in front of the person are
--- theirs.
---@type table<integer, true>
local left = {}

local listeners = {
  on_lines = function(_, buffer)
    if presence.acting then
      watched[buffer], left[buffer] = nil, true
      return true
    end
    note(buffer, false)
  end,
  on_reload = function(_, buffer)
    if not presence.acting then
      note(buffer, true)
    end
  end,
  on_detach = function(_, buffer)
    watched[buffer] = nil
  end,
}

---@param buffer integer
local function watch(buffer)
  local is_file = api.nvim_buf_is_loaded(buffer) and entity.of(buffer).uri
  if is_file and not watched[buffer] then
    watched[buffer] = api.nvim_buf_attach(buffer, false, listeners) or nil
  end
end

--- Resumes watching the buffers that the person has left.
---@param is_quiet boolean nobody has done anything for a second
local function watch_again(is_quiet)
  for buffer in pairs(left) do
    if is_quiet or buffer ~= presence.front then
      left[buffer] = nil
      watch(buffer)
    end
  end
end

---@param group integer
function M.start(group)
  vim.iter(api.nvim_list_bufs()):each(watch)
  queue.on_beat = watch_again
  api.nvim_create_autocmd({ "BufReadPost", "BufNewFile", "BufFilePost" }, {
    group = group,
    callback = function(args)
      watch(args.buf)
    end,
  })
  api.nvim_create_autocmd("BufWipeout", {
    group = group,
    callback = function(args)
      edited[args.buf] = nil
    end,
  })
end

return M
