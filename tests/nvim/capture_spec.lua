local Child = require("child")

--- A child with one.txt in front, after its start.
local function on_file(opts)
  local child = Child.ready(opts)
  child:file("one.txt")
  child:cmd("edit one.txt")
  return child
end

test("typed text is an edit of the file", function()
  local child = on_file()
  local before = vim.uv.gettimeofday() * 1000
  child:type("ihello<Esc>")
  equal(child:story(), { "edit one.txt" })
  local event = child:events()[1]
  equal(event.seq, 1)
  equal(event.root, vim.uri_from_fname(child.home))
  equal(event.language, "text")
  assert(event.at >= before and event.at <= event.t, "stamped when the key was pressed")
end)

test("a moved cursor is navigation", function()
  local child = on_file()
  child:type("jj")
  equal(child:story(), { "navigate one.txt" })
end)

test("scrolling is navigation, by key and by wheel", function()
  local child = on_file()
  child:type("<C-e>")
  equal(child:story(), { "navigate one.txt" })
  child:mouse("wheel", "down", "", 0, 5, 5)
  equal(child:story(), { "navigate one.txt", "navigate one.txt" })
end)

--- A clock that stands until the test sets it, and a beat of the queue that the test triggers.
local by_hand = [[
  _G.clock = 10000
  vim.uv.gettimeofday = function()
    return 0, _G.clock * 1000
  end
  local new_timer = vim.uv.new_timer
  vim.uv.new_timer = function()
    if not debug.getinfo(2, "S").source:find("queue%.lua$") then
      return new_timer()
    end
    return {
      start = function(_, soon, window, beat)
        _G.timing, _G.beat = { soon, window }, beat
      end,
      stop = function() end,
    }
  end
]]

