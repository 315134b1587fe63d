--- A person at a shell in tmux, where Neovim is one job among others: it can be suspended, killed and started again.

local Child = require("child")
local Person = require("e2e.person")

local Shell = setmetatable({}, { __index = Person })
Shell.__index = Shell

--- tmux's names of keys.
local function named(key)
  local known = { ["<CR>"] = "Enter", ["<Esc>"] = "Escape", ["<Tab>"] = "Tab" }
  return known[key] or key:match("^<(C%-%a)>$")
end

--- Opens a shell in the person's home.
---@param home table
function Shell.open(home)
  local self = setmetatable({ home = home, letters = 0, seen = 0 }, Shell)
  -- Homes have equal names in processes that run at the same time.
  self.tmux = "keeptab-" .. vim.fn.sha256(home.path):sub(1, 12)
  if not vim.uv.fs_stat(home.path .. "/bin/nvim") then
    assert(vim.uv.fs_symlink(Child.program, home.path .. "/bin/nvim"))
  end
  local session =
    { "new-session", "-d", "-x", "100", "-y", "30", "-c", home.path, "bash --norc --noprofile -i" }
  self:run({ "-f", "/dev/null", unpack(session) })
  after(function()
    vim.system({ "tmux", "-L", self.tmux, "kill-server" }):wait()
  end)
  self:sees("bash-")
  return self
end

---@param words string[]
---@param env? table<string, string>
function Shell:run(words, env)
  local options = { text = true, env = env or self.home:env(), clear_env = true }
  local done = vim.system({ "tmux", "-L", self.tmux, unpack(words) }, options):wait(10000)
  assert(done.code == 0, done.stderr)
  return done.stdout
end

--- Starts Neovim and waits for the host.
---@param arguments string
function Shell:edit(arguments)
  local socket = vim.fn.tempname()
  self:press(("nvim --listen %s %s<CR>"):format(socket, arguments))
  self.channel = self:wait("Neovim to listen", function()
    local ok, channel = pcall(vim.fn.sockconnect, "pipe", socket, { rpc = true })
    return ok and channel
  end)
  self.process = self:lua("return vim.uv.os_getpid()")
  self:ready()
  -- Typing at the shell is not work.
  self.first = nil
  return self
end

function Shell:screen()
  return (self:run({ "capture-pane", "-p" }):gsub(" +\n", "\n"))
end

--- Saves the screen to the folder in KEEPTAB_PICTURES, for people to look at.
---@param name string
function Shell:picture(name)
  local folder = vim.env.KEEPTAB_PICTURES
  if folder then
    self.seen = self.seen + 1
    vim.fn.mkdir(folder, "p")
    local text = self:run({ "capture-pane", "-p", "-e" })
    vim.fn.writefile(vim.split(text, "\n"), ("%s/%02d-%s.ansi"):format(folder, self.seen, name))
  end
end

---@param key string
---@param name? string
function Shell:send(key, name)
  if name then
    self:run({ "send-keys", named(name) })
  else
    -- A semicolon would end the command.
    self:run({ "send-keys", "-l", key == ";" and "\\;" or key })
  end
end

--- Waits until a process has ended.
---@param process integer
function Shell:ended_process(process)
  self:wait("the process to end", function()
    return not Person.is_alive(process)
  end)
end

return Shell
