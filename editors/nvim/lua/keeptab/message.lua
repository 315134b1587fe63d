local plain = require("keeptab.plain")

--- Tells the person that something is wrong, and what to do about it.
---@param text string
---@param hint string
return function(text, hint)
  vim.notify(plain(("keeptab: %s\nhint: %s"):format(text, hint)), vim.log.levels.ERROR)
end
