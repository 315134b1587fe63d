/**
 * The totals of a range, by client and project, in hours and money, billed and not.
 *
 * @returns {HTMLElement}
 */
function totals() {
  const whole = state.shown.totals.find((one) => rangeOf(one) === state.range) ?? state.shown.totals[0];
  const total = whole && seen(whole);
  const when = total && total.from !== null && total.to !== null && dates(total.from, total.to);
  const heading = make(
    "div",
    { class: "head" },
    make("h2", { id: "totals", tabindex: "-1" }, "Totals"),
    rangeChoice(),
    make("span", { class: "when muted" }, when || "All time"),
  );
  if (!total) {
    return make("section", { "aria-labelledby": "totals" }, heading);
  }
  const section = make("section", { class: "totals", "aria-labelledby": "totals" }, heading, between());
  if (total.totalSeconds === 0) {
    section.append(
      make("p", { class: "nothing" }, `No time${isFiltered() ? ` of ${filterInWords()}` : ""} in this range.`),
    );
    return section;
  }
  section.append(figures(total), legend(), totalsTable(total));
  return section;
}

/**
 * What a range comes to, in a line of figures.
 *
 * @param {Total} total
 * @returns {HTMLElement}
 */
function figures(total) {
  const billed = sumUp(total.clients, (sum) => sum.invoiced ?? 0);
  const billable = sumUp(total.clients, (sum) => sum.billable ?? 0);
  return make(
    "dl",
    { class: "figures" },
    ...figure("Time", time(total.totalSeconds)),
    ...figure("Billed", time(billed)),
    ...figure("To be billed", time(billable - billed)),
    ...figure("Not billable", time(total.totalSeconds - billable)),
    ...figure("Billable share", `${String(Math.floor((100 * billable) / Math.max(total.totalSeconds, 1)))} %`),
    ...(total.hourly && total.hourly.length > 0 ? figure("Effective hourly rate", monies(total.hourly)) : []),
  );
}

/**
 * @param {string} label
 * @param {Child} value
 * @returns {HTMLElement[]}
 */
function figure(label, value) {
  return [make("div", {}, make("dt", {}, label), make("dd", {}, value))];
}

/**
 * @template S
 * @param {readonly S[]} sums
 * @param {(sum: S) => number} part
 * @returns {number}
 */
function sumUp(sums, part) {
  return sums.reduce((sum, one) => sum + part(one), 0);
}

/** @returns {HTMLElement} */
function legend() {
  /** @type {(kind: string, label: string) => HTMLElement} */
  const key = (kind, label) => make("li", {}, make("span", { class: `swatch ${kind}` }), label);
  const keys = [key("billed", "billed"), key("open", "to be billed"), key("free", "not billable")];
  return make("ul", { class: "legend", "aria-hidden": "true" }, ...keys);
}

/**
 * @param {Total} total
 * @returns {HTMLElement}
 */
function totalsTable(total) {
  const most = Math.max(...total.projects.map(({ seconds }) => seconds), total.unassignedSeconds, 1);
  /** @type {HTMLTableSectionElement[]} */
  const groups = [];
  const places = [...new Set(total.clients.map(({ client }) => client))];
  // Projects without a client come last.
  places.sort((one, other) => (one ?? Infinity) - (other ?? Infinity));
  for (const place of places) {
    const own = total.clients.filter(({ client }) => client === place);
    const name = clientName(place);
    const head = withCommands(name, name, clientCommands(place, total));
    const heads = own.map((sum, at) => row(at === 0 ? head : "", sum, "client"));
    const projects = total.projects.filter(({ client }) => client === place);
    const rows = projects.map((sum) => row(projectCell(sum, most, total), sum, "project"));
    groups.push(make("tbody", {}, ...heads, ...rows));
  }
  if (total.unassignedSeconds > 0) {
    const sum = { seconds: total.unassignedSeconds };
    const hint =
      editor && make("button", { type: "button", class: "quiet", click: () => send("assign") }, "Assign a folder…");
    const name = [
      make(
        "span",
        { class: "name" },
        make("span", { class: "swatch none" }),
        withCommands("unassigned", make("span", { class: "label" }, "unassigned"), [
          ["Its folders", "keeptab assign"],
          ["To give one to a project", "keeptab assign FOLDER PROJECT"],
        ]),
      ),
      bar(sum, most),
      hint,
    ];
    groups.push(make("tbody", {}, row(make("div", {}, ...name.filter(isThere)), sum, "project")));
  }
  const head = ["", "Time", "Billed", "Amount", "To be billed"];
  const foot = make(
    "tr",
    {},
    make("th", { scope: "row" }, "Total"),
    make("td", { class: "number" }, time(total.totalSeconds)),
    make("td", { class: "number wide" }, time(sumUp(total.clients, ({ invoiced = 0 }) => invoiced))),
    make("td", { class: "number" }, ...each(byCurrency(total.clients, ({ amount }) => amount))),
    make("td", { class: "number" }, ...each(byCurrency(total.clients, ({ unbilled }) => unbilled))),
  );
  return make(
    "div",
    { class: "scroll", role: "region", "aria-label": "Totals by client and project", tabindex: "0" },
    make(
      "table",
      { class: "sums" },
      make("caption", { class: "unseen" }, "Totals by client and project"),
      make("thead", {}, make("tr", {}, ...head.map((name, at) => headCell(name, at)))),
      ...groups,
      make("tfoot", {}, foot),
    ),
  );
}

