/** @typedef {Node | string | number | false | undefined | null} Child */

/**
 * Makes an element. Properties are attributes, but for those that are functions, which listen; children that are texts
 * stay texts, whatever stands in them.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | number | boolean | undefined | ((event: any) => void)>} properties
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") {
      element.addEventListener(key, value);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, String(value));
    }
  }
  element.append(...children.filter(isThere));
  return element;
}

/**
 * Makes a small button that goes to the week or month before or after. Its label is read out in the place of its sign.
 *
 * @param {string} label
 * @param {string} sign
 * @param {boolean} disabled
 * @param {() => void} click
 * @returns {HTMLElement}
 */
function makeStep(label, sign, disabled, click) {
  const properties = { type: "button", class: "quiet", "aria-label": label, title: label, disabled, click };
  return make("button", properties, sign);
}

/**
 * @param {Child} child
 * @returns {child is Node | string}
 */
function isThere(child) {
  return child !== undefined && child !== null && child !== false && child !== "";
}

/**
 * Gives an element a place or size that depends on data; the page's policy allows no style attributes.
 *
 * @template {HTMLElement} E
 * @param {E} element
 * @param {Record<string, string>} style
 * @returns {E}
 */
function styled(element, style) {
  for (const [name, value] of Object.entries(style)) {
    element.style.setProperty(name, value);
  }
  return element;
}

/**
 * Makes a table. Cells of the columns in `numbers` are aligned to the right.
 *
 * @param {string} caption
 * @param {string[]} head
 * @param {Child[][]} rows
 * @param {number[]} numbers
 * @returns {HTMLTableElement}
 */
function table(caption, head, rows, numbers = []) {
  /** @type {(at: number) => string} */
  const kind = (at) => (numbers.includes(at) ? "number" : "");
  const cells = head.map((name, at) => make("th", { scope: "col", class: kind(at) }, name));
  const body = rows.map((row) => make("tr", {}, ...row.map((cell, at) => make("td", { class: kind(at) }, cell))));
  return make(
    "table",
    {},
    make("caption", { class: "unseen" }, caption),
    make("thead", {}, make("tr", {}, ...cells)),
    make("tbody", {}, ...body),
  );
}

/**
 * A command to be typed in a shell, with a button that copies it.
 *
 * @param {string} text
 * @returns {HTMLElement}
 */
function command(text) {
  const copy = make("button", { type: "button", class: "quiet", "aria-label": `Copy ${text}` }, "Copy");
  copy.addEventListener("click", () => {
    navigator.clipboard.writeText(text).then(
      () => say("Copied."),
      () => say("This page may not copy here; the text can be selected."),
    );
  });
  return make("span", { class: "command" }, make("code", {}, text), copy);
}

/**
 * Says how something went, to eyes and ears. What can be taken back has a button for that.
 *
 * @param {string} text
 * @param {Child[]} more
 */
function say(text, ...more) {
  document.getElementById("said")?.replaceChildren(make("span", {}, text), ...more.filter(isThere));
}
