"use strict";

/**
 * The document as the page uses it. The host's own types are in packed.d.ts, generated from `engine/dashboard`. Times of
 * a day are seconds by the clock since its midnight; amounts are texts and are never reckoned with here.
 *
 * @typedef {{ from: number | undefined, to: number | undefined, project: number | undefined } & Partial<More>} Block
 * @typedef {{ text: string, day: string, from: number, to: number, time: string | undefined, about: string }} Doubt
 * @typedef {Omit<PackedDay, "blocks"> & { blocks?: readonly Block[] | undefined }} Day
 * @typedef {Omit<PackedWeek, "days" | "doubts"> & { days: readonly Day[], doubts?: readonly Doubt[] | undefined }} Week
 * @typedef {Omit<PackedDashboard, "weeks"> & { labels: readonly string[], weeks: readonly Week[] }} Dashboard
 */

/**
 * Reads the document; blocks and doubts come as short lists.
 *
 * @param {PackedDashboard} packed
 * @returns {Dashboard}
 */
function unpacked(packed) {
  const { projects } = packed;
  const labels = projects.map(({ id, name }) => {
    const isShared = projects.filter((other) => (other.name ?? other.id) === name).length > 1;
    return name === undefined ? id : isShared ? `${name} (${id})` : name;
  });
  const weeks = packed.weeks.map((week) => ({
    ...week,
    days: week.days.map((day) => ({ ...day, blocks: day.blocks?.map(unpackedBlock) })),
    doubts: week.doubts?.map(([text, day, from, to, about, time]) => ({
      text,
      day: week.days[day]?.date ?? week.first,
      from,
      to,
      about,
      time,
    })),
  }));
  return { ...packed, labels, weeks };
}

/**
 * @param {PackedBlock} block
 * @returns {Block}
 */
function unpackedBlock([from, to, project, more]) {
  return { from: from ?? undefined, to: to ?? undefined, project: project ?? undefined, ...more };
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
