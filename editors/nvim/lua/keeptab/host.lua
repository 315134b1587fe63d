--- Runs the one host of this Neovim and keeps it running.

local config = require("keeptab.config")
local document = require("keeptab.document")
local entity = require("keeptab.entity")
local message = require("keeptab.message")
local pick = require("keeptab.pick")
local plain = require("keeptab.plain")
local queue = require("keeptab.queue")
local reply = require("keeptab.reply")
local roots = require("keeptab.roots")
local status = require("keeptab.status")

local M = {}

--- Milliseconds before each restart of a host that died. After the last one the plugin gives up, unless the host had
--- lived for a while.
local BACKOFF = { 500, 2000 }
local A_WHILE = 60000
--- Milliseconds that Neovim waits for the host when it exits.
local FAREWELL = 200
--- Milliseconds that a completion waits for the host.
local PATIENCE = 500

--- Neovim 0.10 cannot start a client without a buffer this way, and its clients have no methods.
local is_new = vim.fn.has("nvim-0.11") == 1

--- The id of this Neovim across restarts of the host, so that an event sent twice counts once.
local source = "nvim-" .. vim.uv.random(8):gsub(".", function(byte)
  return ("%02x"):format(byte:byte())
end)

---@class keeptab.Life of a host process
---@field started integer
---@field folders integer how many it was told at its start
---@field id? integer of the language client
---@field rpc? vim.lsp.rpc.PublicClient set once the host is ready

---@type keeptab.Life? the one that goes on
local life
---@type string? why there is none
local problem
--- Number of early deaths in a row.
local deaths = 0
---@type lsp.WorkspaceFolder[] the projects worked in so far
local folders = {}
---@type table<string, true> their URIs
local visited = {}
---@type fun(rpc: vim.lsp.rpc.PublicClient)[] what to do once the host is ready
local waiting = {}

---@param text string
---@param hint string
local function give_up(text, hint)
  life, problem, waiting = nil, text .. ", so no time is tracked", {}
  status.set({ state = "error", text = "keeptab: off", reason = text })
  message(problem, hint)
end

--- Reports a missing program on one line, which asks for no key. The log says where it was looked for.
---@param program string
local function give_up_quietly(program)
  local reason = "cannot run " .. program
  life, problem, waiting = nil, reason .. ", so no time is tracked", {}
  status.set({ state = "error", text = "keeptab: off", reason = reason })
  vim.lsp.log.warn(("keeptab: %s is not on PATH: %s"):format(program, vim.env.PATH))
  local line = ("keeptab: %s; :checkhealth keeptab"):format(problem)
  if vim.api.nvim_strwidth(line) > vim.v.echospace then
    line = "keeptab: no time is tracked; :checkhealth keeptab"
  end
  require("keeptab.calm")(function()
    vim.notify(plain(line), vim.log.levels.WARN)
  end)
end

---@param dead keeptab.Life
local function on_death(dead)
  if dead ~= life then
    return
  end
  life = nil
  queue.connect(nil)
  deaths = vim.uv.now() - dead.started > A_WHILE and 1 or deaths + 1
  if BACKOFF[deaths] then
    vim.defer_fn(M.start, BACKOFF[deaths])
  else
    give_up("the host keeps stopping", ":Keeptab log says why, :Keeptab restart tries again")
  end
end

--- Sends events to a new host, and describes each root before its first event.
---@param rpc vim.lsp.rpc.PublicClient
---@return fun(events: keeptab.Event[])
local function sender(rpc)
  local told = {}
  return function(events)
    local new = {}
    for _, event in ipairs(events) do
      if event.root and not told[event.root] then
        told[event.root] = true
        table.insert(new, roots.describe(event.root))
      end
    end
    if #new > 0 then
      rpc.notify("keeptab/roots", { roots = new })
    end
    rpc.notify("keeptab/activity", { events = events })
  end
end

---@param ready keeptab.Life
---@param client vim.lsp.Client
local function on_ready(ready, client)
  if ready ~= life then
    return
  end
  local rpc = client.rpc
  life.rpc = rpc
  -- A buffer that was looked at meanwhile.
  local added = vim.list_slice(folders, life.folders + 1)
  if #added > 0 then
    rpc.notify("workspace/didChangeWorkspaceFolders", { event = { added = added, removed = {} } })
  end
  queue.connect(sender(rpc))
  document.attach_all(client)
  local calls = waiting
  waiting = {}
  for _, call in ipairs(calls) do
    call(rpc)
  end
end

