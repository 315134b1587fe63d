--- keeptab's main loop: work, review, bill.

local Home = require("e2e.home")
local Person = require("e2e.person")

--- Compares within a second, because reports count whole ones.
local function about(actual, expected)
  assert(math.abs(actual - expected) <= 1, ("%s s instead of %.1f s"):format(actual, expected))
end

--- Checks an issued invoice and its PDF; returns the last part of its number.
local function check_invoice(invoice, amount)
  local serial = invoice.number:match("^JDS%-" .. invoice.issueDate:gsub("-", ""):sub(1, 6) .. "%-(%d+)$")
  equal({ #invoice.lines, invoice.netTotal, invoice.status }, { 1, amount, "issued" })
  local paper = Home.words_of(invoice.files[1])
  for _, word in ipairs({ invoice.number, invoice.lines[1].description, amount, invoice.grossTotal }) do
    assert(paper:find(word, 1, true), word .. " is not on the paper:\n" .. paper)
  end
  return serial
end

test("e2e: unsaved work in two projects adds up to the wall clock and is billed once", function()
  local home = Home.new(Home.config)
  local person = Person.at(home, "work/acme/api/main.rs", "work/northwind/shop/app.py")
  local spent = { 0, 0 }
  local projects = { "acme/api", "northwind/shop" }
  for turn = 1, 4 do
    local number = (turn - 1) % 2 + 1
    local since = person.last
    person:press((turn > 1 and ":buffer " .. number .. "<CR>" or "") .. "o")
    since = since and person.last or person.first
    person:write_for(10500)
    person:press("<Esc>")
    person:sees(projects[number] .. " 0:00")
    equal(person:lua("return require('keeptab').status().project"), projects[number])
    spent[number] = spent[number] + (person.last - since) / 1000
  end
  person:committed()
  equal(person:lua("return vim.bo[1].modified and vim.bo[2].modified"), true)

  local seconds = home:seconds()
  about(seconds.total, person:worked())
  about(seconds["acme/api"], spent[1])
  about(seconds["northwind/shop"], spent[2])
  equal({ seconds.unassigned, seconds.total }, { 0, seconds["acme/api"] + seconds["northwind/shop"] })
  assert(seconds["acme/api"] >= 20 and seconds["northwind/shop"] >= 20)

  -- 21 s are 0.01 h.
  equal(check_invoice(home:json("invoice", "issue", "acme", "--json"), "1.00"), "0001")
  equal(check_invoice(home:json("invoice", "issue", "northwind", "--json"), "2.50"), "0002")
  for _, client in ipairs({ "acme", "northwind" }) do
    local again = home:keeptab("invoice", "issue", client)
    equal(again.code, 1)
    assert(again.stderr:find("there is nothing to bill " .. client, 1, true), again.stderr)
  end
  equal(#home:json("invoice", "list", "--json"), 2)
  for _, row in ipairs(home:json("report", "--all", "--json").rows) do
    about(row.invoicedSeconds, row.seconds)
    equal(row.amount, row.client == "acme" and "1.00" or "2.50")
  end
  equal(home:complaints(), {})
end)
