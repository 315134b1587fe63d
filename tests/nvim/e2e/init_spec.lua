--- From nothing to tracked time, by what a person reads and types.

local Home = require("e2e.home")
local Person = require("e2e.person")

--- What is asked, and the answer; <C-u> takes away what is proposed.
local conversation = {
  { "Name of your business:", "Jane Doe Software" },
  { "Short name for invoice numbers: capital letters and digits: JDS", "" },
  { "Street and number:", "Hauptstr. 1" },
  { "Postal code:", "10115" },
  { "City:", "Berlin" },
  { "Country, two letters:", "<C-u>Germany" },
  { "write its two letters, such as DE or US", "<C-u>DE" },
  { "VAT id", "DE123456789" },
  { "IBAN to be paid to:", "DE75512108001245126199" },
  { "Currency:", "<C-u>EUR" },
  { "VAT in per cent", "19" },
  { "Time zone:", "<C-u>Europe/Berlin" },
  { "Your first client", "Acme Co" },
  { "The client's street and number:", "Ring 1" },
  { "The client's postal code:", "20095" },
  { "The client's city:", "Hamburg" },
  { "The client's country, two letters: DE", "" },
  { "Your project for this client", "API" },
  { "Hourly rate:", "95.00" },
  { "Folder in which you work on it:", "<C-u>~/work/acme/api" },
}

test("e2e: :Keeptab init leads from nothing to tracked time", function()
  local home = Home.new()
  local person = Person.at(home, "work/acme/api/main.rs")
  local host = person:host()
  person:press(":Keeptab init<CR>")
  for _, turn in ipairs(conversation) do
    person:sees(turn[1])
    person:press(turn[2] .. "<CR>")
  end
  person:sees("keeptab.toml")
  person:sees("q closes")
  equal(home:keeptab("doctor").code, 0)
  person:press("q")
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
