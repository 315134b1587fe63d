--- `:Keeptab`: the words of the palette and the command line, most of them answered by the host.

local M = {}

-- stylua: ignore
local names = {
  "explain", "health", "init", "invoice", "log", "pause", "report", "restart", "resume", "review", "status",
}

---@param name string
---@param arguments string[]
local function execute(name, arguments)
  require("keeptab.host").execute("keeptab." .. name, arguments, require("keeptab.reply").show)
end

--- What takes more than to pass it on.
---@type table<string, fun(name: string, arguments: string[])>
local special = {
  explain = function(name, arguments)
    if #arguments == 0 then
      local subject = require("keeptab.entity").of(vim.api.nvim_get_current_buf())
      arguments = { subject.uri or subject.root }
    end
    execute(name, arguments)
  end,
  health = function()
    vim.cmd.checkhealth("keeptab")
  end,
  log = function(name, arguments)
    if require("keeptab.host").problem() then
      -- The last words of a host that died are in the log of Neovim's language client.
      require("keeptab.reply").show(nil, { path = vim.lsp.log.get_filename() })
    else
      execute(name, arguments)
    end
  end,
  restart = function()
    require("keeptab.host").restart()
  end,
}

---@param words string[] the subcommand and its arguments
function M.run(words)
  local name = words[1]
  if vim.list_contains(names, name) then
    local run = special[name] or execute
    run(name, vim.list_slice(words, 2))
  else
    require("keeptab.message")("there is no command " .. name, "one of " .. table.concat(names, ", "))
  end
end

---@param lead string the word before the cursor
---@param line string the whole command line
---@return string[]
function M.complete(lead, line)
  local is_first = line:match("^%s*%S+%s+%S*$")
  return vim.tbl_filter(function(name)
    return is_first and vim.startswith(name, lead)
  end, names)
end

return M