test("the first event goes out soon, more of the same are one within a second", function()
  local child = on_file({ init = by_hand })
  local function word(time)
    child:lua("_G.clock = ...", time)
    child:type("onew<Esc>")
  end
  local function beat(count)
    child:lua("_G.beat()")
    child:wait("events", function()
      return #child:events() >= count
    end)
  end
  word(10001)
  equal(child:lua("return _G.timing"), { 20, 1000 })
  beat(1)
  for time = 10002, 10005 do
    word(time)
  end
  equal(#child:events(), 1)
  beat(2)
  local times = vim.tbl_map(function(event)
    return { event.seq, event.at }
  end, child:events())
  equal(times, { { 1, 10001 }, { 2, 10005 } })
end)

test("a switch of files stamps the new one", function()
  local child = on_file()
  child:type("x")
  child:type(":edit two.txt<CR>")
  equal(child:story(), { "edit one.txt", "navigate two.txt" })
end)

test("a file opened in place of the empty buffer is not edited", function()
  local child = Child.ready()
  child:file("one.txt")
  child:type(":edit one.txt<CR>")
  equal(child:story(), { "navigate one.txt" })
end)

test("a switch that answers a key a moment later counts too", function()
  local child = on_file()
  child:lua([[
    vim.keymap.set("n", "gd", function()
      vim.defer_fn(function() vim.cmd.edit("two.txt") end, 50)
    end)
  ]])
  child:type("gd")
  child:wait("the jump", function()
    return #child:events() == 2
  end)
  equal(child:story(), { "navigate one.txt", "navigate two.txt" })
end)

test("writing is a save", function()
  local child = on_file()
  child:type("x")
  child:type(":write<CR>")
  local story = child:story()
  equal(story[#story], "save one.txt")
end)

test("keys of one turn are one event, and a save", function()
  local child = on_file()
  child:type("x:write<CR>")
  equal(child:story(), { "edit one.txt", "save one.txt" })
end)

test("what is typed to leave is kept", function()
  local child = on_file()
  child:type("x:wq<CR>")
  child:wait("the end", function()
    return child.ended
  end)
  local events = child:events()
  equal({ #events, events[1].kind, events[2].kind }, { 2, "edit", "save" })
end)

test("keys fed by a plugin are nothing", function()
  local child = on_file()
  child:lua([[vim.api.nvim_feedkeys(vim.keycode("ihello<Esc>"), "n", false)]])
  child:lua([[vim.api.nvim_feedkeys(vim.keycode("jjk"), "x", false)]])
  child:lua([[vim.cmd.normal({ "dd", bang = true })]])
  equal(child:story(), {})
  equal(child:lua("return vim.api.nvim_buf_line_count(0)"), 4)
end)

test("lines set by another process are nothing", function()
  local child = on_file()
  child:request("nvim_buf_set_lines", 0, 0, -1, false, { "made", "by", "an agent" })
  equal(child:story(), {})
end)

test("what others changed before a key is not the person's edit", function()
  local child = on_file()
  child:request("nvim_buf_set_lines", 0, 0, -1, false, { "made", "by", "an agent" })
  child:type("j")
  equal(child:story(), { "navigate one.txt" })
end)

test("timers, jobs and reloads are nothing", function()
  local child = on_file()
  child:lua([[
    vim.o.autoread = true
    vim.fn.timer_start(0, function() vim.api.nvim_buf_set_lines(0, 0, 0, false, { "timer" }); _G.timer = true end)
  ]])
  child:wait("the timer", function()
    return child:lua("return _G.timer")
  end)
  child:cmd("silent write!")
  vim.fn.writefile({ "changed", "by", "checkout" }, child.home .. "/one.txt")
  child:cmd("checktime")
  child:wait("the reload", function()
    child:cmd("checktime")
    return child:lua("return vim.fn.getline(1)") == "changed"
  end)
  equal(child:story(), {})
end)

test("a command run over 200 files by a plugin is nothing", function()
  local child = on_file()
  for number = 1, 200 do
    child:file(("many/%03d.txt"):format(number))
  end
  child:cmd("args many/*.txt")
  child:cmd("silent argdo %s/one/ONE/ | silent write")
  equal(child:story(), {})
end)

test("a command run over 200 files by the person is one event, in the last of them", function()
  local child = on_file()
  for number = 1, 200 do
    child:file(("many/%03d.txt"):format(number))
  end
  child:cmd("args many/*.txt")
  child:type(":silent argdo %s/one/ONE/ | update<CR>")
  local story = child:story()
  equal(story[1], "navigate many/200.txt")
  assert(#story <= 2, vim.inspect(story))
end)

test("a macro that the person plays is one edit", function()
  local child = on_file()
  child:lua([[vim.fn.setreg("q", "Ax" .. vim.keycode("<Esc>") .. "j")]])
  child:type("4@q")
  equal(child:story(), { "edit one.txt" })
end)

test("a terminal counts when typed into, not when it prints", function()
  local child = Child.ready()
  child:lua([[vim.cmd.terminal({ args = { "sh" } })]])
  child:lua([[vim.api.nvim_chan_send(vim.bo.channel, "echo prin''ted\n")]])
  child:wait("output", function()
    return child:lua([[return vim.fn.search("printed") > 0]])
  end)
  equal(child:story(), {})
  child:type("iecho typed")
  child:wait("the keys", function()
    return child:lua([[return vim.fn.search("echo typed") > 0]])
  end)
  child:sync()
  local events = child:events()
  equal({ events[1].kind, events[1].root }, { "navigate", vim.uri_from_fname(child.home) })
  for _, event in ipairs(events) do
    equal({ event.kind, event.uri, event.language }, { "navigate" })
  end
end)

test("a buffer without a name has a root and no file", function()
  local child = Child.ready()
  child:type("ihello<Esc>")
  child:sync()
  local event = child:events()[1]
  equal({ event.kind, event.uri, event.root }, { "navigate", nil, vim.uri_from_fname(child.home) })
end)

test("a remote buffer keeps its own URI", function()
  local child = Child.ready()
  child:lua([[vim.api.nvim_buf_set_name(0, "scp://build.example/srv/app/main.go")]])
  child:type("ihello<Esc>")
  child:sync()
  local event = child:events()[1]
  equal({ event.kind, event.uri, event.root }, { "edit", "scp://build.example/srv/app/main.go" })
end)

test("a renamed buffer is its new file", function()
  local child = on_file()
  child:type("x")
  child:sync()
  child:cmd("file two.txt")
  child:type("x")
  equal(child:story(), { "edit one.txt", "edit two.txt" })
end)

test("the root is the folder with the marker", function()
  local child = Child.ready()
  child:file("work/api/.git/HEAD", "ref")
  child:file("work/api/src/deep/main.rs")
  child:cmd("edit work/api/src/deep/main.rs")
  child:type("x")
  child:sync()
  equal(child:events()[1].root, child:uri("work/api"))
end)

test("a file outside the working directory has its own folder as root", function()
  local child = Child.ready()
  child:file("elsewhere/one.txt")
  vim.fn.mkdir(child.home .. "/here")
  child:cmd("cd here")
  child:cmd("edit ../elsewhere/one.txt")
  child:type("x")
  child:sync()
  equal(child:events()[1].root, child:uri("elsewhere"))
  child:cmd("cd ..")
  child:type("x")
  child:sync()
  equal(child:events()[2].root, vim.uri_from_fname(child.home))
end)

test("the language follows the file type", function()
  local child = on_file()
  child:type("x")
  child:sync()
  child:cmd("setfiletype python | set filetype=lua")
  child:type("x")
  child:sync()
  equal({ child:events()[1].language, child:events()[2].language }, { "text", "lua" })
end)

test("focus counts and blur is told", function()
  local child = on_file()
  child:request("nvim_ui_set_focus", false)
  equal(child:story(), { "blur" })
  child:request("nvim_ui_set_focus", true)
  equal(child:story(), { "blur", "focus one.txt" })
end)

test("without focus only keys count", function()
  local child = on_file()
  child:type("x")
  child:sync()
  child:request("nvim_ui_set_focus", false)
  child:cmd("edit two.txt")
  equal(child:story(), { "edit one.txt", "blur" })
  child:type("j")
  equal(child:story(), { "edit one.txt", "blur", "navigate two.txt" })
end)

test("suspending is a blur, coming back a focus", function()
  local child = on_file()
  child:type("j")
  child:sync()
  child:cmd("suspend")
  equal(child:story(), { "navigate one.txt", "blur" })
  child:type("j")
  equal(child:story(), { "navigate one.txt", "blur", "focus one.txt", "navigate one.txt" })
end)
