--- The kinds of documents in editors/documents.json: `NAME buftype=… filetype=…` names a buffer.

local Child = require("child")

local list = vim.fs.joinpath(vim.fs.dirname(vim.fs.dirname(Child.plugin)), "editors/documents.json")
local kinds = vim.json.decode(table.concat(vim.fn.readfile(list), "\n"))

--- The commands that make Neovim set an option of a buffer.
local makers = { terminal = "terminal cat", quickfix = "copen", help = "help" }

--- Puts the buffer of an example in front.
---@param child table
---@param example string
local function show(child, example)
  local name, options = example:gsub(" ?%f[%w]%l+type=%S*", ""), {}
  for option, value in example:gmatch("%f[%w](%l+type)=(%S*)") do
    options[option] = value
  end
  child:cmd("silent! only! | enew!")
  if makers[options.buftype] then
    child:cmd(makers[options.buftype])
  else
    child:lua(
      [[
        local name, options = ...
        if name ~= "" then vim.api.nvim_buf_set_name(0, name) end
        for option, value in pairs(options) do vim.bo[option] = value end
      ]],
      name,
      next(options) and options or vim.empty_dict()
    )
  end
end

test("every kind of document counts as the list says", function()
  local child = Child.ready()
  local counted = 0
  for _, kind in ipairs(kinds) do
    for _, example in ipairs(kind.nvim) do
      show(child, example)
      child:sync()
      local before = #child:events()
      child:type("j")
      child:sync()
      local event = child:events()[before + 1]
      local counts = not event and "nothing" or event.uri and "file" or event.cwd and "folder"
      equal({ kind.kind, example, counts }, { kind.kind, example, kind.counts })
      counted = counted + 1
    end
  end
  assert(counted >= 25, counted)
end)

--- Returns the only event of a key in a buffer.
---@param example string
local function event_of(child, example)
  show(child, example)
  child:sync()
  local before = #child:events()
  child:type("j")
  child:sync()
  local event = child:events()[before + 1]
  return { uri = event.uri, cwd = event.cwd, root = event.root }
end

test("a file of another host keeps its name, and one of a repository's index is the file", function()
  local child = Child.ready()
  equal(event_of(child, "scp://beta//srv/app/a.rs"), { uri = "scp://beta//srv/app/a.rs" })
  equal(
    event_of(child, "oil-ssh://beta//srv/app/a.rs buftype=acwrite"),
    { uri = "oil-ssh://beta//srv/app/a.rs" }
  )
  equal(event_of(child, "/ssh:beta:/srv/app/a.rs").uri, vim.uri_from_fname("/ssh:beta:/srv/app/a.rs"))
  child:file("api/.git/HEAD", "ref")
  local repository = child.home .. "/api"
  local file = { uri = child:uri("api/src/a.rs"), root = child:uri("api") }
  for _, name in ipairs({
    ("fugitive://%s/.git//0/src/a.rs"):format(repository),
    ("fugitive://%s/.git//4f2a9c/src/a.rs"):format(repository),
    ("fugitive://%s/.git/worktrees/feature//2/src/a.rs"):format(repository),
    ("gitsigns://%s/.git//HEAD:src/a.rs"):format(repository),
    ("gitsigns://%s/.git//:0:src/a.rs"):format(repository),
    ("diffview://%s/.git/4f2a9c/src/a.rs"):format(repository),
  }) do
    equal({ name, event_of(child, name .. " buftype=nowrite") }, { name, file })
  end
  local folder = { cwd = child:uri("api"), root = child:uri("api") }
  equal(event_of(child, ("fugitive://%s/.git// buftype=nowrite"):format(repository)), folder)
end)

test("an explorer is the folder that it shows", function()
  local child = Child.ready()
  child:file("api/.git/HEAD", "ref")
  child:file("api/src/a.rs")
  local folder = { cwd = child:uri("api/src"), root = child:uri("api") }
  equal(event_of(child, ("oil://%s/api/src/ buftype=acwrite"):format(child.home)), folder)
  equal(event_of(child, ("%s/api/src buftype=nofile"):format(child.home)), folder)
  equal(event_of(child, "oil-ssh://beta//srv/app/ buftype=acwrite"), { cwd = "oil-ssh://beta//srv/app/" })
  child:cmd("only! | edit api/src")
  child:sync()
  child:type("j")
  child:sync()
  local event = child:events()[#child:events()]
  equal({ event.uri, event.cwd, event.root }, { nil, folder.cwd, folder.root })
end)

test("work without a file belongs to the folder of its window", function()
  local child = Child.ready()
  child:file("api/.git/HEAD", "ref")
  child:file("shop/main.rs")
  child:cmd("lcd api")
  local api, shop = child:uri("api"), child:uri("shop")
  local function at()
    child:sync()
    local before = #child:events()
    child:type("j")
    child:sync()
    return child:events()[before + 1].cwd
  end
  equal(at(), api)
  child:cmd("new | lcd ../shop")
  equal(at(), shop)
  -- The same buffer in a window with another folder.
  child:cmd("buffer 1")
  equal(at(), shop)
  child:cmd("wincmd w")
  equal(at(), api)
  child:cmd("tabnew | tcd ../shop")
  equal(at(), shop)
  child:cmd("tabprevious | copen")
  equal(at(), api)
  child:cmd("help")
  equal(at(), api)
end)

test("keeptab's own documents are told to nobody, however they were opened and changed", function()
  local child = Child.ready()
  child:file("one.txt")
  child:file("preview.txt")
  child:file("keeptab/keeptab.toml", "[business]")
  child:cmd("edit one.txt")
  child:type("x")
  child:type(":edit keeptab/keeptab.toml<CR>")
  child:type("ohello<Esc>:w<CR>")
  child:type(":edit! 2026-W47.timesheet<CR>")
  child:type("ohello<Esc>:w<CR>")
  child:lua(
    [[require("keeptab.host").execute("keeptab.init", { "window/showDocument", ... }, function() end)]],
    vim.json.encode({ uri = child:uri("preview.txt"), takeFocus = true })
  )
  child:wait("the preview", function()
    return vim.endswith(child:request("nvim_buf_get_name", 0), "preview.txt")
  end)
  child:type("j")
  child:lua([[require("keeptab.reply").show(nil, { text = "Mon\nTue" })]])
  child:type("jq")
  -- A refresh by the host while the person is away is not an agent's edit.
  child:pass(61000)
  child:cmd("buffer 2026-W47.timesheet")
  child:lua([[vim.api.nvim_buf_set_lines(0, 0, -1, false, { "# 2026-W47" }) vim.cmd("silent write")]])
  equal(child:story(), { "edit one.txt" })
  equal(child:others(), {})
end)

test("a URI of more than 4,096 bytes is not sent", function()
  local child = Child.ready()
  local long = "/w/" .. (("é"):rep(100) .. "/"):rep(7)
  assert(#vim.uri_from_fname(long) > 4096 and #long < 4096)
  child:request("nvim_buf_set_name", 0, long .. "a.rs")
  child:type("x")
  child:cmd("enew!")
  child:request("nvim_buf_set_name", 0, "/w/" .. ("é"):rep(100) .. "/a.rs")
  child:type("x")
  child:sync()
  local uris = vim.iter(child:events()):map(function(event)
    return event.uri
  end)
  equal(uris:totable(), { vim.uri_from_fname("/w/" .. ("é"):rep(100) .. "/a.rs") })
end)
