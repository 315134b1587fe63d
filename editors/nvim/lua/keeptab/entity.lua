--- What a buffer stands for on the timeline.

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

---@class keeptab.Entity
---@field uri? string the file, or the buffer's own URI; nil for terminals, pickers and the like
---@field root? string the folder it belongs to, as a URI
---@field project_root? string the same, if a marker was found in it
---@field language? string

local markers = { ".git", ".hg", ".jj", ".svn" }

--- The working directory, when it holds the file; else the file's own folder, which says more.
---@param path string
local function folder_of(path)
  local directory = vim.uv.cwd()
  if directory and vim.startswith(path, vim.fs.normalize(directory) .. "/") then
    return directory
  end
  return vim.fs.dirname(path)
end

--- Whether the buffer is a file, here or elsewhere (`scp://`, `oil://`). A terminal's name is its command
--- line, which is nobody's business.
---@param buffer integer
---@param name string
local function is_file(buffer, name)
  local kind = vim.bo[buffer].buftype
  local is_remote = name:find("^%a[%w+.-]*://") ~= nil
  return name ~= "" and (kind == "" or is_remote and kind ~= "terminal")
end

---@param buffer integer
---@param name string
---@return keeptab.Entity
local function describe(buffer, name)
  if not is_file(buffer, name) then
    local directory = vim.uv.cwd()
    return { root = directory and vim.uri_from_fname(directory) }
  end
  local language = vim.bo[buffer].filetype
  local entity = { uri = vim.uri_from_bufnr(buffer), language = language ~= "" and language or nil }
  if vim.startswith(entity.uri, "file:") then
    local root = vim.fs.root(name, markers)
    entity.project_root = root and vim.uri_from_fname(root)
    entity.root = entity.project_root or vim.uri_from_fname(folder_of(vim.fs.normalize(name)))
  end
  return entity
end

---@type table<integer, keeptab.Entity>
local cache = {}

--- The disk is asked once; after that the cost is the same however large the buffer is.
---@param buffer integer
---@return keeptab.Entity
function M.of(buffer)
  local known = cache[buffer]
  if not known then
    known = describe(buffer, vim.api.nvim_buf_get_name(buffer))
    cache[buffer] = known
  end
  return known
end

local group = vim.api.nvim_create_augroup("keeptab.entity", {})
-- `:edit` may reuse an empty buffer for another file, which is then read or new.
local changes = { "BufFilePost", "BufNewFile", "BufReadPost", "BufWipeout", "FileType", "TermOpen" }
vim.api.nvim_create_autocmd(changes, {
  group = group,
  callback = function(args)
    cache[args.buf] = nil
  end,
})
vim.api.nvim_create_autocmd("DirChanged", {
  group = group,
  callback = function()
    cache = {}
  end,
})

return M
