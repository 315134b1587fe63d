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

--- The keys go to the question, so turning the pages of the text is one of its answers.
---@type keeptab.Item
local more = { label = "More of the text" }

--- Shows a title of several lines, such as an invoice, in a window: pickers have room for one line.
---@param params keeptab.Pick
function M.pick(_, params)
  local title, items = params.title or params.placeholder, params.items
  local is_long = title and title:find("\n", 1, true)
  if title and is_long then
    -- Neovim's own picker has a line for the question, one for an answer, and one to type in.
    window.open(title, false, #items + 3)
    title = params.placeholder
    vim.cmd.redraw()
    if window.is_cut() then
      items = vim.list_extend(vim.list_slice(items), { more })
    end
  end
  ---@param answer fun(value: any)
  local function select(answer)
    vim.ui.select(items, {
      kind = "keeptab",
      prompt = title and plain(title),
      ---@param item keeptab.Item
      format_item = function(item)
        return plain(item.detail and ("%s  %s"):format(item.label, item.detail) or item.label)
      end,
    }, function(item)
      if item == more then
        window.turn()
        vim.cmd.redraw()
        return vim.schedule(function()
          select(answer)
        end)
      end
      if is_long then
        window.close()
      end
      answer(item and item.value)
    end)
  end
  return ask(select)
end

---@param params keeptab.Input
function M.input(_, params)
  return ask(function(answer)
    local prompt = plain(params.prompt or params.title or "") .. ": "
    vim.ui.input({ prompt = prompt, default = params.value }, answer)
  end)
end

return M
