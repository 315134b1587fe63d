--- Runs the specs: `nvim --clean -n -l tests/nvim/run.lua [filter]`. Each spec drives a second Neovim with
--- real keys. With KEEPTAB_BIN set to the real host, those in e2e/ run too.

local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
package.path = here .. "/?.lua;" .. package.path

local child = require("child")
local filter = arg[1] or ""
local passed, failed = 0, 0

local function say(text)
  io.stdout:write(text, "\n")
  io.stdout:flush()
end

--- Runs the body, unless the filter leaves it out, and ends what it started.
---@param name string
---@param body fun(): any
---@return boolean? ok nil when it did not run
---@return any # what the body returned, or the problem
local function run(name, body)
  if not name:find(filter, 1, true) then
    return
  end
  local ok, result = xpcall(body, debug.traceback)
  local stopped, problem = pcall(child.stop_all)
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

--- A measurement: its result is printed and judged by nobody.
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

local specs = vim.fn.glob(here .. "/*_spec.lua", true, true)
if vim.env.KEEPTAB_BIN then
  vim.list_extend(specs, vim.fn.glob(here .. "/e2e/*_spec.lua", true, true))
end
for _, spec in ipairs(specs) do
  dofile(spec)
end
say(("%d passed, %d failed"):format(passed, failed))
-- Unlike os.exit() this removes Neovim's own temporary folder.
vim.cmd.cquit({ count = failed == 0 and 0 or 1 })
