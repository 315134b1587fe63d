/**
 * The cost of the extension in a minute of typing. A report, not a test: the numbers depend on the machine, too.
 *   tests/vscode/run measure
 */

import { readFileSync } from "node:fs";
import { test } from "node:test";

import { eventually, required } from "../workbench.ts";
import { config, open } from "../e2e/keeptab.ts";

/** Microseconds: by the clock, and of the processor. */
interface Costs {
  wall: number[];
  cpu: number[];
}

type Measure = Record<"edits" | "carets" | "views" | "beats" | "nothing" | "load" | "activate", Costs>;

const seconds = Number(process.env["KEEPTAB_SECONDS"] ?? 60);

for (const [name, size, tabs] of [
  ["a small file", 100, 0],
  ["a file of 5 MB", 5_000_000, 0],
  ["a small file among 100 tabs", 100, 100],
] as const) {
  test(`the cost of a key in ${name}`, async (t) => {
    const desk = await open(t, {
      config,
      extensions: [required("KEEPTAB_MEASURE_VSIX")],
      env: { KEEPTAB_TABS: String(tabs) },
      prepare: (home) => {
        const line = "some words that stand in a line of a file that is long\n";
        home.write("work/acme/api/notes.txt", line.repeat(Math.ceil(size / line.length)));
        home.program("bin/keeptab", `exec ${required("KEEPTAB_BIN")} "$@"`);
        for (let tab = 1; tab <= tabs; tab++) {
          home.write(`work/acme/api/tab${String(tab)}.txt`, "text\n");
        }
      },
    });
    const { bench, home } = desk;
    if (tabs > 0) {
      await bench.page.locator(".tab", { hasText: `tab${String(tabs)}.txt` }).waitFor();
    }
    await bench.openFile("notes.txt");
    await bench.press("Control+End");
    await desk.work(seconds);
    await bench.statusItem("acme/api").waitFor();
    const { edits, carets, views, beats, nothing, load, activate } = await eventually("the measure", () => {
      try {
        const measure = JSON.parse(readFileSync(home.at("measure.json"), "utf8")) as Measure;
        return measure.edits.cpu.length > seconds * 5 && measure;
      } catch {
        return undefined;
      }
    });
    t.diagnostic(`an edit: ${percentiles(edits)}`);
    t.diagnostic(`a caret moved: ${percentiles(carets)}`);
    t.diagnostic(`a view scrolled: ${percentiles(views)}`);
    t.diagnostic(`25 µs of nothing: ${percentiles(nothing)}`);
    t.diagnostic(`a beat: ${percentiles(beats)}`);
    const handled = [edits, carets, views, beats].map((costs) => sum(costs.cpu));
    const perKey = sum(handled) / edits.cpu.length;
    t.diagnostic(`all in all ${perKey.toFixed(1)} µs of processor a key`);
    for (const kind of ["wall", "cpu"] as const) {
      const [one, two] = [sum(load[kind]) / 1000, sum(activate[kind]) / 1000];
      t.diagnostic(`activation, ${kind}: load ${one.toFixed(1)} ms, activate ${two.toFixed(1)} ms`);
    }
  });
}

function sum(costs: number[]): number {
  return costs.reduce((one, other) => one + other, 0);
}

function percentiles(costs: Costs): string {
  const of = (kind: "wall" | "cpu"): string => {
    const sorted = costs[kind].toSorted((one, other) => one - other);
    const at = (part: number): string => (sorted[Math.ceil(sorted.length * part) - 1] ?? 0).toFixed(1);
    return `${kind} p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, worst ${at(1)} µs`;
  };
  return `${String(costs.cpu.length)} times, ${of("cpu")}; ${of("wall")}`;
}
