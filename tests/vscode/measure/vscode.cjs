// Stands for `vscode`, and times what the extension does when text, caret and view change. What it found is written to
// KEEPTAB_MEASURE, a few times a second.
const { writeFileSync } = require("node:fs");

const real = globalThis.keeptabMeasure.vscode;
const found = globalThis.keeptabMeasure.found;
/** Microseconds. */
const TYPICAL = 25;

function timed(event, lists) {
  return (listener, ...rest) =>
    event(
      (value) => {
        const began = performance.now();
        listener(value);
        const spent = (performance.now() - began) * 1000;
        const idle = performance.now();
        // As much of doing nothing shows what else the machine has to do.
        while ((performance.now() - idle) * 1000 < TYPICAL);
        found.nothing.push((performance.now() - idle) * 1000);
        for (const list of lists) {
          list.push(spent);
        }
      },
      ...rest,
    );
}

/** The namespace as it is, except for some of its events. */
function within(space, names) {
  const descriptors = Object.entries(names).map(([name, lists]) => [name, { value: timed(space[name], lists) }]);
  return Object.create(space, Object.fromEntries(descriptors));
}

module.exports = {
  ...real,
  workspace: within(real.workspace, { onDidChangeTextDocument: [found.edits, found.all] }),
  window: within(real.window, {
    onDidChangeTextEditorSelection: [found.all],
    onDidChangeTextEditorVisibleRanges: [found.all],
  }),
};

setInterval(() => {
  if (process.env.KEEPTAB_MEASURE) {
    writeFileSync(process.env.KEEPTAB_MEASURE, JSON.stringify(found));
  }
}, 300).unref();
