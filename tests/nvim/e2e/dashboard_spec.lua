--- The week as text bars, and as a page in a browser.

local Home = require("e2e.home")
local Person = require("e2e.person")

test("e2e: the week stands in a floating window as text bars, and in a browser as a page", function()
  local home = Home.new(Home.config)
  home:history()
  local person = Person.at(home, "work/acme/api/main.rs")
  person:press(":Keeptab dashboard " .. home:week() .. "<CR>")
  person:sees("a acme/api")
  person:sees("? unassigned")
  person:sees("q closes")
  equal(person:lua("return vim.api.nvim_win_get_config(0).relative"), "editor")
  equal(person:lua("return vim.o.columns >= vim.api.nvim_win_get_width(0)"), true)
  person:press("q")
  person:gone("a acme/api")

  person:press(":Keeptab dashboard browser<CR>")
  person:wait("the page to be opened", function()
    return vim.iter(home:opened()):any(function(opened)
      return opened:find("dashboard.html", 1, true) ~= nil
    end)
  end)
end)
