--- Puts the host's questions to the person.

local M = {}

--- Neovim runs a server's request in a coroutine and replies with what it returns, so the answer may
--- take as long as the person does: `vim.ui` may block, as it does by default, or open a window.
---@param open fun(answer: fun(value: any))
local function ask(open)
  local asking = coroutine.running()
  open(vim.schedule_wrap(function(value)
    coroutine.resume(asking, value == nil and vim.NIL or value)
  end))
  return coroutine.yield()
end

---@class keeptab.Item
---@field label string
---@field detail? string
---@field value any

---@param params { title?: string, placeholder?: string, items: keeptab.Item[] }
function M.pick(_, params)
  return ask(function(answer)
    vim.ui.select(params.items, {
      kind = "keeptab",
      prompt = params.title or params.placeholder,
      ---@param item keeptab.Item
      format_item = function(item)
        return item.detail and ("%s  %s"):format(item.label, item.detail) or item.label
      end,
    }, function(item)
      answer(item and item.value)
    end)
  end)
end

---@param params { title?: string, prompt?: string, value?: string }
function M.input(_, params)
  return ask(function(answer)
    local prompt = (params.prompt or params.title or "") .. ": "
    vim.ui.input({ prompt = prompt, default = params.value }, answer)
  end)
end

return M
