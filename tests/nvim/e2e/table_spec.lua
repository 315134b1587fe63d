--- Every command in every bad moment: none shows a raw error, and each says something.

local Home = require("e2e.home")
local Person = require("e2e.person")

--- Texts that only a programmer reads.
local RAW = {
  "stack traceback",
  "attempt to",
  "Error executing",
  "E%d%d+:",
  "%.lua:%d",
  "Usage:",
  "^keeptab: error:",
  "panicked",
  "unexpected argument",
  "required arguments",
  "resulted in an error",
  "os error",
  "userdata",
  "nil value",
}

--- Gives up at each question, and keeps what is said. A command has ended once it has asked, said or shown something.
local watcher = [[
  _G.said, _G.turns = {}, 0
  local function note(text)
    _G.turns = _G.turns + 1
    table.insert(_G.said, text)
  end
  vim.ui.select = function(_, options, on_choice)
    note("asks: " .. (options.prompt or ""))
    on_choice(nil)
  end
  vim.ui.input = function(options, on_confirm)
    note("asks: " .. (options.prompt or ""))
    on_confirm(nil)
  end
  vim.notify = note
  local echo = vim.api.nvim_echo
  vim.api.nvim_echo = function(chunks, history, options)
    note(chunks[1][1])
    echo(chunks, history, options)
  end
  vim.ui.open = function(path)
    note("opens " .. path)
  end
]]

--- The words of each command as a person types them first: none. What would end the test or only reads a log is left out.
local LEFT_OUT = { change = true, restart = true, status = true }

--- Returns what each command says.
---@param person table
---@return table<string, string>
local function table_of(person)
  person:lua(watcher)
  local names = person:lua(
    [[
    local names = require("keeptab.command").complete("", "Keeptab ", 8)
    return #names > 5 and names or vim.split(...," ")
  ]],
    "add assign away backup client config dashboard doctor explain export forget import init invoice invoices "
      .. "pause project report resume review salvage start stop totals undo health log"
  )
  local found = {}
  for _, name in ipairs(names) do
    if not LEFT_OUT[name] then
      person:lua("_G.said, _G.turns, vim.v.errmsg = {}, 0, ''")
      local windows = person:lua("return #vim.api.nvim_list_wins() .. vim.api.nvim_buf_get_name(0)")
      person:lua(
        [[
        local ok, problem = pcall(vim.cmd, "Keeptab " .. ...)
        if not ok then table.insert(_G.said, "RAW " .. problem) _G.turns = _G.turns + 1 end
      ]],
        name
      )
      person:wait(name .. " to say something", function()
        return person:lua("return _G.turns > 0")
          or person:lua("return #vim.api.nvim_list_wins() .. vim.api.nvim_buf_get_name(0)") ~= windows
      end)
      -- An answer may follow the question that was not answered.
      person:lua("vim.wait(60)")
      local text = person:lua([[return table.concat(_G.said, "\n")]])
      found[name] = text == "" and "shows a window" or text
      equal({ name, person:lua("return vim.v.errmsg") }, { name, "" })
      person:lua([[
        require("keeptab.window").close()
        vim.cmd("silent! only | enew!")
      ]])
    end
  end
  return found
end

---@param moment string
---@param found table<string, string>
local function judge(moment, found)
  local names = vim.tbl_keys(found)
  table.sort(names)
  assert(#names > 20, #names)
  for _, name in ipairs(names) do
    local text = found[name]
    if vim.env.KEEPTAB_TABLE then
      io.stderr:write(("%-12s %-10s %s\n"):format(moment, name, (text:gsub("\n", " / "))))
    end
    assert(not text:find("^RAW"), moment .. ", " .. name .. ": " .. text)
    for _, raw in ipairs(RAW) do
      assert(not text:find(raw), ("%s, %s has %s: %s"):format(moment, name, raw, text))
    end
  end
end

test("e2e: with nothing set up, no file and no folder each command says what is missing", function()
  local home = Home.new()
  local person = Person.at(home)
  local found = table_of(person)
  judge("nothing", found)
  assert(found.invoice:find("Name of your business", 1, true), found.invoice)
end)

test("e2e: in help, a terminal and a scratch buffer each command says something", function()
  local home = Home.new(Home.config)
  local person = Person.at(home)
  for _, place in ipairs({ "help", "terminal", "enew | setlocal buftype=nofile" }) do
    person:cmd(place)
    judge(place, table_of(person))
  end
end)

test("e2e: with a broken config each command says so or works", function()
  local home = Home.new("[business\n")
  local person = Person.at(home, "work/acme/api/main.rs")
  judge("broken", table_of(person))
end)

test("e2e: without the program, and with one that keeps stopping, each command names the way out", function()
  local home = Home.new(Home.config)
  assert(vim.uv.fs_unlink(home.path .. "/bin/keeptab"))
  local person = Person.start(home, "work/acme/api/main.rs")
  person:wait("the plugin to give up", function()
    return person:lua(
      "return package.loaded['keeptab.host'] ~= nil and require('keeptab.host').problem() ~= nil"
    )
  end)
  judge("no program", table_of(person))
  home:write("bin/keeptab", "#!/bin/sh\nexit 3\n")
  vim.fn.setfperm(home.path .. "/bin/keeptab", "rwx------")
  person:lua([[require("keeptab.host").restart()]])
  person:wait("the plugin to give up again", function()
    return person:lua(
      "return (require('keeptab.host').problem() or ''):find('keeps stopping', 1, true) ~= nil"
    )
  end)
  judge("host gone", table_of(person))
end)
