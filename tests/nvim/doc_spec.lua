--- The help: its tags, and that it covers everything.

local Child = require("child")

local path = Child.plugin .. "/doc/keeptab.txt"
local text = table.concat(vim.fn.readfile(path), "\n")

--- Returns the tags of a folder, by the `:helptags` of a copy.
local function tags_of(folder)
  local copy = vim.fn.tempname()
  vim.fn.mkdir(copy, "p")
  assert(vim.uv.fs_copyfile(folder .. "/keeptab.txt", copy .. "/keeptab.txt"))
  vim.cmd.helptags(copy)
  local tags = {}
  for _, line in ipairs(vim.fn.readfile(copy .. "/tags")) do
    tags[line:match("^[^\t]+")] = true
  end
  vim.fn.delete(copy, "rf")
  return tags
end

test("every tag that the help names is there, and every part has one", function()
  local tags = tags_of(vim.fs.dirname(path))
  local named, missing = 0, {}
  -- Code is no place for links.
  local prose = text:gsub(">%a*\n.-\n<", ""):gsub(">%a*\n.-\n%f[\n\0]", "")
  for name in prose:gmatch("|([^|%s]+)|") do
    named = named + 1
    if not tags[name] and #vim.fn.getcompletion(name, "help") == 0 then
      table.insert(missing, name)
    end
  end
  equal(missing, {})
  assert(named >= 15, named)
  for _, name in ipairs({
    "keeptab",
    "keeptab.txt",
    ":Keeptab",
    "g:keeptab",
    "g:keeptab_status",
    "KeeptabStatus",
  }) do
    assert(tags[name], name)
  end
end)

test("the help tells of every command, map and option", function()
  local words = "init status review report invoice invoices totals start stop add away assign explain pause resume"
    .. " import config log restart health undo project client dashboard backup restore doctor salvage forget"
  for word in words:gmatch("%a+") do
    assert(text:find("\n:Keeptab " .. word .. "%f[^%w]"), ":Keeptab " .. word)
  end
  local child = Child.start({ screen = false })
  for _, map in ipairs(child:lua([[return vim.fn.getcompletion("<Plug>(keeptab", "mapping")]])) do
    assert(text:find(map, 1, true), map)
  end
  for option in pairs(child:lua([[return (require("keeptab.config").get())]])) do
    assert(text:find("\n      " .. option .. " = ", 1, true), option)
  end
end)

test("no line of the help is longer than a window", function()
  for number, line in ipairs(vim.split(text, "\n")) do
    assert(vim.fn.strdisplaywidth(line) <= 80, ("line %d: %s"):format(number, line))
  end
end)
