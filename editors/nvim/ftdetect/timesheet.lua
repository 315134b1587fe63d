vim.api.nvim_create_autocmd({ "BufNewFile", "BufRead" }, {
  pattern = "*.timesheet",
  command = "setfiletype timesheet",
})
