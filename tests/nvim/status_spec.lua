local Child = require("child")

local status = {
  state = "tracking",
  client = "Acme Co",
  project = "acme/api",
  text = "acme/api 0:47",
  todaySeconds = 2820,
  unbilled = { { amount = "74.42", currency = "EUR" } },
}

local function tell(child, method, params)
  child:lua(
    [[require("keeptab.host").execute("keeptab.resume", { ... }, function() end)]],
    method,
    vim.json.encode(params)
  )
end

test("the status is a variable, a table and an event", function()
  local child = Child.ready()
  child:lua([[
    vim.api.nvim_create_autocmd("User", {
      pattern = "KeeptabStatus",
      callback = function(args) _G.told = { args.data.project, vim.g.keeptab_status } end,
    })
  ]])
  equal(child:lua("return require('keeptab').status() == nil"), true)
  tell(child, "keeptab/status", status)
  child:wait("the status", function()
    return child:lua("return _G.told ~= nil")
  end)
  equal(child:lua("return _G.told"), { "acme/api", "acme/api 0:47" })
  equal(child:lua("return require('keeptab').status()"), status)
end)

test("the status line shows it without a key", function()
  local child = Child.ready()
  child:cmd([[set laststatus=2 statusline=%{get(g:,'keeptab_status','')}]])
  tell(child, "keeptab/status", status)
  child:wait("the status line", function()
    return child:lua([[
      local text = {}
      for column = 1, 13 do text[column] = vim.fn.screenstring(vim.o.lines - 1, column) end
      return table.concat(text)
    ]]) == "acme/api 0:47"
  end)
end)

test("the health check tells how things stand", function()
  local child = Child.ready()
  tell(child, "keeptab/status", vim.tbl_extend("error", status, { reason = "rule ~/work/acme/api/**" }))
  child:file("one.txt")
  child:cmd("edit one.txt")
  child:type("x")
  child:sync()
  child:type(":Keeptab health<CR>")
  local report = child:wait("the report", function()
    local text = table.concat(child:request("nvim_buf_get_lines", 0, 0, -1, false), "\n")
    return text:find("status:", 1, true) and text
  end)
  for _, line in ipairs({
    "NVIM v",
    "the host runs",
    "last event committed: 1; events waiting: 0",
    "status: tracking, acme/api 0:47, rule ~/work/acme/api/**",
  }) do
    assert(report:find(line, 1, true), line .. " is not in\n" .. report)
  end
end)

test("the health check tells a missing binary", function()
  local child = Child.start({ host = { "keeptab-that-is-not-there" } })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  child:type(":checkhealth keeptab<CR>")
  local report = table.concat(child:request("nvim_buf_get_lines", 0, 0, -1, false), "\n")
  assert(report:find("keeptab-that-is-not-there is not to be found", 1, true), report)
end)
