--- `"keeptab"` in a section of lualine.

local component = require("keeptab.component")

local M = require("lualine.component"):extend()

function M:init(options)
  options.color = options.color or component.group
  M.super.init(self, options)
end

function M:update_status()
  return (component.text():gsub("%%", "%%%%"))
end

return M
