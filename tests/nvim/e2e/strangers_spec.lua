--- Hostile text: a folder's name, a timesheet that came with a repository.

local Home = require("e2e.home")
local Shell = require("e2e.shell")

test("e2e: a folder's name is text in the offer to assign it, and in the list", function()
  local home = Home.new(Home.config)
  local name = "[Repair now](command:x) $(touch p) %{system('touch p')}\27[31m"
  home:write("work/" .. name .. "/app.py", "print()\n")
  local events = {}
  for minute = 0, 360, 3 do
    local at = (os.time() - 360 + minute) * 1000
    local root = vim.uri_from_fname(home.path .. "/work/" .. name)
    table.insert(events, { seq = #events + 1, at = at, kind = "edit", uri = root .. "/app.py", root = root })
  end
  home:tell(events)
  local person = Shell.open(home):edit("work/acme/api/main.rs")
  person:press(":Keeptab assign<CR>")
  -- Neovim shows the escape, and the name is not executed.
  person:sees("[Repair now](command:x) $(touch p) %{system('touch p')}^[[31m")
  person:picture("stranger-folder")
  person:press("1<CR>")
  -- The project stands on the screen before: it is the folder of the file.
  person:sees("New project")
  person:press("1<CR>")
  person:wait("the rule", function()
    return table
      .concat(vim.fn.readfile(home.path .. "/.config/keeptab/keeptab.toml"))
      :find("Repair now", 1, true)
  end)
  for _, folder in ipairs({ "", "/work", "/work/acme/api", "/work/" .. name }) do
    equal(vim.uv.fs_stat(home.path .. folder .. "/p"), nil)
  end
end)

test("e2e: a timesheet that came with a repository changes nothing when it is saved", function()
  local home = Home.new(Home.config)
  home:history()
  local before = home:seconds(home:week())
  local sheet = home:json("review", home:week(), "--json")
  for _, header in ipairs({ ("# %s  r1"):format(home:week()), vim.split(sheet.text, "\n")[1] }) do
    home:write("work/acme/api/weekly.timesheet", header .. "\n")
    local person = Shell.open(home):edit("work/acme/api/weekly.timesheet")
    person:committed()
    equal(person:lua("return #vim.lsp.get_clients({ bufnr = 0 })"), 0)
    person:press("Go<Esc>:w<CR>")
    person:sees("written")
    equal(home:seconds(home:week()), before)
    person:press(":qa!<CR>")
  end
end)
