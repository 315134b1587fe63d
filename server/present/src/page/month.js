/**
 * A month: each day with its time, each week with its sum. A day or a week leads to the calendar of that week.
 *
 * @returns {HTMLElement}
 */
function monthView() {
  const seconds = daysSeen();
  const first = firstOfMonth();
  const days = monthDays(first);
  const most = Math.max(...seconds, 1);
  const rows = Array.from({ length: days.length / 7 }, (_, at) => {
    const week = days.slice(7 * at, 7 * at + 7);
    const sum = week.reduce((all, day) => all + timeOn(seconds, day), 0);
    const name = weekAfter(week[0] ?? first, 0);
    const isFuture = (week[0] ?? "") > state.shown.today;
    const number = `Week ${String(Number(name.slice(6)))}`;
    const words = `${number}, ${sum > 0 ? time(sum) : "no time"}`;
    const head = make(
      "button",
      { type: "button", class: "quiet", "aria-label": words, click: () => openWeek(name) },
      number,
    );
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, isFuture ? number : head),
      ...week.map((day) => make("td", {}, monthDay(day, first, timeOn(seconds, day), most))),
      make("td", { class: "number" }, sum > 0 && time(sum)),
    );
  });
  const names = days.slice(0, 7).map((day) => date(day, { weekday: "short" }));
  const head = ["Week", ...names, "Sum"].map((name, at) =>
    make("th", { scope: "col", class: at === 8 ? "number" : "" }, name),
  );
  const own = days.filter((day) => day.slice(0, 7) === first.slice(0, 7));
  const sum = own.reduce((all, day) => all + timeOn(seconds, day), 0);
  const caption = `${date(first, { month: "long", year: "numeric" })}, ${sum > 0 ? time(sum) : "no time"}`;
  const table = make(
    "table",
    { class: "days", keydown: walkMonth },
    make("caption", { class: "unseen" }, caption),
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...rows),
  );
  // One stop for the Tab key, at the shown week; arrows go on from there.
  const stops = [...table.querySelectorAll("button.date")];
  const week = mondayOf(state.week);
  const stop = stops.find((one) => (one.getAttribute("data-day") ?? "") >= week) ?? stops.at(-1);
  stops.forEach((one) => one.setAttribute("tabindex", one === stop ? "0" : "-1"));
  return make(
    "div",
    { class: "month-view" },
    monthHead(first, sum),
    make("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" }, table),
  );
}

/** The first day of the month that is shown: of today or the shown week's Thursday, unless another was chosen. */
function firstOfMonth() {
  const thursday = dayAfter(mondayOf(state.week), 3);
  const { today } = state.shown;
  return `${state.month ?? (thursday > today ? today : thursday).slice(0, 7)}-01`;
}

/**
 * @param {string} day
 * @param {number} later
 * @returns {string}
 */
function dayAfter(day, later) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + later * 86_400_000).toISOString().slice(0, 10);
}

/**
 * The first day of another month.
 *
 * @param {string} first
 * @param {number} later
 * @returns {string}
 */
function monthAfter(first, later) {
  const at = new Date(`${first}T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + later);
  return at.toISOString().slice(0, 10);
}

/**
 * The days of a month's weeks, whole weeks.
 *
 * @param {string} first
 * @returns {string[]}
 */
function monthDays(first) {
  const monday = mondayOf(weekAfter(first, 0));
  const last = dayAfter(monthAfter(first, 1), -1);
  const days = [];
  for (let day = monday; day <= last;) {
    for (let at = 0; at < 7; at += 1) {
      days.push(day);
      day = dayAfter(day, 1);
    }
  }
  return days;
}

/**
 * @param {readonly number[]} seconds
 * @param {string} day
 * @returns {number}
 */
function timeOn(seconds, day) {
  const at = (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${state.shown.days.first}T00:00:00Z`)) / 86_400_000;
  return seconds[at] ?? 0;
}

/**
 * @param {string} day
 * @param {string} first
 * @param {number} seconds
 * @param {number} most
 * @returns {HTMLElement}
 */
