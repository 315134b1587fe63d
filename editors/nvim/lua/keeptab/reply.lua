--- Shows the host's messages: answers to commands, notifications, documents.

local entity = require("keeptab.entity")
local plain = require("keeptab.plain")
local window = require("keeptab.window")

local M = {}

local api = vim.api

--- True if a command asks the person before it reports its outcome.
local is_asking = false

--- Returns true if a buffer is a timesheet with unsaved edits.
---@param buffer integer
local function has_edits(buffer)
  return vim.bo[buffer].modified and vim.endswith(api.nvim_buf_get_name(buffer), ".timesheet")
end

--- Returns a text without the blank lines around it. The first line of a table may be indented.
---@param text string
---@return string
local function unframed(text)
  return table.concat(vim.split(text, "\n", { trimempty = true }), "\n")
end

---@param text string
local function tell(text)
  text = unframed(text)
  if text:find("\n", 1, true) then
    window.open(text, true)
  else
    api.nvim_echo({ { plain(vim.trim(text)) } }, true, {})
  end
end

--- Returns true if a message is shown without a prompt for a key.
---@param line string
local function fits(line)
  return api.nvim_strwidth(line) <= vim.v.echospace
end

--- A sentence with the way back, and the paths of the files that were written.
---@param told { text: string, undo?: string, files?: string[] }
---@return string
local function words(told)
  local lines = vim.split(unframed(told.text), "\n")
  if told.undo then
    local back = ("%s; :Keeptab %s"):format(lines[1], (told.undo:gsub("^keeptab%.", "")))
    local whole = back .. " takes that back"
    -- A longer message waits for a key.
    lines[1] = fits("keeptab: " .. whole) and whole or back
  end
  for _, file in ipairs(told.files or {}) do
    if not vim.list_contains(lines, file) then
      table.insert(lines, file)
    end
  end
  return table.concat(lines, "\n")
end

--- Shows an answer: one line as a message, more in a window, a path as a buffer. An error shows the next step.
---@param problem? { message: string, data?: { message: string, hint?: string } }
---@param result? keeptab.CommandAnswer nothing from a command that asks first
function M.show(problem, result)
  is_asking = not problem and type(result) ~= "table"
  if problem then
    local data = problem.data
    local apart = data and data.hint and ("%s\nhint: %s"):format(data.message, data.hint)
    vim.notify("keeptab: " .. plain(apart or problem.message), vim.log.levels.ERROR)
  elseif type(result) ~= "table" then
    return
  elseif result.path then
    local path = vim.fn.fnameescape(result.path)
    -- Without 'hidden', a changed buffer stays in its window.
    if not pcall(vim.cmd.edit, path) then
      vim.cmd.split(path)
    end
    entity.silence(api.nvim_get_current_buf())
  elseif result.told then
    local sheet = vim.tbl_get(result, "data", "path")
    -- Of unsaved edits the sheet itself is told, once it is shown.
    if not sheet or vim.fn.bufnr(sheet) < 0 or not has_edits(vim.fn.bufnr(sheet)) then
      tell(words(result.told))
    end
  elseif result.text then
    tell(result.text)
  end
end

--- `keeptab/told`: how a command ended that asked first, or a save of a timesheet.
---@param params keeptab.Told
function M.told(_, params)
  M.message(nil, { type = vim.lsp.protocol.MessageType.Info, message = words(params) })
end

local levels = {
  [vim.lsp.protocol.MessageType.Error] = vim.log.levels.ERROR,
  [vim.lsp.protocol.MessageType.Warning] = vim.log.levels.WARN,
}

--- `window/showMessage`: the outcome of a command, after its questions; else a notification.
---@param params lsp.ShowMessageParams
function M.message(_, params)
  local level = levels[params.type]
  if is_asking and not level then
    M.show(nil, { text = params.message })
  else
    vim.notify("keeptab: " .. plain(params.message), level or vim.log.levels.INFO)
  end
end

--- The latest offer: the menu has it until it is taken.
---@type keeptab.Offer?
M.pending = nil

--- `keeptab/offer`: an action that the user may want. It is shown on one line, not asked, so that it stops nobody, and not
--- before the person is back in normal mode.
---@param params keeptab.Offer
function M.offer(_, params)
  local name = params.command:gsub("^keeptab%.", "")
  -- `:Keeptab assign` asks for the folder.
  local words = name == "assign" and "" or " " .. table.concat(params.words, " ")
  local text = ("keeptab: %s :Keeptab %s%s"):format(plain(params.text), name, words)
  if not fits(text) then
    local short = {
      assign = "keeptab: Assign this folder to a project? :Keeptab assign",
      forget = ("keeptab: Forget what is ignored now? :Keeptab forget%s"):format(words),
    }
    text = short[name] or ("keeptab: %s: :Keeptab %s%s"):format(plain(params.action), name, words)
  end
  -- The menu keeps offers about rules until they are taken; others, such as to discard a draft, are no menu items.
  if name == "assign" or name == "forget" then
    M.pending = params
  end
  require("keeptab.calm")(function()
    vim.notify(text, vim.log.levels.INFO)
  end)
end

--- `workspace/applyEdit`: a sheet that the host refreshed has no unsaved changes.
---@param params lsp.ApplyWorkspaceEditParams
function M.edit(problem, params, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local saved = vim.tbl_filter(function(buffer)
    return not vim.bo[buffer].modified
  end, vim.tbl_keys(client and client.attached_buffers or {}))
  local result = vim.lsp.handlers["workspace/applyEdit"](problem, params, context)
  for _, buffer in ipairs(saved) do
    if vim.bo[buffer].modified then
      api.nvim_buf_call(buffer, function()
        -- The host may have written the same text to the file.
        vim.cmd("silent noautocmd write!")
      end)
    end
  end
  return result
end

--- `window/showDocument`: opens a document behind the shown text, or in an external program. Neovim itself would wait
--- two seconds for the program, and then end it.
---@param params lsp.ShowDocumentParams
function M.document(problem, params, context)
  if params.external then
    local _, trouble = vim.ui.open(params.uri)
    return { success = trouble == nil }
  end
  local front = window.is_in_front() and api.nvim_get_current_win()
  if front then
    vim.cmd.wincmd("p")
  end
  local result = vim.lsp.handlers["window/showDocument"](problem, params, context)
  local buffer = vim.uri_to_bufnr(params.uri)
  entity.silence(buffer)
  local edited = has_edits(buffer)
  if edited or not vim.bo[buffer].modified then
    -- The host may have rewritten it since it was read.
    vim.cmd.checktime(buffer)
  end
  if edited then
    local week = vim.fs.basename(params.uri):gsub("%.timesheet$", "")
    vim.notify(("keeptab: %s has edits that are not saved; it is shown as you left it"):format(plain(week)))
  end
  if front then
    api.nvim_set_current_win(front)
  end
  return result
end

return M
