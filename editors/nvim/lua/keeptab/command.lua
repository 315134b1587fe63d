--- `:Keeptab`: the commands of the palette and the shell, most of them answered by the host.

local M = {}

---@param name string
---@param arguments string[]
local function execute(name, arguments)
  require("keeptab.host").execute("keeptab." .. name, arguments, require("keeptab.reply").show)
end

--- Returns the absolute path: no shell has expanded it, and the host may have another working directory.
---@param path string
local function absolute(path)
  return path:find("^%a[%w+.-]*://") and path or vim.fn.fnamemodify(path, ":p")
end

--- Commands that are not just passed to the host.
---@type table<string, fun(name: string, arguments: string[])>
local special = {
  assign = function(name, arguments)
    arguments[1] = arguments[1] and absolute(arguments[1])
    execute(name, arguments)
  end,
  --- A gap that was spent in front of this window is counted without a question.
  away = function(name, arguments)
    local status = require("keeptab.status").current
    local away = status and status.away
    if #arguments == 0 and away and away.attended then
      arguments = { away.from .. "-" .. away.to }
    end
    execute(name, arguments)
  end,
  dashboard = function(_, arguments)
    require("keeptab.dashboard").run(arguments)
  end,
  explain = function(name, arguments)
    if not arguments[1] then
      local subject = require("keeptab.entity").of(vim.api.nvim_get_current_buf())
      arguments = { subject.uri or subject.root }
    elseif not vim.startswith(arguments[1], "-") then
      arguments[1] = absolute(arguments[1])
    end
    execute(name, arguments)
  end,
  health = function()
    vim.cmd.checkhealth("keeptab")
  end,
  import = function(name, arguments)
    execute(
      name,
      vim.tbl_map(function(word)
        local path = absolute(word)
        return vim.uv.fs_stat(path) and path or word
      end, arguments)
    )
  end,
  log = function(name, arguments)
    if require("keeptab.host").problem() then
      -- The last messages of a host that died are in the log of Neovim's language client.
      require("keeptab.reply").show(nil, { path = vim.lsp.log.get_filename() })
    else
      execute(name, arguments)
    end
  end,
  restart = function()
    require("keeptab.host").restart()
  end,
}

--- Returns all commands: our own and the host's.
---@return string[]
local function names()
  local all = vim.list_extend({ "health", "log", "restart" }, require("keeptab.host").commands())
  table.sort(all)
  return vim.fn.uniq(all)
end

--- Splits words as a shell does: `"…"`, `'…'` and a backslash protect blanks.
---@param line string
---@return string[] words
---@return boolean open whether the last word may go on
local function split(line)
  local words, word, quote = {}, nil, nil
  local at = 1
  while at <= #line do
    local letter = line:sub(at, at)
    if letter == "\\" and line:find("^[%s\"'\\]", at + 1) then
      at = at + 1
      word = (word or "") .. line:sub(at, at)
    elseif letter == quote then
      quote = nil
    elseif not quote and letter:find("[\"']") then
      quote, word = letter, word or ""
    elseif not quote and letter:find("%s") then
      table.insert(words, word)
      word = nil
    else
      word = (word or "") .. letter
    end
    at = at + 1
  end
  table.insert(words, word)
  return words, word ~= nil
end

---@param words string[] the subcommand and its arguments; without them one is picked from the menu
function M.run(words)
  local name = words[1]
  local known = names()
  if name and not vim.list_contains(known, name) and require("keeptab.host").is_ready() then
    require("keeptab.message")("there is no command " .. name, "one of " .. table.concat(known, ", "))
    return
  end
  -- A new answer takes the place of the one in front, and "this file" is the one behind it.
  local window = require("keeptab.window")
  if window.is_in_front() then
    window.close()
  end
  if name then
    local run = special[name] or execute
    run(name, vim.list_slice(words, 2))
  else
    require("keeptab.menu").pick(M.run)
  end
end

---@param line string
function M.run_line(line)
  M.run((split(line)))
end

--- The commands whose arguments are files in the first place.
local of_files = { assign = true, explain = true, import = true }

---@param lead string the word before the cursor
---@param line string the whole command line
---@param column integer where the cursor is in it, in bytes
---@return string[]
function M.complete(lead, line, column)
  local words, open = split((line:sub(1, column):gsub("^.-%f[%u]K%a*%s*", "", 1)))
  if open then
    table.remove(words)
  end
  local found
  if #words == 0 then
    found = names()
  elseif of_files[words[1]] and not vim.startswith(lead, "-") and (#words == 1 or words[1] == "import") then
    return vim.fn.getcompletion(lead, "file")
  else
    found = require("keeptab.host").ask("keeptab.complete", words) or {}
  end
  local fitting = vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, found)
  -- Options come after a dash, or where nothing else can follow.
  local values = vim.tbl_filter(function(name)
    return not vim.startswith(name, "-")
  end, fitting)
  return #values > 0 and values or fitting
end

return M
