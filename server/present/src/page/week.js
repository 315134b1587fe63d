/** Blocks that are lower, in pixels, have no room for words. */
const LOW = 12;
/** Those that are lower have room for small words alone. */
const TIGHT = 17;
/** Pixels of an hour. */
const HOUR = 46;

/**
 * The week as a calendar.
 *
 * @param {Week} week
 * @returns {HTMLElement}
 */
function calendar(week) {
  const axis = axisOf(week);
  const hours = make("div", { class: "hours", "aria-hidden": "true" });
  for (const at of [axis.pieces[0]?.from ?? 0, ...axis.pieces.map(({ to }) => to)]) {
    hours.append(placed(make("span", {}, clock(at)), axis, at, at));
  }
  const days = week.days.map((day) => dayColumn(day, axis));
  const grid = make(
    "div",
    { class: "calendar", role: "group", "aria-label": `${week.week} as a calendar`, keydown: walk },
    hours,
    ...days,
  );
  styled(grid, { "--hours": String(axis.height), "--hour": `${String(HOUR)}px`, "--rules": rulesOf(axis) });
  const columns = week.days.map((day, at) => {
    const isNarrow = isEmpty(day) && isWeekend(day);
    days[at]?.classList.toggle("empty", isNarrow);
    return isNarrow ? "minmax(52px, 0.35fr)" : "minmax(0, 1fr)";
  });
  styled(grid, { "--columns": columns.join(" ") });
  // One stop for the Tab key; arrows go on from there.
  grid.querySelectorAll("button.block, button.gap").forEach((button, at) => {
    button.setAttribute("tabindex", at === 0 ? "0" : "-1");
  });
  return grid;
}

/** @param {Day | undefined} day */
function isEmpty(day) {
  return !day?.blocks && !day?.agents;
}

/** @param {Day | undefined} day */
function isWeekend(day) {
  return day !== undefined && [0, 6].includes(new Date(`${day.date}T00:00:00Z`).getUTCDay());
}

/**
 * @param {Day} day
 * @param {Axis} axis
 * @returns {HTMLElement}
 */
function dayColumn(day, axis) {
  const track = make("div", { class: "track" });
  const blocks = day.blocks ?? [];
  const parts = [
    ...blocks
      .filter((block) => block.from !== undefined)
      .map((block) => ({ block, at: placeOf(block.from ?? 0, block.time), part: clockBlock(day, block, axis) })),
    ...(day.gaps ?? []).map((one) => ({
      block: undefined,
      at: placeOf(one[0], one[2]?.time),
      part: gap(day, one, axis),
    })),
  ];
  parts.sort((one, other) => one.at - other.at);
  for (const { part } of parts) {
    track.append(placed(part, axis, Number(part.dataset["from"]), Number(part.dataset["to"])));
  }
  const byClock = [...parts].sort(
    (one, other) => Number(one.part.dataset["from"]) - Number(other.part.dataset["from"]),
  );
  layOut(byClock.map(({ part }) => part));
  for (const { from, to, project } of day.agents ?? []) {
    const title = `Agents ${clock(from)}–${clock(to)}${project === undefined ? "" : ` on ${projectName(project)}`}`;
    const sign = make("span", { class: "agents", title }, make("span", { class: "unseen" }, title));
    track.append(placed(sign, axis, from, to));
  }
  if (editor) {
    for (const { block, part } of parts) {
      if (block && block.key !== undefined && block.billed === undefined && !isDoubled(block.time)) {
        letMove(part, track, day, block, axis);
      }
    }
  }
  const { today, clock: present } = state.shown;
  if (day.date === today && present >= (axis.pieces[0]?.from ?? 0) && present <= (axis.pieces.at(-1)?.to ?? 0)) {
    track.append(placed(make("span", { class: "now", title: `Now, ${clock(present)}` }), axis, present, present));
  }
  if (editor) {
    letDrag(track, day, axis);
  }
  const loose = blocks.filter((block) => block.from === undefined).map((block) => looseBlock(day, block));
  const isToday = day.date === today;
  return make(
    "section",
    { class: isToday ? "day today" : "day" },
    make(
      "h3",
      { "aria-current": isToday ? "date" : undefined },
      make("span", {}, date(day.date, { weekday: "short" })),
      make("span", { class: "number" }, date(day.date, { day: "numeric" })),
      make("span", { class: "month" }, date(day.date, { month: "short" })),
      make("span", { class: "sum" }, day.seconds > 0 && time(day.seconds)),
    ),
    track,
    loose.length > 0 && make("div", { class: "loose" }, ...loose),
  );
}

/**
 * Puts what meets on the clock side by side: time beside other time, and the two passes of a doubled hour.
 *
 * @param {HTMLElement[]} parts by their beginning
 */
function layOut(parts) {
  /** @type {HTMLElement[]} those that meet one another, directly or through a third */
  let cluster = [];
  /** @type {number[]} where each lane of the cluster is free again */
  let lanes = [];
  for (const part of parts) {
    const from = Number(part.dataset["from"]);
    if (lanes.every((end) => end <= from)) {
      [cluster, lanes] = [[], []];
    }
    const free = lanes.findIndex((end) => end <= from);
    const lane = free === -1 ? lanes.length : free;
    lanes[lane] = Number(part.dataset["to"]);
    cluster.push(styled(part, { "--lane": String(lane) }));
    for (const one of cluster) {
      styled(one, { "--lanes": String(lanes.length) });
    }
  }
}

/**
 * A block on the clock.
 *
 * @param {Day} day
 * @param {Block} block
 * @param {Axis} axis
 * @returns {HTMLElement}
 */
