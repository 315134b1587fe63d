--- Two windows, one person, one clock.

local Home = require("e2e.home")
local Person = require("e2e.person")

test("e2e: two Neovims on one home never count a second twice and lose nothing", function()
  -- A busy machine makes no gap that is not counted.
  local home = Home.new((Home.config:gsub('"3s"', '"1h"')))
  -- Both hosts create the database.
  local one = Person.start(home, "work/acme/api/main.rs")
  local two = Person.start(home, "work/northwind/shop/app.py")
  one:ready()
  two:ready()
  one:record_keys()
  two:record_keys()
  one:press("o")
  one:in_mode("i")
  one:write_for(3000)
  two:press("o")
  two:in_mode("i")
  two:write_for(3000)
  one:write_for(5000, two)
  for _ = 1, 4 do
    one:write_for(700)
    two:write_for(700)
  end
  one:press("<Esc>")
  two:press("<Esc>")

  equal(one:committed() + two:committed(), home:events())
  -- All time from the first heartbeat of either to the last one counts, and counts once.
  local beats = home:heartbeats()
  local first, last = beats[1].at, beats[#beats].at
  local keys = { one:keys(), two:keys() }
  assert(one.first <= first and first <= keys[1][2], vim.inspect({ one.first, first, keys[1][2] }))
  for _, own in ipairs(keys) do
    assert(own[#own - 1] <= last, vim.inspect({ own[#own - 1], last }))
  end
  local seconds, spent = home:seconds(), Home.gaps(beats)
  local function about(actual, milliseconds)
    -- Reports count whole seconds.
    assert(math.abs(actual - milliseconds / 1000) <= 1, vim.inspect({ actual, milliseconds }))
  end
  about(seconds.total, last - first)
  about(seconds["acme/api"], spent["work/acme/api/main.rs"])
  about(seconds["northwind/shop"], spent["work/northwind/shop/app.py"])
  equal(seconds.total, seconds["acme/api"] + seconds["northwind/shop"])
  equal(home:complaints(), {})
end)
