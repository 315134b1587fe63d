/** Milliseconds after which a page that is looked at again asks for what is new. */
const STALE = 20_000;

/**
 * Draws all of it; what has the focus has it again, where it is still there. A button that leads no further leaves the focus
 * to the heading of the week.
 */
function draw() {
  const focused = document.activeElement;
  drawAll();
  if (focused && focused !== document.body && !focused.isConnected) {
    const [label, text] = [focused.getAttribute("aria-label"), focused.textContent];
    const same = [...document.querySelectorAll(`#page ${focused.localName}`)].find((one) =>
      label === null ? one.textContent === text : one.getAttribute("aria-label") === label,
    );
    if (same instanceof HTMLElement && !same.matches(":disabled")) {
      same.focus();
    } else {
      focusOn("#week");
    }
  }
  sayWeek();
}

/** The week that was said last. */
let saidWeek = "";

/** Says which week is shown, to ears too, once it is another one. */
function sayWeek() {
  if (saidWeek !== "" && saidWeek !== state.week) {
    const week = weekSeen();
    const sum = week && week.seconds > 0 ? time(week.seconds) : "no time";
    const more = week ? `${dates(week.first, week.last)}: ${sum}` : "which this page does not have";
    say(`Week ${String(Number(state.week.slice(6)))}, ${more}.`);
  }
  saidWeek = state.week;
}

function drawAll() {
  const page = document.getElementById("page");
  const all = state.shown.totals.find(({ kind }) => kind === "all");
  const hasTime = (all?.totalSeconds ?? 0) > 0 || (all?.privateSeconds ?? 0) > 0;
  const hasAny = hasTime || state.shown.invoices.list.length > 0;
  document.title = `Keeptab ${state.week}`;
  if (!page) {
    return;
  }
  if (!hasAny) {
    page.replaceChildren(header(false), make("main", {}, welcome()));
    return;
  }
  const parts = [weekSection(), totals(), budgets(), pictures(), trend(), invoices()].filter(isThere);
  const [head, main, foot] = [header(true), make("main", {}, ...parts), footer()];
  filterFields ??= filterForm();
  filterFields.update(false);
  // The fields stay where they are: what has the focus there, or goes there, keeps it.
  if (filterFields.form.parentElement === page) {
    page.querySelector("header")?.replaceWith(head);
    page.querySelector("main")?.replaceWith(main);
    page.querySelector("footer")?.replaceWith(foot);
  } else {
    page.replaceChildren(head, filterFields.form, main, foot);
  }
}

/** The parts that the page's links lead to. */
const PARTS = { totals: "Totals", pictures: "Hours and rates", trend: "Months", invoices: "Invoices" };

/**
 * @param {boolean} hasAny
 * @returns {HTMLElement}
 */
function header(hasAny) {
  const { business, unbilled, invoices: board } = state.shown;
  /** @type {(name: string) => Child} */
  const owed = (name) =>
    monies(
      byCurrency(
        board.sums.filter((sum) => sum.state === name && isBilledTo(sum.client)),
        ({ amount }) => amount,
      ),
    );
  const links = Object.entries(PARTS).map(([name, label]) => {
    // The address keeps the filter, so that a link to a part of the page is not followed there.
    const click = (/** @type {Event} */ event) => {
      event.preventDefault();
      document.getElementById(name)?.scrollIntoView();
      focusOn(`#${name}`);
    };
    return make("a", { href: `#${name}`, click }, label);
  });
  const all = state.shown.totals.find(({ kind }) => kind === "all");
  const open = isFiltered() && all ? byCurrency(seen(all).clients, (sum) => sum.unbilled) : unbilled;
  const overdue = owed("overdue");
  const isOfProject = state.filter.project !== undefined;
  return make(
    "header",
    {},
    make(
      "div",
      { class: "title" },
      make("h1", {}, "Keeptab"),
      business !== null && make("span", { class: "muted" }, business),
    ),
    hasAny && make("nav", { "aria-label": "On this page" }, ...links),
    hasAny &&
      make(
        "dl",
        { class: "figures top" },
        ...figure("To be billed", monies(open) || "–"),
        // An invoice may bill several projects.
        ...(isOfProject ? [] : figure("Owed", owed("owed") || "–")),
        // These are not kept by client.
        ...(board.credit && !isFiltered() ? figure("Credit", monies(board.credit)) : []),
        ...(board.discounts && !isFiltered() ? figure("Discounts taken", monies(board.discounts)) : []),
        ...(board.writtenOff && !isFiltered() ? figure("Written off", monies(board.writtenOff)) : []),
        ...(overdue && !isOfProject ? figure("Overdue", make("span", { class: "overdue" }, overdue)) : []),
      ),
  );
}

