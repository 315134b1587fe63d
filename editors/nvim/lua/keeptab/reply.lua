--- Shows what the host answered to a command.

local M = {}

local api = vim.api

---@param lines string[]
local function open_window(lines)
  local buffer = api.nvim_create_buf(false, true)
  api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = "wipe"
  vim.bo[buffer].filetype = "keeptab"
  vim.bo[buffer].modifiable = false
  local longest = vim.iter(lines):map(api.nvim_strwidth):fold(1, math.max)
  local width, height = math.min(longest, vim.o.columns - 4), math.min(#lines, vim.o.lines - 4)
  api.nvim_open_win(buffer, true, {
    relative = "editor",
    row = math.floor((vim.o.lines - height) / 2) - 1,
    col = math.floor((vim.o.columns - width) / 2),
    width = width,
    height = height,
    style = "minimal",
    border = "rounded",
  })
  vim.wo.wrap = false
  vim.keymap.set("n", "q", "<Cmd>close<CR>", { buffer = buffer, nowait = true })
end

--- A line goes below, more open a window, a path is opened; an error says what to do.
---@param problem? { message: string }
---@param result? { text?: string, path?: string }
function M.show(problem, result)
  if problem then
    vim.notify("keeptab: " .. problem.message, vim.log.levels.ERROR)
  elseif type(result) ~= "table" then
    return
  elseif result.path then
    vim.cmd.edit(vim.fn.fnameescape(result.path))
  elseif result.text then
    local lines = vim.split(vim.trim(result.text), "\n")
    if #lines == 1 then
      api.nvim_echo({ { lines[1] } }, true, {})
    else
      open_window(lines)
    end
  end
end

return M
