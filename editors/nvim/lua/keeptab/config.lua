--- The options in `vim.g.keeptab`, all of them optional.

local M = {}

---@class keeptab.Options
---@field cmd? string[] the command that runs the host
---@field enabled? boolean false tracks nothing

---@class keeptab.Config
---@field cmd string[]
---@field enabled boolean
local defaults = { cmd = { "keeptab", "lsp" }, enabled = true }

---@type table<string, fun(value: any): string?> what the value should have been, if it is wrong
local checks = {
  cmd = function(value)
    local is_command = type(value) == "table" and type(value[1]) == "string" and vim.islist(value)
    return not is_command and 'a list of strings, such as { "keeptab", "lsp" }' or nil
  end,
  enabled = function(value)
    return type(value) ~= "boolean" and "true or false" or nil
  end,
}

--- Returns the options in force: the user's over the defaults.
---@return keeptab.Config config
---@return string? problem what is wrong with the user's options; the defaults are returned then
function M.get()
  local options = vim.g.keeptab or {}
  if type(options) ~= "table" then
    return defaults, "vim.g.keeptab must be a table, not " .. vim.inspect(options)
  end
  for name, value in pairs(options) do
    local expected = checks[name] and checks[name](value)
    if not checks[name] then
      return defaults, ("vim.g.keeptab has no option %s"):format(vim.inspect(name))
    elseif expected then
      local problem = "vim.g.keeptab.%s must be %s, not %s"
      return defaults, problem:format(name, expected, vim.inspect(value))
    end
  end
  return vim.tbl_extend("force", defaults, options)
end

return M