/** @returns {HTMLElement} */
function weekSection() {
  const week = weekSeen();
  const section = make("section", { class: "week", "aria-labelledby": "week" }, weekHead(week));
  if (state.view === "month") {
    section.append(monthView());
    return section;
  }
  if (!week) {
    section.append(
      make("p", { class: "nothing" }, "This page does not have that week. "),
      command(`keeptab dashboard ${state.week}`),
    );
    return section;
  }
  const calendarView = calendar(week);
  const tableView = weekTable(week);
  const isTable = state.view === "table";
  (isTable ? calendarView : tableView).classList.add("unseen");
  if (isTable) {
    calendarView.setAttribute("inert", "");
  }
  section.append(calendarView, tableView);
  const folds = !isTable && foldsInWords(axisOf(week));
  if (folds) {
    section.append(folds);
  }
  if (week.seconds === 0) {
    const whose = isFiltered() ? ` of ${filterInWords()}` : "";
    section.append(make("p", { class: "nothing" }, `No time${whose} in this week.`));
  } else {
    section.append(weekLegend(week));
  }
  if (week.doubts) {
    section.append(doubts(week.doubts));
  }
  return section;
}

/**
 * @param {Week | undefined} week
 * @returns {HTMLElement}
 */
function weekHead(week) {
  /** @type {(label: string, sign: string, name: string) => HTMLElement} */
  const go = (label, sign, name) => makeStep(label, sign, name > present, () => goTo(name));
  const { present } = state.shown;
  const views = VIEWS.map((view) =>
    make(
      "button",
      {
        type: "button",
        "aria-pressed": String(view === state.view),
        click: () => {
          state.view = view;
          state.month = undefined;
          keepState();
          replace("week", weekSection());
          focusOn("#week-views [aria-pressed='true']");
        },
      },
      view.charAt(0).toUpperCase() + view.slice(1),
    ),
  );
  const add =
    editor &&
    week &&
    make("button", { type: "button", click: () => openGap(dayToAddTo(week), 9 * 3600, 10 * 3600) }, "Add time…");
  const text = editor && make("button", { type: "button", click: () => send("review", state.week) }, "Open as text");
  return make(
    "div",
    { class: "head" },
    make(
      "div",
      { class: "which" },
      make("h2", { id: "week", tabindex: "-1" }, `Week ${String(Number(state.week.slice(6)))}`),
      go("The week before", "‹", weekAfter(mondayOf(state.week), -7)),
      go("The week after", "›", weekAfter(mondayOf(state.week), 7)),
      state.week !== present &&
        make("button", { type: "button", class: "quiet", click: () => goTo(present) }, "This week"),
      make("input", {
        type: "date",
        class: "day",
        "aria-label": "The week of a day",
        title: "The week of a day",
        value: week?.first ?? mondayOf(state.week),
        max: state.shown.today,
        change: (/** @type {Event} */ event) => {
          const day = event.target instanceof HTMLInputElement ? event.target.value : "";
          // A year that is being typed is no year yet.
          if (day > "1970" && day <= state.shown.today) {
            goTo(weekAfter(day, 0));
          }
        },
      }),
    ),
    week &&
      make(
        "p",
        { class: "sum" },
        make("span", { class: "muted" }, dates(week.first, week.last)),
        make("strong", {}, time(week.seconds)),
        week.unbilled.length > 0 && make("span", {}, `${monies(week.unbilled)} to be billed`),
      ),
    make(
      "div",
      { class: "tools" },
      add,
      text,
      make("div", { id: "week-views", class: "choice", role: "group", "aria-label": "Time as" }, ...views),
    ),
  );
}

/**
 * @param {Week} week
 * @returns {string}
 */
function dayToAddTo({ first, last }) {
  const { today } = state.shown;
  return first <= today && today <= last ? today : first;
}

/**
 * @param {Week} week
 * @returns {HTMLElement}
 */
