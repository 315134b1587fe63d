--- What a key costs in the plugin, in a small and in a large file, in processor time of its thread: what other
--- programs take of the machine meanwhile is not ours. A report, not a test.

local Child = require("child")

--- Times the plugin's key handler and what it schedules, and apart from that the messages to the host, which
--- wake another process.
local stopwatch = [[
  _G.own, _G.all, _G.idle = {}, {}, {}
  local on_key, schedule, start = vim.on_key, vim.schedule, vim.lsp.rpc.start
  local ffi = require("ffi")
  ffi.cdef("typedef struct { long seconds, nanoseconds; } keeptab_time; int clock_gettime(int, keeptab_time *);")
  local time, thread = ffi.new("keeptab_time"), 3
  local function clock()
    ffi.C.clock_gettime(thread, time)
    return tonumber(time.seconds) * 1e9 + tonumber(time.nanoseconds)
  end
  local inside, spent, sending = false, 0, 0
  local function timed(callback)
    return function(...)
      local began = clock()
      inside = true
      callback(...)
      inside = false
      spent = spent + clock() - began
    end
  end
  vim.on_key = function(callback, namespace)
    return on_key(timed(callback), namespace)
  end
  -- Made once for each callback: the stopwatch's own work is not the plugin's.
  local wrapped = {}
  local function wrap(callback)
    local run = timed(callback)
    return function()
      run()
      table.insert(_G.own, spent - sending)
      table.insert(_G.all, spent)
      spent, sending = 0, 0
    end
  end
  vim.schedule = function(callback)
    if inside then
      wrapped[callback] = wrapped[callback] or wrap(callback)
      callback = wrapped[callback]
    end
    return schedule(callback)
  end
  -- A handler that does nothing, timed alike: what it takes is the stopwatch's and the machine's.
  local nothing, none, waiting = 0, function() end, false
  local function idle(callback)
    return function()
      local began = clock()
      callback()
      nothing = nothing + clock() - began
    end
  end
  local key, later = idle(none), idle(none)
  on_key(function(_, typed)
    if typed and typed ~= "" and not waiting then
      waiting = true
      key()
      schedule(function()
        later()
        table.insert(_G.idle, nothing)
        nothing, waiting = 0, false
      end)
    end
  end, vim.api.nvim_create_namespace("idle"))
  vim.lsp.rpc.start = function(...)
    local rpc = start(...)
    local notify = rpc.notify
    rpc.notify = function(...)
      local began = clock()
      notify(...)
      sending = inside and sending + clock() - began or 0
    end
    return rpc
  end
]]

--- How often each is measured, in a Neovim of its own: whether it shares a processor with the program that types makes
--- more of a difference than anything else.
local ROUNDS = 9

--- Types into a file of so many lines and returns what the keys cost, by who is timed.
---@param lines integer
local function type_into(lines)
  local child = Child.ready({ init = stopwatch })
  child:file("one.txt", ("some text\n"):rep(lines))
  child:cmd("edit one.txt")
  local keys = { "a", "w", "o", "r", "d", "<CR>", "<Esc>", "j", "k", "x", "u", "w" }
  for number = 1, 100 * #keys do
    child:type(keys[number % #keys + 1])
  end
  local costs = {}
  for _, name in ipairs({ "own", "all", "idle" }) do
    costs[name] = child:lua("table.sort(_G[...]); return _G[...]", name)
  end
  Child.stop_all()
  return costs
end

--- Says what a percentile came to: the least, the middle one and the most of all rounds.
local function over(rounds, name, percentile)
  local values = {}
  for _, costs in ipairs(rounds) do
    table.insert(values, costs[name][math.ceil(#costs[name] * percentile)] / 1000)
  end
  table.sort(values)
  return ("%.1f · %.1f · %.1f µs"):format(values[1], values[math.ceil(#values / 2)], values[#values])
end

for _, lines in ipairs({ 10, 200000 }) do
  report(("cost of a key in a file of %d lines, min · median · max of %d"):format(lines, ROUNDS), function()
    local rounds = {}
    for _ = 1, ROUNDS do
      table.insert(rounds, type_into(lines))
    end
    return ("p50 %s, p99 %s; with the message to the host p99 %s; a handler of nothing p50 %s, p99 %s"):format(
      over(rounds, "own", 0.5),
      over(rounds, "own", 0.99),
      over(rounds, "all", 0.99),
      over(rounds, "idle", 0.5),
      over(rounds, "idle", 0.99)
    )
  end)
end

--- The middle one of some numbers, and the last.
local function middle(numbers)
  table.sort(numbers)
  return numbers[math.ceil(#numbers / 2)], numbers[#numbers]
end

report("what the plugin adds to the start, before the first buffer", function()
  local log, costs = vim.fn.tempname(), {}
  for run = 1, 15 do
    local rtp = "set runtimepath^=" .. Child.plugin
    local command =
      { Child.program, "--clean", "--headless", "-n", "--cmd", rtp, "--startuptime", log, "+qall" }
    assert(vim.system(command):wait(10000).code == 0)
    local spent, sourced = 0, 0
    for _, line in ipairs(vim.fn.readfile(log)) do
      local own, path = line:match("^%S+%s+%S+%s+(%S+): sourcing (.*)$")
      if path and vim.startswith(path, Child.plugin) then
        spent, sourced = spent + tonumber(own), sourced + 1
      end
    end
    assert(sourced >= 1, "nothing was sourced")
    costs[run] = spent
    vim.fn.delete(log)
  end
  return ("p50 %.2f ms, worst of 15 %.2f ms"):format(middle(costs))
end)

report("what the plugin does once the first screen is drawn", function()
  local costs = {}
  for run = 1, 5 do
    local child = Child.start({ screen = false })
    costs[run] = child:lua([[
      local began = vim.uv.hrtime()
      require("keeptab").start()
      return (vim.uv.hrtime() - began) / 1e6
    ]])
  end
  return ("p50 %.1f ms, worst of 5 %.1f ms, most of it Neovim's language client"):format(middle(costs))
end)
