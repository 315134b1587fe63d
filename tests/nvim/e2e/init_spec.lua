--- From an empty home to tracked time, by a person's reading and typing.

local Home = require("e2e.home")
local Person = require("e2e.person")

test("e2e: :Keeptab init leads from nothing to tracked time", function()
  local home = Home.new()
  local person = Person.at(home, "work/acme/api/main.rs")
  local host = person:host()
  person:press(":Keeptab init<CR>")
  for _, turn in ipairs(require("e2e.conversation")) do
    person:sees(turn[1])
    person:press(turn[2] .. "<CR>")
  end
  person:sees("keeptab.toml")
  person:sees("q closes")
  equal(home:keeptab("doctor").code, 0)
  person:press("qG")
  person:sees('paths = ["~/work/acme/api/**"]')

  person:press(":edit #<CR>o")
  person:write_for(3500)
  person:press("<Esc>")
  person:sees("acme-co/api 0:00")
  person:committed()
  local seconds = home:seconds()
  assert(seconds["acme-co/api"] >= 3, vim.inspect(seconds))
  equal(person:host(), host)
  equal(home:complaints(), {})
end)
