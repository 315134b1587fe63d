// Stands for `vscode`, and times what the extension does when text, caret and view change. What it found is written to
// KEEPTAB_MEASURE once there is a rest.
const { writeFileSync } = require("node:fs");

const { vscode: real, found, measure } = globalThis.keeptabMeasure;
/** Microseconds. */
const TYPICAL = 25;
/** Milliseconds. */
const REST = 1500;

/** As much of doing nothing as a typical key shows what else the machine has to do. */
function nothing() {
  const began = performance.now();
  while ((performance.now() - began) * 1000 < TYPICAL);
}

function timed(event, costs) {
  return (listener, ...rest) =>
    event(
      (value) => {
        measure(() => listener(value), costs);
        measure(nothing, [found.nothing]);
        atRest.refresh();
      },
      ...rest,
    );
}

/** The namespace as it is, except for some of its events. */
function within(space, names) {
  const descriptors = Object.entries(names).map(([name, costs]) => [name, { value: timed(space[name], costs) }]);
  return Object.create(space, Object.fromEntries(descriptors));
}

const window = within(real.window, {
  onDidChangeTextEditorSelection: [found.carets],
  onDidChangeTextEditorVisibleRanges: [found.views],
});
const workspace = within(real.workspace, { onDidChangeTextDocument: [found.edits] });
module.exports = Object.create(real, { window: { value: window }, workspace: { value: workspace } });

const atRest = setTimeout(() => {
  if (process.env.KEEPTAB_MEASURE) {
    writeFileSync(process.env.KEEPTAB_MEASURE, JSON.stringify(found));
  }
}, REST);

/** Opens as many tabs as are wished. */
async function openTabs() {
  for (let tab = 1; tab <= Number(process.env.KEEPTAB_TABS ?? 0); tab++) {
    const [file] = await real.workspace.findFiles(`**/tab${tab}.txt`);
    await real.window.showTextDocument(file, { preview: false });
  }
}
void openTabs();
