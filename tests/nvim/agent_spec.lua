--- Edits and saves without a key, and their authors.

local Child = require("child")

local SECOND = 1000
local MINUTE = 60 * SECOND

--- A child with one.txt in front and two.txt loaded.
local function on_files()
  local child = Child.ready()
  child:file("one.txt")
  child:file("two.txt")
  child:cmd("edit two.txt")
  child:cmd("edit one.txt")
  return child
end

--- Edits a file without a key.
---@param name string
local function edit(child, name)
  child:lua("vim.api.nvim_buf_set_lines(vim.fn.bufnr(...), 0, 1, false, { tostring(vim.uv.hrtime()) })", name)
end

--- Saves a file without a key.
---@param name string
local function save(child, name)
  child:lua("vim.api.nvim_buf_call(vim.fn.bufnr(...), function() vim.cmd('silent write') end)", name)
end

---@param actor? "agent"
local function events_of(child, actor)
  child:sync()
  return vim.tbl_filter(function(event)
    return event.actor == actor
  end, child:events())
end

test(
  "an agent that edits and saves the front file while nobody is there is seen as one, for nine minutes",
  function()
    local child = on_files()
    child:type("x")
    local key = child:lua("return require('keeptab.presence').last_key")
    for _ = 1, 27 do
      child:pass(20 * SECOND)
      edit(child, "one.txt")
      save(child, "one.txt")
    end
    local person, agent = events_of(child), events_of(child, "agent")
    assert(person[#person].at < key + MINUTE, person[#person].at - key)
    -- The first two saves come while the person is present.
    equal(child:story(), { "edit one.txt", "save one.txt", "save one.txt" })
    equal(#agent, 50)
    assert(agent[#agent].at >= key + 9 * MINUTE)
    for _, event in ipairs(agent) do
      equal(event.uri, child:uri("one.txt"))
    end
  end
)

test("a file that is not in front is edited and saved by an agent, whoever is present", function()
  local child = on_files()
  child:type("x")
  edit(child, "two.txt")
  save(child, "two.txt")
  equal(child:story(), { "edit one.txt" })
  equal(child:others(), { "edit two.txt", "save two.txt" })
end)

test("a save of what an agent edited is the agent's, unless a key lies between", function()
  local child = on_files()
  child:type("x")
  child:pass(MINUTE)
  edit(child, "one.txt")
  save(child, "one.txt")
  equal(child:others(), { "edit one.txt", "save one.txt" })
  child:pass(MINUTE)
  edit(child, "one.txt")
  child:type("j")
  save(child, "one.txt")
  equal(child:story(), { "edit one.txt", "navigate one.txt", "save one.txt" })
  child:pass(MINUTE)
  edit(child, "one.txt")
  child:type(":silent write<CR>")
  equal(child:story()[4], "save one.txt")
  equal(#child:others(), 4)
end)

test("a file that is read anew was changed by something else, whoever is present", function()
  local child = on_files()
  child:cmd("set autoread")
  child:type("j")
  vim.fn.writefile({ "changed", "by", "checkout" }, child.home .. "/one.txt")
  child:wait("the reload", function()
    child:cmd("checktime")
    return child:lua("return vim.fn.getline(1)") == "changed"
  end)
  equal(child:story(), { "navigate one.txt" })
  equal(child:others(), { "edit one.txt" })
  -- It is still watched.
  child:pass(MINUTE)
  edit(child, "one.txt")
  equal(child:others(), { "edit one.txt", "edit one.txt" })
end)

test("a file that the person edited is watched again soon, and at once where they turn from it", function()
  local child = on_files()
  child:type("x")
  child:lua("require('keeptab.presence').last_key = 0")
  -- By the real clock: nothing here sets it.
  child:wait("the agent to be seen", function()
    edit(child, "one.txt")
    return #events_of(child, "agent") > 0
  end)
  child:type("x")
  child:cmd("edit two.txt")
  local before = #events_of(child, "agent")
  child:wait("the agent to be seen", function()
    child:type("l")
    edit(child, "one.txt")
    return #events_of(child, "agent") > before
  end)
end)

test("keys that a program feeds, a pointer at rest and a screen that changes prove nothing", function()
  local child = on_files()
  child:cmd("set updatetime=1")
  child:lua([[vim.api.nvim_create_autocmd("CursorHold", { callback = function() _G.held = true end })]])
  child:type("j")
  child:pass(MINUTE)
  child:lua([[vim.api.nvim_feedkeys("x", "n", false)]])
  child:request("nvim_ui_try_resize", 100, 30)
  child:request("nvim_ui_set_focus", false)
  child:request("nvim_ui_set_focus", true)
  equal(child:story(), { "navigate one.txt", "blur", "focus one.txt" })
  equal(child:others(), { "edit one.txt" })
end)

test("an agent at work beside the person does not break up what they type", function()
  local child = on_files()
  child:type("i")
  for _ = 1, 20 do
    child:type("x")
    edit(child, "two.txt")
  end
  local person, agent = events_of(child), events_of(child, "agent")
  local seconds = (person[#person].at - person[1].at) / SECOND
  -- One event for the `i`; then, in each run, the first event, the one soon after it, and one per second.
  assert(#person <= seconds + 4 and #agent <= seconds + 3, ("%d %d %f"):format(#person, #agent, seconds))
end)

--- All kinds of events, by weight; one of them is a key.
local happenings = {
  key = function(child)
    child:type(({ "j", "k", "x", ":silent write<CR>" })[math.random(4)])
    return true
  end,
  edit_front = function(child)
    edit(child, "one.txt")
  end,
  edit_behind = function(child)
    edit(child, "two.txt")
  end,
  save = function(child)
    save(child, math.random(2) == 1 and "one.txt" or "two.txt")
  end,
  save_all = function(child)
    child:cmd("silent wall")
  end,
  glance = function(child)
    child:request("nvim_ui_set_focus", false)
    child:request("nvim_ui_set_focus", true)
  end,
  build = function(child)
    child:cmd("silent doautocmd QuickFixCmdPost make")
  end,
  stop = function(child)
    child:lua([[_G.happen("event_stopped")]])
  end,
  turn = function(child)
    child:cmd("silent buffer " .. (math.random(2) == 1 and "one.txt" or "two.txt"))
  end,
  feed = function(child)
    child:lua([[vim.api.nvim_feedkeys("x", "n", false)]])
  end,
}

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

test("law: no heartbeat of the person's but `focus` is later than a minute after a key", function()
  local names = vim.tbl_keys(happenings)
  table.sort(names)
  for seed = 1, 8 do
    math.randomseed(seed)
    local child = Child.ready({ init = dap })
    child:file("one.txt")
    child:file("two.txt")
    child:cmd("set hidden | edit two.txt | edit one.txt")
    child:type("j")
    local keys = { child:lua("return require('keeptab.presence').last_key") }
    for _ = 1, 40 do
      child:pass(math.random(30) * SECOND)
      local name = names[math.random(#names)]
      if happenings[name](child) then
        table.insert(keys, child:lua("return require('keeptab.presence').last_key"))
      end
    end
    child:sync()
    local agents = 0
    for _, event in ipairs(child:events()) do
      local is_strong = not event.actor and event.kind ~= "focus" and event.kind ~= "blur"
      local is_proved = vim.iter(keys):any(function(key)
        return event.at >= key and event.at <= key + MINUTE
      end)
      assert(not is_strong or is_proved, ("seed %d: %s"):format(seed, vim.inspect(event)))
      agents = agents + (event.actor and 1 or 0)
    end
    assert(#keys > 1 and agents > 0, seed)
  end
end)
