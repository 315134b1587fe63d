// Stands before the real extension and notes how long it takes to load and to activate.
const { performance } = require("node:perf_hooks");

globalThis.keeptabMeasure = { vscode: require("vscode"), found: { edits: [], all: [], nothing: [] } };
const began = performance.now();
const extension = require("./bundle.cjs");
const loaded = performance.now();

exports.activate = (context) => {
  const called = performance.now();
  const result = extension.activate(context);
  globalThis.keeptabMeasure.found.activation = { load: loaded - began, activate: performance.now() - called };
  return result;
};
exports.deactivate = () => extension.deactivate();
