"use strict";

/**
 * What the host hands over: see `engine/dashboard`. Times of a day are seconds by the clock since its midnight; amounts
 * are texts and are never reckoned with here.
 *
 * @typedef {{ amount: string, currency: string }} Money
 * @typedef {{ id: string, name: string }} Client
 * @typedef {{ id: string, name?: string, client?: number, colour: number, current: boolean,
 *   budget?: number }} Project
 * @typedef {{ key?: string, seconds?: number, time?: string, private?: boolean, note?: string, hint?: string,
 *   free?: boolean, billed?: number, entry?: boolean }} More
 * @typedef {{ from?: number, to?: number, project?: number } & More} Block
 * @typedef {[number | null, number | null, number | null, More?]} Packed
 * @typedef {[from: number, to: number, told?: { seconds: number, time: string }]} Gap
 * @typedef {{ from: number, to: number, project?: number }} Agents
 * @typedef {{ date: string, seconds: number, blocks?: Block[], gaps?: Gap[], agents?: Agents[] }} Day
 * @typedef {{ text: string, day: string, from: number, to: number, time?: string,
 *   about: string }} Doubt
 * @typedef {[string, number, number, number, string, string?]} PackedDoubt
 * @typedef {{ week: string, first: string, last: string, seconds: number, unbilled: Money[], days: Day[],
 *   doubts?: Doubt[] }} Week
 * @typedef {{ client?: number, project?: number, seconds: number, billable?: number, invoiced?: number,
 *   amount?: string, unbilled?: string, currency?: string, hourly?: string }} Sum
 * @typedef {{ kind: string, name: string, from: string | null, to: string | null, projects: Sum[], clients: Sum[],
 *   hourly?: Money[], unassignedSeconds: number, privateSeconds: number, totalSeconds: number }} Total
 * @typedef {{ name: string, state: string, status: string, client: number, issued?: string, due?: string, days?: number,
 *   amount?: string, open?: string, currency?: string }} Invoice
 * @typedef {{ state: string, client: number, count: number, amount: string, currency: string }} StateSum
 * @typedef {{ labels: string[], madeAt: number, today: string, clock: number, timeZone: string, business: string | null,
 *   clients: Client[], projects: Project[], numbers: string[], week: string, weeks: Week[], totals: Total[],
 *   days: { first: string, seconds: number[], projects?: [place: number, days: number[]][] },
 *   tools?: { from: string, to: string, rows: { editor: string, language?: string, project?: number, seconds: number }[] },
 *   invoices: { sums: StateSum[], credit?: Money[], discounts?: Money[], writtenOff?: Money[], list: Invoice[], older: number }, unbilled: Money[], present: string }} Dashboard
 */

/**
 * Reads the document; blocks and doubts come as short lists.
 *
 * @param {any} shown
 * @returns {Dashboard}
 */
function unpacked(shown) {
  /** @type {Project[]} */
  const projects = shown.projects ?? [];
  shown.labels = projects.map(({ id, name }) => {
    const isShared = projects.filter((other) => (other.name ?? other.id) === name).length > 1;
    return name === undefined ? id : isShared ? `${name} (${id})` : name;
  });
  for (const week of shown.weeks) {
    const { days } = week;
    week.doubts = week.doubts?.map((/** @type {PackedDoubt} */ [text, day, from, to, about, told]) => ({
      text,
      day: days[day]?.date ?? week.first,
      from,
      to,
      about,
      time: told,
    }));
    for (const day of days.filter((/** @type {any} */ one) => one.blocks)) {
      day.blocks = day.blocks.map((/** @type {Packed} */ [from, to, project, more]) => ({
        from: from ?? undefined,
        to: to ?? undefined,
        project: project ?? undefined,
        ...more,
      }));
    }
  }
  return shown;
}

/** What the week is drawn as. */
const VIEWS = /** @type {const} */ (["calendar", "table", "month"]);

/** What is shown, and what of it. */
const state = {
  /** @type {Dashboard} */
  shown: unpacked(JSON.parse(document.getElementById("document")?.textContent ?? "{}")),
  /** The week, such as `2026-W47`. */
  week: "",
  /** The range of the totals: its kind and name. */
  range: "",
  /** @type {typeof VIEWS[number]} */
  view: "calendar",
  /** The month that was chosen, such as `2026-11`. */
  /** @type {string | undefined} */
  month: undefined,
  /** @type {Filter} */
  filter: {},
  /** Whether hours without time are drawn like others. */
  isWhole: false,
  /** What the trend counts: `hours` or a currency. */
  unit: "hours",
  /** The first and last day of a range that was asked for. */
  /** @type {[string, string] | undefined} */
  between: undefined,
};

/** @returns {Week | undefined} */
function weekShown() {
  return state.shown.weeks.find(({ week }) => week === state.week);
}

/**
 * @param {Total} total
 * @returns {string}
 */
function rangeOf(total) {
  return `${total.kind} ${total.name}`;
}

/**
 * @param {Block} block
 * @returns {number}
 */
function secondsOf(block) {
  return block.seconds ?? (block.to ?? 0) - (block.from ?? 0);
}

/**
 * @param {Block} block
 * @returns {string}
 */
function timeOf(block) {
  return block.time ?? `${clock(block.from ?? 0)}-${clock(block.to ?? 0)}`;
}

/**
 * What a block is for, in words.
 *
 * @param {Block} block
 * @returns {string}
 */
function targetOf(block) {
  const { project } = block;
  if (project !== undefined) {
    return projectName(project);
  }
  return block.private ? "private" : "unassigned";
}

/**
 * The name of a project; where two have the same, its id stands beside it.
 *
 * @param {number} place
 * @returns {string}
 */
function projectName(place) {
  return state.shown.labels[place] ?? "";
}

/**
 * The id of a project, as commands take it.
 *
 * @param {number} place
 * @returns {string}
 */
function projectId(place) {
  return state.shown.projects[place]?.id ?? "";
}

/**
 * The id where the name does not say it.
 *
 * @param {number | undefined} place
 * @returns {HTMLElement | undefined}
 */
function idBeside(place) {
  const id = place === undefined ? "" : projectId(place);
  const isSaid = place === undefined || projectName(place).includes(id);
  return isSaid ? undefined : make("span", { class: "muted id" }, id);
}

/**
 * The name of a client; where two have the same, its id stands beside it.
 *
 * @param {number | undefined} place
 * @returns {string}
 */
function clientName(place) {
  if (place === undefined) {
    return "No client";
  }
  const { id, name } = state.shown.clients[place] ?? { id: "", name: "" };
  const same = state.shown.clients.filter((other) => other.name.toLowerCase() === name.toLowerCase());
  return same.length > 1 ? `${name} (${id})` : name;
}

/**
 * Gives an element the colour of a project.
 *
 * @template {HTMLElement} E
 * @param {E} element
 * @param {number | undefined} place
 * @returns {E}
 */
function coloured(element, place) {
  const colour = place === undefined ? undefined : state.shown.projects[place]?.colour;
  if (colour !== undefined) {
    element.style.setProperty("--c", `var(--c${String(colour % COLOURS)})`);
    element.classList.toggle("striped", colour >= COLOURS);
  }
  return element;
}

const COLOURS = 10;
