--- Plays the host: `nvim -l fake_host.lua`, JSON-RPC on stdio. Its input goes to a JSONL file, one message per line
--- with the time; the environment controls its behaviour:
---
---   KEEPTAB_FAKE_LOG       the JSONL file
---   KEEPTAB_FAKE_DIE       "start": dies before it answers
---   KEEPTAB_FAKE_WITHHOLD  set: never acknowledges events
---   KEEPTAB_FAKE_SLOW_EXIT set: never ends on `exit`

local log = assert(io.open(assert(os.getenv("KEEPTAB_FAKE_LOG")), "a"))
-- A line is written at once, however long: the process may be killed at any time.
log:setvbuf("full", 2 ^ 20)

local function now()
  local seconds, microseconds = vim.uv.gettimeofday()
  return seconds * 1000 + math.floor(microseconds / 1000)
end

local function note(entry)
  entry.pid = vim.uv.os_getpid()
  entry.t = now()
  log:write(vim.json.encode(entry), "\n")
  log:flush()
end

local function send(message)
  message.jsonrpc = "2.0"
  local body = vim.json.encode(message)
  io.stdout:write(("Content-Length: %d\r\n\r\n%s"):format(#body, body))
  io.stdout:flush()
end

local function read()
  local length
  while true do
    local line = io.read("*l")
    if not line then
      return
    end
    line = line:gsub("\r$", "")
    if line == "" then
      break
    end
    length = tonumber(line:match("^Content%-Length: (%d+)$")) or length
  end
  local body = io.read(length)
  return body and vim.json.decode(body)
end

local document_capabilities = {
  textDocumentSync = { openClose = true, change = 2, save = true },
  hoverProvider = true,
}

local asked = 0

--- Commands that make the fake host do something.
local commands = {
  ["keeptab.status"] = function()
    return { text = "acme/api  0:47" }
  end,
  ["keeptab.report"] = function(arguments)
    return { text = "\n  Mon 16 Nov\n" .. table.concat(arguments, "\n") .. "\nend" }
  end,
  ["keeptab.pause"] = function()
    return vim.NIL
  end,
  ["keeptab.review"] = function()
    return vim.NIL
  end,
  ["keeptab.explain"] = function(arguments)
    return { text = arguments[1] }
  end,
  --- Completes with its own arguments, so that specs see them.
  ["keeptab.complete"] = function(arguments)
    return { "acme/api", "acme/dashboard", "--note", table.concat(arguments, "|") }
  end,
  ["keeptab.log"] = function()
    return { path = os.getenv("KEEPTAB_FAKE_LOG") }
  end,
  ["keeptab.invoice"] = function()
    local data =
      { message = "no rate for acme/api", hint = 'add rate = "95.00" to the project', code = "failed" }
    return nil, { code = -32803, message = data.message .. " — " .. data.hint, data = data }
  end,
  --- Sends the request in its first argument, as the host does during a command.
  ["keeptab.init"] = function(arguments)
    asked = asked + 1
    send({ id = "ask-" .. asked, method = arguments[1], params = vim.json.decode(arguments[2]) })
    return vim.NIL
  end,
  --- Sends the notification in its first argument, if there is one.
  ["keeptab.resume"] = function(arguments)
    if arguments[1] then
      send({ method = arguments[1], params = vim.json.decode(arguments[2]) })
    end
    return vim.NIL
  end,
}

local requests = {
  initialize = function()
    local names = vim.tbl_filter(function(name)
      return name ~= "keeptab.complete"
    end, vim.tbl_keys(commands))
    return {
      capabilities = vim.tbl_extend("error", document_capabilities, {
        executeCommandProvider = { commands = names },
        workspace = { workspaceFolders = { supported = true, changeNotifications = true } },
        -- Timesheets are live in the folder in which Neovim was started.
        experimental = { keeptab = { timesheets = vim.uri_from_fname(vim.uv.cwd()) } },
      }),
      serverInfo = { name = "fake" },
    }
  end,
  shutdown = function()
    return vim.NIL
  end,
  ["workspace/executeCommand"] = function(params)
    local command = commands[params.command]
    if not command then
      return vim.NIL
    end
    return command(params.arguments)
  end,
}

local notifications = {
  ["keeptab/activity"] = function(params)
    if not os.getenv("KEEPTAB_FAKE_WITHHOLD") then
      send({ method = "keeptab/taken", params = { seq = params.events[#params.events].seq } })
    end
  end,
  exit = function()
    if not os.getenv("KEEPTAB_FAKE_SLOW_EXIT") then
      os.exit(0)
    end
  end,
}

note({ start = true })
if os.getenv("KEEPTAB_FAKE_DIE") == "start" then
  os.exit(3)
end

for message in read do
  note({ message = message })
  if message.id and message.method then
    local handle = requests[message.method]
    local result, problem
    if handle then
      result, problem = handle(message.params)
    else
      problem = { code = -32601, message = "no method " .. message.method }
    end
    send({ id = message.id, result = result, error = problem })
  elseif message.method and notifications[message.method] then
    notifications[message.method](message.params)
  end
end
note({ eof = true })
