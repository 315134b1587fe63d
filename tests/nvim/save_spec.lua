--- Saves by the person, and saves only by a command over many files.

local Child = require("child")

--- A child with one.txt in front, and with two.txt and three.txt.
local function on_files(opts)
  local child = Child.ready(opts)
  for _, name in ipairs({ "one.txt", "two.txt", "three.txt" }) do
    child:file(name)
  end
  child:cmd("edit one.txt")
  return child
end

--- Returns the saves of the story, and its last event.
local function saves(child)
  local story = child:story()
  local found = vim.tbl_filter(function(deed)
    return vim.startswith(deed, "save")
  end, story)
  table.sort(found)
  return found, story[#story]
end

test("a save of a buffer that is not current counts, and the time after it is the current one's", function()
  local child = on_files()
  child:type("x")
  child:type(":edit two.txt<CR>")
  child:type("x")
  child:type(":edit three.txt<CR>")
  child:type(":wall<CR>")
  local found, last = saves(child)
  equal(found, { "save one.txt", "save two.txt" })
  equal(last, "navigate three.txt")
  -- It is saved now, so the next `:wall` has nothing to do.
  child:type(":wall<CR>")
  equal((saves(child)), { "save one.txt", "save two.txt" })
end)

test("what a command writes in files that nobody edited is not saved by the person", function()
  local child = on_files()
  child:type("x")
  child:type(":edit two.txt<CR>:edit three.txt<CR>")
  child:type(":silent bufdo %s/one/ONE/e | update<CR>")
  local found = saves(child)
  equal(vim.list_contains(found, "save two.txt"), false)
  assert(#found <= 2, vim.inspect(found))
  equal(vim.fn.readfile(child.home .. "/two.txt")[1], "ONE")
end)

test("a macro that goes over many files is one deed, in the last of them", function()
  local child = on_files()
  child:cmd("args one.txt two.txt three.txt")
  child:lua([[vim.fn.setreg("q", "ggAx" .. vim.keycode("<Esc>") .. ":silent write\r:next\r")]])
  child:type("2@q")
  local story = child:story()
  equal({ story[#story], #saves(child) }, { "navigate three.txt", 0 })
  assert(#story <= 2, vim.inspect(story))
end)

test("a formatter that runs on save has typed nothing", function()
  local child = on_files({
    init = [[
      vim.api.nvim_create_autocmd("BufWritePre", {
        callback = function() vim.api.nvim_buf_set_lines(0, 0, 1, false, { "made", "longer", "by rules" }) end,
      })
    ]],
  })
  child:type(":write<CR>")
  equal(child:story(), { "save one.txt" })
  equal(child:others(), {})
end)

test("a formatter that answers later has typed nothing", function()
  local child = on_files({
    init = [[
      vim.api.nvim_create_autocmd("BufWritePost", {
        callback = function(args)
          vim.defer_fn(function()
            vim.api.nvim_buf_set_lines(args.buf, 0, 1, false, { "made", "longer" })
            _G.formatted = true
          end, 20)
        end,
      })
    ]],
  })
  child:type("x")
  child:type(":write<CR>")
  child:wait("the formatter", function()
    return child:lua("return _G.formatted")
  end)
  equal(child:story(), { "edit one.txt", "save one.txt" })
end)

test("a plugin that saves by itself saves for the person who is present", function()
  local child = on_files()
  child:type("x")
  child:type(":edit two.txt<CR>")
  child:sync()
  child:cmd("silent wall")
  child:cmd("silent update")
  equal(child:story(), { "edit one.txt", "navigate two.txt", "save one.txt" })
  equal(child:others(), {})
end)
