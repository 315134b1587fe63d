-- A week to review: days fold, and `]]` and `[[` jump between them.

if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = true

vim.bo.commentstring = "# %s"
vim.bo.comments = ":#"
vim.wo[0][0].foldmethod = "expr"
-- Indented lines belong to the day above.
vim.wo[0][0].foldexpr = [[getline(v:lnum)=~'^\a'?'>1':getline(v:lnum)=~'^\s*$\|^#'?0:1]]
vim.wo[0][0].foldlevel = 99
-- A folded day shows its own line.
vim.wo[0][0].foldtext = ""
vim.b.undo_ftplugin = "setlocal commentstring< comments< foldmethod< foldexpr< foldlevel< foldtext<"

if vim.g.no_plugin_maps or vim.g.no_timesheet_maps then
  return
end
for key, flags in pairs({ ["]]"] = "sW", ["[["] = "bsW" }) do
  vim.keymap.set({ "n", "x", "o" }, key, function()
    for _ = 1, vim.v.count1 do
      vim.fn.search([[^\a]], flags)
    end
  end, { buffer = 0, desc = flags == "sW" and "Next day" or "Previous day" })
  vim.b.undo_ftplugin = vim.b.undo_ftplugin
    .. ("|silent! nunmap <buffer> %s|silent! xunmap <buffer> %s|silent! ounmap <buffer> %s"):format(
      key,
      key,
      key
    )
end
