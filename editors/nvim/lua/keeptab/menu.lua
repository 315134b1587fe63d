--- The menu of `:Keeptab` alone, the most likely items first. Titles and order are those of VS Code's menu, and a spec
--- compares them.

local M = {}

---@class keeptab.MenuItem
---@field title string
---@field words string[] the subcommand and its arguments

---@type keeptab.MenuItem[]
local usual = {
  { title = "Dashboard", words = { "dashboard" } },
  { title = "Review This Week", words = { "review" } },
  { title = "Review Week…", words = { "review", "--pick" } },
  { title = "Undo Last Review", words = { "undo" } },
  { title = "Totals…", words = { "totals" } },
  { title = "Week as PDF…", words = { "review", "--pdf", "--pick" } },
  { title = "Create Invoice…", words = { "invoice" } },
  { title = "Invoices…", words = { "invoices" } },
  { title = "Add a Fee, Expense or Discount…", words = { "invoice", "item", "add" } },
  { title = "New Client…", words = { "client", "add" } },
  { title = "New Project…", words = { "project", "add" } },
  { title = "Start Timer for a Call…", words = { "start" } },
  { title = "Stop Timer", words = { "stop" } },
  { title = "Add Time…", words = { "add" } },
  { title = "Count Time Away…", words = { "away" } },
  { title = "Pause", words = { "pause" } },
  { title = "Assign This Folder to a Project…", words = { "assign" } },
  { title = "Open Configuration", words = { "config" } },
  { title = "Set Up…", words = { "init" } },
  { title = "Export…", words = { "export" } },
  { title = "Back Up Now", words = { "backup" } },
  { title = "Check Up", words = { "doctor" } },
}
---@type keeptab.MenuItem
local resume = { title = "Resume", words = { "resume" } }
---@type keeptab.MenuItem[]
local trouble = {
  { title = "Restart", words = { "restart" } },
  { title = "Show Log", words = { "log" } },
}

---@return keeptab.MenuItem[]
function M.items()
  if require("keeptab.host").problem() then
    return trouble
  end
  local status = require("keeptab.status").current
  local is_paused = status and status.state == "paused"
  local items = vim.tbl_map(function(item)
    return is_paused and item.title == "Pause" and resume or item
  end, usual)
  local pending = require("keeptab.reply").pending
  if status and status.setUp == false then
    table.insert(items, 1, { title = "Set up Keeptab", words = { "init" } })
  elseif pending then
    local name = pending.command:gsub("^keeptab%.", "")
    table.insert(items, 1, { title = pending.text, words = { name, unpack(pending.words) } })
  end
  return items
end

---@param item keeptab.MenuItem
---@return string
local function line(item)
  local gap = (" "):rep(math.max(2, 34 - vim.api.nvim_strwidth(item.title)))
  return ("%s%s:Keeptab %s"):format(item.title, gap, table.concat(item.words, " "))
end

--- Lets the person pick an item.
---@param run fun(words: string[])
function M.pick(run)
  -- "This folder" is that of the window which is in front now.
  local root = require("keeptab.entity").of(vim.api.nvim_get_current_buf()).root
  vim.ui.select(M.items(), { kind = "keeptab", prompt = "Keeptab", format_item = line }, function(item)
    if item and item.words[1] == "assign" and not item.words[2] then
      run({ "assign", root })
    elseif item then
      local reply = require("keeptab.reply")
      if reply.pending and item.title == reply.pending.text then
        reply.pending = nil
      end
      run(item.words)
    end
  end)
end

return M
