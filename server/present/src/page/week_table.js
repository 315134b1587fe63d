/**
 * The week as a table: all that the calendar shows, for ears, for eyes that like lines, and for what cannot draw.
 *
 * @param {Week} week
 * @returns {HTMLElement}
 */
function weekTable(week) {
  /** @type {Child[][]} */
  const rows = [];
  for (const day of week.days) {
    const name = date(day.date, SHORT);
    const blocks = (day.blocks ?? []).map((block) => ({
      at: placeOf(block.from ?? Infinity, block.time),
      row: blockRow(day, name, block),
    }));
    const gaps = (day.gaps ?? []).map(([from, to, told]) => ({
      at: placeOf(from, told?.time),
      row: [name, told?.time ?? `${clock(from)}-${clock(to)}`, "", "away", time(told?.seconds ?? to - from), ""],
    }));
    const agents = (day.agents ?? []).map(({ from, to, project }) => ({
      at: from,
      row: [name, `${clock(from)}-${clock(to)}`, "", "agents", project === undefined ? "" : projectName(project), ""],
    }));
    const all = [...blocks, ...gaps, ...agents].sort((one, other) => one.at - other.at);
    rows.push(...all.map(({ row }) => row));
  }
  const head = ["Day", "Time", "Length", "Project", "Note", "Billing"];
  const lines = table(`${week.week}, line by line`, head, rows, [2]);
  if (state.view !== "table") {
    return make("div", {}, lines);
  }
  const name = `${week.week} as a table`;
  return make("div", { class: "scroll", role: "region", "aria-label": name, tabindex: "0" }, lines);
}

/**
 * @param {Day} day
 * @param {string} name
 * @param {Block} block
 * @returns {Child[]}
 */
function blockRow(day, name, block) {
  const billing = block.billed === undefined ? (block.free ? "not billable" : "") : state.shown.numbers[block.billed];
  const target = targetOf(block);
  const swatch = coloured(
    make("span", { class: `swatch ${block.project === undefined ? "none" : ""}` }),
    block.project,
  );
  // In the table view, a line can be changed like its block.
  const open = () => {
    openBlock(day, block);
  };
  const what =
    state.view === "table"
      ? make("button", { type: "button", class: "quiet line", click: open }, swatch, target)
      : target;
  return [name, timeOf(block), time(secondsOf(block)), what, block.note ?? block.hint ?? "", billing ?? ""];
}
