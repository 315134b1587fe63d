--- A timesheet whose file is written again while it is open.

local Home = require("e2e.home")
local Person = require("e2e.person")

--- Opens the sheet of last week.
---@return table home
---@return table person
---@return string week
local function review()
  local home = Home.new(Home.config)
  home:history()
  local week = home:week()
  local person = Person.at(home, "work/acme/api/main.rs")
  person:press(":Keeptab review " .. week .. "<CR>")
  person:sees("1:00 · EUR 250.00")
  return home, person, week
end

--- Adds time before the others of the week, with a gap after it that moves all lines down.
local function add_early(home)
  local day = home:json("report", "--all", "--by", "day", "--json").rows[1].day
  local done = home:keeptab("add", "northwind/shop", "1:30", "--day", day, "--at", "07:00", "--note", "early")
  assert(done.code == 0, done.stderr)
end

--- Returns the line of the screen in which a text stands.
local function row(person, text)
  for line in person:screen():gmatch("[^\n]+") do
    if line:find(text, 1, true) then
      return line
    end
  end
end

--- Waits until a line of the screen ends with a hint or a lens.
local function ends(person, text, hint)
  local ok = pcall(person.wait, person, hint, function()
    local line = row(person, text)
    return line and vim.endswith(vim.trim(line), hint)
  end)
  assert(ok, ("no %s beside %s on the screen:\n%s"):format(hint, text, person:screen()))
end

test("e2e: hints and lenses are those of the sheet that was deleted and written anew", function()
  local home, person, week = review()
  assert(vim.uv.fs_unlink(person:request("nvim_buf_get_name", 0)))
  add_early(home)
  person:press(":Keeptab review " .. week .. "<CR>")
  ends(person, "07:00-08:30", "1:30 · EUR 375.00")
  ends(person, "09:00-10:00", "1:00 · EUR 100.00")
  ends(person, "10:00-11:00", "1:00 · EUR 250.00")
  person:sees("northwind/shop 2:30 · acme/api 1:00")
end)

test("e2e: a review shows unsaved edits as they are, asks nothing, and saving them loses nothing", function()
  local home, person, week = review()
  local before = home:seconds(week)
  person:press(":%s/10:00-11:00/10:00-10:30/<CR>")
  add_early(home)
  person:press(":edit ~/work/acme/api/main.rs<CR>:Keeptab review " .. week .. "<CR>")
  person:sees("has edits that are not saved")
  local function text()
    return table.concat(person:request("nvim_buf_get_lines", 0, 0, -1, true), "\n")
  end
  equal({ person:request("nvim_get_mode").blocking, person:lua("return vim.bo.modified") }, { false, true })
  assert(text():find("10:00-10:30", 1, true), text())
  assert(not person:screen():find("as it is now", 1, true), person:screen())
  -- What came meanwhile is merged.
  person:press(":w<CR>")
  person:sees("1 change applied")
  person:wait("the merged sheet", function()
    return text():find("07:00-08:30", 1, true) and not person:lua("return vim.bo.modified")
  end)
  local northwind = before["northwind/shop"] - 30 * 60 + 90 * 60
  equal(home:seconds(week)["northwind/shop"], northwind)
  equal(home:complaints(), {})
end)

test("e2e: a sheet that a shell writes again keeps unsaved edits", function()
  local home, person, week = review()
  person:press(":%s/10:00-11:00/10:00-10:30/<CR>")
  add_early(home)
  equal(home:keeptab("review", week).code, 0)
  person:press(":checktime<CR>")
  person:press(":w<CR>")
  person:sees("1 change applied")
  equal(home:seconds(week)["northwind/shop"], 120 * 60)
end)
