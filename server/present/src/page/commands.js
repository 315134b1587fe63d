/**
 * Commands to copy: a page outside an editor only shows, and says what changes a block or a row.
 *
 * @param {[label: string, text: string][]} lines
 * @returns {HTMLElement[]}
 */
function howTo(...lines) {
  const items = lines.map(([label, text]) => make("li", {}, make("span", { class: "muted" }, label), command(text)));
  return [make("p", {}, "This page only shows. In a shell or an editor:"), make("ul", { class: "commands" }, ...items)];
}

/**
 * A command and what it is for.
 *
 * @param {string} label
 * @param {string} text
 * @returns {[label: string, text: string]}
 */
function toDo(label, text) {
  return [label, text];
}

/**
 * A word as a shell takes it, whatever is in it.
 *
 * @param {string} word
 * @returns {string}
 */
function shell(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The name of a row. Outside an editor it opens the row's commands.
 *
 * @param {string} title
 * @param {Child} name
 * @param {[label: string, text: string][]} lines
 * @returns {Child}
 */
function withCommands(title, name, lines) {
  if (editor || lines.length === 0) {
    return name;
  }
  const open = () => {
    openDialog(title, ...howTo(...lines), closing());
  };
  return make("button", { type: "button", class: "quiet line", "aria-haspopup": "dialog", click: open }, name);
}

/**
 * The range of the totals, as `report` takes it.
 *
 * @param {Total} total
 * @returns {string}
 */
function rangeInShell({ kind, name, from, to }) {
  if (kind === "week" || kind === "month") {
    return `--${kind} ${name}`;
  }
  return from === null || to === null ? "--all" : `--from ${from} --to ${to}`;
}

/**
 * @param {number | undefined} place of a client
 * @param {Total} total
 * @returns {[string, string][]}
 */
function clientCommands(place, total) {
  const client = place === undefined ? undefined : state.shown.clients[place];
  const rows = toDo("Its rows", `keeptab report ${rangeInShell(total)} --by client`);
  if (!client) {
    return [rows];
  }
  const id = shell(client.id);
  return [
    rows,
    ["To bill it", `keeptab invoice draft ${id}`],
    ...(total.kind === "week" ? [toDo("To have it signed", `keeptab review ${total.name} --pdf --client ${id}`)] : []),
  ];
}

/**
 * @param {number | undefined} place of a project
 * @param {Total} total
 * @returns {[string, string][]}
 */
function projectCommands(place, total) {
  if (place === undefined) {
    return [];
  }
  const id = shell(projectId(place));
  const { today } = state.shown;
  return [
    ["Day by day", `keeptab report ${rangeInShell(total)} --by day`],
    ["To add time", `keeptab add ${id} 0:45 --day ${today} --note 'NOTE'`],
    ["To start a timer", `keeptab start ${id}`],
  ];
}
