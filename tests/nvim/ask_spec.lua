local Child = require("child")

local items = {
  { label = "Acme Co", detail = "31:42 unbilled", value = "acme" },
  { label = "Northwind", value = { id = 7 } },
}

--- Lets the host ask, from a command as it would.
local function ask(child, method, params)
  child:lua(
    [[require("keeptab.host").execute("keeptab.init", { ... }, function() end)]],
    method,
    vim.json.encode(params)
  )
end

--- What the host got as the answer: a list of one, for the answer may be null.
local function answer(child)
  return child:wait("the answer", function()
    for _, line in ipairs(vim.fn.readfile(child.log)) do
      local message = vim.json.decode(line).message
      if message and message.id == "ask-1" then
        assert(message.error == nil, vim.inspect(message.error))
        return { message.result }
      end
    end
  end)
end

--- Keeps what is asked and answers when told, as pickers with a window do.
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

--- Waits for Neovim to block in a prompt, where it answers nothing but this.
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
  -- All goes on while the person thinks.
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
