--- A week in a buffer: the features of its file type.

local Child = require("child")

local week = {
  "# 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   31:42   r1842",
  "# ? Mon 12:10-13:00  away 0:50: a call?",
  "",
  "Mon 16 Nov   5:23",
  "  09:02-10:47  acme/api        GET /orders pagination",
  "  10:47-12:10  acme/dashboard",
  "",
  "Tue 17 Nov   1:00",
  "  09:00-10:00  acme/api",
  "",
  "Wed 18 Nov   0:30",
  "  09:00-09:30  acme/api",
}

local function on_week(opts)
  local child = Child.ready(opts)
  child:file("2026-W47.timesheet", table.concat(week, "\n"))
  child:cmd("edit 2026-W47.timesheet")
  return child
end

local function line(child)
  return child:lua("return vim.fn.line('.')")
end

test("]] and [[ go from day to day", function()
  local child = on_week()
  equal(child:lua("return vim.bo.filetype"), "timesheet")
  local function goes(keys, number)
    child:type(keys)
    equal(line(child), number)
  end
  goes("]]", 4)
  goes("]]", 8)
  goes("]]", 11)
  goes("]]", 11)
  goes("2[[", 4)
  goes("[[", 4)
  goes("jd]]", 5)
  equal(child:lua("return vim.fn.getline(5)"), "Tue 17 Nov   1:00")
end)

test("days fold, and are open at first", function()
  local child = on_week()
  equal(child:lua("return vim.fn.foldclosed(5)"), -1)
  child:type("zM")
  equal(
    child:lua("return vim.tbl_map(function(l) return vim.fn.foldclosed(l) end, { 1, 4, 5, 6, 8, 9, 11, 12 })"),
    { -1, 4, 4, 4, 8, 8, 11, 11 }
  )
end)

test("another file in the same window has no such folds, and the keys can be had back", function()
  local child = on_week({ init = "vim.g.no_timesheet_maps = 1" })
  child:file("one.txt")
  child:cmd("edit one.txt")
  equal(child:lua("return vim.wo.foldmethod"), "manual")
  equal(child:lua("return vim.fn.maparg(']]', 'n')"), "")
  child:cmd("buffer 2026-W47.timesheet")
  equal(child:lua("return vim.wo.foldmethod"), "expr")
  equal(child:lua("return vim.fn.maparg(']]', 'n')"), "")
  child:cmd("set filetype=text")
  equal(child:lua("return vim.bo.commentstring"), "")
end)

test("comments are commented", function()
  local child = on_week()
  child:type("5Ggcc")
  equal(child:lua("return vim.fn.getline(5)"), "  # 09:02-10:47  acme/api        GET /orders pagination")
end)

--- Returns the configuration of the host's own diagnostics.
local function own_text(child)
  return child:lua([[
    local id = vim.lsp.get_clients({ name = "keeptab" })[1].id
    return vim.diagnostic.config(nil, vim.lsp.diagnostic.get_namespace(id)).virtual_text or false
  ]])
end

test("what is wrong stands beside its line, unless the person has chosen otherwise", function()
  local child = on_week({ init = "vim.diagnostic.config({ virtual_text = false })" })
  equal(own_text(child), true)
  local chosen = on_week({ init = "vim.diagnostic.config({ virtual_text = { prefix = '!' } })" })
  equal(own_text(chosen), false)
end)

test("a sheet that the host refreshes is saved, unless it has edits", function()
  local child = on_week()
  local uri = vim.uri_from_fname(child.home .. "/2026-W47.timesheet")
  local function refresh(text)
    local start = { line = 0, character = 0 }
    local edit = { range = { start = start, ["end"] = start }, newText = text }
    local edits = vim.json.encode({ edit = { changes = { [uri] = { edit } } } })
    child:lua(
      [[require("keeptab.host").execute("keeptab.init", { "workspace/applyEdit", ... }, function() end)]],
      edits
    )
    child:wait("the edit", function()
      return child:lua("return vim.fn.getline(1)") == vim.trim(text)
    end)
  end
  refresh("# one\n")
  equal(child:lua("return vim.bo.modified"), false)
  equal(vim.fn.readfile(child.home .. "/2026-W47.timesheet")[1], "# one")
  child:type("Gdd")
  refresh("# two\n")
  equal(child:lua("return vim.bo.modified"), true)
  equal(vim.fn.readfile(child.home .. "/2026-W47.timesheet")[1], "# one")
end)
