local Child = require("child")

--- Returns seq and at of every event that one life of the host received.
local function stamps(child, pid)
  return vim
    .iter(child:events())
    :filter(function(event)
      return event.pid == pid
    end)
    :map(function(event)
      return { event.seq, event.at, event.kind }
    end)
    :totable()
end

local function kinds(child)
  return vim.tbl_map(function(event)
    return event.kind
  end, child:events())
end

local function open(child, name)
  child:file(name)
  child:cmd("edit " .. name)
end

local function await_life(child, number)
  return child:wait("life " .. number .. " of the host", function()
    return child:lua("return require('keeptab.host').is_ready()") and child:lives()[number]
  end)
end

local function kill_host(child)
  local lives = child:lives()
  vim.uv.kill(lives[#lives], "sigkill")
  child:wait("the death to be noticed", function()
    return not child:lua("return require('keeptab.host').is_ready()")
  end)
end

test("the host is told who we are", function()
  local child = Child.ready()
  local params = child:messages("initialize")[1].params
  equal(params.initializationOptions.activity, "plugin")
  equal(params.initializationOptions.commands, ":Keeptab")
  assert(params.initializationOptions.source:match("^nvim%-%x+$"))
  assert(params.processId == child:lua("return vim.uv.os_getpid()"))
end)

test("the host is told at once of the project that Neovim is opened in", function()
  local child = Child.ready({
    files = { ["api/.git/HEAD"] = "ref", ["api/main.rs"] = "fn main() {}" },
    arguments = { "api/main.rs" },
  })
  local params = child:messages("initialize")[1].params
  equal(params.workspaceFolders, { { uri = child:uri("api"), name = child.home .. "/api" } })
  equal(child:messages("workspace/didChangeWorkspaceFolders"), {})
end)

test("a command that starts the host knows the project that Neovim is opened in", function()
  local child = Child.ready({
    files = { ["api/.git/HEAD"] = "ref" },
    arguments = { "+cd api", "+Keeptab pause" },
  })
  child:wait("the command", function()
    return #child:messages("workspace/executeCommand") > 0
  end)
  equal(#child:lives(), 1)
  local params = child:messages("initialize")[1].params
  equal(params.workspaceFolders, { { uri = child:uri("api"), name = child.home .. "/api" } })
end)

test("a project that is opened before the host is ready is told once it is", function()
  local child = Child.ready()
  child:lua([[
    local host = require("keeptab.host")
    host.restart()
    host.visit("file:///w/shop")
  ]])
  child:wait("the project", function()
    return #child:messages("workspace/didChangeWorkspaceFolders") > 0
  end)
  local event = child:messages("workspace/didChangeWorkspaceFolders")[1].params.event
  equal(event.added, { { uri = "file:///w/shop", name = "/w/shop" } })
end)

test("what a dead host did not confirm is sent again as it was", function()
  local child = Child.ready({ env = { KEEPTAB_FAKE_WITHHOLD = "1" } })
  open(child, "one.txt")
  child:type("x")
  child:type("j")
  child:type("x")
  child:sync()
  local first = child:lives()[1]
  kill_host(child)
  child:type("j")
  local second = await_life(child, 2)
  child:sync()
  local before, after = stamps(child, first), stamps(child, second)
  equal(#before, 3)
  equal(vim.list_slice(after, 1, 3), before)
  equal({ after[4][1], after[4][3], #after }, { 4, "navigate", 4 })
  local starts = child:messages("initialize")
  equal(starts[1].params.initializationOptions.source, starts[2].params.initializationOptions.source)
end)

test("what the host confirmed is not sent again", function()
  local child = Child.ready()
  open(child, "one.txt")
  child:type("x")
  child:sync()
  equal(child:lua("return require('keeptab.queue').state()"), { waiting = 0, taken = 1 })
  kill_host(child)
  local second = await_life(child, 2)
  child:type("x")
  child:sync()
  local after = stamps(child, second)
  equal({ #after, after[1][1] }, { 1, 2 })
end)

test("a restart by hand keeps what was held back", function()
  local child = Child.ready()
  open(child, "one.txt")
  child:type("x")
  child:type("x")
  child:type(":Keeptab restart<CR>")
  await_life(child, 2)
  child:sync()
  local seqs = vim.tbl_map(function(event)
    return event.seq
  end, child:events())
  assert(vim.list_contains(seqs, 2), vim.inspect(seqs))
  equal(#child:messages("exit"), 1)
  equal(child:shown(), {})
end)

test("one host serves all roots", function()
  local child = Child.ready()
  for _, root in ipairs({ "api", "shop" }) do
    child:file(root .. "/.git/HEAD", "ref")
    open(child, root .. "/main.rs")
    child:type("x")
    child:sync()
  end
  equal(#child:lives(), 1)
  local added = vim.tbl_map(function(message)
    return message.params.event.added[1].uri
  end, child:messages("workspace/didChangeWorkspaceFolders"))
  equal(added, { child:uri("api"), child:uri("shop") })
  kill_host(child)
  await_life(child, 2)
  local folders = child:messages("initialize")[2].params.workspaceFolders
  equal(
    vim.tbl_map(function(folder)
      return folder.uri
    end, folders),
    added
  )
end)

test("the person's text never leaves the editor", function()
  local child = Child.ready()
  open(child, "secret.lua")
  child:type("o-- xyzzyplugh<Esc>")
  child:type(":%s/xyzzy/frobnicate/<CR>")
  child:type(":write<CR>")
  child:cmd("edit! other.py")
  child:type("ixyzzyplugh<Esc>yyp")
  child:cmd("silent write")
  child:sync()
  local wire = table.concat(vim.fn.readfile(child.log), "\n")
  for _, word in ipairs({ "xyzzy", "plugh", "frobnicate" }) do
    assert(not wire:find(word, 1, true), word .. " is on the wire")
  end
  equal(child:messages("textDocument/didOpen"), {})
  assert(#child:events() >= 4)
end)

test("keeptab's own documents are attached, also after a restart", function()
  local child = Child.ready()
  open(child, "2026-W47.timesheet")
  open(child, "keeptab.toml")
  open(child, "other.toml")
  child:sync()
  local function opened(pid)
    local names = {}
    for _, message in ipairs(child:messages("textDocument/didOpen")) do
      if message.pid == pid then
        table.insert(names, vim.fs.basename(message.params.textDocument.uri))
      end
    end
    table.sort(names)
    return names
  end
  equal(opened(child:lives()[1]), { "2026-W47.timesheet", "keeptab.toml" })
  equal(child:messages("textDocument/didOpen")[1].params.textDocument.languageId, "timesheet")
  kill_host(child)
  local second = await_life(child, 2)
  child:sync()
  equal(opened(second), { "2026-W47.timesheet", "keeptab.toml" })
end)

test("a timesheet of somebody else's folder is a text like all others", function()
  local child = Child.ready()
  vim.fn.mkdir(child.home .. "/repository")
  open(child, "repository/weekly.timesheet")
  child:sync()
  equal(child:messages("textDocument/didOpen"), {})
  equal(child:lua("return vim.bo.filetype"), "text")
  child:type("ixyzzy<Esc>")
  child:cmd("silent write!")
  child:sync()
  equal(child:messages("textDocument/didSave"), {})
end)

test("a document open before the host is ready is attached", function()
  local child = Child.start()
  open(child, "2026-W47.timesheet")
  child:wait("the document", function()
    return #child:messages("textDocument/didOpen") == 1
  end)
end)

test("after the third death there is one message, and a restart helps", function()
  local marker = vim.fn.tempname()
  local child = Child.start({
    host = {
      "sh",
      "-c",
      'test -e "$MARKER" || { echo dead >>"$KEEPTAB_FAKE_LOG.deaths"; exit 3; }; exec "$@"',
      "sh",
      vim.v.progpath,
      "--clean",
      "-n",
      "-l",
      Child.fake_host,
    },
    env = { MARKER = marker },
  })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  equal(#vim.fn.readfile(child.log .. ".deaths"), 3)
  equal(#child:shown(), 1)
  assert(child:shown()[1]:find("^keeptab: the host keeps stopping.*\nhint: :Keeptab log"))
  equal(child:lua("return vim.g.keeptab_status"), "keeptab: off")
  open(child, "one.txt")
  child:type("x")
  vim.fn.writefile({}, marker)
  child:type(":Keeptab restart<CR>")
  await_life(child, 1)
  child:sync()
  vim.fn.delete(marker)
  equal(child:events()[1].seq, 1)
  equal(#child:shown(), 1)
end)

test("a missing binary is told once", function()
  local child = Child.start({ host = { "keeptab-that-is-not-there", "lsp" } })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  open(child, "one.txt")
  child:type("xjx")
  child:type(":wall<CR>")
  equal(child:shown(), { "keeptab: no time is tracked; :checkhealth keeptab" })
  -- One line asks for no key; the log says where it was looked for.
  equal(child:request("nvim_get_mode"), { mode = "n", blocking = false })
  local log = child:lua("return table.concat(vim.fn.readfile(vim.lsp.log.get_filename()), '\\n')")
  assert(log:find("keeptab-that-is-not-there is not on PATH: /", 1, true), log)
end)

test("a binary that cannot be started is told once", function()
  local path = vim.fn.tempname()
  vim.fn.writefile({ "#!/no/such/interpreter" }, path)
  vim.fn.setfperm(path, "rwx------")
  local child = Child.start({ host = { path } })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  vim.fn.delete(path)
  local message = ("keeptab: cannot start %s, so no time is tracked\nhint: :checkhealth keeptab says more"):format(
    path
  )
  equal(child:shown(), { message })
end)

test("without a host events wait, within bounds", function()
  local child = Child.start({ host = { "keeptab-that-is-not-there" } })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  child:lua([[
    local queue = require("keeptab.queue")
    for number = 1, 100010 do
      queue.add(number % 2 == 0 and "edit" or "navigate", number, { uri = "file:///one" }, 0)
    end
    queue.flush()
  ]])
  equal(child:lua("return require('keeptab.queue').state()"), { waiting = 100000, taken = 10 })
  local shown = child:shown()
  assert(shown[#shown]:find("oldest activity is dropped"))
end)

test("leaving ends the host: shutdown, then exit", function()
  local child = Child.ready()
  open(child, "one.txt")
  child:type("x")
  child:type("x")
  child:leave(":qall!<CR>")
  child:wait("the end", function()
    return child.ended
  end)
  equal(#child:messages("shutdown"), 1)
  equal(#child:messages("exit"), 1)
  equal(kinds(child), { "edit", "edit", "navigate" })
end)

test("a quick end keeps what was held back too", function()
  local child = Child.ready()
  open(child, "one.txt")
  child:type("x")
  child:type("x")
  child:leave(":cquit<CR>")
  child:wait("the end", function()
    return child.ended
  end)
  equal(kinds(child), { "edit", "edit", "navigate" })
end)

test("a host that does not want to end does not hold Neovim", function()
  local child = Child.ready({ env = { KEEPTAB_FAKE_SLOW_EXIT = "1" } })
  local started = vim.uv.now()
  child:leave(":qall!<CR>")
  child:wait("the end", function()
    return child.ended
  end)
  local took = vim.uv.now() - started
  assert(took < 2000, "took " .. took)
end)

test("switched off means off", function()
  local child = Child.start({ options = { enabled = false } })
  open(child, "one.txt")
  child:type("x")
  equal(child:lua("return package.loaded['keeptab.host'] == nil"), true)
  equal(child:lives(), {})
end)

test("wrong options are told", function()
  for _, case in ipairs({
    {
      { cmmd = { "keeptab" } },
      'keeptab: vim.g.keeptab has no option "cmmd"\nhint: see :help keeptab-options',
    },
    {
      { enabled = "no" },
      'keeptab: vim.g.keeptab.enabled must be true or false, not "no"\nhint: see :help keeptab-options',
    },
  }) do
    local child = Child.start({ options = case[1] })
    child:wait("the message", function()
      return #child:shown() > 0
    end)
    equal(child:shown(), { case[2] })
  end
end)

test("without a screen there is no host", function()
  local child = Child.start({ screen = false })
  open(child, "one.txt")
  equal(child:lua("return vim.v.vim_did_enter == 1 and package.loaded['keeptab.host'] == nil"), true)
end)
