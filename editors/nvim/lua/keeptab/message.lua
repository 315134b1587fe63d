local plain = require("keeptab.plain")

--- Shows an error and the next step.
---@param text string
---@param hint string
return function(text, hint)
  vim.notify(plain(("keeptab: %s\nhint: %s"):format(text, hint)), vim.log.levels.ERROR)
end
