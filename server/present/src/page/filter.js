/**
 * The filter: a client, a project, or both. It stands in `state` by ids, so that it outlives a refresh, and in the address.
 *
 * @typedef {{ client?: string, project?: string }} Filter
 */

/**
 * The places of what the filter asks for. An id that nothing has is a place that nothing has.
 *
 * @returns {{ client: number | undefined, project: number | undefined }}
 */
function filtered() {
  const { client, project } = state.filter;
  return {
    client: client === undefined ? undefined : state.shown.clients.findIndex(({ id }) => id === client),
    project: project === undefined ? undefined : state.shown.projects.findIndex(({ id }) => id === project),
  };
}

/** @returns {boolean} */
function isFiltered() {
  return state.filter.client !== undefined || state.filter.project !== undefined;
}

/**
 * The clients of a project: the one of the config, and those that were billed for it.
 *
 * @param {number} place
 * @returns {(number | undefined)[]}
 */
function clientsOf(place) {
  const all = state.shown.totals.find(({ kind }) => kind === "all")?.projects ?? [];
  const billed = all.filter(({ project }) => project === place).map(({ client }) => client);
  return [state.shown.projects[place]?.client, ...billed];
}

/**
 * Whether time of a project, or of none, is shown. It is of the client that an invoice bills it to, as far as the page lists
 * that invoice, else of the project's client by the config.
 *
 * @param {number | undefined} place
 * @param {number} [billed] the place of the invoice's number
 * @returns {boolean}
 */
function isShown(place, billed) {
  const { client, project } = filtered();
  if (client === undefined && project === undefined) {
    return true;
  }
  if (place === undefined || (project !== undefined && place !== project)) {
    return false;
  }
  const number = billed === undefined ? undefined : state.shown.numbers[billed];
  const invoice = state.shown.invoices.list.find(({ name }) => name === number);
  return client === undefined || client === (invoice ?? state.shown.projects[place])?.client;
}

/**
 * The part of a range that the filter leaves.
 *
 * @param {Total} total
 * @returns {Total}
 */
function seen(total) {
  if (!isFiltered()) {
    return total;
  }
  const { client, project } = filtered();
  /** @type {(sum: Sum) => boolean} */
  const isOf = (sum) => client === undefined || sum.client === client;
  const projects = total.projects.filter((sum) => isOf(sum) && (project === undefined || sum.project === project));
  const clients = project === undefined ? total.clients.filter(isOf) : projects;
  const rates = clients.flatMap(({ hourly: amount, currency }) =>
    amount === undefined || currency === undefined ? [] : [{ amount, currency }],
  );
  // Two rates of one currency are no rate of both.
  const currencies = clients.flatMap(({ currency }) => currency ?? []);
  const hourly = new Set(currencies).size === currencies.length ? rates : [];
  const totalSeconds = sumUp(projects, ({ seconds }) => seconds);
  return { ...total, projects, clients, hourly, totalSeconds, unassignedSeconds: 0, privateSeconds: 0 };
}

/**
 * The week with the blocks that the filter leaves. Nobody is away from one project alone, so gaps are left out.
 *
 * @returns {Week | undefined}
 */
function weekSeen() {
  const week = weekShown();
  if (!week || !isFiltered()) {
    return week;
  }
  const days = week.days.map((day) => {
    const blocks = day.blocks?.filter(({ project, billed }) => isShown(project, billed)) ?? [];
    const agents = day.agents?.filter(({ project }) => isShown(project)) ?? [];
    const seconds = blocks.reduce((sum, block) => sum + secondsOf(block), 0);
    return {
      date: day.date,
      seconds,
      ...(blocks.length > 0 ? { blocks } : {}),
      ...(agents.length > 0 ? { agents } : {}),
    };
  });
  const total = state.shown.totals.find(({ kind, name }) => kind === "week" && name === week.week);
  const unbilled = total ? byCurrency(seen(total).clients, (sum) => sum.unbilled) : [];
  const seconds = days.reduce((sum, day) => sum + day.seconds, 0);
  return { ...week, days, seconds, unbilled };
}

/**
 * The seconds of each day that the filter leaves.
 *
 * @returns {readonly number[]}
 */