function monthDay(day, first, seconds, most) {
  const { today } = state.shown;
  const isOther = day.slice(0, 7) !== first.slice(0, 7);
  const kind = ["date", isOther && "other", day === today && "today"].filter(Boolean).join(" ");
  const parts = [
    make("span", { class: "number" }, String(Number(day.slice(8)))),
    " ",
    seconds > 0 && make("span", { class: "sum" }, time(seconds)),
  ];
  if (day > today) {
    return make("span", { class: kind }, ...parts);
  }
  const words = `${String(Number(day.slice(8)))}${seconds > 0 ? ` ${time(seconds)}` : ", no time"}, ${date(day, LONG)}`;
  return make(
    "button",
    {
      type: "button",
      class: kind,
      "aria-label": words,
      "aria-current": day === today ? "date" : undefined,
      "data-day": day,
      "data-shade": Math.ceil((SHADES * seconds) / most),
      click: () => openWeek(weekAfter(day, 0)),
    },
    ...parts,
  );
}

/** @param {string} week */
function openWeek(week) {
  state.view = "calendar";
  goTo(week);
}

/**
 * Steps between months, and a list of all that have time.
 *
 * @param {string} first
 * @param {number} sum
 * @returns {HTMLElement}
 */
function monthHead(first, sum) {
  /** @type {(label: string, sign: string, to: string) => HTMLElement} */
  const go = (label, sign, to) =>
    makeStep(label, sign, to > state.shown.today, () => showMonth(to, `[aria-label='${label}']`));
  const select = make("select", { "aria-label": "Month" });
  const months = monthsWithTime();
  const all = months.some(({ month }) => month === first) ? months : [{ month: first, seconds: sum }, ...months];
  for (const { month, seconds } of all) {
    const name = date(month, { month: "long", year: "numeric" });
    const text = `${name}${seconds > 0 ? ` · ${time(seconds)}` : ""}`;
    select.append(make("option", { value: month, selected: month === first }, text));
  }
  select.addEventListener("change", () => showMonth(select.value, "[aria-label='Month']"));
  return make(
    "div",
    { class: "head" },
    make(
      "div",
      { class: "which" },
      go("The month before", "‹", monthAfter(first, -1)),
      select,
      go("The month after", "›", monthAfter(first, 1)),
    ),
    make("strong", { class: "sum" }, sum > 0 ? time(sum) : "no time"),
  );
}

/**
 * The months from the first with time to the present one, the newest first.
 *
 * @returns {{ month: string, seconds: number }[]}
 */
function monthsWithTime() {
  const { first, seconds: all } = state.shown.days;
  const seconds = daysSeen();
  const begin = all.findIndex((one) => one > 0);
  /** @type {Map<string, number>} */
  const months = new Map();
  for (const [at, one] of seconds.entries()) {
    if (at >= begin && begin >= 0) {
      const month = `${dayAfter(first, at).slice(0, 7)}-01`;
      months.set(month, (months.get(month) ?? 0) + one);
    }
  }
  return [...months].map(([month, sum]) => ({ month, seconds: sum })).reverse();
}

/**
 * @param {string} first
 * @param {string} focus what has the focus then
 */
function showMonth(first, focus) {
  state.month = first.slice(0, 7);
  replace("week", weekSection());
  const there = document.querySelector(focus);
  focusOn(there?.matches(":disabled") ? "[aria-label='Month']" : focus);
  say(document.querySelector(".days caption")?.textContent ?? "");
}

/**
 * Arrows go from day to day, Page Up and Page Down from month to month.
 *
 * @param {KeyboardEvent} event
 */
function walkMonth(event) {
  const { target, key } = event;
  const day = target instanceof HTMLElement ? target.dataset["day"] : undefined;
  if (day === undefined) {
    return;
  }
  /** @type {Record<string, number>} */
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const first = firstOfMonth();
  let next = day;
  if (steps[key] !== undefined) {
    next = dayAfter(day, steps[key]);
  } else if (key === "PageUp" || key === "PageDown") {
    const month = monthAfter(first, (key === "PageUp" ? -1 : 1) * (event.shiftKey ? 12 : 1));
    const last = dayAfter(monthAfter(month, 1), -1);
    next = `${month.slice(0, 8)}${day.slice(8) < last.slice(8) ? day.slice(8) : last.slice(8)}`;
  } else {
    return;
  }
  event.preventDefault();
  const { today } = state.shown;
  next = next > today ? today : next;
  const selector = `.days [data-day="${next}"]`;
  if (next.slice(0, 7) !== first.slice(0, 7) || !document.querySelector(selector)) {
    showMonth(next, selector);
  }
  document.querySelectorAll(".days button.date").forEach((one) => {
    one.setAttribute("tabindex", one.getAttribute("data-day") === next ? "0" : "-1");
  });
  focusOn(selector);
}
