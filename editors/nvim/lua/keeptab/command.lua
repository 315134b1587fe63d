--- `:Keeptab`: the words of the palette and the command line, most of them answered by the host.

local M = {}

---@param name string
---@param arguments string[]
local function execute(name, arguments)
  require("keeptab.host").execute("keeptab." .. name, arguments, require("keeptab.reply").show)
end

--- What takes more than to pass it on.
---@type table<string, fun(name: string, arguments: string[])>
local special = {
  dashboard = function(_, arguments)
    require("keeptab.dashboard").run(arguments)
  end,
  explain = function(name, arguments)
    local path = arguments[1]
    if not path then
      local subject = require("keeptab.entity").of(vim.api.nvim_get_current_buf())
      arguments = { subject.uri or subject.root }
    elseif not path:find("^%a[%w+.-]*://") then
      -- No shell has expanded it, and the host may have another working directory.
      arguments[1] = vim.fn.fnamemodify(path, ":p")
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

--- All there are: our own and the host's.
---@return string[]
local function names()
  local all = vim.list_extend({ "health", "log", "restart" }, require("keeptab.host").commands())
  table.sort(all)
  return vim.fn.uniq(all)
end

---@param words string[] the subcommand and its arguments; without them one is picked
function M.run(words)
  local name = words[1]
  local known = names()
  if not name then
    vim.ui.select(known, { kind = "keeptab", prompt = "Keeptab" }, function(choice)
      if choice then
        M.run({ choice })
      end
    end)
  elseif special[name] or vim.list_contains(known, name) or not require("keeptab.host").is_ready() then
    local run = special[name] or execute
    run(name, vim.list_slice(words, 2))
  else
    require("keeptab.message")("there is no command " .. name, "one of " .. table.concat(known, ", "))
  end
end

---@param lead string the word before the cursor
---@param line string the whole command line
---@return string[]
function M.complete(lead, line)
  if line:match("^%s*%S+%s+explain%s") then
    return vim.fn.getcompletion(lead, "file")
  elseif not line:match("^%s*%S+%s+%S*$") then
    return {}
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, names())
end

return M
