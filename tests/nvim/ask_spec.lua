local Child = require("child")

local items = {
  { label = "Acme Co", detail = "31:42 unbilled", value = "acme" },
  { label = "Northwind", value = { id = 7 } },
}

--- Has the host ask a question, as a command would.
local function ask(child, method, params)
  child:lua(
    [[require("keeptab.host").execute("keeptab.init", { ... }, function() end)]],
    method,
    vim.json.encode(params)
  )
end

--- Returns the answer that the host received, in a list of one, because the answer may be null.
local function answer(child)
  return child:wait("the answer", function()
    for _, entry in ipairs(child:heard({})) do
      local message = entry.message
      if message and message.id == "ask-1" then
        assert(message.error == nil, vim.inspect(message.error))
        return { message.result }
      end
    end
  end)
end

--- Keeps questions, and answers when told to, as pickers with a window do.
local asynchronous = [[
  vim.ui.select = function(items, opts, on_choice)
    _G.asked = { prompt = opts.prompt, labels = vim.tbl_map(opts.format_item, items) }
    _G.choose = function(number) on_choice(items[number], number) end
  end
  vim.ui.input = function(opts, on_confirm)
    _G.asked = opts
    _G.choose = on_confirm
  end
]]

--- Waits for Neovim to block in a prompt, in which it answers no other request.
local function await_prompt(child)
  child:wait("the prompt", function()
    return child:request("nvim_get_mode").blocking or child:request("nvim_get_mode").mode == "c"
  end)
end

test("a pick with the picker Neovim brings", function()
  local child = Child.ready()
  ask(child, "keeptab/pick", { title = "Which client?", items = items })
  await_prompt(child)
  child:request("nvim_input", "2<CR>")
  equal(answer(child), { { id = 7 } })
end)

test("a pick that is left has no value", function()
  local child = Child.ready()
  ask(child, "keeptab/pick", { title = "Which client?", items = items })
  await_prompt(child)
  child:request("nvim_input", "<Esc>")
  equal(answer(child), { vim.NIL })
end)

test("a pick with a picker that answers later", function()
  local child = Child.ready({ init = asynchronous })
  child:file("one.txt")
  child:cmd("edit one.txt")
  ask(child, "keeptab/pick", { title = "Which client?", items = items })
  child:wait("the question", function()
    return child:lua("return _G.asked ~= nil")
  end)
  equal(
    child:lua("return _G.asked"),
    { prompt = "Which client?", labels = { "Acme Co  31:42 unbilled", "Northwind" } }
  )
  -- Everything continues while the person thinks.
  child:type("x")
  equal(child:story(), { "edit one.txt" })
  child:lua("_G.choose(1)")
  equal(answer(child), { "acme" })
end)

test("a pick that is left later has no value", function()
  local child = Child.ready({ init = asynchronous })
  ask(child, "keeptab/pick", { placeholder = "Client", items = items })
  child:wait("the question", function()
    return child:lua("return _G.asked ~= nil")
  end)
  equal(child:lua("return _G.asked.prompt"), "Client")
  child:lua("_G.choose(nil)")
  equal(answer(child), { vim.NIL })
end)

test("an input with the prompt Neovim brings", function()
  local child = Child.ready()
  ask(child, "keeptab/input", { title = "Note", prompt = "What was it", value = "call" })
  await_prompt(child)
  child:request("nvim_input", " with Sam<CR>")
  equal(answer(child), { "call with Sam" })
end)

test("an empty input is text, one that is left is not", function()
  local child = Child.ready()
  ask(child, "keeptab/input", { title = "Note" })
  await_prompt(child)
  child:request("nvim_input", "<CR>")
  equal(answer(child), { "" })
  local other = Child.ready()
  ask(other, "keeptab/input", { title = "Note" })
  await_prompt(other)
  other:request("nvim_input", "<Esc>")
  equal(answer(other), { vim.NIL })
end)

test("an input with a prompt that answers later", function()
  local child = Child.ready({ init = asynchronous })
  ask(child, "keeptab/input", { title = "Note", prompt = "What was it", value = "call" })
  child:wait("the question", function()
    return child:lua("return _G.asked ~= nil")
  end)
  equal(child:lua("return _G.asked"), { prompt = "What was it: ", default = "call" })
  child:lua("_G.choose('call with Sam')")
  equal(answer(child), { "call with Sam" })
end)

--- Returns the text of the floating window in front, if there is one.
local function in_front(child)
  return child:lua([[
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        return { table.concat(lines, "\n"), window == vim.api.nvim_get_current_win() }
      end
    end
  ]])
end

test("a title of several lines is shown in a window while the picker is open", function()
  local child = Child.ready({ init = asynchronous })
  local title = "draft 1\n\n  net    10.00\n  total  11.90"
  ask(child, "keeptab/pick", { title = title, placeholder = "issue it?", items = items })
  child:wait("the question", function()
    return child:lua("return _G.asked ~= nil")
  end)
  equal(child:lua("return _G.asked.prompt"), "issue it?")
  equal(in_front(child), { title, false })
  child:lua("_G.choose(2)")
  equal(answer(child), { { id = 7 } })
  equal(in_front(child), vim.NIL)
end)