function daysSeen() {
  const { seconds, projects = [] } = state.shown.days;
  if (!isFiltered()) {
    return seconds;
  }
  const own = seconds.map(() => 0);
  for (const [, days] of projects.filter(([place]) => isShown(place))) {
    for (let at = 0; at < days.length; at += 2) {
      own[days[at] ?? 0] = (own[days[at] ?? 0] ?? 0) + (days[at + 1] ?? 0);
    }
  }
  return own;
}

/**
 * Whether an invoice of a client is shown. Invoices are a client's, so that a project shows those of its client.
 *
 * @param {number} place
 * @returns {boolean}
 */
function isBilledTo(place) {
  const { client, project } = filtered();
  return client === undefined ? project === undefined || clientsOf(project).includes(place) : client === place;
}

/**
 * What is shown, in words: `Acme Co · API development`.
 *
 * @returns {string}
 */
function filterInWords() {
  const { client, project } = filtered();
  const names = [
    client !== undefined && (clientName(client) || state.filter.client),
    project !== undefined && (state.shown.labels[project] ?? state.filter.project),
  ];
  return names.filter(Boolean).join(" · ");
}

/** @param {Filter} filter */
function setFilter(filter) {
  state.filter = filter;
  keepState();
  draw();
  filterFields?.update(true);
  say(isFiltered() ? `Only ${filterInWords()} is shown.` : "Everything is shown.");
}

/**
 * Finds what was typed among names and ids: all of one, else the only one with it.
 *
 * @param {string} typed
 * @param {{ id: string, names: string[] }[]} all
 * @returns {string | undefined} its id
 */
function named(typed, all) {
  const text = typed.trim().toLowerCase();
  /** @type {((name: string) => boolean)[]} */
  const ways = [(name) => name === text, (name) => name.startsWith(text), (name) => name.includes(text)];
  for (const way of ways) {
    const found = all.filter(({ id, names }) => [id, ...names].some((name) => way(name.toLowerCase())));
    if (found.length === 1) {
      return found[0]?.id;
    }
  }
  return undefined;
}

/**
 * The fields of the filter. They are made once: what is typed there stays while the page around is drawn anew, unless the
 * filter is set.
 *
 * @type {{ form: HTMLElement, update: (isSet: boolean) => void } | undefined}
 */
let filterFields;

/** @returns {{ form: HTMLElement, update: (isSet: boolean) => void }} */
function filterForm() {
  const wrong = make("p", { class: "wrong", role: "alert" });
  const sign = make("strong", { class: "only" });
  const clear = make("button", { type: "button", click: () => setFilter({}) }, "Show everything");
  const clients = filterField(
    "client",
    () => state.shown.clients.map(({ id }, place) => ({ id, names: [clientName(place)] })),
    wrong,
  );
  const projects = filterField(
    "project",
    () => {
      const { client } = filtered();
      const all = state.shown.projects.map(({ id, name }, place) => ({
        id,
        names: [projectName(place), name ?? id],
        place,
      }));
      return client === undefined ? all : all.filter(({ place }) => clientsOf(place).includes(client));
    },
    wrong,
  );
  const form = make(
    "form",
    {
      class: "filter",
      role: "search",
      "aria-label": "Filter",
      submit: (/** @type {Event} */ event) => {
        event.preventDefault();
      },
    },
    ...clients.parts,
    ...projects.parts,
    clear,
    sign,
    wrong,
  );
  return {
    form,
    update(isSet) {
      clients.update(isSet);
      projects.update(isSet);
      if (!form.querySelector("[aria-invalid]")) {
        wrong.textContent = "";
      }
      form.classList.toggle("on", isFiltered());
      clear.hidden = !isFiltered();
      sign.textContent = isFiltered() ? filterSign() : "";
    },
  };
}

/**
 * What the filter does. The sums by day and by tool do not know what was billed to whom.
 *
 * @returns {string}
 */
function filterSign() {
  const { client } = filtered();
  const isMoved = state.shown.projects.some((_, place) => {
    const own = clientsOf(place);
    return client !== undefined && own.includes(client) && own.some((other) => other !== client);
  });
  const more = isMoved ? " Days, languages and editors count a project for its present client." : "";
  return `Only ${filterInWords()} is shown.${more}`;
}

