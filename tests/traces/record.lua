--- Records a person's way of working: `nvim --clean -n -l tests/traces/record.lua [name…]` types the stretches of
--- stretches.lua into real Neovims, all at once and in real time, and writes the plugin's events.

local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
package.path = ("%s/?.lua;%s/../nvim/?.lua;%s"):format(here, here, package.path)

local stretches = require("stretches")

--- One process per stretch, because they take minutes.
if #arg ~= 1 then
  local names = #arg > 0 and arg or vim.tbl_keys(stretches)
  local recorders = vim.tbl_map(function(name)
    return vim.system({ vim.v.progpath, "--clean", "-n", "-l", arg[0], name })
  end, names)
  for _, recorder in ipairs(recorders) do
    io.stdout:write(recorder:wait().stdout)
  end
  vim.cmd.quit()
end

local Child = require("child")
local name = arg[1]
local stretch = assert(stretches[name], "no stretch of that name")

-- Nobody types the same line twice at the same pace.
math.randomseed(vim.uv.hrtime() % 2 ^ 31)
local random = math.random

local child = Child.start()
for _, project in ipairs(stretch.projects) do
  for path, text in pairs(project.files) do
    child:file(project.folder .. "/" .. path, text)
  end
  if project.repository then
    child:file(project.folder .. "/.git/HEAD", "ref: refs/heads/main")
  end
end
child:cmd("cd " .. stretch.projects[1].folder)

local function pause(least, most)
  vim.wait(random(least, most))
end

--- Presses keys unchanged, one at a time.
local function press(keys)
  for _, key in ipairs(keys) do
    child:request("nvim_input", key)
    pause(60, 260)
  end
end

--- Types text with a pause at the end of some words, and an occasional wrong key.
local function type_text(text)
  for character in text:gmatch(".") do
    if random() < 0.02 then
      press({ "e", "<BS>" })
    end
    press({ character == "<" and "<lt>" or character })
    if character:match("[%s,;({]") and random() < 0.15 then
      pause(300, 1800)
    end
  end
end

local function command(text)
  press({ ":" })
  type_text(text)
  press({ "<CR>" })
end

--- Reads: a while without a key, then a few moves, repeatedly.
local function read()
  for _ = 1, random(1, 3) do
    pause(2000, random() < 0.15 and 25000 or 9000)
    local moves = {
      { "<C-d>", "<C-d>" },
      { "<C-u>" },
      { "j", "j", "j", "j" },
      { "k", "k" },
      { "}", "}" },
      { "w", "w", "b" },
    }
    press(moves[random(#moves)])
    if random() < 0.3 then
      child:request("nvim_input_mouse", "wheel", random() < 0.6 and "down" or "up", "", 0, 8, 20)
      pause(120, 400)
    end
  end
end

local function write(lines)
  press({ "G", "o" })
  for number, line in ipairs(lines) do
    type_text(line)
    if number < #lines then
      press({ "<CR>" })
    end
    if random() < 0.3 then
      pause(1000, 6000)
    end
  end
  press({ "<Esc>" })
  if random() < 0.3 then
    press({ "u", "<C-r>" })
  end
end

--- Another window of the desktop: documentation, a browser, a message.
local function look_elsewhere()
  child:request("nvim_ui_set_focus", false)
  pause(4000, 25000)
  child:request("nvim_ui_set_focus", true)
  pause(500, 2000)
end

local function run_in_terminal(line)
  command("split | terminal")
  press({ "i" })
  type_text(line)
  press({ "<CR>" })
  pause(3000, 9000)
  press({ "<C-\\>", "<C-n>" })
  command("bdelete!")
end

local started = vim.uv.now()
for _, task in ipairs(stretch.tasks) do
  -- A stretch is five to eight minutes; the rest of the list is dropped.
  if vim.uv.now() - started > 440000 then
    break
  end
  if task.open then
    command("edit " .. task.open)
  end
  read()
  if task.write then
    write(task.write)
    command("write")
  end
  if task.run then
    run_in_terminal(task.run)
  end
  if task.elsewhere then
    look_elsewhere()
  end
end

child:sync()
local home, events = vim.uri_from_fname(child.home), child:events()
local function at_janes(uri)
  return uri and (uri:gsub("^" .. vim.pesc(home), "file:///home/jane"))
end

--- Writes one event per line, with keys always in the same order.
local keys = { "seq", "at", "kind", "uri", "root", "cwd", "language", "actor" }
local out = assert(io.open(("%s/%s.jsonl"):format(here, name), "w"))
local first = events[1].at
for _, event in ipairs(events) do
  event.at = event.at - first
  event.uri, event.root, event.cwd = at_janes(event.uri), at_janes(event.root), at_janes(event.cwd)
  local fields = {}
  for _, key in ipairs(keys) do
    if event[key] ~= nil then
      fields[#fields + 1] = ("%q:%s"):format(key, vim.json.encode(event[key]))
    end
  end
  out:write("{", table.concat(fields, ","), "}\n")
end
out:close()
Child.stop_all()
io.stdout:write(("%s: %d events, %.1f minutes\n"):format(name, #events, events[#events].at / 60000))
