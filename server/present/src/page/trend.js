/**
 * The months as bars, and the year day by day.
 *
 * @returns {HTMLElement}
 */
function trend() {
  const months = state.shown.totals.filter(({ kind }) => kind === "month").map(seen);
  const units = [
    "hours",
    ...new Set(months.flatMap(({ projects }) => projects.flatMap(({ currency }) => currency ?? []))),
  ];
  const unit = units.includes(state.unit) ? state.unit : "hours";
  const choice = units.map((name) =>
    make(
      "button",
      {
        type: "button",
        "aria-pressed": String(name === unit),
        click: () => {
          state.unit = name;
          replace("trend", trend());
          focusOn("#trend-units [aria-pressed='true']");
        },
      },
      name === "hours" ? "Hours" : name,
    ),
  );
  return make(
    "section",
    { class: "trend", "aria-labelledby": "trend" },
    make(
      "div",
      { class: "head" },
      make("h2", { id: "trend", tabindex: "-1" }, "Months"),
      make(
        "div",
        { id: "trend-units", class: "choice", role: "group", "aria-label": "What the bars count" },
        ...choice,
      ),
    ),
    monthBars(months, unit),
    monthTable(months),
    make("h3", {}, "Day by day"),
    year(),
  );
}

/**
 * How long a part of a bar is. Only the drawing reckons with an amount; what is shown is the host's text.
 *
 * @param {Sum} sum
 * @param {string} unit
 * @returns {number}
 */
function extent(sum, unit) {
  return unit === "hours" ? sum.seconds / 3600 : sum.currency === unit ? Number(sum.amount ?? 0) : 0;
}

/**
 * @param {readonly Total[]} months
 * @param {string} unit
 * @returns {HTMLElement}
 */
function monthBars(months, unit) {
  /** @type {(total: Total) => number} */
  const unassigned = (total) => (unit === "hours" ? total.unassignedSeconds / 3600 : 0);
  const heights = months.map((total) => sumUp(total.projects, (sum) => extent(sum, unit)) + unassigned(total));
  const most = Math.max(...heights, 1);
  const step = roundStep(most);
  const top = Math.ceil(most / step) * step;
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, at) => {
    const value = at * step;
    return styled(make("span", { class: "line" }, make("span", {}, String(value).replace(/\B(?=(\d{3})+$)/g, ","))), {
      "--share": String(value / top),
    });
  });
  const bars = months.map((total, at) => {
    const parts = total.projects
      .filter((sum) => extent(sum, unit) > 0)
      .sort((one, other) => (one.project ?? 0) - (other.project ?? 0))
      .map((sum) =>
        styled(coloured(make("span", { class: "part" }), sum.project), {
          height: `${String((100 * extent(sum, unit)) / top)}%`,
        }),
      );
    if (unassigned(total) > 0) {
      parts.push(
        styled(make("span", { class: "part none" }), { height: `${String((100 * unassigned(total)) / top)}%` }),
      );
    }
    const height = heights[at] ?? 0;
    const label = unit === "hours" ? time(total.totalSeconds) : Math.round(height).toLocaleString("en");
    const month = total.from ?? "";
    return make(
      "div",
      { class: "month", title: `${date(month, { month: "long", year: "numeric" })}: ${label}` },
      make(
        "span",
        { class: "parts" },
        height > 0 && styled(make("span", { class: "value" }, label), { bottom: `${String((100 * height) / top)}%` }),
        ...parts.reverse(),
      ),
      make(
        "span",
        { class: "label" },
        date(month, { month: "short" }),
        make("span", { class: "year" }, date(month, { year: "2-digit" })),
      ),
    );
  });
  const name = `${unit === "hours" ? "Hours" : unit} by month; the table below has the figures`;
  const places = [...new Set(months.flatMap(({ projects }) => projects.flatMap(({ project }) => project ?? [])))];
  const keys = places
    .sort((one, other) => one - other)
    .map((place) => make("li", {}, coloured(make("span", { class: "swatch" }), place), projectName(place)));
  return make(
    "div",
    {},
    make("div", { class: "months", role: "img", "aria-label": name }, ...lines, ...bars),
    make("ul", { class: "legend" }, ...keys),
  );
}

/**
 * The distance of the lines behind the bars: 1, 2 or 5 with noughts, so that there are about four.
 *
 * @param {number} most
 * @returns {number}
 */
