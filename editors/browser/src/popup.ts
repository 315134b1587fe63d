/** The popup: the project of this page and its rule, today's totals, and the commands. */

import type { Wish } from "./protocol.ts";
import type { View, Wanted } from "./view.ts";

type Heard = View | { type: "answer"; ok: boolean; text: string };

const port = chrome.runtime.connect();
/** If the popup is opened as a page, the tab's id follows the #. */
const tab = Number.parseInt(location.hash.slice(1), 10);

function find<T extends HTMLElement>(selector: string, type: new () => T): T {
  const element = document.querySelector(selector);
  if (element instanceof type) {
    return element;
  }
  throw new Error(`the popup has no ${selector}`);
}

const trouble = find("#trouble", HTMLElement);
const verdict = find("#verdict", HTMLElement);
const why = find("#why", HTMLElement);
const form = find("#count", HTMLFormElement);
const scope = find("#scope", HTMLSelectElement);
const project = find("#project", HTMLSelectElement);
const answer = find("#answer", HTMLElement);
const today = find("#today", HTMLElement);
const table = find("table", HTMLTableElement);
const pause = find("#pause", HTMLButtonElement);
const unseen = find("#unseen", HTMLElement);
const weak = find("#weak", HTMLElement);
const allow = find("#allow", HTMLButtonElement);
let isPaused = false;
let origins: string[] = [];

function say(wanted: Wanted): void {
  port.postMessage(wanted);
}

function ask(wish: Wish): void {
  say({ type: "ask", wish });
}

/** Shows a text, or hides its place if there is none. */
function tell(place: HTMLElement, text: string | null | undefined): void {
  place.textContent = text ?? "";
  place.hidden = !text;
}

/** Offers choices, and keeps the present choice. */
function offer(select: HTMLSelectElement, choices: [value: string, label: string][]): void {
  const chosen = select.value;
  select.replaceChildren(...choices.map(([value, label]) => new Option(label, value, false, value === chosen)));
}

function show(view: View): void {
  const away =
    "Nothing is counted here: the program keeptab does not answer.\nRun `keeptab install browser` in a shell.";
  tell(
    trouble,
    view.isConnected ? (view.trouble ?? view.status?.reason) : `${away}\n(${view.trouble ?? "connecting"})`,
  );
  isPaused = view.status?.state === "paused";
  showPage(view);
  origins = view.unseen;
  const sites = origins.map((origin) => origin.replace(/^(\*|https?):\/\/|\/\*$/g, "").replace(/^\*$/, "all sites"));
  tell(
    weak,
    `Pages on ${sites.join(", ")} count no time by themselves: Keeptab may not see there that somebody types or points.`,
  );
  unseen.hidden = !view.isConnected || origins.length === 0;
  table.replaceChildren(...(view.status?.tooltip.split("\n") ?? []).map(row));
  today.hidden = !view.isConnected || table.rows.length === 0;
  pause.hidden = !view.isConnected;
  pause.textContent = isPaused ? "Go on tracking" : "Pause tracking, everywhere";
}

function showPage({ page, isConnected, projects }: View): void {
  const found = page?.verdict;
  form.hidden = !page || !isConnected || found?.kind === "private" || projects.length === 0;
  if (!page) {
    tell(verdict, "Not counted");
    tell(why, "This is no page on the web.");
    return;
  }
  if (found) {
    const isPrivate = found.kind === "private";
    tell(verdict, isPrivate ? "Private" : isPaused ? `Paused: ${found.project}` : found.project);
    tell(why, isPrivate ? `${found.glob} is ignored: no address is kept` : `by ${found.glob}`);
  } else {
    tell(verdict, "Not counted");
    tell(why, isConnected ? "No rule names this page. Its address does not leave the browser." : "");
  }
  offer(
    scope,
    page.scopes.map((address) => [address, address.replace(/^https?:\/\//, "")]),
  );
  offer(
    project,
    projects.map(({ id, name }) => [id, name === id ? id : `${id}  ${name}`]),
  );
}

/** A row of two times and their project; two leading spaces mark a client's project. */
function row(text: string): HTMLTableRowElement {
  const [, today = "", week = "", what = ""] = /^\s*(\S+)\s+(\S+)(?: {2}(.*))?$/.exec(text) ?? [];
  const line = document.createElement("tr");
  for (const cell of [today, week, what]) {
    line.insertCell().textContent = cell;
  }
  return line;
}

port.onMessage.addListener((heard: Heard) => {
  if (heard.type === "view") {
    show(heard);
  } else {
    tell(answer, heard.text);
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask({ count: { url: scope.value, project: project.value } });
});
allow.addEventListener("click", () => {
  // Browsers ask the person, and only after a click.
  void chrome.permissions.request({ origins }).then((isGranted) => {
    if (isGranted) {
      say({ type: "show", tab: Number.isNaN(tab) ? undefined : tab });
    }
  });
});
pause.addEventListener("click", () => {
  ask(isPaused ? "resume" : "pause");
});
say({ type: "show", tab: Number.isNaN(tab) ? undefined : tab });
