--- The window for an answer of several lines, in front of the person's windows.

local M = {}

local api = vim.api

--- Options of a window in the style `minimal` and of ours. A buffer takes them along when it is shown elsewhere.
local minimal = "number< relativenumber< cursorline< cursorcolumn< foldcolumn< spell< list< signcolumn< colorcolumn<"
  .. " statuscolumn< fillchars< winhighlight< wrap< linebreak< breakindent< scrolloff<"

--- There is at most one.
---@type integer?
local shown

function M.close()
  if shown and api.nvim_win_is_valid(shown) then
    api.nvim_win_close(shown, true)
  end
  shown = nil
end

---@return boolean
function M.is_in_front()
  return shown == api.nvim_get_current_win()
end

--- Moves what was opened in the window (`:edit`, `gf`) to the window behind it, and closes the window.
---@param window integer
---@param behind integer the window in which the person was
local function make_way(window, behind)
  local buffer, cursor = api.nvim_win_get_buf(window), api.nvim_win_get_cursor(window)
  if api.nvim_win_is_valid(behind) then
    api.nvim_set_current_win(behind)
  else
    vim.cmd.wincmd("p")
  end
  -- Without 'hidden', a changed buffer stays in its window.
  if not pcall(vim.cmd.buffer, buffer) then
    vim.cmd.sbuffer(buffer)
  end
  api.nvim_win_set_cursor(0, cursor)
  M.close()
  vim.cmd.setlocal(minimal)
  -- File types set options of the window, too.
  if vim.bo[buffer].filetype ~= "" then
    vim.bo[buffer].filetype = vim.bo[buffer].filetype
  end
end

---@return boolean # true if the text has more lines than the window
function M.is_cut()
  return shown ~= nil
    and api.nvim_win_is_valid(shown)
    and api.nvim_win_call(shown, function()
      return vim.fn.line("w0") > 1 or vim.fn.line("w$") < vim.fn.line("$")
    end)
end

--- Shows the lines below those in the window; after the last ones the first.
function M.turn()
  if shown and api.nvim_win_is_valid(shown) then
    api.nvim_win_call(shown, function()
      local next = vim.fn.line("w$") + 1
      next = next > vim.fn.line("$") and 1 or next
      vim.fn.winrestview({ topline = next, lnum = next })
    end)
  end
end

---@param text string
---@param enter boolean false for text to read while something else is asked
---@param asked? integer the lines of the question at the bottom
function M.open(text, enter, asked)
  M.close()
  local lines = vim.split(text, "\n")
  local buffer = api.nvim_create_buf(false, true)
  api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = "wipe"
  vim.bo[buffer].filetype = "keeptab"
  vim.bo[buffer].modifiable = false
  local footer = enter and " q closes " or ""
  local longest = vim.iter(lines):map(api.nvim_strwidth):fold(#footer, math.max)
  local width, most = math.min(longest, vim.o.columns - 4), vim.o.lines - 4 - (asked or 0)
  local behind = api.nvim_get_current_win()
  --- Questions that come meanwhile stand at the bottom.
  local function place(height)
    local row = enter and math.floor((vim.o.lines - height) / 2) - 1 or 0
    local col = math.floor((vim.o.columns - width) / 2)
    return { relative = "editor", row = row, col = col, width = width, height = height }
  end
  local config = vim.tbl_extend("error", place(math.min(#lines, most)), {
    style = "minimal",
    border = "rounded",
    footer = enter and footer or nil,
    footer_pos = enter and "right" or nil,
  })
  local window = api.nvim_open_win(buffer, enter, config)
  shown = window
  -- Text beside a question cannot be scrolled. Elsewhere a table is easier to scroll than to read in pieces.
  vim.wo[window].wrap, vim.wo[window].linebreak, vim.wo[window].breakindent = not enter, true, true
  vim.wo[window].scrolloff = 0
  api.nvim_win_set_config(window, place(math.min(api.nvim_win_text_height(window, {}).all, most)))
  vim.keymap.set("n", "q", M.close, { buffer = buffer, nowait = true })
  api.nvim_create_autocmd("BufWinLeave", {
    buffer = buffer,
    callback = vim.schedule_wrap(function()
      if api.nvim_win_is_valid(window) then
        make_way(window, behind)
      end
    end),
  })
end

return M
