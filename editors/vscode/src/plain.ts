/** Foreign text made plain for VS Code: names, notes, folders and the contents of files are never markup. */

/**
 * Control characters except tab and line break, and those that change the direction of writing: they would disguise the
 * text.
 */
// eslint-disable-next-line no-control-regex -- these are looked for
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * VS Code turns `[label](command:…)` into a link in messages and questions, and `$(name)` into an icon in lists, code
 * lenses and the status bar. Neither has an escape that works everywhere; an invisible joiner inside keeps the text as
 * it is.
 */
const MARKS = /(?<=[\]$])\(/g;

export function plain(text: string): string {
  return text
    .replace(UNSEEN, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(MARKS, "\u2060(");
}

/** Returns a text without the blank lines around it. The first line of a table may be indented. */
export function unframed(text: string): string {
  return text.trimEnd().replace(/^\s*\n/, "");
}
