/**
 * How a calendar draws the hours of a day: those that no day has are folded to a strip, and those that one day alone has are
 * low where there are many hours. So one late evening leaves the other days readable, and nothing is hidden.
 *
 * @typedef {{ from: number, to: number, height: number, kind: "full" | "low" | "folded" }} Piece
 * @typedef {{ pieces: Piece[], height: number, isFolded: boolean }} Axis
 */

/** Seconds of the day that a calendar has at least. */
const LEAST = 8 * 3600;
/** Hours that are drawn in full, however few days have them. */
const ROOM = 11;
/** Hours without time that are folded where they follow one another. */
const FOLD = 3;
/** What a low hour and a fold have of the height of an hour. */
const SMALL = 0.5;

/**
 * @param {Week} week
 * @returns {Axis}
 */
function axisOf(week) {
  const { from, to } = boundsOf(week);
  const hours = Array.from({ length: (to - from) / 3600 }, (_, at) => from + at * 3600);
  const counts = hours.map((hour) => week.days.filter((day) => hasTime(day, hour, hour + 3600)).length);
  const isWide = hours.length > ROOM;
  /** @type {Piece[]} */
  const pieces = [];
  for (let at = 0; at < hours.length;) {
    const next = counts.findIndex((count, other) => other >= at && count > 0);
    const long = (next === -1 ? hours.length : next) - at;
    const isFold = isWide && long >= FOLD;
    const length = (isFold ? long : 1) * 3600;
    const begin = hours[at] ?? from;
    pieces.push({ from: begin, to: begin + length, height: isFold ? SMALL : 1, kind: isFold ? "folded" : "full" });
    at += isFold ? long : 1;
  }
  lower(pieces, week);
  const isFolded = pieces.some(({ kind }) => kind !== "full");
  if (state.isWhole) {
    const all = hours.map((hour) => /** @type {Piece} */ ({ from: hour, to: hour + 3600, height: 1, kind: "full" }));
    return { pieces: all, height: all.length, isFolded };
  }
  return { pieces, height: pieces.reduce((sum, piece) => sum + piece.height, 0), isFolded };
}

/**
 * Lowers hours before and after those that several days have, where there are too many.
 *
 * @param {Piece[]} pieces
 * @param {Week} week
 */
function lower(pieces, week) {
  const full = pieces.filter(({ kind }) => kind === "full");
  const isCommon = (/** @type {Piece} */ { from, to }) => week.days.filter((day) => hasTime(day, from, to)).length > 1;
  const [first, last] = [full.findIndex(isCommon), full.findLastIndex(isCommon)];
  if (full.length <= ROOM || first === -1) {
    return;
  }
  for (const piece of [...full.slice(0, first), ...full.slice(last + 1)]) {
    piece.height = SMALL;
    piece.kind = "low";
  }
}

/**
 * @param {Day} day
 * @param {number} from
 * @param {number} to
 * @returns {boolean}
 */
function hasTime(day, from, to) {
  return [...(day.blocks ?? []), ...(day.agents ?? [])].some(
    (one) => one.from !== undefined && one.from < to && (one.to ?? one.from) > from,
  );
}

/**
 * The whole hours around all that has a clock, and some around them where that is little. A week without time has a working
 * day.
 *
 * @param {Week} week
 * @returns {{ from: number, to: number }}
 */
function boundsOf(week) {
  let [from, to] = [Infinity, -Infinity];
  for (const day of week.days) {
    for (const one of [...(day.blocks ?? []), ...(day.agents ?? [])]) {
      from = Math.min(from, one.from ?? from);
      to = Math.max(to, one.to ?? to, one.from ?? to);
    }
  }
  if (from > to) {
    return { from: 9 * 3600, to: 17 * 3600 };
  }
  [from, to] = [Math.floor(from / 3600) * 3600, Math.ceil(to / 3600) * 3600];
  // A short day begins where working days do, as far as that goes.
  const lacking = Math.max(0, LEAST - (to - from));
  const before = Math.min(lacking, Math.max(0, from - 9 * 3600));
  return { from: from - before, to: to + lacking - before };
}

/**
 * How far below the upper edge a time is, in full hours' heights.
 *
 * @param {Axis} axis
 * @param {number} at
 * @returns {number}
 */
function heightAt({ pieces }, at) {
  let height = 0;
  for (const [index, piece] of pieces.entries()) {
    const share = (at - piece.from) / (piece.to - piece.from);
    if (share <= 1 || index === pieces.length - 1) {
      return height + share * piece.height;
    }
    height += piece.height;
  }
  return height;
}

/**
 * The time at a height: what {@link heightAt} turns around.
 *
 * @param {Axis} axis
 * @param {number} height
 * @returns {number}
 */
function timeAt({ pieces }, height) {
  let above = 0;
  for (const [index, piece] of pieces.entries()) {
    const share = (height - above) / piece.height;
    if (share <= 1 || index === pieces.length - 1) {
      return piece.from + share * (piece.to - piece.from);
    }
    above += piece.height;
  }
  return 0;
}

/**
 * Puts an element where its time is.
 *
 * @template {HTMLElement} E
 * @param {E} element
 * @param {Axis} axis
 * @param {number} from
 * @param {number} to
 * @returns {E}
 */
function placed(element, axis, from, to) {
  const top = heightAt(axis, from);
  return styled(element, { "--at": String(top), "--long": String(heightAt(axis, to) - top) });
}

/**
 * The lines between the hours, and the folds, as a background.
 *
 * @param {Axis} axis
 * @returns {string}
 */
function rulesOf({ pieces }) {
  let below = 0;
  const stops = pieces.flatMap(({ height, kind }) => {
    const above = below;
    below += height;
    const fill = kind === "full" ? "transparent" : `var(--${kind})`;
    const end = `calc(${String(below)} * var(--hour))`;
    const line = `calc(${String(below)} * var(--hour) - 1px)`;
    return [`${fill} calc(${String(above)} * var(--hour)) ${line}`, `var(--rule) ${line} ${end}`];
  });
  return `linear-gradient(${stops.join(", ")})`;
}

/**
 * Says which hours are not drawn in full, with a button that draws them.
 *
 * @param {Axis} axis
 * @returns {HTMLElement | undefined}
 */
function foldsInWords(axis) {
  if (!axis.isFolded) {
    return undefined;
  }
  /** @type {(kind: string) => string} */
  const spans = (kind) => {
    const own = axis.pieces.filter((piece) => piece.kind === kind);
    const firsts = own.filter(({ from }) => !own.some(({ to }) => to === from));
    const lasts = own.filter(({ to }) => !own.some(({ from }) => from === to));
    return firsts.map(({ from }, at) => `${clock(from)}–${clock(lasts[at]?.to ?? from)}`).join(", ");
  };
  const [folded, low] = [spans("folded"), spans("low")];
  const some = isFiltered() ? `time of ${filterInWords()}` : "time";
  const words = [
    folded && `${folded} is folded: no day has ${some} there.`,
    low && `${low} is drawn low: no more than one day has ${some} there.`,
  ].filter(Boolean);
  return make(
    "p",
    { class: "folds muted" },
    words.length > 0 ? `${words.join(" ")} ` : "All hours are drawn alike. ",
    make(
      "button",
      {
        type: "button",
        class: "quiet",
        click: () => {
          state.isWhole = !state.isWhole;
          replace("week", weekSection());
          focusOn(".folds button");
        },
      },
      state.isWhole ? "Fold what is empty" : "Show all hours",
    ),
  );
}
