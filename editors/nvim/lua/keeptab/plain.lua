--- Makes foreign text plain for Neovim's messages and questions: control characters and those that change the direction
--- of writing are shown as in a buffer (`^[`, `<202e>`). Buffers and status lines do so themselves.
---@param text string
---@return string
return function(text)
  return (text:gsub("[^\n]+", vim.fn.strtrans))
end