test("the pages of a title that is longer than the screen are turned by an answer", function()
  local child = Child.ready({ init = asynchronous })
  local lines = { "draft 1" }
  for number = 2, 60 do
    table.insert(lines, "line " .. number)
  end
  -- Nothing of a line is beyond the edge.
  table.insert(lines, 2, ("word "):rep(100) .. "end")
  ask(child, "keeptab/pick", { title = table.concat(lines, "\n"), placeholder = "issue it?", items = items })
  local function shown()
    child:wait("the question", function()
      return child:lua("return _G.asked ~= nil")
    end)
    equal(child:lua("return _G.asked.labels"), { "Acme Co  31:42 unbilled", "Northwind", "More of the text" })
    return unpack(child:lua([[
      _G.asked = nil
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= "" then
          return { vim.fn.line("w0", window), vim.fn.line("w$", window) }
        end
      end
    ]]))
  end
  local first, last = shown()
  equal(first, 1)
  local seen = last
  while last < #lines do
    child:lua("_G.choose(3)")
    first, last = shown()
    -- No line is left out.
    equal(first, seen + 1)
    seen = last
  end
  child:lua("_G.choose(3)")
  equal(shown(), 1)
  child:lua("_G.choose(1)")
  equal(answer(child), { "acme" })
  equal(in_front(child), vim.NIL)
end)

--- Has the host send a message, on its own or as the outcome of a command that asks.
local function say(child, method, params, is_outcome)
  child:lua(
    [[
      local method, params, is_outcome = ...
      local show = is_outcome and require("keeptab.reply").show or function() end
      require("keeptab.host").execute("keeptab.resume", {}, show)
      require("keeptab.host").execute("keeptab.resume", { method, params }, function() end)
    ]],
    method,
    vim.json.encode(params),
    is_outcome
  )
end

test("how it went is shown in a window, and a document behind it", function()
  local child = Child.ready()
  local path = child:file("keeptab.toml")
  say(child, "window/showMessage", { type = 3, message = "written\nnow work" }, true)
  child:wait("the window", function()
    return in_front(child) ~= vim.NIL
  end)
  ask(child, "window/showDocument", { uri = vim.uri_from_fname(path), takeFocus = true })
  equal(answer(child), { { success = true } })
  equal(in_front(child), { "written\nnow work", true })
  child:type("q")
  equal(in_front(child), vim.NIL)
  equal(child:lua("return vim.api.nvim_buf_get_name(0)"), path)
  equal(child:shown(), {})
end)

test("what nobody waits for takes no focus", function()
  local child = Child.ready()
  for type, message in ipairs({ "broken\nhint: mend it", "odd", "moved\n1:00" }) do
    say(child, "window/showMessage", { type = type, message = message }, false)
  end
  child:wait("the messages", function()
    return #child:shown() == 3
  end)
  equal(child:shown(), { "keeptab: broken\nhint: mend it", "keeptab: odd", "keeptab: moved\n1:00" })
  equal(in_front(child), vim.NIL)
end)

test("an outcome names the way back in Neovim's words, and the files that were written", function()
  local child = Child.ready()
  say(child, "keeptab/told", { text = "0:45 for acme/api", undo = "keeptab.undo" }, false)
  say(
    child,
    "keeptab/told",
    { text = "3 documents\n/out/a.pdf", files = { "/out/a.pdf", "/out/a.csv" } },
    false
  )
  -- Of 80 columns a message has 68.
  local long = "12 changes and 4 usual breaks were applied"
  say(child, "keeptab/told", { text = long, undo = "keeptab.undo" }, false)
  child:wait("the messages", function()
    return #child:shown() == 3
  end)
  equal(child:shown(), {
    "keeptab: 0:45 for acme/api; :Keeptab undo takes that back",
    "keeptab: 3 documents\n/out/a.pdf\n/out/a.csv",
    "keeptab: 12 changes and 4 usual breaks were applied; :Keeptab undo",
  })
end)

test("a long line beside a question is not cut", function()
  local child = Child.ready({ init = asynchronous })
  local line = "not right yet: " .. ("the VAT id of a client "):rep(8)
  ask(child, "keeptab/pick", { title = "Invoice\n" .. line, placeholder = "Issue?", items = items })
  child:wait("the question", function()
    return child:lua("return _G.asked ~= nil")
  end)
  local heights = child:lua([[
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        local text = vim.api.nvim_win_text_height(window, {}).all
        return { vim.api.nvim_win_get_height(window), text, vim.wo[window].wrap }
      end
    end
  ]])
  assert(heights[1] >= 4 and heights[1] == heights[2] and heights[3], vim.inspect(heights))
  child:lua("_G.choose(nil)")
  equal(answer(child), { vim.NIL })
end)

test("an offer is said on one line, whatever it is about", function()
  local child = Child.ready()
  local function offer(text, command, word)
    say(child, "keeptab/offer", { text = text, action = "…", command = command, words = { word } }, false)
  end
  for _, folder in ipairs({ "~/work/acme/api", "~/" .. ("long/"):rep(40) }) do
    offer(("Assign %s to a project?"):format(folder), "keeptab.assign", folder)
  end
  offer("Forget 3 files?", "keeptab.forget", "--ignored")
  local kept = "The draft for acme is kept. It holds its time until it is issued or discarded."
  offer(kept, "keeptab.invoice", "discard")
  child:wait("the messages", function()
    return #child:shown() == 4
  end)
  equal(child:shown(), {
    "keeptab: Assign ~/work/acme/api to a project? :Keeptab assign",
    "keeptab: Assign this folder to a project? :Keeptab assign",
    "keeptab: Forget 3 files? :Keeptab forget --ignored",
    "keeptab: …: :Keeptab invoice discard",
  })
  equal(in_front(child), vim.NIL)
end)

test("a PDF is opened by its own program, which is not waited for", function()
  local child = Child.ready({ init = [[vim.ui.open = function(uri) _G.opened = uri return {} end]] })
  ask(child, "window/showDocument", { uri = "file:///one.pdf", external = true })
  equal(answer(child), { { success = true } })
  equal(child:lua("return _G.opened"), "file:///one.pdf")
end)
