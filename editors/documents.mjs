// Renders documents.json, the kinds of documents, into PROTOCOL.md: `node editors/documents.mjs`; `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const page = join(import.meta.dirname, "../PROTOCOL.md");
const kinds = JSON.parse(readFileSync(join(import.meta.dirname, "documents.json"), "utf8"));
const [begin, end] = ["<!-- documents: editors/documents.json -->\n", "<!-- /documents -->\n"];

/** @param {string[]} examples */
function code(examples) {
  return examples.map((example) => `\`${example.replaceAll("|", "\\|")}\``).join(", ");
}

const rows = kinds.map(
  ({ kind, counts, folder, vscode, nvim }) => `| ${kind} | ${counts} | ${folder} | ${code(vscode)} | ${code(nvim)} |\n`,
);
const table = `| kind | counts as | folder | in VS Code | in Neovim |\n|---|---|---|---|---|\n${rows.join("")}`;
const text = readFileSync(page, "utf8");
const [before, rest = ""] = text.split(begin);
const after = rest.split(end)[1];
if (after === undefined) {
  throw new Error("PROTOCOL.md has no place for the table");
}
const rendered = `${before}${begin}\n${table}\n${end}${after}`;
if (process.argv[2] !== "--check") {
  writeFileSync(page, rendered);
} else if (text !== rendered) {
  throw new Error("PROTOCOL.md has another table than documents.json: run node editors/documents.mjs");
}
