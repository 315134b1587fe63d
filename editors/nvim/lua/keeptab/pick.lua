--- Asks the person the host's questions.

local plain = require("keeptab.plain")
local window = require("keeptab.window")

local M = {}

--- Neovim runs a server's request in a coroutine and replies with its return value, so the answer may take as long as
--- the person does: `vim.ui` may block, as it does by default, or open a window.
---@param open fun(answer: fun(value: any))
local function ask(open)
  local asking = coroutine.running()
  -- Neovim's own questions stop all drawing; the host may have opened the document that the question is about.
  vim.cmd.redraw()
  open(vim.schedule_wrap(function(value)
    coroutine.resume(asking, value == nil and vim.NIL or value)
  end))
  return coroutine.yield()
end

--- Shows a title of several lines, such as an invoice, in a window: pickers have room for one line.
---@param params keeptab.Pick
function M.pick(_, params)
  local title = params.title or params.placeholder
  local is_long = title and title:find("\n", 1, true)
  if title and is_long then
    window.open(title, false)
    title = params.placeholder
  end
  return ask(function(answer)
    vim.ui.select(params.items, {
      kind = "keeptab",
      prompt = title and plain(title),
      ---@param item keeptab.Item
      format_item = function(item)
        return plain(item.detail and ("%s  %s"):format(item.label, item.detail) or item.label)
      end,
    }, function(item)
      if is_long then
        window.close()
      end
      answer(item and item.value)
    end)
  end)
end

---@param params keeptab.Input
function M.input(_, params)
  return ask(function(answer)
    local prompt = plain(params.prompt or params.title or "") .. ": "
    vim.ui.input({ prompt = prompt, default = params.value }, answer)
  end)
end

return M
