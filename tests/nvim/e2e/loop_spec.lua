--- keeptab's main loop: work, review, bill.

local Home = require("e2e.home")
local Person = require("e2e.person")

local RATES = { acme = 100, northwind = 250 }

--- Compares within a second, because reports count whole ones.
local function about(actual, milliseconds)
  assert(
    math.abs(actual - milliseconds / 1000) <= 1,
    ("%s s instead of %.1f s"):format(actual, milliseconds / 1000)
  )
end

--- Checks an issued invoice and its PDF; returns the last part of its number.
---@param milliseconds integer the time that it bills
---@param rate integer of an hour
local function check_invoice(invoice, milliseconds, rate)
  local line = invoice.lines[1]
  -- A quantity is in hundredths of an hour.
  local rounded = math.abs(tonumber(line.quantity) * 3600000 - milliseconds) <= 18000
  assert(rounded, ("%s h instead of %d ms"):format(line.quantity, milliseconds))
  local amount = ("%.2f"):format(tonumber(line.quantity) * rate)
  local serial = invoice.number:match("^JDS%-" .. invoice.issueDate:gsub("-", ""):sub(1, 6) .. "%-(%d+)$")
  equal({ #invoice.lines, invoice.netTotal, invoice.status }, { 1, amount, "issued" })
  local paper = Home.words_of(invoice.files[1])
  for _, word in ipairs({ invoice.number, line.description, amount, invoice.grossTotal }) do
    assert(paper:find(word, 1, true), word .. " is not on the paper:\n" .. paper)
  end
  return serial, amount
end

test("e2e: unsaved work in two projects adds up to the wall clock and is billed once", function()
  -- A busy machine makes no gap that is not counted.
  local home = Home.new((Home.config:gsub('"3s"', '"1h"')))
  local files = { "work/acme/api/main.rs", "work/northwind/shop/app.py" }
  local projects = { "acme/api", "northwind/shop" }
  local person = Person.at(home, unpack(files))
  person:record_keys()
  for turn = 1, 4 do
    local number = (turn - 1) % 2 + 1
    person:press((turn > 1 and ":buffer " .. number .. "<CR>" or "") .. "o")
    person:in_mode("i")
    person:write_for(10500)
    person:press("<Esc>")
    person:sees(projects[number] .. " 0:0")
    equal(person:lua("return require('keeptab').status().project"), projects[number])
  end
  person:committed()
  equal(person:lua("return vim.bo[1].modified and vim.bo[2].modified"), true)

  -- The heartbeats are those of the keys, from the first to the last.
  local beats, keys = home:heartbeats(), person:keys()
  local spent, turns = Home.gaps(beats)
  equal(turns, { files[1], files[2], files[1], files[2] })
  for _, beat in ipairs(beats) do
    assert(beat.kind == "edit" or beat.kind == "navigate", beat.kind)
  end
  local first, last = beats[1].at, beats[#beats].at
  assert(person.first <= first and first <= keys[2], vim.inspect({ person.first, first, keys[2] }))
  assert(keys[#keys - 1] <= last, vim.inspect({ keys[#keys - 1], last }))

  -- Two turns of 10.5 s in each; all of it is counted, for the file of the earlier heartbeat.
  local seconds = home:seconds()
  about(seconds.total, last - first)
  for number, file in ipairs(files) do
    about(seconds[projects[number]], spent[file])
    assert(spent[file] >= 20000, spent[file])
  end
  equal({ seconds.unassigned, seconds.total }, { 0, seconds["acme/api"] + seconds["northwind/shop"] })

  local amounts = {}
  for number, client in ipairs({ "acme", "northwind" }) do
    local invoice = home:json("invoice", "issue", client, "--json")
    local serial
    serial, amounts[client] = check_invoice(invoice, spent[files[number]], RATES[client])
    equal(serial, ("%04d"):format(number))
  end
  for _, client in ipairs({ "acme", "northwind" }) do
    local again = home:keeptab("invoice", "issue", client)
    equal(again.code, 1)
    assert(again.stderr:find("there is nothing to bill " .. client, 1, true), again.stderr)
  end
  equal(#home:json("invoice", "list", "--json"), 2)
  for _, row in ipairs(home:json("report", "--all", "--json").rows) do
    about(row.invoicedSeconds, row.seconds * 1000)
    equal(row.amount, amounts[row.client])
  end
  equal(home:complaints(), {})
end)
