--- The week as text bars in a floating window. The host makes the text, and the page for a browser.

local M = {}

---@param words string[] a week, or none; `browser` opens the page there instead
function M.run(words)
  local arguments, form = {}, "--text"
  for _, word in ipairs(words) do
    if word == "browser" then
      form = nil
    else
      table.insert(arguments, word)
    end
  end
  table.insert(arguments, form)
  require("keeptab.host").execute("keeptab.dashboard", arguments, function(problem, result)
    -- The host itself asks to open the page; its path would only be opened as a text.
    require("keeptab.reply").show(problem, result and { text = result.text })
  end)
end

return M