---@param new keeptab.Life
---@param command string[]
local function client_config(new, command)
  return {
    name = "keeptab",
    cmd = function(dispatchers)
      local on_exit = dispatchers.on_exit
      -- Neovim would report each death; the plugin reports one, when it gives up.
      dispatchers.on_exit = function()
        on_exit(0, 0)
        vim.schedule(function()
          on_death(new)
        end)
      end
      return vim.lsp.rpc.start(command, dispatchers)
    end,
    workspace_folders = #folders > 0 and folders or nil,
    init_options = { activity = "plugin", source = source, commands = ":Keeptab" },
    on_init = function(client)
      on_ready(new, client)
    end,
    on_attach = document.on_attach,
    handlers = {
      ["keeptab/taken"] = function(_, params)
        queue.taken(params.seq)
      end,
      ["keeptab/status"] = function(_, params)
        status.set(params)
      end,
      ["keeptab/offer"] = reply.offer,
      ["keeptab/pick"] = pick.pick,
      ["keeptab/input"] = pick.input,
      ["window/showMessage"] = reply.message,
      ["keeptab/told"] = reply.told,
      ["window/showDocument"] = reply.document,
      ["workspace/applyEdit"] = reply.edit,
    },
  }
end

--- Starts the host, unless it runs or the plugin has given up.
function M.start()
  if life or problem then
    return
  end
  local command = config.get().cmd
  if vim.fn.executable(command[1]) == 0 then
    give_up_quietly(command[1])
    return
  end
  -- A command such as `nvim +'Keeptab init'` starts the host before any buffer is looked at.
  local root = entity.of(vim.api.nvim_get_current_buf()).project_root
  if root then
    M.visit(root)
  end
  life = { started = vim.uv.now(), folders = #folders }
  local client = client_config(life, command)
  if is_new then
    -- Never reuse a client: the only other client of this name would be one that is stopping.
    local function never()
      return false
    end
    life.id = vim.lsp.start(client, { attach = false, reuse_client = never, silent = true })
  else
    life.id = vim.lsp.start_client(client)
  end
  if not life.id then
    give_up("cannot start " .. command[1], ":checkhealth keeptab says more")
  end
end

--- Disconnects from the present host.
---@return vim.lsp.Client?
local function part()
  local client = life and vim.lsp.get_client_by_id(life.id)
  life = nil
  queue.connect(nil)
  return client
end

function M.restart()
  queue.flush()
  local client = part()
  if client and is_new then
    client:stop()
  elseif client then
    client.stop()
  end
  problem, deaths = nil, 0
  M.start()
end

--- Waits briefly for the host when Neovim exits. Neovim's language client has told the host to end.
function M.leave()
  local client = part()
  if client then
    vim.wait(FAREWELL, client.rpc.is_closing, 5)
  end
end

--- Reports a project's folder to the host when the person works in it for the first time.
---@param uri string
function M.visit(uri)
  if visited[uri] then
    return
  end
  visited[uri] = true
  local folder = { uri = uri, name = vim.uri_to_fname(uri) }
  table.insert(folders, folder)
  if M.is_ready() then
    local event = { added = { folder }, removed = {} }
    life.rpc.notify("workspace/didChangeWorkspaceFolders", { event = event })
  end
end

--- Runs a command of the host, as soon as there is a host.
---@param command string
---@param arguments string[]
---@param callback fun(problem?: { message: string }, result: any)
function M.execute(command, arguments, callback)
  local function call(rpc)
    rpc.request("workspace/executeCommand", { command = command, arguments = arguments }, callback)
  end
  if problem then
    callback({ message = problem .. "\nhint: :checkhealth keeptab says why, :Keeptab restart tries again" })
  elseif M.is_ready() then
    call(life.rpc)
  else
    table.insert(waiting, call)
    M.start()
  end
end

--- Sends the host a request that the person waits for, with a short timeout.
---@param command string
---@param arguments string[]
---@return any # nil when there is no answer
function M.ask(command, arguments)
  local answer
  if M.is_ready() then
    local params = { command = command, arguments = arguments }
    life.rpc.request("workspace/executeCommand", params, function(_, result)
      answer = result or {}
    end)
    vim.wait(PATIENCE, function()
      return answer ~= nil
    end, 1)
  end
  return answer
end

--- Returns the commands that the host offers, once it is ready.
---@return string[]
function M.commands()
  local client = M.is_ready() and vim.lsp.get_client_by_id(life.id)
  local provider = client and client.server_capabilities.executeCommandProvider
  return vim.tbl_map(function(command)
    return (command:gsub("^keeptab%.", ""))
  end, provider and provider.commands or {})
end

--- Returns the reason why there is no host; nil while there is one, or one is starting.
---@return string?
function M.problem()
  return problem
end

---@return boolean
function M.is_ready()
  return life ~= nil and life.rpc ~= nil
end

return M
