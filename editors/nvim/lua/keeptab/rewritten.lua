--- A timesheet whose file is written again while it is open: by `:Keeptab review`, in a shell or by another editor.

local M = {}

local api, lsp = vim.api, vim.lsp

--- Keeps unsaved edits without a question. Saving them merges, because the header names the text that they began with.
---@param buffer integer
---@param group integer
local function keep_edits(buffer, group)
  ---@type string[]?
  local edited
  api.nvim_create_autocmd("FileChangedShell", {
    group = group,
    buffer = buffer,
    callback = function()
      local is_conflict = vim.v.fcs_reason == "conflict"
      edited = is_conflict and api.nvim_buf_get_lines(buffer, 0, -1, false) or nil
      -- Neovim asks again at each write until it has read the file.
      vim.v.fcs_choice = is_conflict and "reload" or "ask"
    end,
  })
  api.nvim_create_autocmd("FileChangedShellPost", {
    group = group,
    buffer = buffer,
    callback = function()
      if edited then
        api.nvim_buf_call(buffer, function()
          -- One undo takes back the person's change, not ours.
          pcall(vim.cmd.undojoin)
        end)
        api.nvim_buf_set_lines(buffer, 0, -1, false, edited)
        edited = nil
      end
    end,
  })
end

--- Requests hints and lenses of a text that was read again: Neovim gives it the version of the old text, and so keeps
--- what it has for that.
---@param buffer integer
---@param group integer
local function renew(buffer, group)
  local filter = { bufnr = buffer }
  api.nvim_create_autocmd("BufReadPost", {
    group = group,
    buffer = buffer,
    -- Neovim's language client sends the new text first.
    callback = vim.schedule_wrap(function()
      for _, feature in ipairs({ lsp.inlay_hint, lsp.codelens }) do
        if api.nvim_buf_is_loaded(buffer) and feature.is_enabled and feature.is_enabled(filter) then
          feature.enable(false, filter)
          feature.enable(true, filter)
        end
      end
    end),
  })
end

---@param buffer integer
---@param group integer of the buffer's autocommands
function M.watch(buffer, group)
  renew(buffer, group)
  if vim.endswith(api.nvim_buf_get_name(buffer), ".timesheet") then
    keep_edits(buffer, group)
  end
end

return M
