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
  tell(child, "keeptab/status", vim.tbl_extend("error", status, { reason = vim.NIL, away = vim.NIL }))
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

test("a running timer has a sign, which every terminal can show", function()
  for locale, sign in pairs({ ["C.UTF-8"] = "●", C = "*" }) do
    local child = Child.ready({ env = { LC_ALL = locale } })
    local timer = { project = "acme/api", from = "09:10" }
    tell(
      child,
      "keeptab/status",
      vim.tbl_extend("force", status, { text = "acme/api 0:12 by hand", timer = timer })
    )
    child:wait("the status", function()
      return child:lua("return vim.g.keeptab_status") == sign .. " acme/api 0:12 by hand"
    end)
    tell(child, "keeptab/status", vim.tbl_extend("force", status, { timer = vim.NIL }))
    child:wait("the status without it", function()
      return child:lua("return vim.g.keeptab_status") == status.text
    end)
  end
end)

test("a gap spent in the window is offered once, and one map counts it", function()
  local child = Child.ready()
  child:lua([[
    vim.keymap.set("n", "<F2>", "<Plug>(keeptab-away)")
    require("keeptab.host").commands = function() return { "away" } end
  ]])
  local function away(attended)
    local gap = { from = "12:10", to = "12:57", seconds = 2820, attended = attended }
    tell(child, "keeptab/status", vim.tbl_extend("force", status, { away = gap }))
    child:sync()
    child:type("<F2>")
    child:sync()
    for _, message in vim.iter(child:messages("workspace/executeCommand")):rev():enumerate() do
      if message.params.command == "keeptab.away" then
        return message.params.arguments
      end
    end
  end
  equal(away(false), {})
  equal(child:shown(), {})
  equal(away(true), { "12:10-12:57" })
  equal(away(true), { "12:10-12:57" })
  equal(child:shown(), { "keeptab: away 0:47, in this window all the while. :Keeptab away counts it" })
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

--- Returns the report of the health check.
local function health(child)
  child:cmd("checkhealth keeptab")
  return table.concat(child:request("nvim_buf_get_lines", 0, 0, -1, false), "\n")
end

test("the health check needs no tools of the system to look for hosts", function()
  local child = Child.ready()
  child:lua([[vim.api.nvim_get_proc_children = function() error("pgrep: ENOENT") end]])
  local report = health(child)
  assert(report:find("the host runs", 1, true), report)
  assert(not report:find("Exception", 1, true), report)
end)

test("the health check tells why nothing is tracked", function()
  local child = Child.ready()
  assert(health(child):find("the host has not said anything", 1, true))
  tell(child, "keeptab/status", { state = "paused", text = "paused" })
  child:wait("the status", function()
    return child:lua("return require('keeptab').status() ~= nil")
  end)
  assert(health(child):find("tracking is paused, in every editor", 1, true))
  local off = Child.start({ options = { enabled = false } })
  assert(health(off):find("switched off by vim.g.keeptab.enabled", 1, true))
  local wrong = Child.start({ options = { enabled = 1 } })
  local report = health(wrong)
  assert(
    report:find("vim.g.keeptab.enabled must be true or false, not 1, so nothing is tracked", 1, true),
    report
  )
  local alone = Child.start({ screen = false })
  assert(health(alone):find("there is no screen", 1, true))
end)

test("the health check tells of a plugin that is there twice", function()
  local copy = vim.fn.tempname()
  vim.fn.mkdir(copy .. "/plugin", "p")
  assert(vim.uv.fs_copyfile(Child.plugin .. "/plugin/keeptab.lua", copy .. "/plugin/keeptab.lua"))
  after(function()
    vim.fn.delete(copy, "rf")
  end)
  local child = Child.ready({ init = ("vim.opt.rtp:append(%q)"):format(copy) })
  local report = health(child)
  assert(report:find("the plugin is installed more than once", 1, true), report)
  assert(report:find(copy, 1, true), report)
  equal(#child:lives(), 1)
end)
