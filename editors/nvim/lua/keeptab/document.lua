--- keeptab's own two documents: the only buffers whose text the host receives.

local rewritten = require("keeptab.rewritten")

local M = {}

local api, lsp = vim.api, vim.lsp

---@type integer? of the language client that runs
local client_id
---@type string? the folder in which timesheets are live, as the host names it
local timesheets

---@param one string
---@param other? string
local function is_same(one, other)
  return other ~= nil and (one == other or (vim.uv.fs_realpath(one) or one) == vim.uv.fs_realpath(other))
end

--- Attaches a client to a timesheet in the store's own folder; elsewhere a timesheet is an ordinary text.
---@param buffer integer
local function attach(buffer)
  local path = api.nvim_buf_get_name(buffer)
  local name = vim.fs.basename(path)
  local is_sheet = vim.endswith(name, ".timesheet")
  if not client_id or not api.nvim_buf_is_loaded(buffer) or not (is_sheet or name == "keeptab.toml") then
    return
  elseif not is_sheet or is_same(vim.fs.dirname(path), timesheets) then
    lsp.buf_attach_client(buffer, client_id)
  elseif vim.bo[buffer].filetype == "timesheet" then
    vim.bo[buffer].filetype = "text"
  end
end

--- Attaches a ready client to all open documents, and to those that open later.
---@param client vim.lsp.Client
function M.attach_all(client)
  local own = vim.tbl_get(client.server_capabilities, "experimental", "keeptab", "timesheets")
  client_id, timesheets = client.id, own and vim.uri_to_fname(own)
  vim.iter(api.nvim_list_bufs()):each(attach)
end

--- Shows diagnostics beside the lines, unless the person has configured diagnostics.
---@param client vim.lsp.Client
local function show_diagnostics(client)
  local chosen = vim.diagnostic.config() or {}
  if not chosen.virtual_text and not chosen.virtual_lines then
    vim.diagnostic.config({ virtual_text = true }, lsp.diagnostic.get_namespace(client.id))
  end
end

--- Shows code lenses with amounts.
---@param buffer integer
---@param group integer
local function show_lenses(buffer, group)
  if lsp.codelens.enable then
    lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  local function refresh()
    lsp.codelens.refresh({ bufnr = buffer })
  end
  refresh()
  local events = { "BufEnter", "BufWritePost", "InsertLeave" }
  api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = refresh })
  -- Neovim's language client sends a text that was read again first.
  local later = vim.schedule_wrap(refresh)
  api.nvim_create_autocmd("BufReadPost", { group = group, buffer = buffer, callback = later })
end

--- Makes Neovim request completions at letters and digits too, as other editors do; by itself it does so only at the
--- characters that the host names.
---@param client vim.lsp.Client
local function complete_at_letters(client)
  local provider = client.server_capabilities.completionProvider
  local characters = provider.triggerCharacters or {}
  for code = 0x30, 0x7a do
    local character = string.char(code)
    if character:find("%w") and not vim.list_contains(characters, character) then
      table.insert(characters, character)
    end
  end
  provider.triggerCharacters = characters
end

--- Completes while typing, if Neovim can (from 0.11 on) and no plugin does.
---@param client vim.lsp.Client
---@param buffer integer
---@param group integer
local function complete_while_typing(client, buffer, group)
  local function enable()
    if package.loaded.cmp or package.loaded["blink.cmp"] or package.loaded["mini.completion"] then
      return
    end
    -- Otherwise the first proposal would be inserted unasked.
    vim.bo[buffer].completeopt = "menuone,noselect,popup"
    complete_at_letters(client)
    lsp.completion.enable(true, client.id, buffer, { autotrigger = true })
  end
  if lsp.completion then
    -- Completion plugins are often loaded at this moment.
    api.nvim_create_autocmd("InsertEnter", { group = group, buffer = buffer, once = true, callback = enable })
  end
end

--- Turns on features that Neovim shows only on demand.
---@param client vim.lsp.Client
---@param buffer integer
function M.on_attach(client, buffer)
  local group = api.nvim_create_augroup("keeptab.document." .. buffer, {})
  local can = client.server_capabilities
  show_diagnostics(client)
  rewritten.watch(buffer, group)
  if can.inlayHintProvider then
    lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if can.codeLensProvider then
    show_lenses(buffer, group)
  end
  if can.completionProvider then
    complete_while_typing(client, buffer, group)
  end
end

api.nvim_create_autocmd({ "BufReadPost", "BufNewFile", "BufFilePost" }, {
  group = api.nvim_create_augroup("keeptab.document", {}),
  callback = function(args)
    attach(args.buf)
  end,
})

return M
