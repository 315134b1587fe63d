--- Maps a buffer to a file or folder on the timeline. `editors/documents.json` lists the kinds, and a spec checks them.

local terminal = require("keeptab.terminal")

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

---@class keeptab.Entity
---@field uri? string the file, or the buffer's own URI; nil for terminals, pickers and the like
---@field cwd? string the folder that decides where there is no file, as a URI
---@field root? string the workspace folder it belongs to, as a URI
---@field project_root? string the same, if a marker was found in it
---@field language? string
---@field silent? boolean nothing is told of it
---@field checked? integer of a terminal: when its folder was asked for, by the loop's clock
---@field told? string of a terminal: the folder that was the answer

local markers = { ".git", ".hg", ".jj", ".svn" }
--- The maximum length of a path in bytes.
local LONGEST = 4096
--- Milliseconds for which a terminal's folder is cached.
local STALE = 1000

---@type keeptab.Entity
local SILENT = { silent = true }

--- Returns the working directory if it contains the file; else the file's own folder, which is more specific.
---@param path string
local function folder_of(path)
  local directory = vim.uv.cwd()
  if directory and vim.startswith(path, vim.fs.normalize(directory) .. "/") then
    return directory
  end
  return vim.fs.dirname(path)
end

--- Returns true for the timesheets, the config, and texts that the host or the plugin shows.
---@param buffer integer
---@param name string
local function is_own(buffer, name)
  local base = vim.fs.basename(name)
  return vim.endswith(base, ".timesheet")
    or base == "keeptab.toml"
    or vim.bo[buffer].filetype == "keeptab"
    or vim.b[buffer].keeptab_shown == true
end

---@param path string
---@return keeptab.Entity
local function file(path)
  local project_root = vim.fs.root(path, markers)
  return {
    uri = vim.uri_from_fname(path),
    project_root = project_root and vim.uri_from_fname(project_root),
    root = vim.uri_from_fname(project_root or folder_of(vim.fs.normalize(path))),
  }
end

--- Returns the entity of a folder, for work without a file.
---@param uri? string by default the working directory of the window
---@return keeptab.Entity
local function folder(uri)
  local directory = vim.uv.cwd()
  uri = uri or directory and vim.uri_from_fname(directory)
  if not uri or not vim.startswith(uri, "file:") then
    return { cwd = uri }
  end
  local project_root = vim.fs.root(vim.uri_to_fname(uri), markers)
  project_root = project_root and vim.uri_from_fname(project_root)
  return { cwd = uri, root = project_root or uri, project_root = project_root }
end

---@param buffer integer
---@return keeptab.Entity
local function folder_of_terminal(buffer)
  local told = terminal.folder(buffer)
  local entity = folder(told)
  entity.told, entity.checked = told, vim.uv.now()
  return entity
end

--- Reads a name such as `fugitive:///repo/.git//0/main.rs`: a file in a commit or in the index of a repository.
---@param name string
---@return keeptab.Entity? # nil for other names
local function revision(name)
  local scheme, repository, rest = name:match("^(%a[%w+.-]*)://(/.-)/%.git/+(.*)$")
  if not repository then
    return nil
  end
  -- Files of a worktree are compared under the main folder anyway.
  rest = rest:gsub("^worktrees/[^/]+/+", "")
  local path = scheme == "gitsigns" and rest:match("^:?[^:]+:(.+)$") or rest:match("^:?%x+:?/(.+)$")
  if path then
    return file(repository .. "/" .. path)
  end
  return folder(vim.uri_from_fname(repository))
end

---@param buffer integer
---@param name string
---@return keeptab.Entity
local function describe(buffer, name)
  local kind = vim.bo[buffer].buftype
  if is_own(buffer, name) then
    return SILENT
  elseif kind == "terminal" or vim.startswith(name, "term:") then
    -- A terminal that opens has its name before its kind. The name is its command line, which is private.
    return folder_of_terminal(buffer)
  elseif name == "" then
    return folder()
  end
  local scheme, rest = name:match("^(%a[%w+.-]+)://(.*)$")
  local known = scheme and revision(name)
  if known then
    return known
  elseif scheme == "oil" then
    return folder(vim.uri_from_fname((rest:gsub("(.)/$", "%1"))))
  elseif scheme and vim.endswith(name, "/") then
    return folder(name)
  elseif vim.fn.isdirectory(name) == 1 then
    return folder(vim.uri_from_fname(vim.fs.normalize(name)))
  elseif kind == "" and not scheme then
    return file(name)
  elseif kind == "" or kind == "acwrite" and scheme then
    return { uri = vim.uri_from_bufnr(buffer) }
  end
  return folder()
end

---@type table<integer, keeptab.Entity>
local cache = {}

---@param buffer integer
---@return keeptab.Entity
local function look_up(buffer)
  local entity = describe(buffer, vim.api.nvim_buf_get_name(buffer))
  if #(entity.uri or "") > LONGEST or #(entity.cwd or "") > LONGEST then
    entity = SILENT
  elseif entity.uri then
    local language = vim.bo[buffer].filetype
    entity.language = language ~= "" and language or nil
  end
  cache[buffer] = entity
  return entity
end

--- Returns the entity of a buffer. Reads the disk once, and a terminal's folder once a second; the cost does not depend
--- on the buffer's size.
---@param buffer integer
---@return keeptab.Entity
function M.of(buffer)
  local known = cache[buffer]
  if not known then
    return look_up(buffer)
  end
  if known.checked and vim.uv.now() - known.checked >= STALE then
    known.checked = vim.uv.now()
    if terminal.folder(buffer) ~= known.told then
      return look_up(buffer)
    end
  end
  return known
end

--- Marks a buffer that shows an answer of the host: it is not work.
---@param buffer integer
function M.silence(buffer)
  vim.b[buffer].keeptab_shown = true
  cache[buffer] = SILENT
end

local group = vim.api.nvim_create_augroup("keeptab.entity", {})
-- `:edit` may reuse an empty buffer for another file, which is then read or created.
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
