/**
 * What VS Code gives a page that it shows; a browser gives nothing, and there the page is only looked at.
 *
 * @type {{ postMessage(message: unknown): void, setState(state: unknown): void, getState(): any } | undefined}
 */
const editor = "acquireVsCodeApi" in globalThis ? /** @type {any} */ (globalThis).acquireVsCodeApi() : undefined;

/** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
const waiting = new Map();
let questions = 0;

/**
 * Runs one of the host's commands, with the words that it takes in a shell.
 *
 * @param {string} name
 * @param {unknown[]} words
 * @returns {Promise<any>} what it answers: `{ text, data }`, or null where it asks first and tells later
 */
function run(name, ...words) {
  questions += 1;
  const id = questions;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    editor?.postMessage({ id, command: `keeptab.${name}`, arguments: words });
  });
}

addEventListener("message", (event) => {
  const { id, answer, error } = event.data ?? {};
  const question = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) {
    question?.resolve(answer);
  } else {
    question?.reject(new Error(String(error)));
  }
});

/** Whether the main button is down, and what waits for its end. */
const press = { held: false, waiting: /** @type {(() => void)[]} */ ([]) };

/** Ends the press; what waits goes on after all that its end does. */
function endPress() {
  press.held = false;
  for (const go of press.waiting.splice(0)) {
    setTimeout(go);
  }
}

// Another button may open a menu, and a window that loses the focus may never hear of the end.
addEventListener("pointerdown", (event) => (press.held = event.button === 0), true);
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, endPress, true);
}
// Not where the press itself takes the focus from another part of the page.
addEventListener("blur", ({ target }) => target === window && endPress(), true);
// It ended outside, unseen.
addEventListener("pointermove", ({ buttons }) => buttons === 0 && press.held && endPress(), true);

/** Shows what is in the ledger by now, of another week or range too. */
async function refresh() {
  const range = state.between ? [`--from=${state.between[0]}`, `--to=${state.between[1]}`] : [];
  const { data } = await run("dashboard", state.week, "--data", ...range);
  // A page that is drawn anew would take the pressed block away, and with it a drag or a click.
  if (press.held) {
    await new Promise((go) => press.waiting.push(() => go(undefined)));
  }
  if (data.week !== state.week) {
    return;
  }
  state.shown = unpacked(data);
  draw();
}

/**
 * Changes time, shows it, and says how it went, with what takes it back.
 *
 * @param {string} name
 * @param {string[]} words
 */
async function change(name, ...words) {
  const { text, told } = await run(name, ...words);
  await refresh();
  const undo = make("button", { type: "button", class: "quiet" }, "Undo");
  undo.addEventListener("click", () => {
    change("undo").catch(sayError);
  });
  say(sentence(told?.text ?? String(text)), told?.undo !== undefined && undo);
}

/** @param {unknown} error */
function sayError(error) {
  say(sentence(error instanceof Error ? error.message : String(error)));
}

/**
 * Makes a sentence of a message: a capital at its beginning, a stop at its end. A second line follows after a dash.
 *
 * @param {string} text
 * @returns {string}
 */
function sentence(text) {
  const line = text.trim().split("\n").join(" — ");
  const plain = line.charAt(0).toUpperCase() + line.slice(1);
  return /[.!?…]$/.test(plain) ? plain : `${plain}.`;
}
