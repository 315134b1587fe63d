--- The cost of a crash: nothing for the host, the last two seconds for Neovim.

local Home = require("e2e.home")
local Person = require("e2e.person")

--- Checks that everything typed is there, except for at most two seconds; a report drops fractions of a second.
local function mostly_there(home, person)
  local total, worked = home:seconds().total, person:worked()
  assert(total + 1 > worked - 2, ("%d s of %.1f s"):format(total, worked))
  assert(total <= worked + 0.5, ("%d s of %.1f s"):format(total, worked))
end

test("e2e: hosts killed while keys are typed lose nothing", function()
  local home = Home.new(Home.config)
  local person = Person.at(home, "work/acme/api/main.rs")
  local hosts = {}
  person:press("o")
  for _ = 1, 2 do
    person:write_for(4500)
    table.insert(hosts, person:host())
    Person.kill(hosts[#hosts])
    mostly_there(home, person)
  end
  person:write_for(4500)
  person:press("<Esc>")
  assert(hosts[1] ~= hosts[2])
  equal(person:committed(), home:events())
  local seconds = home:seconds()
  assert(math.abs(seconds["acme/api"] - person:worked()) <= 1, vim.inspect({ seconds, person:worked() }))
  equal(seconds.total, seconds["acme/api"])
  -- Neovim 0.12 reports a terminal that is slow to name its colours.
  local messages = person:lua("return vim.fn.execute('messages')"):gsub("E1568[^\n]*", "")
  equal(vim.trim(messages), "")
  equal(home:complaints(), {})
end)

--- Ends a Neovim in some way while the person types, and checks the stored time.
---@param name string
---@param happen fun(person: table)
local function test_end(name, happen)
  test("e2e: " .. name, function()
    local home = Home.new(Home.config)
    local person = Person.at(home, "work/acme/api/main.rs")
    person:press("o")
    person:write_for(6000)
    local host = person:host()
    local started = vim.uv.now()
    happen(person)
    assert(
      vim.wait(1000, function()
        return not Person.is_alive(host)
      end, 5),
      "the host goes on"
    )
    assert(vim.uv.now() - started <= 1000)
    mostly_there(home, person)
    equal(home:complaints(), {})
  end)
end

test_end("a killed Neovim takes its host along and loses two seconds at most", function(person)
  Person.kill(person.process)
end)

test_end("a killed terminal takes Neovim and its host along", function(person)
  Person.kill(vim.fn.jobpid(person.terminal))
end)
