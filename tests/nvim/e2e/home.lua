--- A person's home folder: projects, a config, Neovim with the plugin installed, and keeptab on the PATH.

local Home = {}
Home.__index = Home

local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
local plugin = vim.fs.normalize(vim.fs.joinpath(here, "../../../editors/nvim"))

local init = [[
set noswapfile
set statusline=%f\ %m%=%{get(g:,'keeptab_status','')}
]]

--- Stands in for the desktop: records the opened files.
local open = '#!/bin/sh\necho "$1" >>"$HOME/opened"\n'

--- Two clients with a project each. Every second is billable, and short visits are not absorbed.
Home.config = [[
[business]
name = "Jane Doe Software"
org = "JDS"
address = ["Hauptstr. 1"]
postcode = "10115"
city = "Berlin"
country = "DE"
vat_id = "DE123456789"
currency = "EUR"
iban = "DE75512108001245126199"
time_zone = "Europe/Berlin"
tax = { category = "S", rate = "19" }

[tracking]
idle_timeout = "3s"
absorb = "0s"

[client.acme]
name = "Acme Co"
address = ["Ring 1"]
postcode = "10115"
city = "Berlin"
country = "DE"

[client.northwind]
name = "Northwind GmbH"
address = ["Weg 2"]
postcode = "20095"
city = "Hamburg"
country = "DE"

[project."acme/api"]
client = "acme"
name = "API development"
rate = "100.00"
paths = ["~/work/acme/api/**"]

[project."northwind/shop"]
client = "northwind"
name = "Shop"
rate = "250.00"
paths = ["~/work/northwind/shop/**"]
]]

---@param config? string
---@param bare? true without the plugin
function Home.new(config, bare)
  local self = setmetatable({}, Home)
  local path = vim.fn.tempname()
  vim.fn.mkdir(path, "p")
  self.path = assert(vim.uv.fs_realpath(path))
  after(function()
    vim.fn.delete(self.path, "rf")
  end)
  self:write("work/acme/api/.git/HEAD", "ref: refs/heads/main\n")
  self:write("work/acme/api/main.rs", "fn main() {}\n")
  self:write("work/northwind/shop/.git/HEAD", "ref: refs/heads/main\n")
  self:write("work/northwind/shop/app.py", "print()\n")
  self:write(".config/nvim/init.vim", init)
  if not bare then
    self:write(".local/share/nvim/site/pack/keeptab/start/README", "")
    assert(vim.uv.fs_symlink(plugin, self.path .. "/.local/share/nvim/site/pack/keeptab/start/keeptab"))
  end
  self:write("bin/xdg-open", open)
  vim.fn.setfperm(self.path .. "/bin/xdg-open", "rwx------")
  assert(vim.uv.fs_symlink(vim.fn.fnamemodify(vim.env.KEEPTAB_BIN, ":p"), self.path .. "/bin/keeptab"))
  if config then
    self:write(".config/keeptab/keeptab.toml", config)
  end
  return self
end

--- Returns the environment of this person, without that of whoever runs the tests.
function Home:env()
  return {
    HOME = self.path,
    PATH = self.path .. "/bin:/usr/bin:/bin",
    TERM = "xterm-256color",
    LANG = "C.UTF-8",
  }
end

---@param name string below the home
---@param text string
function Home:write(name, text)
  local path = self.path .. "/" .. name
  vim.fn.mkdir(vim.fs.dirname(path), "p")
  vim.fn.writefile(vim.split(text, "\n"), path, "b")
  return path
end

--- Runs keeptab in a shell of this person.
---@param ... string
---@return vim.SystemCompleted
function Home:keeptab(...)
  local command = { self.path .. "/bin/keeptab", ... }
  return vim.system(command, { env = self:env(), clear_env = true, text = true }):wait(20000)
end

--- Like `keeptab`, for commands that must succeed and print JSON.
---@param ... string
---@return table
function Home:json(...)
  local done = self:keeptab(...)
  assert(done.code == 0, table.concat({ ... }, " ") .. ": " .. (done.stderr or ""))
  return vim.json.decode(done.stdout, { luanil = { object = true } })
end

--- Returns the seconds by project, with `unassigned` and `total`, of all time or of a week. Work in a tracked file
--- during a test takes as long as the machine does, so a test of other time asks for its week.
---@param week? string
---@return table<string, integer>
function Home:seconds(week)
  local report = self:json("report", "--json", unpack(week and { "--week", week } or { "--all" }))
  local seconds = { unassigned = report.unassignedSeconds, total = report.totalSeconds }
  for _, row in ipairs(report.rows) do
    seconds[row.project] = row.seconds
  end
  return seconds
end

