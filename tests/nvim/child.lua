--- A second Neovim with the plugin, a screen and real keys, and the messages of its host.

local Child = {}
Child.__index = Child

local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
Child.plugin = vim.fs.normalize(vim.fs.joinpath(here, "../../editors/nvim"))
--- The tested Neovim: KEEPTAB_NVIM, or the one that runs the specs.
Child.program = vim.env.KEEPTAB_NVIM or vim.v.progpath
Child.fake_host = vim.fs.joinpath(here, "fake_host.lua")
local running = {}

--- Messages are kept instead of shown, so that none waits for a key. A typed key counts as done two turns later, after
--- all of the plugin's work in the next turn.
local prelude = [[
  _G.shown = {}
  vim.notify = function(text) table.insert(_G.shown, text) end
  vim.notify_once = vim.notify
  _G.typed, _G.done = 0, 0
  vim.on_key(function(_, typed)
    if typed ~= "" then
      _G.typed = _G.typed + 1
      local count = _G.typed
      vim.schedule(function() vim.schedule(function() _G.done = count end) end)
    end
  end)
]]

---@class Child.Options
---@field host? string[]|false the command of the host; false to leave the plugin's default
---@field options? table more of vim.g.keeptab
---@field env? table<string, string>
---@field init? string Lua that runs before the plugin is loaded
---@field screen? boolean false for no screen
---@field plugin? false to leave it to `init` to put the plugin in
---@field arguments? string[] of the command line, such as a file's name
---@field files? table<string, string> by name below the child's own folder

---@param opts? Child.Options
function Child.start(opts)
  opts = opts or {}
  local self = setmetatable({}, Child)
  self.home = vim.fn.tempname()
  vim.fn.mkdir(self.home, "p")
  self.home = assert(vim.uv.fs_realpath(self.home))
  self.log = self.home .. "/host.jsonl"
  local options = vim.deepcopy(opts.options or {})
  if opts.host ~= false then
    options.cmd = opts.host or { vim.v.progpath, "--clean", "-n", "-l", Child.fake_host }
  end
  local init = self.home .. "/init.lua"
  vim.fn.writefile(
    vim.split(
      ("%s\nvim.g.keeptab = vim.json.decode(%q)\n%s\n%s"):format(
        opts.plugin == false and "" or ("vim.opt.rtp:prepend(%q)"):format(Child.plugin),
        next(options) and vim.json.encode(options) or "{}",
        prelude,
        opts.init or ""
      ),
      "\n"
    ),
    init
  )
  local env = vim.fn.environ()
  -- Those are of the Neovim that runs this; the other has its own.
  env.VIM, env.VIMRUNTIME = nil, nil
  env = vim.tbl_extend("force", env, {
    KEEPTAB_FAKE_LOG = self.log,
    -- No file of the person who runs the tests is read or written.
    HOME = self.home,
    XDG_CONFIG_HOME = self.home .. "/.config",
    XDG_DATA_HOME = self.home .. "/.local/share",
    XDG_STATE_HOME = self.home .. "/.local/state",
    NVIM_LOG_FILE = self.home .. "/nvim.log",
  })
  local command = { Child.program, "--embed", "--headless", "--clean", "-n", "--cmd", "luafile " .. init }
  vim.list_extend(command, opts.arguments or {})
  for name, text in pairs(opts.files or {}) do
    self:file(name, text)
  end
  self.channel = vim.fn.jobstart(command, {
    rpc = true,
    cwd = self.home,
    env = vim.tbl_extend("force", env, opts.env or {}),
    clear_env = true,
    on_exit = function()
      self.ended = true
    end,
  })
  table.insert(running, self)
  if opts.screen ~= false then
    self:request("nvim_ui_attach", 80, 24, {})
  end
  return self
end

--- Starts a child and waits for its host, so that the order of messages is the order of events.
---@param opts? Child.Options
function Child.ready(opts)
  local self = Child.start(opts)
  self:wait("the host to be ready", function()
    return self:lua("return package.loaded['keeptab.host'] ~= nil and require('keeptab.host').is_ready()")
  end)
  return self
end

function Child.stop_all()
  for _, child in ipairs(running) do
    vim.fn.jobstop(child.channel)
  end
  for _, child in ipairs(running) do
    vim.fn.jobwait({ child.channel }, 2000)
    vim.fn.delete(child.home, "rf")
  end
  running = {}
end

function Child:request(method, ...)
  return vim.rpcrequest(self.channel, method, ...)
end

--- Presses keys as a terminal would send them, and waits until they have taken effect.
---@param keys string
function Child:type(keys)
  local before = self:lua("return _G.typed")
  self:request("nvim_input", keys)
  self:finish_keys(before)
end