function clockBlock(day, block, axis) {
  const from = block.from ?? 0;
  // By the clock, a block of the doubled hour may end before it begins.
  const to = isDoubled(block.time) ? from + secondsOf(block) : (block.to ?? 0);
  const button = blockButton(day, block);
  button.dataset["from"] = String(from);
  button.dataset["to"] = String(to);
  const height = (heightAt(axis, to) - heightAt(axis, from)) * HOUR;
  button.classList.toggle("low", height < LOW);
  button.classList.toggle("tight", height >= LOW && height < TIGHT);
  button.classList.toggle("high", height > 2.6 * TIGHT);
  return button;
}

/**
 * Whether a time, as the timesheet shows it, begins or ends in the second pass of a doubled hour.
 *
 * @param {string | undefined} told
 * @returns {boolean}
 */
function isDoubled(told) {
  return /\db/.test(told ?? "");
}

/**
 * The place of a time in its day: the second pass of a doubled hour comes after the first, and before the next hour.
 *
 * @param {number} from
 * @param {string | undefined} told
 * @returns {number}
 */
function placeOf(from, told) {
  const hour = Math.floor(from / 3600) * 3600;
  return /^\+?\d+:\d+b/.test(told ?? "") ? hour + 3599 + (from - hour) / 3600 : from;
}

/**
 * A block that has no place on the clock: an entry without times, short visits.
 *
 * @param {Day} day
 * @param {Block} block
 * @returns {HTMLElement}
 */
function looseBlock(day, block) {
  return blockButton(day, block);
}

/**
 * @param {Day} day
 * @param {Block} block
 * @returns {HTMLElement}
 */
function blockButton(day, block) {
  const note = block.note ?? block.hint;
  const kinds = [
    "block",
    block.project === undefined && (block.private ? "private" : "unassigned"),
    block.free && "free",
    block.billed !== undefined && "billed",
    block.entry && "entry",
  ];
  const name = targetOf(block);
  const button = make(
    "button",
    {
      type: "button",
      class: kinds.filter(Boolean).join(" "),
      title: `${timeOf(block)} · ${time(secondsOf(block))}  ${name}${note === undefined ? "" : `  ${note}`}`,
      "aria-label": blockInWords(day, block),
      "data-day": day.date,
      "data-time": timeOf(block),
      click: () => {
        openBlock(day, block);
      },
    },
    make(
      "span",
      { class: "first" },
      make("span", { class: "name" }, name),
      " ",
      make("span", { class: "length" }, time(secondsOf(block))),
    ),
    " ",
    make("span", { class: "time" }, spanInWords(block)),
    " ",
    note !== undefined && make("span", { class: "note" }, note),
  );
  return coloured(button, block.project);
}

/**
 * When a block is, and that it is not billable: `09:02-10:47`.
 *
 * @param {Block} block
 * @returns {string}
 */
function spanInWords(block) {
  return `${timeOf(block)}${block.free ? " · not billable" : ""}`;
}

/**
 * All that a block shows, to be heard.
 *
 * @param {Day} day
 * @param {Block} block
 * @returns {string}
 */
function blockInWords(day, block) {
  // The visible text comes first and unchanged: voice control users say it to choose the block.
  const note = block.note ?? block.hint;
  const seen = [targetOf(block), time(secondsOf(block)), spanInWords(block), note]
    .filter((part) => part !== undefined)
    .join(" ");
  const billed = block.billed !== undefined && `billed ${state.shown.numbers[block.billed] ?? ""}`;
  const parts = [seen, date(day.date, LONG), billed];
  return parts.filter(Boolean).join(", ");
}

/**
 * Time at which nobody was seen.
 *
 * @param {Day} day
 * @param {Gap} gap
 * @param {Axis} axis
 * @returns {HTMLElement}
 */
function gap(day, [from, to, told], axis) {
  const length = time(told?.seconds ?? to - from);
  const words = `${date(day.date, LONG)}, ${told?.time ?? `${clock(from)}-${clock(to)}`}, away ${length}`;
  const label = make("span", { class: "name" }, `away ${length}`);
  const open = () => {
    openGap(day.date, from, to, told?.time);
  };
  const element = make("button", { type: "button", class: "gap", "aria-label": words, click: open }, label);
  element.dataset["from"] = String(from);
  element.dataset["to"] = String(to);
  element.dataset["day"] = day.date;
  element.classList.toggle("low", (heightAt(axis, to) - heightAt(axis, from)) * HOUR < LOW);
  return element;
}

/**
 * Arrows go from block to block: up and down through a day, left and right to what lies beside in the next.
 *
 * @param {KeyboardEvent} event
 */
function walk(event) {
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || !target.matches("button.block, button.gap")) {
    return;
  }
  const days = [...document.querySelectorAll(".calendar .day")].map((day) => [
    .../** @type {NodeListOf<HTMLElement>} */ (day.querySelectorAll("button.block, button.gap")),
  ]);
  const at = days.findIndex((day) => day.includes(target));
  const own = days[at] ?? [];
  /** @type {HTMLElement | undefined} */
  let next;
  if (key === "ArrowDown" || key === "ArrowUp") {
    next = own[own.indexOf(target) + (key === "ArrowDown" ? 1 : -1)];
  } else if (key === "ArrowRight" || key === "ArrowLeft") {
    const others = key === "ArrowRight" ? days.slice(at + 1) : days.slice(0, at).reverse();
    const middle = target.getBoundingClientRect().top;
    const beside = others.find((day) => day.length > 0) ?? [];
    /** @type {(one: HTMLElement) => number} */
    const far = (one) => Math.abs(one.getBoundingClientRect().top - middle);
    next = [...beside].sort((one, other) => far(one) - far(other))[0];
  } else if (key === "Home") {
    next = days.flat()[0];
  } else if (key === "End") {
    next = days.flat().at(-1);
  } else {
    return;
  }
  event.preventDefault();
  if (next) {
    target.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }
}
