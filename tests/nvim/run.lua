--- Runs the specs: `nvim --clean -n -l tests/nvim/run.lua [filter]`. Each spec drives a second Neovim with real keys,
--- of the version that runs this unless KEEPTAB_NVIM names another. With KEEPTAB_BIN set to the real host, the specs in
--- e2e/ run too: all at once, each in a process of its own (`run.lua filter spec`), because most of their time is
--- waiting.

local script = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p")
local here = vim.fs.dirname(script)
package.path = here .. "/?.lua;" .. package.path

local child = require("child")
local filter = arg[1] or ""
local passed, failed = 0, 0
---@type fun()[] what ends what the running test started
local endings = {}

local function say(text)
  io.stdout:write(text, "\n")
  io.stdout:flush()
end

--- Registers work for the end of the running test; the latest runs first.
---@param ending fun()
function _G.after(ending)
  table.insert(endings, 1, ending)
end

local function finish()
  local due = endings
  endings = {}
  child.stop_all()
  for _, ending in ipairs(due) do
    ending()
  end
end

--- Runs the body, unless the filter excludes it, and then the registered endings.
---@param name string
---@param body fun(): any
---@return boolean? ok nil when it did not run
---@return any # what the body returned, or the problem
local function run(name, body)
  if not name:find(filter, 1, true) then
    return
  end
  local ok, result = xpcall(body, debug.traceback)
  local stopped, problem = pcall(finish)
  return ok and stopped, ok and not stopped and problem or result
end

--- One test.
---@param name string
---@param body fun()
function _G.test(name, body)
  local ok, problem = run(name, body)
  if ok then
    passed = passed + 1
    say("ok    " .. name)
  elseif ok == false then
    failed = failed + 1
    say("FAIL  " .. name)
    say(tostring(problem))
  end
end

--- A measurement: its result is printed and not judged.
---@param name string
---@param body fun(): string
function _G.report(name, body)
  local ok, result = run(name, body)
  if ok ~= nil then
    say(("%s  %s: %s"):format(ok and "note" or "FAIL", name, result))
  end
end

---@param actual any
---@param expected any
function _G.equal(actual, expected)
  if not vim.deep_equal(actual, expected) then
    error(("expected %s\n     got %s"):format(vim.inspect(expected), vim.inspect(actual)), 2)
  end
end

--- Runs a spec in a process of its own.
---@param spec string
local function start(spec)
  local command = { vim.v.progpath, "--clean", "-n", "-l", script, filter, spec }
  return vim.system(command, { text = true })
end

--- Prints the output of a process and adds its counts to ours.
---@param process vim.SystemObj
local function add_up(process)
  local done = process:wait()
  local text, ok, bad = done.stdout:match("^(.*)\n?(%d+) passed, (%d+) failed\n$")
  passed = passed + (tonumber(ok) or 0)
  failed = failed + (tonumber(bad) or 1)
  io.stdout:write(text or done.stdout, done.stderr)
end

local specs = arg[2] and { arg[2] } or vim.fn.glob(here .. "/*_spec.lua", true, true)
vim.iter(specs):each(dofile)
if vim.env.KEEPTAB_BIN and not arg[2] then
  local processes = vim.tbl_map(start, vim.fn.glob(here .. "/e2e/*_spec.lua", true, true))
  vim.iter(processes):each(add_up)
end
say(("%d passed, %d failed"):format(passed, failed))
-- Unlike os.exit() this removes Neovim's own temporary folder.
vim.cmd.cquit({ count = failed == 0 and 0 or 1 })
