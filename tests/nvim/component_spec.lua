--- Components of status lines, as the plugins of status lines would use them.

local Child = require("child")

local function tell(child, status)
  child:lua([[require("keeptab.status").set(...)]], status)
end

test("lualine has a component", function()
  local child = Child.ready({
    init = [[
      -- The base that a component of lualine extends.
      local base = { init = function(self, options) self.options = options end }
      function base:extend()
        return setmetatable({ super = self }, { __index = self })
      end
      package.preload["lualine.component"] = function() return base end
    ]],
  })
  child:lua([[
    local component = require("lualine.components.keeptab")
    _G.component = setmetatable({}, { __index = component })
    _G.component:init({})
  ]])
  local function shows()
    return child:lua([[return { _G.component:update_status(), _G.component.options.color() }]])
  end
  equal(shows(), { "" })
  tell(child, { state = "tracking", text = "100%/api 0:47" })
  equal(shows(), { "100%%/api 0:47" })
  tell(child, { state = "unassigned", text = "unassigned 0:01" })
  equal(shows(), { "unassigned 0:01", "DiagnosticWarn" })
end)

test("heirline has a component", function()
  local child = Child.ready()
  local function shows()
    return child:lua([[
      local it = require("keeptab.component").heirline
      return { it.condition(), it.provider(), it.hl(), it.update.pattern }
    ]])
  end
  equal(shows()[1], false)
  tell(child, { state = "error", text = "keeptab: 50% off" })
  equal(shows(), { true, "keeptab: 50%% off", "DiagnosticError", "KeeptabStatus" })
end)
