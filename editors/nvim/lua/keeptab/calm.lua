--- Shows a line once the person reads the last line of the screen: in other modes than normal mode Neovim writes its own there.

local api = vim.api

---@return boolean
local function is_calm()
  return api.nvim_get_mode().mode == "n"
end

--- Runs a function in normal mode: now, or as soon as the person comes back to it.
---@param act fun()
return function(act)
  if is_calm() then
    act()
    return
  end
  api.nvim_create_autocmd("ModeChanged", {
    pattern = "*:n*",
    callback = function()
      -- A mode may last for the length of a mapping only.
      if not is_calm() then
        return false
      end
      vim.schedule(act)
      return true
    end,
  })
end
