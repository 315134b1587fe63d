--- A person at a terminal: Neovim as they start it, keys as they type them, the screen as they see it.

local Child = require("child")

--- The remote interface is only for looking; everything the person does goes through the terminal.
local Person = setmetatable({}, { __index = Child })
Person.__index = Person

local COLUMNS, LINES = 100, 30
-- A window is never larger than the screen, even if there is none.
vim.o.columns, vim.o.lines = COLUMNS, LINES + 2
--- Milliseconds between two keys.
local PACE = 90

local bytes = {
  ["<CR>"] = "\r",
  ["<Esc>"] = "\27",
  ["<C-u>"] = "\21",
  ["<C-z>"] = "\26",
  ["<C-n>"] = "\14",
  ["<C-y>"] = "\25",
  ["<C-x>"] = "\24",
  ["<C-o>"] = "\15",
  ["<Tab>"] = "\t",
}
local words = "a function of three words returns what its caller passes in and nothing else\r"

--- Wall clock in milliseconds.
local function now()
  local seconds, microseconds = vim.uv.gettimeofday()
  return seconds * 1000 + math.floor(microseconds / 1000)
end

--- Starts Neovim without waiting for the host.
---@param home table
---@param ... string the command line's arguments
function Person.start(home, ...)
  local self = setmetatable({ home = home, letters = 0 }, Person)
  local socket = vim.fn.tempname()
  local command = { Child.program, "--listen", socket, ... }
  self.buffer = vim.api.nvim_create_buf(false, true)
  local window = { relative = "editor", row = 0, col = 0, width = COLUMNS, height = LINES, style = "minimal" }
  vim.api.nvim_open_win(self.buffer, true, window)
  self.terminal = vim.fn.jobstart(command, {
    term = true,
    cwd = home.path,
    env = home:env(),
    clear_env = true,
    on_exit = function()
      self.ended = true
    end,
  })
  after(function()
    vim.fn.jobstop(self.terminal)
    vim.fn.jobwait({ self.terminal }, 2000)
    if self.process then
      vim.uv.kill(self.process, "sigkill")
    end
  end)
  self.channel = self:wait("Neovim to listen", function()
    local ok, channel = pcall(vim.fn.sockconnect, "pipe", socket, { rpc = true })
    return ok and channel
  end)
  self.process = self:lua("return vim.uv.os_getpid()")
  return self
end

function Person:ready()
  self:wait("the host to be ready", function()
    return self:lua("return package.loaded['keeptab.host'] ~= nil and require('keeptab.host').is_ready()")
  end)
  return self
end

---@param home table
---@param ... string the command line's arguments
function Person.at(home, ...)
  return Person.start(home, ...):ready()
end

--- Returns true if a process is alive; a zombie is not.
---@param process integer
function Person.is_alive(process)
  local file = io.open(("/proc/%d/stat"):format(process))
  if not file then
    return vim.uv.fs_stat("/proc/self") == nil and vim.uv.kill(process, 0) == 0
  end
  -- It may have ended since; then there is nothing to read.
  local state = (file:read("*a") or ""):match(".*%) (%a)")
  file:close()
  return state ~= nil and state ~= "Z" and state ~= "X"
end

--- Kills a process, the hard way.
---@param process integer
function Person.kill(process)
  assert(vim.uv.kill(process, "sigkill"))
end

--- Returns the text of the screen.
---@return string
function Person:screen()
  local lines = vim.api.nvim_buf_get_lines(self.buffer, 0, -1, false)
  return (table.concat(lines, "\n"):gsub(" +\n", "\n"))
end

--- Waits until the person sees a text; returns the screen.
---@param text string
---@return string
function Person:sees(text)
  local ok, result = pcall(self.wait, self, text, function()
    local screen = self:screen()
    return screen:find(text, 1, true) and screen
  end)
  return ok and result or error(("%s on the screen:\n%s"):format(result, self:screen()), 2)
end

--- Waits until the person does not see a text any more.
---@param text string
function Person:gone(text)
  self:wait("the end of " .. text, function()
    return not self:screen():find(text, 1, true)
  end)
end

---@param mode string
function Person:in_mode(mode)
  self:wait("mode " .. mode, function()
    return self:request("nvim_get_mode").mode == mode
  end)
end

--- Sends one key to the terminal.
---@param key string
---@param name string? if it has one, such as <CR>
function Person:send(key, name)
  vim.fn.chansend(self.terminal, name and bytes[name] or key)
end

--- Presses keys, one by one.
---@param keys string with <CR>, <Esc>, <C-u>
function Person:press(keys)
  while keys ~= "" do
    local name = keys:match("^<[%w-]+>")
    local key = bytes[name] and name or keys:match("^[%z\1-\127\194-\244][\128-\191]*")
    self.first = self.first or now()
    self.last = now()
    self:send(key, bytes[key] and key)
    if key == "<Esc>" then
      -- A key right after it would be read as part of one key.
      self:in_mode("n")
    end
    keys = keys:sub(#key + 1)
  end
end

--- Types prose for a while, at a person's speed, in insert mode.
---@param duration integer milliseconds
---@param ... table others who type at the same time
function Person:write_for(duration, ...)
  local deadline = now() + duration
  local all = { self, ... }
  repeat
    for _, person in ipairs(all) do
      local index = person.letters % #words + 1
      person.letters = person.letters + 1
      person:press(words:sub(index, index))
    end
    vim.wait(PACE)
  until now() >= deadline
end

--- Records the instant of each key in Neovim, which sees a key later than it is pressed.
function Person:record_keys()
  self:lua([[
    _G.keys = {}
    vim.on_key(function(_, typed)
      if typed ~= "" then
        local seconds, microseconds = vim.uv.gettimeofday()
        table.insert(_G.keys, seconds * 1000 + math.floor(microseconds / 1000))
      end
    end)
  ]])
end

--- Returns the instants of all keys since `record_keys`, in milliseconds.
---@return integer[]
function Person:keys()
  return self:lua("return _G.keys")
end

--- Waits until everything typed is committed; returns the number of events.
---@return integer
function Person:committed()
  return self:wait("all to be committed", function()
    local state = self:lua("return require('keeptab.queue').state()")
    return state.waiting == 0 and state.taken
  end)
end

--- The process id of the host, the one process that Neovim starts.
---@return integer?
function Person:host()
  return self:lua("return vim.api.nvim_get_proc_children(vim.uv.os_getpid())")[1]
end

--- Returns the seconds from the first to the last key as pressed; on a busy machine Neovim sees a key a bit later.
---@return number
function Person:worked()
  return (self.last - self.first) / 1000
end

return Person
