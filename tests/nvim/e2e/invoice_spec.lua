--- An invoice without leaving the editor, and the reports.

local Home = require("e2e.home")
local Person = require("e2e.person")

local config = Home.config:gsub('rate = "100.00"', '%0\nrounding = { increment = "6m", mode = "up" }')

test("e2e: an invoice is looked at, issued and opened from the editor", function()
  local home = Home.new(config)
  local person = Person.at(home, "work/acme/api/main.rs")
  person:press("o")
  person:write_for(2500)
  person:press("<Esc>")
  person:committed()

  person:press(":Keeptab invoice<CR>")
  person:sees("1: Acme Co")
  person:press("1<CR>")
  person:sees("1: All unbilled")
  person:press("1<CR>")
  -- The first item is not the one that cannot be taken back.
  person:sees("1: Keep as draft")
  local preview = person:sees("2: Issue EUR 11.90")
  for _, word in ipairs({ "API development", "0.10 h  100.00   10.00", "1.90", "issue it?" }) do
    assert(preview:find(word, 1, true), word .. " is not on the screen:\n" .. preview)
  end
  person:press("2<CR>")
  person:sees("JDS-")
  person:sees("q closes")
  local invoice = home:json("invoice", "list", "--json")[1]
  local pdf = home.path .. "/.local/share/keeptab/invoices/" .. invoice.number .. ".pdf"
  local told = person:screen()
  assert(told:find(pdf, 1, true), told)
  equal({ invoice.status, invoice.grossTotal }, { "issued", "11.90" })
  assert(Home.words_of(pdf):find(invoice.number, 1, true))
  person:wait("the PDF to be opened", function()
    return vim.deep_equal(home:opened(), { vim.uri_from_fname(pdf) })
  end)
  person:press("q")
  person:gone("q closes")

  person:press(":Keeptab invoice<CR>")
  person:sees("Acme Co  0:00 unbilled")
  person:press("<Esc>")
  equal(#home:json("invoice", "list", "--json"), 1)
  equal(home:complaints(), {})
end)

test("e2e: status, report and explain say what there is", function()
  local home = Home.new(config)
  local person = Person.at(home, "work/acme/api/main.rs")
  person:press("o")
  person:write_for(2500)
  person:press("<Esc>")
  person:committed()
  local week = home:json("report", "--all", "--by", "week", "--json").rows[1].day
  -- In this order: looking at the reports is itself unassigned time.
  local commands = {
    { "report --week " .. week, "acme    acme/api  0:00:0", "10.00  EUR", "total" },
    { "report --all --by client", "all time", "acme    0:00:0", "10.00  EUR" },
    { "status", "acme/api 0:00", "0:00  in all", "EUR 10.00 unbilled" },
    {
      "explain",
      "/work/acme/api/main.rs",
      "acme/api, for acme",
      "~/work/acme/api/**",
      "won",
      "does not match",
    },
    { "explain ~/elsewhere/x.txt", home.path .. "/elsewhere/x.txt", "unassigned: no rule names it" },
  }
  for _, command in ipairs(commands) do
    person:press(":Keeptab " .. command[1] .. "<CR>")
    for _, word in ipairs(vim.list_slice(command, 2)) do
      person:sees(word)
    end
    person:sees("q closes")
    person:press("q")
    person:gone("q closes")
  end
end)
