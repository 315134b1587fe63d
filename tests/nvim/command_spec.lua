local Child = require("child")

local function completions(child, line)
  return child:lua("return vim.fn.getcompletion(..., 'cmdline')", line)
end

local function last_arguments(child)
  local messages = child:messages("workspace/executeCommand")
  local message = messages[#messages]
  return message and { message.params.command, message.params.arguments }
end

test("the command completes its subcommands", function()
  local child = Child.ready()
  equal(completions(child, "Keeptab "), {
    "explain",
    "health",
    "init",
    "invoice",
    "log",
    "pause",
    "report",
    "restart",
    "resume",
    "review",
    "status",
  })
  equal(completions(child, "Keeptab re"), { "report", "restart", "resume", "review" })
  child:file("rest.txt")
  equal(completions(child, "Keeptab explain re"), { "rest.txt" })
  equal(completions(child, "silent Keep explain re"), { "rest.txt" })
  equal(completions(child, "Keeptab import --from toggl re"), { "rest.txt" })
end)

test("the host completes what follows, and is told what stands before it", function()
  local child = Child.ready()
  equal(completions(child, "Keeptab start ac"), { "acme/api", "acme/dashboard" })
  equal(completions(child, "Keeptab add acme/api 0:45 --n"), { "--note" })
  -- Options wait for a dash.
  equal(completions(child, [[Keeptab add "a b" c\ d ]]), { "acme/api", "acme/dashboard", "add|a b|c d" })
  equal(completions(child, "Keeptab explain --"), { "--note" })
end)

test("a host that cannot complete completes nothing", function()
  local child = Child.start({ host = { "keeptab-that-is-not-there" } })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  equal(completions(child, "Keeptab start ac"), {})
  equal(completions(child, "Keeptab "), { "health", "log", "restart" })
end)

test("words are split as a shell would", function()
  local child = Child.ready()
  for said, meant in pairs({
    [ [[acme/api 0:45 --note "call with Sam"]] ] = { "acme/api", "0:45", "--note", "call with Sam" },
    [ [[a\ b 'c "d"' e"f g"h]] ] = { "a b", 'c "d"', "ef gh" },
    [ [["" ''  x]] ] = { "", "", "x" },
    [ [[C:\Users\jane "un closed]] ] = { [[C:\Users\jane]], "un closed" },
    [ [["a \"b\"" it\'s]] ] = { 'a "b"', "it's" },
    ["  zwölf  –  "] = { "zwölf", "–" },
  }) do
    child:cmd("Keeptab report " .. said)
    child:wait("the command", function()
      local last = last_arguments(child)
      return last and vim.deep_equal(last[2], meant)
    end)
  end
end)

test("a command that the host does not have is told", function()
  local child = Child.ready()
  for _, name in ipairs({ "import x.csv", "dashboard", "totals" }) do
    child:cmd("Keeptab " .. name)
    local shown = child:shown()
    local word = name:match("%a+")
    assert(
      shown[#shown]:find("^keeptab: there is no command " .. word .. "\nhint: one of explain, health"),
      shown[#shown]
    )
  end
  equal(child:messages("workspace/executeCommand"), {})
end)

--- Keeps the menu, and answers when told to.
local kept_menu = [[
  vim.ui.select = function(items, opts, on_choice)
    _G.menu = vim.tbl_map(opts.format_item, items)
    _G.choose = function(number) on_choice(items[number], number) end
  end
]]

--- Returns the titles of a menu in VS Code's sources.
---@param name string
local function titles_in_vscode(name)
  local editors = vim.fs.dirname(Child.plugin) .. "/vscode/"
  local function read(path)
    return table.concat(vim.fn.readfile(editors .. path), "\n")
  end
  local titles = {}
  for _, command in ipairs(vim.json.decode(read("package.json")).contributes.commands) do
    titles[command.command] = command.title
  end
  local menu = assert(read("src/commands.ts"):match("const " .. name .. "[^=]*= (%b{});"))
  local found = {}
  for list in menu:gmatch("%b[]") do
    for command in list:gmatch('"(%a+)"') do
      -- VS Code names what it would do, too.
      table.insert(found, command == "togglePause" and "Pause" or assert(titles["keeptab." .. command]))
    end
  end
  return found
end

--- Returns the titles of the items and the commands beside them.
local function shown_menu(child)
  child:type(":Keeptab<CR>")
  local titles, commands = {}, {}
  for _, line in ipairs(child:lua("return _G.menu")) do
    local title, command = line:match("^(.-)  +:Keeptab (.+)$")
    table.insert(titles, title)
    table.insert(commands, command)
  end
  return titles, commands
end

test("the command alone shows the menu that VS Code has", function()
  local child = Child.ready({ init = kept_menu })
  local titles, commands = shown_menu(child)
  equal(titles, titles_in_vscode("menu"))
  assert(#titles >= 14, #titles)
  equal(commands[3], "review --pick")
  child:lua("_G.choose(...)", 3)
  child:wait("the command", function()
    return vim.deep_equal(last_arguments(child), { "keeptab.review", { "--pick" } })
  end)
end)

test("the menu resumes what is paused, and assigns the folder in front", function()
  local child = Child.ready({ init = kept_menu })
  child:lua([[
    require("keeptab.status").set({ state = "paused", text = "paused" })
    require("keeptab.host").commands = function() return { "assign", "resume" } end
  ]])
  child:file("api/.git/HEAD", "ref")
  child:file("api/main.rs")
  child:cmd("edit api/main.rs")
  local titles, commands = shown_menu(child)
  equal({ titles[16], commands[16] }, { "Resume", "resume" })
  child:lua("_G.choose(...)", 17)
  child:wait("the command", function()
    return vim.deep_equal(last_arguments(child), { "keeptab.assign", { child:uri("api") } })
  end)
end)

test("the menu begins with the setup before there is one, and with an offer until it is taken", function()
  local child = Child.ready({ init = kept_menu })
  child:lua([[require("keeptab.status").set({ state = "idle", text = "idle · 0:00", setUp = false })]])
  equal(child:lua("return vim.g.keeptab_status"), "Set up Keeptab: :Keeptab")
  local titles, commands = shown_menu(child)
  equal({ titles[1], commands[1] }, { "Set up Keeptab", "init" })
  child:lua([[
    require("keeptab.status").set({ state = "idle", text = "idle · 0:00", setUp = true })
    require("keeptab.host").commands = function() return { "assign" } end
    require("keeptab.reply").offer(nil, {
      text = "Assign ~/x to a project?", action = "Assign…", command = "keeptab.assign", words = { "~/x" },
    })
  ]])
  titles, commands = shown_menu(child)
  equal({ titles[1], commands[1] }, { "Assign ~/x to a project?", "assign ~/x" })
  child:lua("_G.choose(...)", 1)
  child:wait("the command", function()
    local last = last_arguments(child)
    return vim.deep_equal(
      last,
      { "keeptab.assign", { child:lua([[return vim.fn.fnamemodify("~/x", ":p")]]) } }
    )
  end)
  equal((shown_menu(child))[1], "Dashboard")
end)

test("the menu keeps an offer about a rule, and has none to discard a draft", function()
  local child = Child.ready({ init = kept_menu })
  child:lua([[
    require("keeptab.status").set({ state = "idle", text = "idle · 0:00", setUp = true })
    require("keeptab.host").commands = function() return { "assign", "invoice", "dashboard" } end
    local function offer(command, ...)
      require("keeptab.reply").offer(nil, { text = command, action = "…", command = command, words = { ... } })
    end
    offer("keeptab.assign", "~/x")
    offer("keeptab.invoice", "discard", "1")
  ]])
  local titles, commands = shown_menu(child)
  equal({ titles[1], commands[1] }, { "keeptab.assign", "assign ~/x" })
  -- Another item leaves it there.
  equal(titles[2], "Dashboard")
  child:lua("_G.choose(...)", 2)
  equal((shown_menu(child))[1], "keeptab.assign")
end)

test("an offer waits for normal mode", function()
  local child = Child.ready()
  child:type("i")
  child:lua([[
    require("keeptab.reply").offer(nil, {
      text = "Assign ~/x to a project?", action = "Assign…", command = "keeptab.assign", words = { "~/x" },
    })
  ]])
  child:type("hello")
  equal(child:shown(), {})
  child:type("<Esc>")
  child:wait("the offer", function()
    return #child:shown() == 1
  end)
  equal(child:shown(), { "keeptab: Assign ~/x to a project? :Keeptab assign" })
end)

test("the menu without a host is what helps", function()
  local child = Child.start({ host = { "keeptab-that-is-not-there" }, init = kept_menu })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  equal(shown_menu(child), titles_in_vscode("troubleMenu"))
end)

test("arguments reach the host as they are", function()
  local child = Child.ready()
  child:type(":Keeptab report --week 2026-W47<CR>")
  child:wait("the command", function()
    return vim.deep_equal(last_arguments(child), { "keeptab.report", { "--week", "2026-W47" } })
  end)
end)

test("no arguments are an empty list", function()
  local child = Child.ready()
  child:type(":Keeptab status<CR>")
  child:wait("the command", function()
    return last_arguments(child)
  end)
  local wire = table.concat(vim.fn.readfile(child.log), "\n")
  assert(wire:find('"arguments":[]', 1, true))
end)

test("a line of text is echoed", function()
  local child = Child.ready()
  child:type(":Keeptab status<CR>")
  child:wait("the text", function()
    return child:cmd("messages"):find("acme/api  0:47", 1, true)
  end)
end)

test("more than a line opens a window that q closes", function()
  local child = Child.ready()
  child:type(":Keeptab report one two<CR>")
  child:wait("the window", function()
    return child:lua("return vim.bo.filetype") == "keeptab"
  end)
  equal(child:request("nvim_buf_get_lines", 0, 0, -1, true), { "  Mon 16 Nov", "one", "two", "end" })
  child:type("q")
  equal(#child:request("nvim_list_wins"), 1)
end)

test("a file that is opened in an answer's window comes to the window behind it", function()
  local child = Child.ready()
  child:file("one.txt")
  child:file("note.lua")
  child:file("refer.txt", "see note.lua")
  -- A file type that sets an option of the window.
  child:lua([[
    vim.api.nvim_create_autocmd("FileType", { pattern = "lua", command = "setlocal colorcolumn=70" })
    vim.o.number = true
  ]])
  for _, keys in ipairs({ ":edit +3 note.lua<CR>", ":silent! buffer note.lua | 3<CR>" }) do
    child:cmd("edit one.txt")
    child:type(":Keeptab report one two<CR>")
    child:wait("the window", function()
      return child:lua("return vim.bo.filetype") == "keeptab"
    end)
    child:type(keys)
    child:wait("the file behind", function()
      return #child:request("nvim_list_wins") == 1
    end)
    equal(
      child:lua([[
        local options = vim.wo
        return { vim.fn.expand("%:t"), vim.fn.line("."), options.number, options.wrap, options.colorcolumn }
      ]]),
      { "note.lua", 3, true, true, "70" }
    )
  end
end)

test("a command takes the place of the answer in front", function()
  local child = Child.ready()
  child:file("one.txt")
  child:cmd("edit one.txt")
  child:type(":Keeptab report one<CR>")
  child:wait("the window", function()
    return child:lua("return vim.bo.filetype") == "keeptab"
  end)
  child:type(":Keeptab explain<CR>")
  child:wait("the command", function()
    return vim.deep_equal(last_arguments(child), { "keeptab.explain", { child:uri("one.txt") } })
  end)
  equal(#child:request("nvim_list_wins"), 1)
end)

test("what is opened in an answer's window pushes no unsaved text away", function()
  local child = Child.ready({ init = "vim.o.hidden = false" })
  child:file("one.txt")
  child:type("ihello<Esc>")
  child:type(":Keeptab report one two<CR>")
  child:wait("the window", function()
    return child:lua("return vim.bo.filetype") == "keeptab"
  end)
  child:type(":edit one.txt<CR>")
  child:wait("the file", function()
    return child:lua([[
      return vim.iter(vim.api.nvim_list_wins()):all(function(window)
        return vim.api.nvim_win_get_config(window).relative == ""
      end)
    ]])
  end)
  equal(vim.fs.basename(child:request("nvim_buf_get_name", 0)), "one.txt")
  equal(#child:request("nvim_list_wins"), 2)
end)

test("an error is told with its hint", function()
  local child = Child.ready()
  child:type(":Keeptab invoice<CR>")
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  equal(child:shown(), { 'keeptab: no rate for acme/api\nhint: add rate = "95.00" to the project' })
end)

test("explain without a path explains the current file", function()
  local child = Child.ready()
  child:file("one.txt")
  child:cmd("edit one.txt")
  child:type(":Keeptab explain<CR>")
  child:wait("the command", function()
    return vim.deep_equal(last_arguments(child), { "keeptab.explain", { child:uri("one.txt") } })
  end)
end)

test("explain takes a path as the person means it", function()
  local child = Child.ready()
  child:file("api/main.rs")
  child:cmd("cd api")
  for said, meant in pairs({
    ["main.rs"] = child.home .. "/api/main.rs",
    ["~/shop/x.py"] = child.home .. "/shop/x.py",
    ["https://github.com/acme/api"] = "https://github.com/acme/api",
  }) do
    child:type(":Keeptab explain " .. said .. "<CR>")
    child:wait("the command", function()
      return vim.deep_equal(last_arguments(child), { "keeptab.explain", { meant } })
    end)
  end
end)

test("a folder is assigned as the person means it", function()
  local child = Child.ready()
  child:lua([[require("keeptab.host").commands = function() return { "assign" } end]])
  vim.fn.mkdir(child.home .. "/api")
  child:cmd("Keeptab assign api acme/api")
  child:wait("the command", function()
    return vim.deep_equal(last_arguments(child), { "keeptab.assign", { child.home .. "/api/", "acme/api" } })
  end)
end)

test("what is opened does not push away what is not saved", function()
  local child = Child.ready({ init = "vim.o.hidden = false" })
  child:type("ihello<Esc>")
  child:type(":Keeptab log<CR>")
  child:wait("the file", function()
    return child:request("nvim_buf_get_name", 0) == child.log
  end)
  equal(#child:request("nvim_list_wins"), 2)
  equal(child:shown(), {})
end)

test("log opens the path the host names", function()
  local child = Child.ready()
  child:type(":Keeptab log<CR>")
  child:wait("the file", function()
    return child:request("nvim_buf_get_name", 0) == child.log
  end)
end)

test("log without a host opens the language client's", function()
  local child = Child.start({ host = { "keeptab-that-is-not-there" } })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  child:type(":Keeptab log<CR>")
  equal(vim.fs.basename(child:request("nvim_buf_get_name", 0)), "lsp.log")
end)

test("a command without a host says why there is none", function()
  local child = Child.start({ host = { "keeptab-that-is-not-there" } })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  child:type(":Keeptab status<CR>")
  local shown = child:shown()
  equal(#shown, 2)
  assert(shown[2]:find("cannot run keeptab-that-is-not-there", 1, true), shown[2])
end)

test("a command before the host is ready waits for it", function()
  local child = Child.start()
  child:cmd("Keeptab status")
  child:wait("the text", function()
    return child:cmd("messages"):find("acme/api  0:47", 1, true)
  end)
end)

test("an unknown subcommand is told", function()
  local child = Child.ready()
  child:type(":Keeptab reprot<CR>")
  assert(child:shown()[1]:find("^keeptab: there is no command reprot\nhint: one of explain, health"))
end)

test("the maps run their commands", function()
  local child = Child.ready()
  child:lua([[vim.keymap.set("n", "<F5>", "<Plug>(keeptab-review)")]])
  child:type("<F5>")
  child:wait("the command", function()
    local last = last_arguments(child)
    return last and last[1] == "keeptab.review"
  end)
end)
