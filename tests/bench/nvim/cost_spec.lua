--- The cost of a key in the plugin, in a small and in a large file, in processor time of its thread: the load of other
--- programs does not count. A report, not a test.

local Child = require("child")

--- Times the plugin's key handler, which the key waits for, and the code that it schedules for after the key.
local stopwatch = [[
  _G.handler, _G.change, _G.later, _G.both, _G.floor = {}, {}, {}, {}, {}
  local on_key, schedule = vim.on_key, vim.schedule
  local ffi = require("ffi")
  ffi.cdef("typedef struct { long seconds, nanoseconds; } keeptab_time; int clock_gettime(int, keeptab_time *);")
  local time, thread = ffi.new("keeptab_time"), 3
  local function clock()
    ffi.C.clock_gettime(thread, time)
    return tonumber(time.seconds) * 1e9 + tonumber(time.nanoseconds)
  end
  local inside, spent = false, 0
  local function timed(callback, costs)
    return function(...)
      local began = clock()
      inside = true
      local answer = callback(...)
      inside = false
      local took = clock() - began
      spent = spent + took
      costs[#costs + 1] = took
      return answer
    end
  end
  vim.on_key = function(callback, namespace)
    return on_key(timed(callback, _G.handler), namespace)
  end
  -- Neovim calls these while it does what the key says, so the key waits for them too.
  local attach = vim.api.nvim_buf_attach
  vim.api.nvim_buf_attach = function(buffer, whole, listeners)
    for name, listener in pairs(listeners) do
      listeners[name] = timed(listener, _G.change)
    end
    return attach(buffer, whole, listeners)
  end
  -- Made once for each callback: the stopwatch's own work is not the plugin's.
  local wrapped = {}
  local function wrap(callback)
    local run = timed(callback, _G.later)
    return function()
      run()
      table.insert(_G.both, spent)
      spent = 0
    end
  end
  vim.schedule = function(callback)
    if inside then
      wrapped[callback] = wrapped[callback] or wrap(callback)
      callback = wrapped[callback]
    end
    return schedule(callback)
  end
  -- A handler that only counts, for about as long and timed alike: what its slowest calls take more than its usual ones
  -- is the machine's, and comes to the plugin's too.
  local counting, sum, waiting = 0, 0, false
  local function count()
    for number = 1, 350 do
      sum = sum + number
    end
  end
  jit.off(count)
  local function floor(callback)
    return function()
      local began = clock()
      callback()
      counting = counting + clock() - began
    end
  end
  local key, later = floor(count), floor(count)
  on_key(function(_, typed)
    if typed and typed ~= "" and not waiting then
      waiting = true
      key()
      schedule(function()
        later()
        table.insert(_G.floor, counting)
        counting, waiting = 0, false
      end)
    end
  end, vim.api.nvim_create_namespace("floor"))
]]

--- Number of rounds, each in a Neovim of its own.
local ROUNDS = 9

--- Returns the processors that a process may use; with `processors`, moves it to these first, in the list format of
--- `taskset`.
---@param pid integer
---@param processors? string
---@return string? now nil where there is no telling
local function processors_of(pid, processors)
  if vim.fn.executable("taskset") == 0 then
    return nil
  end
  if processors then
    assert(vim.system({ "taskset", "-acp", processors, pid }):wait().code == 0)
  end
  return vim.system({ "taskset", "-cp", pid }, { text = true }):wait().stdout:match(": (%S+)")
end

--- Moves this program to one processor, with all processes that it starts from now on, until the end of the caller's
--- test.
---@return string? other one that is left; nil where there is only one, or no telling
local function move_aside()
  local pid = vim.uv.os_getpid()
  local all = processors_of(pid)
  local one, other = (all or ""):match("^(%d+).-(%d*)$")
  if all and other ~= "" then
    processors_of(pid, one)
    after(function()
      processors_of(pid, all)
    end)
    return other
  end
end

--- Types into a file of the given number of lines; returns the costs of the keys, by timer.
---@param lines integer
---@param processor? string the one for the Neovim that is measured
local function type_into(lines, processor)
  local child = Child.ready({ init = stopwatch })
  if processor then
    processors_of(child:lua("return vim.uv.os_getpid()"), processor)
  end
  child:file("one.txt", ("some text\n"):rep(lines))
  child:cmd("edit one.txt")
  local keys = { "a", "w", "o", "r", "d", "<CR>", "<Esc>", "j", "k", "x", "u", "w" }
  for number = 1, 100 * #keys do
    child:type(keys[number % #keys + 1])
  end
  local costs = {}
  for _, name in ipairs({ "handler", "change", "later", "both", "floor" }) do
    costs[name] = child:lua("table.sort(_G[...]); return _G[...]", name)
  end
  Child.stop_all()
  return costs
end

--- Returns a percentile as the minimum, the median and the maximum of all rounds.
local function over(rounds, name, percentile)
  local values = {}
  for _, costs in ipairs(rounds) do
    table.insert(values, costs[name][math.ceil(#costs[name] * percentile)] / 1000)
  end
  table.sort(values)
  return ("%.1f · %.1f · %.1f µs"):format(values[1], values[math.ceil(#values / 2)], values[#values])
end

--- Measures and returns the results.
---@param lines integer
---@param processor? string
local function measure(lines, processor)
  local rounds = {}
  for _ = 1, ROUNDS do
    table.insert(rounds, type_into(lines, processor))
  end
  local said = {}
  for _, what in ipairs({
    { "both", "all of it" },
    { "handler", "what the key waits for" },
    { "change", "what its edit waits for" },
    { "later", "what comes after it" },
    { "floor", "a loop that only counts" },
  }) do
    local name, title = unpack(what)
    table.insert(said, ("%s p50 %s, p99 %s"):format(title, over(rounds, name, 0.5), over(rounds, name, 0.99)))
  end
  return table.concat(said, "; ")
end

for _, lines in ipairs({ 10, 200000 }) do
  report(("cost of a key in a file of %d lines, min · median · max of %d"):format(lines, ROUNDS), function()
    local processor = move_aside()
    return (processor and "" or "(on no processor of its own) ") .. measure(lines, processor)
  end)
end

-- The program that types leaves nothing of Neovim's in the caches; who types with one's hands has other programs that do.
report(("cost of a key where the program that types has the same processor, of %d"):format(ROUNDS), function()
  return move_aside() and measure(10) or "as above"
end)

--- Returns the median and the maximum of some numbers.
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