/**
 * Amounts below one another.
 *
 * @param {readonly Money[]} sums
 * @returns {HTMLElement[]}
 */
function each(sums) {
  return sums.map(({ amount, currency }) => make("div", {}, money(amount, currency)));
}

/**
 * @param {string} name
 * @param {number} at
 * @returns {HTMLElement}
 */
function headCell(name, at) {
  return name === "" ? make("td", {}) : make("th", { scope: "col", class: `number ${at === 2 ? "wide" : ""}` }, name);
}

/**
 * @param {Child} name
 * @param {Sum} sum
 * @param {string} kind
 * @returns {HTMLElement}
 */
function row(name, sum, kind) {
  return make("tr", { class: kind }, make("th", { scope: "row" }, name), ...cells(sum));
}

/**
 * @param {Sum} sum
 * @returns {HTMLElement[]}
 */
function cells({ seconds, invoiced = 0, amount, unbilled, currency }) {
  return [
    make("td", { class: "number" }, time(seconds)),
    make("td", { class: "number wide" }, invoiced > 0 && time(invoiced)),
    make("td", { class: "number" }, money(amount, currency)),
    make("td", { class: "number" }, isNothing(unbilled) ? "" : money(unbilled, currency)),
  ];
}

/** @param {string | undefined} amount */
function isNothing(amount) {
  return amount === undefined || /^[0.]+$/.test(amount);
}

/**
 * @param {Sum} sum
 * @param {number} most
 * @param {Total} total
 * @returns {HTMLElement}
 */
function projectCell(sum, most, total) {
  const { project } = sum;
  const name = project === undefined ? "" : projectName(project);
  return make(
    "div",
    {},
    make(
      "span",
      { class: "name" },
      coloured(make("span", { class: "swatch" }), project),
      withCommands(name, make("span", { class: "label" }, name), projectCommands(project, total)),
      idBeside(project),
    ),
    bar(sum, most),
  );
}

/**
 * How much of a project is billed, to be billed, and not billable.
 *
 * @param {Sum} sum
 * @param {number} most
 * @returns {HTMLElement}
 */
function bar({ project, seconds, billable = 0, invoiced = 0 }, most) {
  const parts = [
    { kind: "billed", part: invoiced },
    { kind: "open", part: billable - invoiced },
    { kind: "free", part: seconds - billable },
  ];
  const whole = parts.filter(({ part }) => part > 0);
  const pieces = whole.map(({ kind, part }) =>
    styled(make("span", { class: kind }), { width: `${String((100 * part) / most)}%` }),
  );
  return coloured(
    make("span", { class: `bar ${project === undefined ? "none" : ""}`, "aria-hidden": "true" }, ...pieces),
    project,
  );
}

/** @type {Record<string, string>} */
const KINDS = { range: "As asked for", week: "Weeks", month: "Months", year: "Years", all: "All" };

/** @returns {HTMLElement} */
function rangeChoice() {
  const select = make("select", { "aria-label": "Range of the totals" });
  for (const [kind, label] of Object.entries(KINDS)) {
    const some = state.shown.totals.filter((total) => total.kind === kind);
    const options = some.reverse().map((total) => {
      const value = rangeOf(total);
      return make("option", { value, selected: value === state.range }, rangeInWords(total));
    });
    if (options.length > 0) {
      select.append(make("optgroup", { label }, ...options));
    }
  }
  select.addEventListener("change", () => {
    state.range = select.value;
    replace("totals", totals());
    const drawn = pictures();
    if (drawn) {
      replace("pictures", drawn);
    }
    focusOn("[aria-label='Range of the totals']");
  });
  return select;
}

/**
 * @param {Total} total
 * @returns {string}
 */
function rangeInWords({ kind, name, from, to }) {
  if (kind === "month" && from !== null) {
    return date(from, { month: "long", year: "numeric" });
  }
  if (kind === "range" && from !== null && to !== null) {
    return dates(from, to);
  }
  return kind === "all" || kind === "range" ? "All time" : name;
}

/**
 * Any other range: the host adds it up, so that each amount is what an invoice of it would print.
 *
 * @returns {HTMLElement}
 */
function between() {
  const { today } = state.shown;
  const [first, last] = state.between ?? [`${today.slice(0, 8)}01`, today];
  const from = make("input", { type: "date", value: first, "aria-label": "From" });
  const to = make("input", { type: "date", value: last, "aria-label": "To" });
  const typed = () => `keeptab dashboard --from ${from.value} --to ${to.value}`;
  const form = make("form", { class: "between" }, make("span", {}, "From "), from, make("span", {}, " to "), to);
  if (editor) {
    form.append(make("button", { type: "submit" }, "Show"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      state.between = [from.value, to.value];
      refresh().then(() => {
        state.range = "range range";
        draw();
        focusOn("[aria-label='Range of the totals']");
      }, sayError);
    });
  } else {
    const shell = make("span", { class: "shell" }, command(typed()));
    const update = () => {
      shell.replaceChildren(command(typed()));
    };
    from.addEventListener("change", update);
    to.addEventListener("change", update);
    form.append(shell);
  }
  return make(
    "details",
    { class: "other", open: state.between !== undefined },
    make("summary", {}, "Another range"),
    form,
  );
}