--- Presses keys that end Neovim. Waits for no answer, because it may have ended before one.
---@param keys string
function Child:leave(keys)
  vim.rpcnotify(self.channel, "nvim_input", keys)
end

--- As `type`, with the mouse.
---@param ... any as for nvim_input_mouse
function Child:mouse(...)
  local before = self:lua("return _G.typed")
  self:request("nvim_input_mouse", ...)
  self:finish_keys(before)
end

---@param before integer keys typed before these
function Child:finish_keys(before)
  self:wait("the keys", function()
    local alive, finished = pcall(self.lua, self, "return _G.typed > ... and _G.done == _G.typed", before)
    return not alive or finished
  end)
end

function Child:lua(code, ...)
  return self:request("nvim_exec_lua", code, { ... })
end

function Child:cmd(command)
  return self:request("nvim_exec2", command, { output = true }).output
end

--- Writes a file below the child's own folder and returns its path.
function Child:file(name, text)
  local path = self.home .. "/" .. name
  vim.fn.mkdir(vim.fs.dirname(path), "p")
  vim.fn.writefile(vim.split(text or "one\ntwo\nthree\nfour\nfive", "\n"), path)
  return path
end

function Child:uri(name)
  return vim.uri_from_fname(self.home .. "/" .. name)
end

---@param what string
---@param condition fun(): any
---@return any # the condition's value
function Child:wait(what, condition)
  local value
  vim.wait(10000, function()
    value = condition()
    return value
  end, 10)
  return value or error("waited in vain for " .. what, 2)
end

--- Returns the messages that the host logged, oldest first. A line without its line break is still being written.
---@param options? table of vim.json.decode(); by default a null in an object is nil
---@return table[]
function Child:heard(options)
  local lines = vim.uv.fs_stat(self.log) and vim.fn.readfile(self.log, "b") or {}
  table.remove(lines)
  return vim.tbl_map(function(line)
    return vim.json.decode(line, options or { luanil = { object = true } })
  end, lines)
end

--- Returns the messages of one method, with the time `t` of their arrival.
---@param method string
function Child:messages(method)
  return vim
    .iter(self:heard())
    :filter(function(entry)
      return entry.message and entry.message.method == method
    end)
    :map(function(entry)
      return vim.tbl_extend("error", entry.message, { t = entry.t, pid = entry.pid })
    end)
    :totable()
end

--- Returns the lives of the host, by process id.
function Child:lives()
  return vim
    .iter(self:heard())
    :filter(function(entry)
      return entry.start
    end)
    :map(function(entry)
      return entry.pid
    end)
    :totable()
end

--- Returns all events sent so far, in order, without waiting for pending ones.
function Child:events()
  local events = {}
  for _, message in ipairs(self:messages("keeptab/activity")) do
    for _, event in ipairs(message.params.events) do
      table.insert(events, vim.tbl_extend("error", event, { t = message.t, pid = message.pid }))
    end
  end
  return events
end

--- Sends pending events and waits for the answer to a command, hence until the host has received everything before it.
function Child:sync()
  self:lua([[
    require("keeptab.queue").flush()
    _G.fence = false
    require("keeptab.host").execute("keeptab.pause", {}, function() _G.fence = true end)
  ]])
  self:wait("the host to answer", function()
    return self:lua("return _G.fence")
  end)
end

--- Returns "kind name" of each event of an actor so far.
---@param actor? "agent"
---@return string[]
function Child:deeds(actor)
  self:sync()
  return vim
    .iter(self:events())
    :filter(function(event)
      return event.actor == actor
    end)
    :map(function(event)
      local name = event.uri and event.uri:gsub("^" .. vim.pesc(self:uri("")), "")
      return name and event.kind .. " " .. name or event.kind
    end)
    :totable()
end

--- Returns the person's events in the short form that most specs compare.
function Child:story()
  return self:deeds()
end

--- Returns the events without the person.
function Child:others()
  return self:deeds("agent")
end

--- Advances the clocks that the plugin reads, and runs the work of each second, whose timer uses the real clock.
---@param milliseconds integer
function Child:pass(milliseconds)
  self:lua(
    [[
      _G.clocks = _G.clocks or { vim.uv.gettimeofday, vim.uv.now }
      _G.ahead = (_G.ahead or 0) + ...
      local clock, loop = unpack(_G.clocks)
      vim.uv.now = function()
        return loop() + _G.ahead
      end
      vim.uv.gettimeofday = function()
        local seconds, microseconds = clock()
        microseconds = microseconds + _G.ahead * 1000
        return seconds + math.floor(microseconds / 1000000), microseconds % 1000000
      end
      local queue = require("keeptab.queue")
      queue.flush()
      queue.on_beat(true)
    ]],
    milliseconds
  )
end

--- Returns the plugin's messages to the person.
function Child:shown()
  return self:lua("return _G.shown")
end

return Child
