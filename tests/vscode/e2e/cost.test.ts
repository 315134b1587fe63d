/**
 * What the extension costs. A report, not a test: the numbers are the machine's as much as ours. Five seconds of
 * typing, a minute with KEEPTAB_LONG.
 */

import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { eventually, required } from "../workbench.ts";
import { config, open } from "./keeptab.ts";

interface Measure {
  /** Microseconds each. */
  edits: number[];
  all: number[];
  /** As long a time of doing nothing, right after each. */
  nothing: number[];
  /** Milliseconds. */
  activation: { load: number; activate: number };
}

const seconds = process.env["KEEPTAB_LONG"] ? 60 : 5;

for (const [name, size] of [
  ["a small file", 100],
  ["a file of 5 MB", 5_000_000],
] as const) {
  test(`the cost of a key in ${name}`, async (t) => {
    const desk = await open(t, {
      config,
      extensions: [required("KEEPTAB_MEASURE_VSIX")],
      prepare: (home) => {
        const line = "some words that stand in a line of a file that is long\n";
        home.write("work/acme/api/notes.txt", line.repeat(Math.ceil(size / line.length)));
        chmodSync(home.write("bin/keeptab", `#!/bin/sh\nexec ${required("KEEPTAB_BIN")} "$@"\n`), 0o755);
      },
    });
    const { bench, home } = desk;
    await bench.openFile("notes.txt");
    await bench.press("Control+End");
    await desk.work(seconds);
    await bench.statusItem("acme/api").waitFor();
    const measured = await eventually("the measure", () => {
      const text = readFileSync(home.at("measure.json"), "utf8");
      return text !== "" && (JSON.parse(text) as Measure);
    });
    assert.ok(measured.edits.length > seconds * 5);
    const { load, activate } = measured.activation;
    t.diagnostic(`${String(measured.edits.length)} edits: ${percentiles(measured.edits)}`);
    t.diagnostic(`${String(measured.all.length)} signs: ${percentiles(measured.all)}`);
    t.diagnostic(`25 µs of doing nothing: ${percentiles(measured.nothing)}`);
    t.diagnostic(`activation: load ${load.toFixed(1)} ms, activate ${activate.toFixed(1)} ms`);
  });
}

function percentiles(costs: number[]): string {
  const sorted = costs.toSorted((one, other) => one - other);
  const at = (part: number): string => (sorted[Math.ceil(sorted.length * part) - 1] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} µs, p95 ${at(0.95)} µs, p99 ${at(0.99)} µs, worst ${at(1)} µs`;
}