function roundStep(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return Math.max([1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? power, 1);
}

/**
 * @param {readonly Total[]} months
 * @returns {HTMLElement}
 */
function monthTable(months) {
  const rows = [...months]
    .reverse()
    .map((total) => [
      date(total.from ?? "", { month: "long", year: "numeric" }),
      time(total.totalSeconds),
      monies(byCurrency(total.clients, ({ amount }) => amount)),
      monies(byCurrency(total.clients, ({ unbilled }) => (isNothing(unbilled) ? undefined : unbilled))),
    ]);
  const head = ["Month", "Time", "Amount", "To be billed"];
  return make(
    "details",
    {},
    make("summary", {}, "The months as a table"),
    make(
      "div",
      { class: "scroll", role: "region", "aria-label": "Months", tabindex: "0" },
      table("Months", head, rows, [1, 2, 3]),
    ),
  );
}

/**
 * Amounts by currency, added up as whole numbers of their smallest unit, so that no cent is lost.
 *
 * @template {{ currency?: string }} S
 * @param {readonly S[]} sums
 * @param {(sum: S) => string | undefined} part
 * @returns {Money[]}
 */
function byCurrency(sums, part) {
  /** @type {Map<string, { units: bigint, decimals: number }>} */
  const found = new Map();
  for (const sum of sums) {
    const amount = part(sum);
    if (amount !== undefined && sum.currency !== undefined) {
      const [whole = "0", cents = ""] = amount.split(".");
      const before = found.get(sum.currency)?.units ?? 0n;
      found.set(sum.currency, { units: before + BigInt(whole + cents), decimals: cents.length });
    }
  }
  return [...found].map(([currency, { units, decimals }]) => {
    const digits = String(units).padStart(decimals + 1, "0");
    const whole = digits.slice(0, digits.length - decimals);
    return { currency, amount: decimals === 0 ? whole : `${whole}.${digits.slice(digits.length - decimals)}` };
  });
}

/** The weeks of the year day by day. */
const WEEKS = 53;
/** How many shades there are above none. */
const SHADES = 5;

/**
 * Each day of the year as a square, darker for more time.
 *
 * @returns {HTMLElement}
 */
function year() {
  const all = daysSeen();
  // The last year of it, from a Monday on.
  const start = Math.max(0, Math.ceil(all.length / 7) - WEEKS) * 7;
  const seconds = all.slice(start);
  const first = dayAfter(state.shown.days.first, start);
  /** @type {(at: number) => string} */
  const dayAt = (at) => new Date(Date.parse(`${first}T00:00:00Z`) + at * 86_400_000).toISOString().slice(0, 10);
  const worked = seconds.filter((one) => one > 0);
  const most = Math.max(...seconds, 1);
  const cells = seconds.map((one, at) => {
    const day = dayAt(at);
    const shade = Math.ceil((SHADES * one) / most);
    return make("span", {
      class: "cell",
      "data-shade": shade,
      "data-day": day,
      title: `${date(day, SHORT)} ${time(one)}`,
    });
  });
  /** @type {HTMLElement[]} */
  const names = [];
  for (let at = 0; at < seconds.length; at += 7) {
    const day = dayAt(at);
    if (day.slice(8) <= "07") {
      names.push(styled(make("span", {}, date(day, { month: "short" })), { "grid-column": String(at / 7 + 1) }));
    }
  }
  const average = worked.length > 0 ? `, ${time(sumSeconds(worked) / worked.length)} each on average` : "";
  const words = `${counted(worked.length, "day")} with time since ${date(first, FULL)}${average}`;
  const grid = make("div", { class: "cells" }, ...cells);
  grid.addEventListener("click", (event) => {
    const day = event.target instanceof HTMLElement ? event.target.dataset["day"] : undefined;
    const week = state.shown.totals.find(
      ({ kind, from, to }) => kind === "week" && day !== undefined && (from ?? "") <= day && day <= (to ?? ""),
    );
    if (week) {
      goTo(week.name);
    }
  });
  return make(
    "div",
    { class: "yearly" },
    make(
      "div",
      { class: "year-scroll", role: "region", "aria-label": "The year, day by day", tabindex: "0" },
      make("div", { role: "img", "aria-label": words }, make("div", { class: "names" }, ...names), grid),
    ),
    make("p", { class: "muted" }, `${words}.`),
    byDay(seconds, dayAt),
  );
}

/**
 * The same as a list, for whoever has no mouse to point with: each day with time, the newest first.
 *
 * @param {number[]} seconds
 * @param {(at: number) => string} dayAt
 * @returns {HTMLElement}
 */
function byDay(seconds, dayAt) {
  const details = make("details", { class: "by-day" }, make("summary", {}, "The days as a table"));
  // A year has hundreds of rows, and most people never open them.
  details.addEventListener(
    "toggle",
    () => {
      const days = seconds.map((one, at) => ({ one, day: dayAt(at) })).filter(({ one }) => one > 0);
      const rows = days.reverse().map(({ one, day }) => [date(day, { weekday: "short" }), date(day, FULL), time(one)]);
      const all = table("Time, day by day", ["Weekday", "Day", "Time"], rows, [2]);
      details.append(make("div", { class: "scroll", role: "region", "aria-label": "Day by day", tabindex: "0" }, all));
    },
    { once: true },
  );
  return details;
}

/** @param {number[]} seconds */
function sumSeconds(seconds) {
  return seconds.reduce((sum, one) => sum + one, 0);
}
