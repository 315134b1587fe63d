--- The roots that are reported to the host, before the first event of each.

local Child = require("child")

local function git(folder, ...)
  local names = { "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main" }
  local command = vim.list_extend({ "git", "-C", folder, unpack(names) }, { ... })
  local done = vim.system(command, { text = true }):wait()
  assert(done.code == 0, done.stderr)
end

--- Makes a repository with a commit, so that it can have worktrees.
local function repository(child, name)
  child:file(name .. "/src/main.rs", "fn main() {}")
  git(child.home .. "/" .. name, "init", "--quiet")
  git(child.home .. "/" .. name, "add", ".")
  git(child.home .. "/" .. name, "commit", "--quiet", "--message", "all")
end

--- Touches a file; returns the reports of its root.
local function told_of(child, file)
  local before = #child:messages("keeptab/roots")
  child:cmd("edit " .. file)
  child:type("x")
  child:sync()
  local messages = child:messages("keeptab/roots")
  return #messages > before and messages[#messages].params.roots or {}
end

test("a root is told before its first event, and once", function()
  local child = Child.ready()
  child:file("api/.git/HEAD", "ref")
  child:file("api/main.rs")
  child:file("shop/.hg/store", "")
  child:file("shop/main.py")
  equal(told_of(child, "api/main.rs"), { { root = child:uri("api") } })
  equal(told_of(child, "shop/main.py"), { { root = child:uri("shop") } })
  equal(told_of(child, "api/other.rs"), {})
  local seen = {}
  for _, entry in ipairs(child:heard()) do
    local message = entry.message or {}
    for _, root in ipairs(message.method == "keeptab/roots" and message.params.roots or {}) do
      seen[root.root] = true
    end
    for _, event in ipairs(message.method == "keeptab/activity" and message.params.events or {}) do
      assert(not event.root or seen[event.root], event.root)
    end
  end
end)

test("each host is told anew, with the events that the last one did not take", function()
  local child = Child.ready({ env = { KEEPTAB_FAKE_WITHHOLD = "1" } })
  child:file("api/.git/HEAD", "ref")
  child:file("api/main.rs")
  equal(told_of(child, "api/main.rs"), { { root = child:uri("api") } })
  child:cmd("Keeptab restart")
  child:sync()
  local messages = child:messages("keeptab/roots")
  equal(#messages, 2)
  equal(messages[2].params, messages[1].params)
  assert(messages[2].pid ~= messages[1].pid)
end)

test("a root behind a symbolic link is told with its real path", function()
  local roots = dofile(Child.plugin .. "/lua/keeptab/roots.lua")
  local child = Child.ready()
  child:file("disk/api/.git/HEAD", "ref")
  child:file("disk/api/main.rs")
  assert(vim.uv.fs_symlink(child.home .. "/disk/api", child.home .. "/api"))
  equal(roots.describe(child:uri("api")), { root = child:uri("api"), real = child:uri("disk/api") })
  -- Neovim itself follows a link in the name of a file.
  equal(told_of(child, "api/main.rs"), { { root = child:uri("disk/api") } })
  equal(roots.describe("scp://beta//srv/app"), { root = "scp://beta//srv/app" })
end)

test("a worktree is told with the main folder of its repository", function()
  local child = Child.ready()
  repository(child, "api")
  git(child.home .. "/api", "worktree", "add", "--quiet", "../api-feature")
  git(child.home .. "/api", "worktree", "add", "--quiet", "-b", "other", ".worktrees/other")
  equal(
    told_of(child, "api-feature/src/main.rs"),
    { { root = child:uri("api-feature"), repository = child:uri("api") } }
  )
  equal(
    told_of(child, "api/.worktrees/other/src/main.rs"),
    { { root = child:uri("api/.worktrees/other"), repository = child:uri("api") } }
  )
  equal(told_of(child, "api/src/main.rs"), { { root = child:uri("api") } })
  -- A terminal in it belongs to it, too.
  child:cmd("lcd api-feature/src | terminal cat")
  child:type("ix")
  child:sync()
  local event = child:events()[#child:events()]
  equal({ event.cwd, event.root }, { child:uri("api-feature/src"), child:uri("api-feature") })
end)

test("a worktree of a bare repository is told with that", function()
  local child = Child.ready()
  repository(child, "seed")
  git(child.home, "clone", "--quiet", "--bare", "seed", "api.git")
  git(child.home .. "/api.git", "worktree", "add", "--quiet", "-b", "feature", "../feature")
  equal(
    told_of(child, "feature/src/main.rs"),
    { { root = child:uri("feature"), repository = child:uri("api.git") } }
  )
end)

test("what only looks like a worktree is told as a root alone", function()
  local child = Child.ready()
  for name, text in pairs({
    submodule = "gitdir: ../super/.git/modules/submodule",
    nowhere = "gitdir: /not/there",
    empty = "",
    large = "gitdir: " .. ("x"):rep(5000),
    circle = "gitdir: .git",
  }) do
    child:file(name .. "/.git", text)
    child:file("super/.git/modules/submodule/HEAD", "ref")
    child:file(name .. "/main.rs")
    equal(told_of(child, name .. "/main.rs"), { { root = child:uri(name) } })
  end
  vim.fn.mkdir(child.home .. "/pipe", "p")
  assert(vim.system({ "mkfifo", child.home .. "/pipe/.git" }):wait().code == 0)
  equal(told_of(child, "pipe/main.rs"), { { root = child:uri("pipe") } })
end)
