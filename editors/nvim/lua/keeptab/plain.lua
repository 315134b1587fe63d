--- Text of others made plain, for Neovim's messages and questions: control characters, and what turns the direction of
--- writing, are shown as Neovim shows them in a buffer (`^[`, `<202e>`). Buffers and status lines do so themselves.
---@param text string
---@return string
return function(text)
  return (text:gsub("[^\n]+", vim.fn.strtrans))
end
