--- A config that breaks and is repaired while the person works.

local Home = require("e2e.home")
local Person = require("e2e.person")

--- Returns the seconds that typing in the first file for a while adds.
local function work(home, person)
  local before = home:seconds()
  local since
  person:press(":buffer 1<CR>o")
  since = person.last
  person:write_for(3000)
  person:press("<Esc>")
  person:committed()
  local gained = home:seconds()["acme/api"] - (before["acme/api"] or 0)
  assert(gained + 1 > (person.last - since) / 1000, gained)
end

test("e2e: a broken config is told once, and the last good one stays in force", function()
  local home = Home.new(Home.config)
  local person = Person.at(home, "work/acme/api/main.rs")
  local host = person:host()
  local function errors()
    local _, count = person:lua("return vim.fn.execute('messages')"):gsub("last good config", "")
    return count
  end
  work(home, person)
  person:press(":edit ~/.config/keeptab/keeptab.toml<CR>:%s/100.00/-5<CR>")
  equal(home:keeptab("doctor").code, 0)
  person:press(":write<CR>")
  local line = vim.fn.match(vim.split(Home.config, "\n"), "100.00") + 1
  local told = person:sees(("keeptab.toml:%d:8:"):format(line))
  for _, word in ipairs({
    "the rate -5 is negative",
    " — ",
    "last good config stays in force",
  }) do
    assert(told:find(word, 1, true), word .. " is not on the screen:\n" .. told)
  end
  person:press("<CR>")
  person:sees("(config broken)")
  equal(home:keeptab("doctor").code, 1)
  equal(home:keeptab("invoice", "issue", "acme").code, 1)
  work(home, person)
  equal(errors(), 1)
  equal(#person:lua("return vim.diagnostic.get()"), 1)
  person:press(":checkhealth keeptab<CR>")
  person:sees("ERROR config: ")
  person:press(":bwipeout<CR>")

  person:press(":buffer keeptab.toml<CR>:%s/-5/120.00<CR>:write<CR>")
  person:gone("(config broken)")
  equal(person:lua("return vim.diagnostic.get()"), {})
  work(home, person)
  equal(home:keeptab("doctor").code, 0)
  equal({ errors(), person:host() }, { 1, host })
  local project = home:json("project", "--json").projects[1]
  equal({ project.id, project.rate }, { "acme/api", "120.00" })
end)
