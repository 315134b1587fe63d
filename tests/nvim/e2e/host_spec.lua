--- Specs with the real host, whose path is in KEEPTAB_BIN.

local Child = require("child")
local is_alive = require("e2e.person").is_alive

local function start()
  return Child.ready({
    host = { vim.env.KEEPTAB_BIN, "lsp" },
    env = { KEEPTAB_HOME = vim.fn.tempname() },
    files = { ["one.txt"] = "one", ["api/.git/HEAD"] = "ref", ["shop/.git/HEAD"] = "ref" },
    arguments = { "one.txt" },
  })
end

--- Returns the processes that Neovim started: the host and nothing else.
---@return integer[]
local function hosts(child)
  return child:lua("return vim.api.nvim_get_proc_children(vim.uv.os_getpid())")
end

--- Waits until everything typed is committed, and returns the last seq.
local function commit(child)
  return child:wait("the host to commit", function()
    local state = child:lua("require('keeptab.queue').flush() return require('keeptab.queue').state()")
    return state.waiting == 0 and state.taken
  end)
end

test("e2e: typed work is committed", function()
  local child = start()
  child:type("ihello<Esc>")
  child:type("k")
  equal(commit(child), 2)
end)

test("e2e: the host tells its status", function()
  local child = start()
  child:type("j")
  child:wait("the status", function()
    return child:lua("return type(vim.g.keeptab_status) == 'string' and require('keeptab').status().state")
  end)
end)

test("e2e: a killed host is replaced and told what it missed", function()
  local child = start()
  child:type("x")
  local first = hosts(child)[1]
  vim.uv.kill(first, "sigkill")
  child:type("j")
  child:type("x")
  child:wait("another host", function()
    local pid = hosts(child)[1]
    return pid and pid ~= first and child:lua("return require('keeptab.host').is_ready()")
  end)
  equal(commit(child), 3)
  equal(child:shown(), {})
end)

test("e2e: one host for all roots", function()
  local child = start()
  for _, root in ipairs({ "api", "shop" }) do
    child:cmd("edit " .. root .. "/main.rs")
    child:type("j")
  end
  commit(child)
  equal(#hosts(child), 1)
end)

test("e2e: a killed Neovim leaves no host behind", function()
  local child = start()
  local host = hosts(child)[1]
  vim.uv.kill(child:lua("return vim.uv.os_getpid()"), "sigkill")
  child:wait("the host to end", function()
    return not is_alive(host)
  end)
end)

test("e2e: leaving ends the host", function()
  local child = start()
  local host = hosts(child)[1]
  child:leave(":qall!<CR>")
  child:wait("the end", function()
    return child.ended and not is_alive(host)
  end)
end)

test("e2e: the health check tells of a second host, and of the config and the database", function()
  local child = start()
  child:type("x")
  commit(child)
  child:lua("vim.lsp.start({ name = 'another', cmd = { ..., 'lsp' } })", vim.env.KEEPTAB_BIN)
  child:wait("another host", function()
    return #hosts(child) == 2
  end)
  child:cmd("checkhealth keeptab")
  local report = table.concat(child:request("nvim_buf_get_lines", 0, 0, -1, false), "\n")
  for _, words in ipairs({
    "2 hosts run in this Neovim: processes %d+, %d+",
    "OK keeptab %d+%.%d+%.%d+ %(",
    "database: .*keeptab.db: %d+ events?",
    "tracking: the last heartbeat was at %d+",
    "business: nobody is named who bills",
    "run `keeptab init`",
  }) do
    assert(report:find(words), words .. " is not in\n" .. report)
  end
end)