--- Makes work of Wednesday last week, by the clock of UTC: an hour for each project from nine on, and an unassigned one
--- from two.
function Home:history()
  self:write(".config/keeptab/keeptab.toml", (Home.config:gsub("Europe/Berlin", "Etc/UTC")))
  local day = 86400
  local monday = os.time() - (os.time() + 3 * day) % (7 * day)
  local morning = monday - 5 * day + 9 * 3600
  local events = {}
  local function work(start, file)
    for second = 0, 3600, 3 do
      local at = (start + second) * 1000
      table.insert(
        events,
        { seq = #events + 1, at = at, kind = "edit", uri = "file://" .. self.path .. "/" .. file }
      )
    end
  end
  work(morning, "work/acme/api/main.rs")
  work(morning + 3600, "work/northwind/shop/app.py")
  work(morning + 5 * 3600, "scratch/notes.txt")
  self:tell(events)
end

--- Reports events through a host of its own. The host is told to end only after it has committed them, because an
--- ending host commits only what it can in a second.
---@param events table[]
function Home:tell(events)
  local said = ""
  local host = vim.system({ self.path .. "/bin/keeptab", "lsp" }, {
    env = self:env(),
    clear_env = true,
    stdin = true,
    stdout = function(_, data)
      said = said .. (data or "")
    end,
  })
  local function send(message)
    message.jsonrpc = "2.0"
    local body = vim.json.encode(message)
    host:write(("Content-Length: %d\r\n\r\n%s"):format(#body, body))
  end
  send({
    id = 1,
    method = "initialize",
    params = { capabilities = vim.empty_dict(), initializationOptions = { activity = "plugin" } },
  })
  send({ method = "initialized", params = vim.empty_dict() })
  send({ method = "keeptab/activity", params = { events = events } })
  local committed = ('"seq":%d}'):format(#events)
  assert(
    vim.wait(20000, function()
      return said:find("keeptab/taken", 1, true) and said:find(committed, 1, true)
    end, 10),
    said
  )
  send({ id = 2, method = "shutdown" })
  send({ method = "exit" })
  local done = host:wait(20000)
  assert(done.code == 0, done.stderr)
end

--- Returns the week of the earliest work.
---@return string
function Home:week()
  return self:json("report", "--all", "--by", "week", "--json").rows[1].day
end

--- Returns the milliseconds since 1970 of an instant such as `2026-11-16T08:02:11.250Z`.
---@param instant string
---@return integer
local function milliseconds(instant)
  local year, month, day, hour, minute, second = instant:match("^(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+%.?%d*)Z$")
  -- Years begin with March, so that the day of a leap year is the last.
  local months = (month + 9) % 12
  year = year - (months >= 10 and 1 or 0)
  local leaps = math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
  local days = 365 * year + leaps + math.floor((153 * months + 2) / 5) + day - 719469
  return math.floor((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + 0.5)
end

---@class Heartbeat
---@field at integer milliseconds since 1970
---@field file string below the home
---@field kind string

--- Returns the person's heartbeats, as an export has them: in the order of time. Agents' and those without a file are left out.
---@return Heartbeat[]
function Home:heartbeats()
  local beats = {}
  for _, record in ipairs(self:json("export")) do
    local event = record.event
    if event and event.actor == "human" and event.entity == "path" then
      local file = event.text:sub(#self.path + 2)
      table.insert(beats, { at = milliseconds(event.at), file = file, kind = event.kind })
    end
  end
  return beats
end

--- Returns the milliseconds from each heartbeat to the next by the file of the earlier one, and the files in turn.
---@param beats Heartbeat[] at least one
---@return table<string, integer>, string[]
function Home.gaps(beats)
  local spent, turns = {}, {}
  for place, beat in ipairs(beats) do
    if turns[#turns] ~= beat.file then
      table.insert(turns, beat.file)
    end
    local next = beats[place + 1] or beat
    spent[beat.file] = (spent[beat.file] or 0) + next.at - beat.at
  end
  return spent, turns
end

--- Returns the number of events in the database.
---@return integer
function Home:events()
  local told = self:keeptab("doctor").stdout
  return assert(tonumber(told:match("database: .-: (%d+) events?")), told)
end

--- Returns the errors in the logs of all hosts. A feature of LSP that keeptab does not need is no error.
---@return string[]
function Home:complaints()
  local lines = {}
  for _, log in ipairs(vim.fn.glob(self.path .. "/.local/share/keeptab/log/*.log", true, true)) do
    vim.list_extend(lines, vim.fn.readfile(log))
  end
  assert(#lines > 0, "there is no log")
  return vim.tbl_filter(function(line)
    local is_bad = line:find(" WARN ", 1, true) or line:find("ERROR", 1, true) or line:find("lock", 1, true)
    return is_bad and not line:find("is not implemented", 1, true)
  end, lines)
end

--- Returns the files opened outside the editor, such as PDFs.
---@return string[]
function Home:opened()
  local path = self.path .. "/opened"
  return vim.uv.fs_stat(path) and vim.fn.readfile(path) or {}
end

--- The words of a PDF.
---@param path string
function Home.words_of(path)
  local done = vim.system({ "pdftotext", "-layout", path, "-" }, { text = true }):wait(20000)
  assert(done.code == 0, done.stderr)
  return done.stdout
end

return Home
