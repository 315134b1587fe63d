--- The plugin as plugin managers install it, and the modules loaded by then.

local Child = require("child")

--- Returns the loaded modules of the plugin.
local function loaded(child)
  return child:lua([[
    return vim.iter(vim.tbl_keys(package.loaded)):filter(function(name)
      return vim.startswith(name, "keeptab")
    end):totable()
  ]])
end

local function works(child)
  child:wait("the host to be ready", function()
    return child:lua("return package.loaded['keeptab.host'] ~= nil and require('keeptab.host').is_ready()")
  end)
  child:file("one.txt")
  child:cmd("edit one.txt")
  child:type("x")
  equal(child:story(), { "edit one.txt" })
  equal(#child:lives(), 1)
  child:cmd("edit 2026-W47.timesheet")
  equal(child:lua("return vim.bo.filetype"), "timesheet")
  child:cmd("help keeptab")
  equal(child:shown(), {})
end

--- Makes a copy of the plugin as it would be installed, because `:helptags` writes into it.
local function copy_to(path)
  vim.fn.mkdir(vim.fs.dirname(path), "p")
  assert(vim.system({ "cp", "-r", Child.plugin, path }):wait().code == 0)
  after(function()
    vim.fn.delete(path, "rf")
  end)
  return path
end

test("nothing is loaded before the first screen, and little where nothing is tracked", function()
  local child = Child.start({ screen = false })
  child:file("one.txt")
  child:cmd("edit one.txt")
  equal(loaded(child), {})
  local off = Child.start({ options = { enabled = false } })
  off:type("j")
  local names = loaded(off)
  table.sort(names)
  equal(names, { "keeptab", "keeptab.config" })
end)

test("a plain package works", function()
  local folder = vim.fn.tempname()
  copy_to(folder .. "/pack/keeptab/start/keeptab")
  local init = ("vim.opt.packpath:prepend(%q)"):format(folder)
  local child = Child.start({ plugin = false, init = init })
  child:cmd("helptags " .. folder .. "/pack/keeptab/start/keeptab/doc")
  works(child)
end)

test("a package that is added later works", function()
  local folder = vim.fn.tempname()
  copy_to(folder .. "/pack/keeptab/opt/keeptab")
  local init = ("vim.opt.packpath:prepend(%q)"):format(folder)
  local child = Child.start({ plugin = false, init = init })
  equal(child:lua("return vim.fn.exists(':Keeptab')"), 0)
  child:cmd("packadd keeptab | helptags " .. folder .. "/pack/keeptab/opt/keeptab/doc")
  works(child)
end)

--- Does the work of lazy.nvim for `{ dir = …, cmd = "Keeptab", opts = … }`: a command of its own that loads the plugin,
--- passes its options, and runs the real command.
local lazy = [[
  local function load()
    vim.api.nvim_del_user_command("Keeptab")
    vim.opt.rtp:prepend(%q)
    vim.cmd.source(%q)
    for _, name in ipairs({ "ftdetect/timesheet.lua" }) do
      vim.cmd.source(%q .. "/" .. name)
    end
    require("keeptab").setup(vim.g.keeptab)
  end
  vim.api.nvim_create_user_command("Keeptab", function(args)
    load()
    vim.cmd("Keeptab " .. args.args)
  end, { nargs = "*", complete = function(_, line)
    load()
    return vim.fn.getcompletion(line, "cmdline")
  end })
]]

test("a plugin manager that loads it by its command and sets it up works", function()
  local plugin = copy_to(vim.fn.tempname())
  local child = Child.start({
    plugin = false,
    init = lazy:format(plugin, plugin .. "/plugin/keeptab.lua", plugin),
  })
  equal(loaded(child), {})
  child:cmd("Keeptab status")
  child:wait("the text", function()
    return child:cmd("messages"):find("acme/api  0:47", 1, true)
  end)
  child:cmd("helptags " .. plugin .. "/doc")
  works(child)
end)

test("a setup with nothing is the defaults, and one that is wrong is told", function()
  local child = Child.start({
    host = false,
    init = [[vim.schedule(function() require("keeptab").setup() end)]],
    env = { PATH = "/nowhere" },
  })
  child:wait("the message", function()
    return #child:shown() > 0
  end)
  assert(child:shown()[1]:find("no time is tracked", 1, true), child:shown()[1])
  local wrong = Child.start({ init = [[require("keeptab").setup({ cmd = "keeptab lsp" })]] })
  wrong:wait("the message", function()
    return #wrong:shown() > 0
  end)
  equal(wrong:shown(), {
    'keeptab: vim.g.keeptab.cmd must be a list of strings, such as { "keeptab", "lsp" }, not "keeptab lsp"\n'
      .. "hint: see :help keeptab-options",
  })
end)

local version = vim.system({ Child.program, "--version" }, { text = true }):wait().stdout
if vim.version.ge(vim.version.parse(version:match("[%d.]+")), { 0, 12 }) then
  test("vim.pack works", function()
    local plugin = copy_to(vim.fn.tempname())
    local function git(...)
      local names = { "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main" }
      local done =
        vim.system(vim.list_extend({ "git", "-C", plugin, unpack(names) }, { ... }), { text = true }):wait()
      assert(done.code == 0, done.stderr)
    end
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "all")
    -- `--clean` removes the folder of packages.
    local init = [[
      vim.opt.packpath:prepend(vim.fn.stdpath("data") .. "/site")
      vim.pack.add({ { src = %q, name = "keeptab" } }, { confirm = false })
    ]]
    local child = Child.start({ plugin = false, screen = false, init = init:format("file://" .. plugin) })
    child:wait("the plugin", function()
      return child:lua("return vim.v.vim_did_enter == 1 and vim.fn.exists(':Keeptab') == 2")
    end)
    child:request("nvim_ui_attach", 80, 24, {})
    works(child)
    equal(#child:lua([[return vim.fn.globpath(vim.o.packpath, "pack/core/opt/keeptab", true, true)]]), 1)
  end)

  test("nothing that Neovim has given up is used", function()
    local child = Child.ready()
    child:file("2026-W47.timesheet")
    child:cmd("edit 2026-W47.timesheet")
    child:type("ix<Esc>")
    child:type(":Keeptab restart<CR>")
    child:sync()
    child:type(":Keeptab health<CR>")
    child:cmd("checkhealth vim.deprecated")
    local report = table.concat(child:request("nvim_buf_get_lines", 0, 0, -1, false), "\n")
    assert(report:find("No deprecated functions detected", 1, true), report)
  end)
end
