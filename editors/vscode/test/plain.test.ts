/** Foreign texts are shown plainly. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { plain } from "../src/plain.ts";

/** Texts that VS Code turns into a link in messages and questions, and into an icon in lists. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;
const CONTROLS = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

test("no text is a link, a picture or a control, and none loses a letter", () => {
  const parts = [
    "[",
    "]",
    "(",
    ")",
    "$",
    "\\",
    "a",
    "command:x",
    "https://x",
    " ",
    "\n",
    "\t",
    "\x1b",
    "\x9b",
    "\u202e",
    "\u2066",
  ];
  const total = 4096;
  for (let seed = 0; seed < total; seed++) {
    let rest = seed * 2654435761;
    let text = "";
    for (let length = 0; length < 8; length++) {
      text += parts[rest % parts.length] ?? "";
      rest = Math.floor(rest / parts.length) + seed;
    }
    const shown = plain(text);
    for (const mark of [LINK, ICON, CONTROLS]) {
      assert.doesNotMatch(shown, mark, JSON.stringify(text));
    }
    const letters = Array.from(text, (letter) =>
      CONTROLS.test(letter) ? `\\u{${letter.charCodeAt(0).toString(16)}}` : letter,
    ).join("");
    assert.equal(shown.replaceAll("\u2060", ""), letters);
  }
});

test("a plain text stays as it is", () => {
  for (const text of ["acme/api", "2 hours (1 of Acme's)", "a [b] c", "€ 95.00", "שלום", "line\n\tline"]) {
    assert.equal(plain(text), text);
  }
  assert.equal(plain("[Repair now](command:x)"), "[Repair now]\u2060(command:x)");
});