/**
 * @param {"client" | "project"} kind
 * @param {() => { id: string, names: string[] }[]} choices
 * @param {HTMLElement} wrong
 * @returns {{ parts: HTMLElement[], update: (isSet: boolean) => void }}
 */
function filterField(kind, choices, wrong) {
  const list = make("datalist", { id: `filter-${kind}s` });
  const field = make("input", {
    type: "text",
    list: `filter-${kind}s`,
    autocomplete: "off",
    placeholder: "All",
    "aria-label": `Only this ${kind}`,
  });
  const take = () => {
    const id = field.value.trim() === "" ? undefined : named(field.value, choices());
    field.toggleAttribute("aria-invalid", false);
    if (id === undefined && field.value.trim() !== "") {
      field.setAttribute("aria-invalid", "true");
      wrong.textContent = `No ${kind} alone is called “${field.value.trim()}”.`;
    } else if (id !== state.filter[kind]) {
      const next = { ...state.filter };
      delete next[kind];
      if (id !== undefined) {
        next[kind] = id;
      }
      // A project of somebody else gives way to its new client.
      if (kind === "client" && next.project && next.client && !isOfClient(next.project, next.client)) {
        delete next.project;
      }
      setFilter(next);
    }
  };
  field.addEventListener("change", take);
  field.addEventListener("input", () => {
    // What is chosen from the list is there at once, letter by letter it is not.
    if (field.value === "" || choices().some(({ names }) => names[0] === field.value)) {
      take();
    }
  });
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") {
      take();
    } else if (key === "Escape" && isFiltered()) {
      setFilter({});
    }
  });
  const label = make("label", {}, make("span", {}, kind === "client" ? "Client" : "Project"), field);
  return {
    parts: [label, list],
    update(isSet) {
      const own = choices();
      list.replaceChildren(...own.map(({ names }) => make("option", { value: names[0] ?? "" })));
      if (isSet || field !== document.activeElement) {
        const now = own.find(({ id }) => id === state.filter[kind]);
        field.value = now?.names[0] ?? state.filter[kind] ?? "";
        field.removeAttribute("aria-invalid");
      }
    },
  };
}

/**
 * @param {string} project
 * @param {string} client
 * @returns {boolean}
 */
function isOfClient(project, client) {
  const place = state.shown.projects.findIndex(({ id }) => id === project);
  return clientsOf(place).some((one) => one !== undefined && state.shown.clients[one]?.id === client);
}

/** Keeps the week, the view and the filter where a reload finds them: in the editor's state, or in the address. */
function keepState() {
  const { week, view, filter } = state;
  if (editor) {
    editor.setState({ week, view, filter });
    return;
  }
  const kept = new URLSearchParams();
  for (const [name, value] of Object.entries({
    week: week === state.shown.week ? undefined : week,
    view: view === "calendar" ? undefined : view,
    ...filter,
  })) {
    if (value !== undefined) {
      kept.set(name, value);
    }
  }
  const text = kept.toString();
  history.replaceState(null, "", text === "" ? location.pathname : `#${text}`);
}

/**
 * What was kept.
 *
 * @returns {{ week?: string, view?: string, filter?: Filter }}
 */
function keptState() {
  if (editor) {
    return editor.getState() ?? {};
  }
  const kept = new URLSearchParams(location.hash.slice(1));
  /** @type {(name: string) => string | undefined} */
  const get = (name) => kept.get(name) ?? undefined;
  const [week, view, client, project] = [get("week"), get("view"), get("client"), get("project")];
  return {
    ...(week === undefined ? {} : { week }),
    ...(view === undefined ? {} : { view }),
    filter: { ...(client === undefined ? {} : { client }), ...(project === undefined ? {} : { project }) },
  };
}

/** Takes over what was kept, as far as it makes sense. */
function restoreState() {
  const { week, view, filter = {} } = keptState();
  state.filter = filter;
  state.view = VIEWS.find((name) => name === view) ?? "calendar";
  if (week !== undefined && /^\d{4}-W\d\d$/.test(week) && week !== state.week) {
    if (editor) {
      // The host may answer late, or never.
      draw();
    }
    goTo(week);
  } else {
    draw();
  }
  filterFields?.update(true);
}
