/**
 * Half an hour of real time in real VS Code: an agent at work while the person is away, and a person in a terminal.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fakeHost, open, type Heard } from "../e2e/keeptab.ts";
import { eventually, required } from "../workbench.ts";

const MINUTE = 60_000;
/** The host's idle timeout. */
const TIMEOUT = 15 * MINUTE;

function strong(events: Heard[]): number[] {
  return events
    .filter(({ kind, actor }) => actor === undefined && kind !== "focus" && kind !== "blur")
    .map(({ at }) => at);
}

test("one key, then an agent for nine minutes: all but the first minute is the agent's", async (t) => {
  const length = 9 * MINUTE;
  const fake = fakeHost("99.0.0");
  const desk = await open(t, {
    ...fake,
    extensions: [required("KEEPTAB_AGENT_VSIX"), required("KEEPTAB_BARE_VSIX")],
    folder: "work/acme/api",
    env: { ...fake.env, KEEPTAB_AGENT_PAUSE: "5000", KEEPTAB_AGENT_LENGTH: String(length) },
  });
  await desk.bench.openFile("main.rs");
  await desk.bench.type("x");
  await desk.bench.command("Agent: Work");
  const began = Date.now();
  await desk.bench.page.waitForTimeout(length + 5000);
  const events = desk.heard();
  const person = strong(events).map((at) => at - began);
  const agent = events.filter(({ actor }) => actor === "agent");
  t.diagnostic(
    `the person's last: ${String(Math.max(...person))} ms after the agent began; ${String(person.length)} in all`,
  );
  t.diagnostic(
    `the agent's: ${String(agent.length)}, the last ${String(Math.max(...agent.map(({ at }) => at - began)))} ms`,
  );
  assert.ok(Math.max(...person) <= MINUTE + 2000);
  assert.ok(agent.length > 2 * 60 && agent.some(({ kind }) => kind === "save"));
  await desk.bench.picture("long-agent");
});

test("a word every ten seconds in a terminal for 22 minutes is all counted", async (t) => {
  const length = 22 * MINUTE;
  const desk = await open(t, { ...fakeHost("99.0.0"), folder: "work/acme/api" });
  const { bench } = desk;
  await bench.openFile("main.rs");
  await bench.type("x");
  await bench.command("Terminal: Create New Terminal");
  await bench.page.locator(".terminal.xterm").first().waitFor();
  await eventually("the prompt", () => desk.heard().some(({ cwd }) => cwd !== undefined));
  const began = Date.now();
  while (Date.now() - began < length) {
    await bench.type("word ");
    await bench.page.waitForTimeout(10_000);
  }
  await bench.openFile("main.rs");
  await bench.type("x");
  const ended = Date.now();
  await eventually("the last key", () => strong(desk.heard()).some((at) => at > ended - 2000));
  const times = strong(desk.heard()).toSorted((one, other) => one - other);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const counted = gaps.filter((gap) => gap <= TIMEOUT).reduce((sum, gap) => sum + gap, 0);
  t.diagnostic(
    `${String(counted)} of ${String(ended - began)} ms counted, the longest gap ${String(Math.max(...gaps))} ms`,
  );
  assert.ok(counted >= length && Math.max(...gaps) <= MINUTE);
  await bench.picture("long-terminal");
});
