--- The week, reviewed in the editor with real keys.

local Home = require("e2e.home")
local Person = require("e2e.person")

--- Returns the lines of the sheet in front.
local function lines(person)
  return person:lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)")
end

--- Returns the only line with a text in it, and its number.
local function line_with(person, text)
  for number, line in ipairs(lines(person)) do
    if not line:find("^#") and line:find(text, 1, true) then
      return line, number
    end
  end
  error(text .. " is not in\n" .. table.concat(lines(person), "\n"))
end

test("e2e: a mis-tagged line is set right in the week, saved, and taken back to the second", function()
  local home = Home.new(Home.config)
  home:history()
  local week = home:week()
  local before = home:seconds(week)
  local person = Person.at(home, "work/acme/api/main.rs")
  person:press(":Keeptab review " .. week .. "<CR>")
  person:sees("unassigned")
  equal(person:lua("return vim.bo.filetype"), "timesheet")

  local function edit(part, keys, expected)
    local _, number = line_with(person, part)
    person:press((":%d<CR>"):format(number) .. keys)
    person:wait(expected, function()
      return vim.list_contains(lines(person), expected)
    end)
  end
  -- Retag one, split one, add one, delete one.
  edit("northwind/shop", ":s/northwind.shop/acme\\/api<CR>", "  10:00-11:00  acme/api")
  edit("09:00-10:00", ":s/10:00/09:30<CR>", "  09:00-09:30  acme/api")
  local second = "09:30-10:00  northwind/shop  a bug in the shop"
  edit("09:00-09:30", "o" .. second .. "<Esc>", "  " .. second)
  edit("10:00-11:00", "o+0:45  acme/api  call with Sam<Esc>", "  +0:45  acme/api  call with Sam")
  edit("~/scratch", "cc# gone<Esc>", "  # gone")
  person:press(":w<CR>")
  person:sees("changes applied")
  person:wait("the sheet to be refreshed", function()
    return lines(person)[1]:find("r2%-%x+$") ~= nil
  end)
  equal(person:lua("return vim.bo.modified"), false)
  local after = home:seconds(week)
  local hour = 3600
  equal(after, {
    ["acme/api"] = before["acme/api"] - hour / 2 + before["northwind/shop"] + 45 * 60,
    ["northwind/shop"] = hour / 2,
    unassigned = 0,
    total = before.total - before.unassigned + 45 * 60,
  })

  person:press(":Keeptab undo<CR>")
  person:sees("taken back")
  equal(home:seconds(week), before)
  person:wait("the old sheet", function()
    local ok = pcall(line_with, person, "?  ")
    return ok
  end)
  equal(home:complaints(), {})
end)

test("e2e: a sheet with an error applies nothing and shows where", function()
  local home = Home.new(Home.config)
  home:history()
  local week = home:week()
  local before = home:seconds(week)
  local person = Person.at(home, "work/acme/api/main.rs")
  person:press(":Keeptab review " .. week .. "<CR>")
  person:sees("northwind/shop")
  local _, number = line_with(person, "northwind/shop")
  person:press((":%d<CR>:s/northwind.shop/northwind\\/shpo/<CR>"):format(number))
  person:wait("the mistake to be shown", function()
    local errors = person:lua("return vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })")
    return #errors == 1 and errors[1].lnum == number - 1 and errors[1].message:find("northwind/shop", 1, true)
  end)
  person:press(":w<CR>")
  person:sees("nothing was applied")
  equal(home:seconds(week), before)
end)
