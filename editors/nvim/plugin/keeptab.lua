-- The part that must be loaded at the start; everything else is loaded on demand.

if vim.g.loaded_keeptab then
  return
end
vim.g.loaded_keeptab = true

vim.api.nvim_create_user_command("Keeptab", function(args)
  require("keeptab.command").run_line(args.args)
end, {
  nargs = "*",
  desc = "Track, review and invoice working time",
  complete = function(lead, line, column)
    return require("keeptab.command").complete(lead, line, column)
  end,
})

local mapped = "review status invoice invoices totals start stop add away assign explain pause resume config"
for name in mapped:gmatch("%a+") do
  vim.keymap.set("n", ("<Plug>(keeptab-%s)"):format(name), function()
    require("keeptab.command").run({ name })
  end, { desc = "Keeptab " .. name })
end

local function start()
  require("keeptab").start()
end

-- A Neovim without a screen has no person at its keys, so scripts and tests start no host.
if vim.v.vim_did_enter == 1 and #vim.api.nvim_list_uis() > 0 then
  vim.schedule(start)
else
  vim.api.nvim_create_autocmd("UIEnter", { once = true, callback = vim.schedule_wrap(start) })
end
