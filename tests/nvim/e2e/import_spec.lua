--- Import of another tool's history, without leaving the editor.

local Home = require("e2e.home")
local Person = require("e2e.person")

local rows = {
  "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()",
}
--- A morning's work.
local function row(note, date)
  local text = "Jane,,Acme Co,API development,,%s,Yes,%s,09:00:00,%s,10:30:00,01:30:00,,"
  return text:format(note, date, date)
end
for day = 1, 20 do
  table.insert(rows, row("Morning " .. day, ("2024-03-%02d"):format(day)))
end
table.insert(rows, row("Never", "2024-13-40"))

--- Returns the time of the imported year, without that of the test itself.
local function report(home)
  return home:json("report", "--from", "2024-01-01", "--to", "2024-12-31", "--json")
end

test("e2e: history is looked at, imported, reviewed and taken back", function()
  local home = Home.new(Home.config)
  home:write("toggl.csv", table.concat(rows, "\n") .. "\n")
  local person = Person.at(home, "work/acme/api/main.rs")

  person:press(":Keeptab import ~/toggl.csv<CR>")
  person:sees("The time zone of the file's clock times: Europe/Berlin")
  person:press("<C-u>Europe/Vienna<CR>")
  local preview = person:sees("1: Import")
  for _, words in ipairs({ "20 entries, 30:00:00", "times in Europe/Vienna", "Morning 20" }) do
    assert(preview:find(words, 1, true), words .. " is not on the screen:\n" .. preview)
  end
  person:press("3<CR>")
  person:sees("toggl.csv:22")
  person:sees("nothing is written yet")
  equal(report(home).totalSeconds, 0)
  -- Keys go to the question: the preview is beside it and takes none.
  person:press("1<CR>")
  -- The first of March was a Friday.
  person:sees("2024-W09")
  person:sees("Morning 3")
  equal(report(home).totalSeconds, 20 * 5400)

  person:press(":Keeptab import --undo<CR>")
  person:sees("import 1 is taken back: 20 entries")
  equal(report(home).totalSeconds, 0)
end)

test("e2e: a history of months is told what the other tool billed", function()
  local months = { rows[1] }
  for month = 1, 6 do
    table.insert(months, row("Month " .. month, ("2024-%02d-11"):format(month)))
  end
  local home = Home.new(Home.config)
  home:write("toggl.csv", table.concat(months, "\n") .. "\n")
  local person = Person.at(home, "work/acme/api/main.rs")

  person:press(":Keeptab import ~/toggl.csv --time-zone UTC<CR>")
  person:sees("2: Billed before a day…  9:00 is not billed yet")
  person:press("2<CR>")
  person:sees("The first day that is not billed yet: 2024-06-01")
  person:press("<CR>")
  person:sees("billed by the other tool, never billed here: 7:30")
  person:press("1<CR>")
  person:sees("2024-W02")
  local total = report(home).rows[1]
  equal({ total.seconds, total.billableSeconds }, { 6 * 5400, 5400 })
end)
