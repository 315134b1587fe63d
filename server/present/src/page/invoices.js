/** @type {Record<string, string>} */
const STATES = { draft: "Drafts", owed: "Owed", overdue: "Overdue", paid: "Paid" };

/** @type {Record<string, string>} */
const STEPS = {
  show: "Its lines",
  issue: "To issue it",
  discard: "To discard it",
  send: "To send it",
  pay: "It was paid",
  cancel: "To cancel it",
};

/**
 * Invoices by what they wait for.
 *
 * @returns {HTMLElement}
 */
function invoices() {
  const sums = state.shown.invoices.sums.filter(({ client }) => isBilledTo(client));
  const list = state.shown.invoices.list.filter(({ client }) => isBilledTo(client));
  // The list has all invoices but older ones; a draft without an amount is in no sum.
  const listed = list.filter(({ amount }) => amount !== undefined).length;
  const older = isFiltered() ? sumUp(sums, ({ count }) => count) - listed : state.shown.invoices.older;
  const cards = Object.entries(STATES).map(([name, label]) => {
    const own = sums.filter((sum) => sum.state === name);
    const count = sumUp(own, (sum) => sum.count);
    return make(
      "div",
      { class: count > 0 ? name : "none" },
      make("dt", {}, label),
      make("dd", {}, monies(byCurrency(own, ({ amount }) => amount)) || "–"),
      make("dd", { class: "muted" }, count > 0 ? counted(count, "invoice") : "none"),
    );
  });
  const section = make(
    "section",
    { class: "invoices", "aria-labelledby": "invoices" },
    make(
      "div",
      { class: "head" },
      make("h2", { id: "invoices", tabindex: "-1" }, "Invoices"),
      editor && createButton(),
    ),
    make("dl", { class: "figures" }, ...cards),
    // An invoice is a client's, and may bill several projects.
    state.filter.project !== undefined && make("p", { class: "muted" }, "All invoices of the project's client."),
  );
  if (list.length > 0) {
    const head = ["Number", "", "Client", "Issued", "Due", "Total"];
    const body = list.map((invoice) => [
      make(
        "button",
        { type: "button", class: "quiet line", title: "Open, send, pay, cancel", click: () => openInvoice(invoice) },
        invoice.name,
      ),
      make("span", { class: `state ${invoice.state}` }, stateInWords(invoice)),
      clientName(invoice.client),
      invoice.issued === undefined ? "" : date(invoice.issued, FULL),
      dueInWords(invoice),
      invoice.open === undefined
        ? money(invoice.amount, invoice.currency)
        : `${money(invoice.open, invoice.currency)} of ${money(invoice.amount, invoice.currency)}`,
    ]);
    const all = table("Invoices, the newest first", head, body, [5]);
    // A head without a name is no head.
    all
      .querySelectorAll("th")
      .forEach((cell) => cell.textContent === "" && cell.append(make("span", { class: "unseen" }, "State")));
    section.append(make("div", { class: "scroll", role: "region", "aria-label": "Invoices", tabindex: "0" }, all));
  } else if (older === 0 && (isFiltered() || state.shown.unbilled.length > 0)) {
    section.append(
      make(
        "p",
        { class: "nothing" },
        `No invoices${isFiltered() ? ` for ${filterInWords()}` : ""} yet. `,
        !editor && command("keeptab invoice draft CLIENT"),
      ),
    );
  }
  if (older > 0) {
    section.append(
      make(
        "p",
        { class: "muted older" },
        `${counted(older, "older invoice")}${list.length > 0 ? " more" : ""}; `,
        command("keeptab invoice list"),
      ),
    );
  }
  return section;
}

/**
 * All that can be done to an invoice: asked in the editor; a page in a browser says the commands.
 *
 * @param {Invoice} invoice
 */
function openInvoice({ name, state: where }) {
  const which = name.replace(/^draft /, "");
  if (editor) {
    send("invoices", which);
    return;
  }
  const isDraft = which !== name;
  const steps = isDraft
    ? ["show", "issue", "discard"]
    : ["show", "send", ...(where === "paid" ? [] : ["pay"]), "cancel"];
  const lines = steps.map((step) => toDo(STEPS[step] ?? step, `keeptab invoice ${step} ${shell(which)}`));
  openDialog(name, ...howTo(...lines), closing());
}

/** @returns {HTMLElement} */
function createButton() {
  return make("button", { type: "button", click: () => send("invoice") }, "Create invoice…");
}

/**
 * Starts what asks in the editor and tells its outcome there.
 *
 * @param {string} name
 * @param {unknown[]} words
 */
function send(name, ...words) {
  run(name, ...words).catch(sayError);
}

/**
 * @param {Invoice} invoice
 * @returns {string}
 */
function stateInWords({ state: name, status }) {
  return name === "owed" || name === "paid" ? status.replace("-", " ") : name === "credit" ? "credit note" : name;
}

/**
 * @param {Invoice} invoice
 * @returns {string}
 */
function dueInWords({ due, days }) {
  if (due === undefined) {
    return "";
  }
  const day = date(due, FULL);
  if (days === undefined) {
    return day;
  }
  if (days < 0) {
    return `${day}, ${counted(-days, "day")} late`;
  }
  return days === 0 ? `${day}, today` : `${day}, in ${counted(days, "day")}`;
}
