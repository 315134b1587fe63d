--- Builds, searches and debuggers.

local Child = require("child")

local function on_file(opts)
  local child = Child.ready(opts)
  child:file("one.txt")
  child:file("two.txt", "needle")
  child:cmd("edit one.txt")
  return child
end

test("a build that the person runs is a task", function()
  local child = on_file({ init = [[vim.o.makeprg = "echo one.txt:2: broken" vim.o.shellpipe = ">"]] })
  child:type(":silent make!<CR>")
  local story = child:story()
  equal(story[#story], "task one.txt")
end)

test("a search that leads elsewhere is a task there", function()
  local child = on_file()
  child:type(":silent vimgrep /needle/ two.txt<CR>")
  local story = child:story()
  equal(story[#story], "task two.txt")
end)

test("a build that a plugin runs while nobody is there is not the person's", function()
  local child = on_file({ init = [[vim.o.makeprg = "true" vim.o.shellpipe = ">"]] })
  child:cmd("silent make!")
  child:cmd("silent vimgrep /needle/ two.txt")
  equal(child:story(), {})
  equal(child:others(), { "task one.txt", "task one.txt" })
end)

--- The listeners of nvim-dap, without an entry.
local dap = [[
  local listeners = setmetatable({}, { __index = function(all, event)
    rawset(all, event, {})
    return all[event]
  end })
  package.loaded.dap = { listeners = { after = listeners } }
  _G.happen = function(event)
    for _, listener in pairs(listeners[event]) do listener({}, {}) end
  end
]]

test("a debugger that answers the person is debugging", function()
  local child = on_file()
  -- It is loaded by the key that starts debugging.
  child:lua(([[vim.keymap.set("n", "<F5>", function() %s _G.happen("event_initialized") end)]]):format(dap))
  child:type("<F5>")
  child:sync()
  child:lua([[_G.happen("event_stopped")]])
  local story = child:story()
  equal(story[#story], "debug one.txt")
end)

test("a debugger that stops while the person is present is theirs, and later it is not", function()
  local child = on_file({ init = dap })
  child:type("j")
  child:sync()
  child:pass(50000)
  child:lua([[_G.happen("event_stopped")]])
  equal(child:story(), { "navigate one.txt", "debug one.txt" })
  child:pass(11000)
  child:lua([[_G.happen("event_stopped") _G.happen("event_terminated")]])
  equal(child:story(), { "navigate one.txt", "debug one.txt" })
  equal(child:others(), { "debug one.txt", "debug one.txt" })
end)

test("nvim-dap is never loaded for it", function()
  local child = on_file({ init = [[package.preload.dap = function() _G.loaded = true return {} end]] })
  child:type("jk")
  child:sync()
  equal(child:lua("return _G.loaded == nil"), true)
end)
