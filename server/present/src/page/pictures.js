/**
 * Pictures of a range and of the months: hours by weekday, billable share, what an hour brought, languages and editors. Each
 * bar has its value as text.
 *
 * @returns {HTMLElement | undefined}
 */
function pictures() {
  const total = state.shown.totals.find((one) => rangeOf(one) === state.range) ?? state.shown.totals[0];
  if (!total) {
    return undefined;
  }
  const when = total.from !== null && total.to !== null ? dates(total.from, total.to) : "all time";
  const months = state.shown.totals.filter(({ kind }) => kind === "month").map(seen);
  const all = [weekdays(total, when), shares(months), ...rates(months), ...tools()].filter(isThere);
  if (all.length === 0) {
    return undefined;
  }
  return make(
    "section",
    { class: "pictures", "aria-labelledby": "pictures" },
    make("div", { class: "head" }, make("h2", { id: "pictures", tabindex: "-1" }, "Hours and rates")),
    make("div", { class: "grid" }, ...all),
  );
}

/** @typedef {{ label: string, part: number, text: string }} Bar */

/** Pixels of a row. */
const ROW = 22;

/**
 * Bars below one another. What is drawn is told as well.
 *
 * @param {string} title
 * @param {string} note
 * @param {Bar[]} bars each `part` from 0 to 1
 * @returns {HTMLElement | undefined}
 */
function barPicture(title, note, bars) {
  if (bars.length === 0) {
    return undefined;
  }
  const space = "http://www.w3.org/2000/svg";
  /** @type {(name: string, properties: Record<string, string | number>, text?: string) => SVGElement} */
  const draw = (name, properties, text = "") => {
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(properties)) {
      element.setAttribute(key, String(value));
    }
    element.textContent = text;
    return element;
  };
  const told = bars.map(({ label, text }) => `${label} ${text}`).join(", ");
  const svg = draw("svg", { class: "bars", role: "img", "aria-label": `${title}: ${told}`, height: bars.length * ROW });
  for (const [at, { label, part, text }] of bars.entries()) {
    const top = at * ROW;
    const bar = draw("rect", { class: "value", x: 104, y: top + 4, height: ROW - 9, rx: 2 });
    bar.style.setProperty("width", `calc((100% - 196px) * ${String(part)})`);
    svg.append(
      draw("text", { class: "label", x: 0, y: top + 15 }, label),
      draw("line", { class: "base", x1: 103.5, x2: 103.5, y1: top, y2: top + ROW }),
      bar,
      draw("text", { class: "figure", x: "100%", y: top + 15, "text-anchor": "end" }, text),
    );
  }
  return make("figure", {}, make("figcaption", {}, make("h3", {}, title), make("span", { class: "muted" }, note)), svg);
}

/**
 * @param {Total} total
 * @param {string} when
 * @returns {HTMLElement | undefined}
 */
function weekdays({ from, to }, when) {
  const sums = Array.from({ length: 7 }, () => ({ seconds: 0, days: 0 }));
  for (const [at, seconds] of daysSeen().entries()) {
    const day = dayAfter(state.shown.days.first, at);
    const sum = sums[at % 7];
    if (sum && seconds > 0 && (from === null || from <= day) && (to === null || day <= to)) {
      sum.seconds += seconds;
      sum.days += 1;
    }
  }
  const most = Math.max(...sums.map(({ seconds }) => seconds));
  const bars = sums.map(({ seconds }, at) => ({
    label: date(dayAfter(state.shown.days.first, at), { weekday: "long" }),
    part: seconds / Math.max(most, 1),
    text: seconds > 0 ? time(seconds) : "–",
  }));
  return most === 0 ? undefined : barPicture("Hours by weekday", when, bars);
}

/** @type {(total: Total) => string} */
const monthName = ({ from }) => date(from ?? "", { month: "short", year: "numeric" });

/**
 * @param {readonly Total[]} months
 * @returns {HTMLElement | undefined}
 */
function shares(months) {
  const bars = months.flatMap((total) => {
    const billable = sumUp(total.clients, (sum) => sum.billable ?? 0);
    const part = billable / Math.max(total.totalSeconds, 1);
    return total.totalSeconds === 0
      ? []
      : [{ label: monthName(total), part, text: `${String(Math.floor(100 * part))} %` }];
  });
  return barPicture("Billable share", "of all time of a month", bars.reverse());
}

/**
 * What an hour brought, by currency. The host reckons it; only the bars are drawn from it.
 *
 * @param {readonly Total[]} months
 * @returns {(HTMLElement | undefined)[]}
 */
function rates(months) {
  const currencies = [...new Set(months.flatMap(({ hourly = [] }) => hourly.map(({ currency }) => currency)))];
  return currencies.map((currency) => {
    const own = months.flatMap((total) => {
      const amount = total.hourly?.find((one) => one.currency === currency)?.amount;
      return amount === undefined ? [] : [{ label: monthName(total), amount }];
    });
    const most = Math.max(...own.map(({ amount }) => Number(amount)), 0.01);
    const bars = own.map(({ label, amount }) => ({
      label,
      part: Number(amount) / most,
      text: money(amount, currency),
    }));
    return barPicture("Effective hourly rate", "all time of clients, billable or not", bars.reverse());
  });
}

/** @type {Record<string, string>} */
const EDITORS = { vscode: "VS Code", nvim: "Neovim", browser: "Browser", lsp: "Other editors" };

/** @returns {(HTMLElement | undefined)[]} */
function tools() {
  const { from, to, rows } = state.shown.tools ?? { from: "", to: "", rows: [] };
  const own = rows.filter(({ project }) => isShown(project));
  const when = own.length === 0 ? "" : `as captured, ${dates(from, to)}`;
  const languages = own.map(({ language, seconds }) => ({ name: language ?? "none reported", seconds }));
  const editors = own.map(({ editor: name, seconds }) => ({ name: EDITORS[name] ?? name, seconds }));
  return [toolPicture("Languages", when, languages), toolPicture("Editors", when, editors)];
}

/** Tools that a picture shows; what is beyond is one bar. */
const SHOWN_TOOLS = 9;

/**
 * @param {string} title
 * @param {string} when
 * @param {{ name: string, seconds: number }[]} all
 * @returns {HTMLElement | undefined}
 */
function toolPicture(title, when, all) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { name, seconds } of all) {
    sums.set(name, (sums.get(name) ?? 0) + seconds);
  }
  const sorted = [...sums].filter(([, seconds]) => seconds > 0).sort(([, one], [, other]) => other - one);
  const rest = sumSeconds(sorted.slice(SHOWN_TOOLS).map(([, seconds]) => seconds));
  const shown = sorted.slice(0, SHOWN_TOOLS);
  if (rest > 0) {
    shown.push(["others", rest]);
  }
  const most = Math.max(...shown.map(([, seconds]) => seconds), 1);
  const bars = shown.map(([label, seconds]) => ({ label, part: seconds / most, text: time(seconds) }));
  return barPicture(title, when, bars);
}
