// Stands for `vscode`, and times what the extension does when text, caret and view change. What it found is written to
// KEEPTAB_MEASURE, a few times a second.
const { writeFileSync } = require("node:fs");

const real = globalThis.keeptabMeasure.vscode;
const measure = globalThis.keeptabMeasure.found;

function timed(event, lists) {
  return (listener, ...rest) =>
    event((value) => {
      const began = performance.now();
      listener(value);
      const spent = (performance.now() - began) * 1000;
      for (const list of lists) {
        list.push(spent);
      }
    }, ...rest);
}

/** The namespace as it is, except for some of its events. */
function within(space, names) {
  const descriptors = Object.entries(names).map(([name, lists]) => [name, { value: timed(space[name], lists) }]);
  return Object.create(space, Object.fromEntries(descriptors));
}

module.exports = {
  ...real,
  workspace: within(real.workspace, { onDidChangeTextDocument: [measure.edits, measure.all] }),
  window: within(real.window, {
    onDidChangeTextEditorSelection: [measure.all],
    onDidChangeTextEditorVisibleRanges: [measure.all],
  }),
};

setInterval(() => {
  if (process.env.KEEPTAB_MEASURE) {
    writeFileSync(process.env.KEEPTAB_MEASURE, JSON.stringify(measure));
  }
}, 300).unref();
