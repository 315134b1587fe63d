--- Describes a workspace root to the host: its real path, and the repository of a worktree.

local M = {}

--- The maximum length of such a file of git, in bytes.
local LONGEST = 4096

--- Returns the first line of a small file; nil for a folder, a pipe, or a missing file.
---@param path string
---@return string?
local function first_line(path)
  local stat = vim.uv.fs_stat(path)
  if not stat or stat.type ~= "file" or stat.size > LONGEST then
    return nil
  end
  local handle = io.open(path, "rb")
  local line = handle and handle:read("*l")
  if handle then
    handle:close()
  end
  return line and vim.trim(line)
end

---@param folder string
---@param path string relative to it, unless it is absolute
local function resolve(folder, path)
  local is_absolute = vim.startswith(path, "/") or path:find("^%a:[/\\]") ~= nil
  return vim.uv.fs_realpath(is_absolute and path or folder .. "/" .. path)
end

--- Follows the files that git writes into a worktree. Does not run git.
---@param root string
---@return string? # the main folder; nil where the root is no worktree
function M.repository(root)
  local pointer = (first_line(root .. "/.git") or ""):match("^gitdir: (.+)$")
  local git_folder = pointer and resolve(root, pointer)
  local common = git_folder and first_line(git_folder .. "/commondir")
  local shared = common and resolve(git_folder, common)
  if shared and vim.fs.basename(shared) == ".git" then
    return vim.fs.dirname(shared)
  end
  -- A bare repository has no main folder.
  return shared
end

--- Describes a root for `keeptab/roots`.
---@param uri string
---@return keeptab.Root
function M.describe(uri)
  if not vim.startswith(uri, "file:///") then
    return { root = uri }
  end
  local path = vim.uri_to_fname(uri)
  local real, repository = vim.uv.fs_realpath(path), M.repository(path)
  return {
    root = uri,
    real = real and real ~= path and vim.uri_from_fname(real) or nil,
    repository = repository and vim.uri_from_fname(repository),
  }
end

return M
