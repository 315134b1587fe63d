--- The ways to leave Neovim: nothing is lost, and no host is left behind.

local Home = require("e2e.home")
local Person = require("e2e.person")
local Shell = require("e2e.shell")

--- Opens Neovim and works in it for a moment.
local function at_work()
  local home = Home.new(Home.config)
  local person = Shell.open(home):edit("work/acme/api/main.rs")
  person:press("o")
  person:write_for(2000)
  person:press("<Esc>")
  return home, person, person:host()
end

--- Checks that everything is there, except for the fraction of a second that a report drops.
local function all_there(home, person)
  local seconds = home:seconds()["acme/api"] or 0
  assert(math.abs(seconds - person:worked()) <= 1.2, ("%d s of %.1f s"):format(seconds, person:worked()))
  equal(home:complaints(), {})
end

for _, way in ipairs({ ":qa!", ":cq", ":wqa", "ZQ" }) do
  test(("e2e: %s loses nothing and leaves no host behind"):format(way), function()
    local home, person, host = at_work()
    person:press(way .. (way:find("^:") and "<CR>" or ""))
    person:ended_process(person.process)
    person:ended_process(host)
    all_there(home, person)
  end)
end

test("e2e: a Neovim that is asked to end loses nothing and leaves no host behind", function()
  for _, signal in ipairs({ "sigterm", "sighup" }) do
    local home, person, host = at_work()
    assert(vim.uv.kill(person.process, signal))
    person:ended_process(person.process)
    person:ended_process(host)
    all_there(home, person)
  end
end)

test("e2e: a suspended Neovim has told all, and goes on with the same host", function()
  local home, person, host = at_work()
  person:press("<C-z>")
  person:sees("Stopped")
  all_there(home, person)
  assert(Person.is_alive(host))
  -- Work at the shell is not Neovim's.
  person:press("ls<CR>")
  person:press("fg<CR>")
  person:sees("a function of")
  person:press("o")
  person:write_for(1500)
  person:press("<Esc>")
  person:committed()
  equal(person:host(), host)
  -- The suspension was reported, and is not stored.
  equal(home:events() + 1, person:lua("return require('keeptab.queue').state().taken"))
  -- A suspended Neovim that is killed takes the host along.
  person:press("<C-z>")
  person:sees("Stopped")
  Person.kill(person.process)
  person:ended_process(host)
  equal(home:complaints(), {})
end)

test("e2e: one host serves all roots, windows and tabs", function()
  local home, person, host = at_work()
  person:press(":tabedit ~/work/northwind/shop/app.py<CR>o")
  person:write_for(1500)
  person:press("<Esc>:vsplit ~/scratch/notes.txt<CR>ihello<Esc>")
  person:committed()
  equal(#person:lua("return vim.api.nvim_get_proc_children(vim.uv.os_getpid())"), 1)
  equal(person:host(), host)
  local seconds = home:seconds()
  assert(seconds["acme/api"] >= 1 and seconds["northwind/shop"] >= 1, vim.inspect(seconds))
  person:press(":qa!<CR>")
  person:ended_process(host)
end)