function weekLegend(week) {
  const blocks = week.days.flatMap((day) => day.blocks ?? []);
  const places = [...new Set(blocks.flatMap(({ project }) => project ?? []))].sort((one, other) => one - other);
  /** @type {(kind: string, label: string) => HTMLElement} */
  const key = (kind, label) => make("li", {}, make("span", { class: `swatch ${kind}` }), label);
  /** @type {HTMLElement[]} */
  const keys = places.map((place) =>
    make("li", {}, coloured(make("span", { class: "swatch" }), place), projectName(place)),
  );
  const has = {
    unassigned: blocks.some(({ project, private: hidden }) => project === undefined && !hidden),
    private: blocks.some((block) => block.private),
    gap: week.days.some(({ gaps }) => gaps),
    agents: week.days.some(({ agents }) => agents),
  };
  keys.push(
    ...(has.unassigned ? [key("none", "unassigned")] : []),
    ...(has.private ? [key("hidden", "private")] : []),
    ...(has.gap ? [key("away", "away")] : []),
    ...(has.agents ? [key("agents", "agents at work")] : []),
  );
  const how =
    editor &&
    make(
      "p",
      { class: "muted how" },
      "Arrow keys go from block to block, Enter opens one. Drag over empty time to add some, a block to move it, its edge to resize it.",
    );
  return make("div", { class: "below" }, make("ul", { class: "legend" }, ...keys), how);
}

/**
 * @param {readonly Doubt[]} list
 * @returns {HTMLElement}
 */
function doubts(list) {
  const items = list.map((doubt) => {
    const isGap = doubt.about === "away" || doubt.about === "agents";
    const open = () => {
      if (isGap) {
        openGap(doubt.day, doubt.from, doubt.to, doubt.time);
      } else {
        const day = weekShown()?.days.find(({ date: one }) => one === doubt.day);
        const block = day?.blocks?.find(({ from, to }) => (from ?? Infinity) <= doubt.from && doubt.from < (to ?? 0));
        if (day && block) {
          openBlock(day, block);
        }
      }
    };
    return make("li", {}, make("button", { type: "button", class: "quiet line", click: open }, doubt.text));
  });
  const summary = make(
    "summary",
    {},
    `${counted(list.length, "thing")} to look at before ${isFiltered() ? "the whole week" : "it"} is billed`,
  );
  return make("details", { class: "doubts" }, summary, make("ul", {}, ...items));
}

/** @returns {HTMLElement} */
function footer() {
  const { madeAt, timeZone } = state.shown;
  const made = new Date(madeAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone });
  const again = editor
    ? make("button", { type: "button", class: "quiet", click: () => void refresh().catch(sayError) }, "Refresh")
    : command(`keeptab dashboard`);
  return make("footer", {}, make("span", {}, `As of ${made}, ${timeZone}. `), again);
}

/**
 * Shows another week: what the page has, or what the host answers.
 *
 * @param {string} week
 */
function goTo(week) {
  state.week = week;
  state.month = undefined;
  state.range = `week ${week}`;
  keepState();
  if (editor && !weekShown()) {
    refresh().catch(sayError);
  } else {
    draw();
  }
}

/**
 * @param {string} week
 * @returns {string}
 */
function mondayOf(week) {
  const [year = 0, number = 1] = week.split("-W").map(Number);
  // The fourth of January is always in the first week.
  const fourth = Date.UTC(year, 0, 4);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  return new Date(fourth + ((number - 1) * 7 - weekday) * 86_400_000).toISOString().slice(0, 10);
}

/**
 * Names the week of a day, so many days later, by ISO 8601.
 *
 * @param {string} day
 * @param {number} later
 * @returns {string}
 */
function weekAfter(day, later) {
  const at = new Date(Date.parse(`${day}T00:00:00Z`) + later * 86_400_000);
  at.setUTCDate(at.getUTCDate() + 3 - ((at.getUTCDay() + 6) % 7));
  const first = Date.UTC(at.getUTCFullYear(), 0, 4);
  const weekday = (new Date(first).getUTCDay() + 6) % 7;
  const number = 1 + Math.round((at.getTime() - first) / 86_400_000 / 7 + (weekday - 3) / 7);
  return `${String(at.getUTCFullYear())}-W${String(number).padStart(2, "0")}`;
}

/**
 * Puts a section in the place of the one that a heading names.
 *
 * @param {string} heading
 * @param {HTMLElement} section
 */
function replace(heading, section) {
  document.getElementById(heading)?.closest("section")?.replaceWith(section);
}

/** @param {string} selector */
function focusOn(selector) {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement) {
    element.focus();
  }
}

state.week = state.shown.week;
state.range = state.shown.totals.some(({ kind }) => kind === "range") ? "range range" : `week ${state.week}`;
restoreState();

if (editor) {
  // Work goes on while nobody looks at the page.
  addEventListener("focus", () => {
    if (Date.now() - state.shown.madeAt > STALE && !document.querySelector("dialog")) {
      refresh().catch(sayError);
    }
  });
} else {
  addEventListener("hashchange", restoreState);
}
