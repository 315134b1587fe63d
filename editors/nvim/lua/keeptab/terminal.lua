--- The folder that a terminal is in, as its shell says it or as the system knows it.

if jit then
  jit.off(true, true) -- as in keeptab.capture
end

local M = {}

--- The folder that a terminal's program told last, by OSC 7.
---@type table<integer, string>
local told = {}

--- Tells if a host name is this machine's.
---@param host string
local function is_here(host)
  local own = vim.uv.os_gethostname():lower()
  host = host:lower()
  return host == "" or host == "localhost" or host == own or host == own:match("^[^.]+")
end

--- Reads OSC 7, which names the machine too: in a session on another one, the folder lies there.
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

--- The working directory of the program that a terminal runs; Linux alone tells it.
---@param buffer integer
---@return string?
local function folder_of_process(buffer)
  local process = vim.b[buffer].terminal_job_pid
  local path = process and vim.uv.fs_readlink(("/proc/%d/cwd"):format(process))
  -- One that was removed is no folder any more.
  if path and not path:find(" (deleted)", 1, true) then
    return vim.uri_from_fname(path)
  end
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
