--- The whole way, from an empty home to the PDF, in a real terminal and by keys alone.

local Home = require("e2e.home")
local Shell = require("e2e.shell")

test("e2e: from an empty home to an invoice, all from the palette", function()
  local home = Home.new(nil, true)
  local person = Shell.open(home)
  person:press("keeptab install nvim<CR>")
  person:sees("installed for Neovim")
  person:picture("install")

  person:edit("work/acme/api/main.rs")
  local host = person:host()
  person:press(":Keeptab init<CR>")
  for _, turn in ipairs(require("e2e.conversation")) do
    person:sees(turn[1])
    person:press(turn[2] .. "<CR>")
  end
  person:sees("q closes")
  person:picture("init")
  person:press("qG")
  person:sees('paths = ["~/work/acme/api/**"]')

  person:press(":edit #<CR>o")
  person:write_for(2500)
  person:press("<Esc>:w<CR>")
  person:committed()
  person:sees("acme-co/api 0:00")
  person:picture("work")

  person:press(':Keeptab add acme-co/api 1:30 --note "call with Sam"<CR>')
  person:sees("1:30")
  person:press(":Keeptab review<CR>")
  person:sees("call with Sam")
  person:sees("EUR 142.50")
  person:picture("review")
  person:press("/call with Sam<CR>ciwmeeting<Esc>")
  person:press(":w<CR>")
  person:sees("1 change applied")
  person:picture("applied")

  person:press(":Keeptab totals<CR>")
  person:sees("1: This week")
  person:press("1<CR>")
  person:sees("████████████████████████")
  person:picture("totals")
  person:press("q")

  person:press(":Keeptab explain ~/work/acme/api/main.rs<CR>")
  person:sees("q closes")
  person:picture("explain")
  person:press("q")
  person:gone("q closes")

  person:press(":Keeptab invoice<CR>")
  person:sees("1: Acme Co")
  person:press("1<CR>")
  person:sees("1: All unbilled")
  person:press("1<CR>")
  person:sees("issue it?")
  person:picture("draft")
  person:press("2<CR>")
  person:sees("q closes")
  person:picture("issued")
  local invoice = home:json("invoice", "list", "--json")[1]
  equal(invoice.status, "issued")
  local pdf = home.path .. "/.local/share/keeptab/invoices/" .. invoice.number .. ".pdf"
  person:wait("the PDF to be opened", function()
    return vim.deep_equal(home:opened(), { vim.uri_from_fname(pdf) })
  end)
  assert(Home.words_of(pdf):find(invoice.number, 1, true))
  if vim.env.KEEPTAB_PICTURES then
    vim.uv.fs_copyfile(pdf, vim.env.KEEPTAB_PICTURES .. "/invoice.pdf")
  end
  person:press("q")
  -- The sheet shows the billed time, and has no unsaved changes.
  person:sees("billed " .. invoice.number)
  equal(person:lua("return vim.bo.modified"), false)

  person:press(":checkhealth keeptab<CR>")
  person:sees("the host runs")
  person:picture("health")
  person:press(":qa<CR>")
  person:gone("the host runs")
  person:ended_process(host)
  equal(home:complaints(), {})
end)
