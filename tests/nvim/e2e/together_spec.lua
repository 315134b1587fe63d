--- Two windows, one person, one clock.

local Home = require("e2e.home")
local Person = require("e2e.person")

test("e2e: two Neovims on one home never count a second twice and lose nothing", function()
  local home = Home.new(Home.config)
  -- Both hosts create the database.
  local one = Person.start(home, "work/acme/api/main.rs")
  local two = Person.start(home, "work/northwind/shop/app.py")
  one:ready()
  two:ready()
  one:press("o")
  one:write_for(3000)
  two:press("o")
  two:write_for(3000)
  one:write_for(5000, two)
  for _ = 1, 4 do
    one:write_for(700)
    two:write_for(700)
  end
  one:press("<Esc>")
  two:press("<Esc>")

  equal(one:committed() + two:committed(), home:events())
  local wall = (math.max(one.last, two.last) - one.first) / 1000
  local seconds = home:seconds()
  assert(seconds.total <= wall + 0.5 and seconds.total >= wall - 1, vim.inspect({ seconds, wall }))
  equal(seconds.total, seconds["acme/api"] + seconds["northwind/shop"])
  assert(seconds["acme/api"] >= 4 and seconds["northwind/shop"] >= 4, vim.inspect(seconds))
  equal(home:complaints(), {})
end)
