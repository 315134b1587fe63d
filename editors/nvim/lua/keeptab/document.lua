--- keeptab's own two documents: the only buffers whose text the host ever sees.

local M = {}

---@type integer? of the language client that runs
local client_id

---@param buffer integer
local function attach(buffer)
  local name = vim.fs.basename(vim.api.nvim_buf_get_name(buffer))
  local ours = vim.endswith(name, ".timesheet") or name == "keeptab.toml"
  if ours and client_id and vim.api.nvim_buf_is_loaded(buffer) then
    vim.lsp.buf_attach_client(buffer, client_id)
  end
end

--- Attaches a client that is ready to what is open, and from now on to what is opened.
---@param id integer
function M.attach_all(id)
  client_id = id
  vim.iter(vim.api.nvim_list_bufs()):each(attach)
end

--- Shows what Neovim would show only on demand.
---@param client vim.lsp.Client
---@param buffer integer
function M.on_attach(client, buffer)
  if client.server_capabilities.inlayHintProvider then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if not client.server_capabilities.codeLensProvider then
    return
  end
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  local function refresh()
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
  refresh()
  vim.api.nvim_create_autocmd({ "BufEnter", "BufWritePost", "InsertLeave" }, {
    group = vim.api.nvim_create_augroup("keeptab.document." .. buffer, {}),
    buffer = buffer,
    callback = refresh,
  })
end

vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile", "BufFilePost" }, {
  group = vim.api.nvim_create_augroup("keeptab.document", {}),
  callback = function(args)
    attach(args.buf)
  end,
})

return M
