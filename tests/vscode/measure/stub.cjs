// Stands before the real extension and notes how long it takes to load and to activate.
const spent = require("./cpu.node");

const newCosts = () => ({ wall: [], cpu: [] });
const found = {
  edits: newCosts(),
  carets: newCosts(),
  views: newCosts(),
  nothing: newCosts(),
  beats: newCosts(),
};

/** Microseconds by the clock and of the processor that something takes. */
function measure(run, costs) {
  const began = performance.now();
  const from = spent();
  const result = run();
  const cpu = spent() - from;
  const wall = (performance.now() - began) * 1000;
  for (const list of costs) {
    list.wall.push(wall);
    list.cpu.push(cpu);
  }
  return result;
}

globalThis.keeptabMeasure = {
  vscode: require("vscode"),
  found,
  measure,
  setTimeout: (run, ...rest) => setTimeout(() => measure(run, [found.beats]), ...rest),
};
found.load = newCosts();
found.activate = newCosts();
const extension = measure(() => require("./bundle.cjs"), [found.load]);

exports.activate = (context) => measure(() => extension.activate(context), [found.activate]);
exports.deactivate = () => extension.deactivate();
