--- The week's features in the editor, and its code actions.

local Home = require("e2e.home")
local Shell = require("e2e.shell")

--- Returns true if this Neovim completes while typing.
local function completes(person)
  return person:lua("return vim.lsp.completion ~= nil")
end

test(
  "e2e: the week in the editor folds, tells what it comes to, completes and is mended by quick fixes",
  function()
    local home = Home.new(Home.config)
    home:history()
    local person = Shell.open(home):edit("work/acme/api/main.rs")
    person:press(":Keeptab review " .. home:week() .. "<CR>")
    person:sees("unassigned")
    -- Hints at the end of lines, lenses above days.
    person:sees("1:00 · EUR 250.00")
    person:sees("acme/api 1:00 · northwind/shop 1:00")
    person:picture("week")

    person:press("gg]]")
    person:wait("the day", function()
      return person:lua("return vim.fn.getline('.')"):find("^Wed ") ~= nil
    end)
    person:press("zM")
    person:gone("northwind/shop")
    person:picture("folded")
    person:press("zR")

    -- An unknown project is marked in place, and corrected by a quick fix.
    person:press("/northwind.shop<CR>:s/northwind.shop/northwind\\/shpo/<CR>")
    person:sees("■")
    person:picture("mistake")
    person:press(":lua vim.lsp.buf.code_action()<CR>")
    person:sees("1: Change to northwind/shop")
    person:picture("quick-fix")
    person:press("1<CR>")
    person:wait("the line to be mended", function()
      return person:lua("return vim.fn.search('northwind/shpo', 'nw')") == 0
    end)
    person:gone("unknown project")

    person:press("o+0:45 ")
    if completes(person) then
      person:wait("the proposals", function()
        return person:lua("return vim.fn.pumvisible()") == 1
      end)
      person:sees("this week")
      equal(person:lua("return vim.trim(vim.fn.getline('.'))"), "+0:45")
      person:picture("completion")
      person:press("<C-n><C-y>")
    else
      person:press("ac<C-x><C-o>")
    end
    person:wait("the project", function()
      return person:lua("return vim.trim(vim.fn.getline('.'))") == "+0:45 acme/api"
    end)
    person:press("<Esc>")
    if completes(person) then
      -- Letters propose too.
      person:press("0fac$ac")
      person:wait("the proposals", function()
        return person:lua("return vim.fn.pumvisible()") == 1
      end)
      person:press("<C-n><C-y><Esc>")
      equal(person:lua("return vim.trim(vim.fn.getline('.'))"), "+0:45 acme/api")
    end
    person:press(":w<CR>")
    person:sees("1 change applied")
    equal(home:seconds(home:week())["acme/api"], 3600 + 45 * 60)
    equal(home:complaints(), {})
  end
)
