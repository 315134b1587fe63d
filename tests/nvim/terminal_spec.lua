--- A terminal: its folder belongs to a project, and its keys count, and nothing else does.

local Child = require("child")
local terminal = dofile(Child.plugin .. "/lua/keeptab/terminal.lua")

local MINUTE = 60000

--- A child in a terminal with a shell, ready for typing.
---@param program? string what starts the shell
local function in_shell(program)
  local child = Child.ready()
  child:file("api/.git/HEAD", "ref")
  child:file("api/src/main.rs")
  child:cmd("terminal " .. (program or "sh"))
  child:type("i")
  return child
end

--- Types a command and waits until the shell has run it.
local function run(child, command)
  _G.number = (_G.number or 0) + 1
  child:type(("%s; echo do''ne %d<CR>"):format(command, _G.number))
  local done = ("done %d"):format(_G.number)
  child:wait(command, function()
    return child:lua("return vim.fn.search(..., 'nw') > 0", done)
  end)
end

--- Returns the folder of the next key, a while later.
local function folder(child)
  child:pass(2000)
  child:type("x<C-u>")
  child:sync()
  local event = child:events()[#child:events()]
  return event.cwd, event.root
end

test("a terminal is where its shell is", function()
  -- The second shell is not the terminal's own program, but a child of it.
  for _, program in ipairs({ "sh", "sh -c 'sh; :'" }) do
    local child = in_shell(program)
    equal(folder(child), vim.uri_from_fname(child.home))
    run(child, "cd api/src")
    local cwd, root = folder(child)
    equal({ cwd, root }, { child:uri("api/src"), child:uri("api") })
    run(child, "cd ../.. && mkdir gone && cd gone && rmdir ../gone")
    equal(folder(child), vim.uri_from_fname(child.home))
    for _, event in ipairs(child:events()) do
      equal({ event.kind, event.uri, event.language }, { "navigate" })
    end
  end
end)

test("a terminal is where its shell says that it is, on another machine too", function()
  local child = in_shell()
  run(child, [[printf '\033]7;file://localhost%s/api/src\033\\' "$PWD"]])
  equal(folder(child), child:uri("api/src"))
  run(child, [[printf '\033]7;file://Beta/srv/a%%20b\007']])
  local cwd, root = folder(child)
  equal({ cwd, root }, { "ssh://beta/srv/a%20b" })
end)

test("only OSC 7 with a folder names one", function()
  local here = vim.uv.os_gethostname()
  for sequence, uri in pairs({
    ["\27]7;file:///w/acme"] = "file:///w/acme",
    ["\27]7;file://localhost/w/acme\27\\"] = "file:///w/acme",
    ["\27]7;file://" .. here:upper() .. "/w/a%20b"] = "file:///w/a%20b",
    ["\27]7;file://beta.example/srv/app\7"] = "ssh://beta.example/srv/app",
    ["\27]7;file://beta"] = false,
    ["\27]7;/w/acme"] = false,
    ["\27]7;"] = false,
    ["\27]8;;file:///w/acme"] = false,
    ["\27]133;A"] = false,
  }) do
    equal({ sequence, terminal.parse(sequence) or false }, { sequence, uri })
  end
end)

test("all of a long time in a terminal counts: a word every ten seconds for 22 minutes", function()
  local child = in_shell()
  local began = child:lua("return require('keeptab.presence').now()")
  for _ = 1, 132 do
    child:pass(10000)
    child:type("x<Space>")
  end
  child:sync()
  local last = 0
  for _, event in ipairs(child:events()) do
    equal({ event.kind, event.actor, event.cwd }, { "navigate", nil, vim.uri_from_fname(child.home) })
    assert(last == 0 or event.at - last < 11000, "a gap of " .. event.at - last)
    last = event.at
  end
  assert(last - began >= 22 * MINUTE, last - began)
end)

test("a command that runs alone counts nothing, however much it prints", function()
  local child = in_shell()
  run(child, "true")
  child:type("while :; do echo line; done<CR>")
  child:sync()
  local before = #child:events()
  for number = 1, 10 do
    child:pass(MINUTE)
    child:wait("output", function()
      return child:lua("return vim.api.nvim_buf_line_count(0) > ...", number)
    end)
  end
  child:sync()
  equal(#child:events(), before)
end)
