--- The folder of a terminal, from its shell or from the system.

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

--- The folder that a terminal's program reported last, by OSC 7.
---@type table<integer, string>
local told = {}

--- Returns true if a host name is this machine's.
---@param host string
local function is_here(host)
  local own = vim.uv.os_gethostname():lower()
  host = host:lower()
  return host == "" or host == "localhost" or host == own or host == own:match("^[^.]+")
end

--- Reads OSC 7, which also names the machine: in a session on another machine, the folder is there.
---@param sequence string
---@return string? folder a URI
function M.parse(sequence)
  local host, path = sequence:match("^\27%]7;file://([^/\7\27]*)(/[^\7\27]*)")
  if not path then
    return nil
  end
  path = vim.uri_decode(path)
  if is_here(host) then
    return vim.uri_from_fname(path)
  end
  return "ssh://" .. host:lower() .. vim.uri_encode(path)
end

--- Returns the foreground process of a terminal, by proc(5): a shell may run in the program that a terminal was started
--- with.
---@param process integer one in the terminal
---@return integer?
local function foreground(process)
  local file = io.open(("/proc/%d/stat"):format(process))
  if not file then
    return nil
  end
  local line = file:read("a")
  file:close()
  -- The name in brackets may contain brackets and blanks; state, parent, group, session and device follow it.
  local id = tonumber(line:match(".*%) %S+ %S+ %S+ %S+ %S+ (%d+)"))
  return id ~= 0 and id or nil
end

--- Returns the working directory of a process; nil if it was removed, or if the process is another user's.
---@param process? integer
---@return string? folder a URI
local function folder_of(process)
  local path = process and vim.uv.fs_readlink(("/proc/%d/cwd"):format(process))
  return path and not path:find(" (deleted)", 1, true) and vim.uri_from_fname(path) or nil
end

--- Returns the folder of a terminal's processes; only Linux provides it.
---@param buffer integer
---@return string? folder a URI
local function folder_of_process(buffer)
  local process = vim.b[buffer].terminal_job_pid
  return process and (folder_of(foreground(process)) or folder_of(process))
end

---@param buffer integer
---@return string? folder a URI; nil where there is no telling
function M.folder(buffer)
  return told[buffer] or folder_of_process(buffer)
end

local group = vim.api.nvim_create_augroup("keeptab.terminal", {})
vim.api.nvim_create_autocmd("TermRequest", {
  group = group,
  callback = function(args)
    told[args.buf] = M.parse(vim.v.termrequest) or told[args.buf]
  end,
})
vim.api.nvim_create_autocmd({ "TermClose", "BufWipeout" }, {
  group = group,
  callback = function(args)
    told[args.buf] = nil
  end,
})

return M
