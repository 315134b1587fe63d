import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";

import { Capture, LOOK, QUIET, TICK } from "../src/capture.ts";
import type { Numbered } from "../src/event.ts";
import { Outbox } from "../src/outbox.ts";
import { Pulse, WINDOW } from "../src/pulse.ts";
import type { Sign } from "../src/sign.ts";

const api = { uri: "file:///w/api.ts", root: "file:///w" };
const typed: Sign = { is: "edit", entity: api, cause: "text" };
const moved: Sign = { is: "selection", entity: api, by: "keyboard" };

/** A person at a window with `api` in front, who was reported a quiet time ago. */
function present(t: TestContext): {
  pulse: Pulse;
  see: (sign: Sign) => void;
  heard: Numbered[][];
  pass: (milliseconds: number) => void;
} {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const heard: Numbered[][] = [];
  const outbox = new Outbox(() => undefined);
  outbox.connect((events) => heard.push([...events]));
  const pulse = new Pulse(new Capture({}, (activity) => outbox.add(activity)), outbox, () => undefined);
  const see = (sign: Sign): void => {
    pulse.note(() => sign);
  };
  // In steps, because a timer that another timer sets is seen only by the next step.
  const pass = (milliseconds: number): void => {
    for (let step = 0; step < milliseconds; step += 50) {
      t.mock.timers.tick(50);
    }
  };
  see({ is: "front", entity: api });
  see({ is: "window", focused: true, active: true });
  pass(QUIET);
  pass(WINDOW);
  heard.length = 0;
  return { pulse, see, heard, pass };
}

test("what comes after a quiet time goes out soon, the rest once a second, each with its own time", (t) => {
  const { see, heard, pass } = present(t);
  const began = Date.now();
  for (let key = 0; key < 40; key++) {
    see(typed);
    see(moved);
    pass(50);
  }
  pass(WINDOW);
  const sent = heard.map((events) => events.map(({ at, kind }) => [at - began, kind]));
  assert.deepEqual(sent, [
    [
      [0, "edit"],
      [250, "edit"],
    ],
    [[1250, "edit"]],
    [[1950, "edit"]],
  ]);
});

test("an edit that nothing explains is told once it is clear that nothing will", (t) => {
  const { see, heard, pass } = present(t);
  see(moved);
  pass(WINDOW);
  heard.length = 0;
  see(typed);
  pass(WINDOW + QUIET);
  assert.deepEqual(
    heard.flat().map(({ kind, actor }) => [kind, actor]),
    [["edit", undefined]],
  );
});

test("no timer runs once nobody is there", (t) => {
  const { see, heard, pass } = present(t);
  pass(LOOK * 2 + TICK);
  const ticks = heard.flat().length;
  assert.ok(ticks >= 2, String(ticks));
  see({ is: "window", focused: false, active: false });
  pass(TICK * 3);
  const last = heard.flat().length;
  pass(TICK * 10);
  assert.equal(heard.flat().length, last);
});

test("an agent's thousands are judged as they come and told once", (t) => {
  const { see, heard, pass } = present(t);
  for (let edit = 0; edit < 10_000; edit++) {
    see({ is: "edit", entity: { uri: `file:///w/${String(edit % 5)}.ts` }, cause: "text" });
  }
  pass(QUIET);
  assert.deepEqual(
    heard.map((events) => events.length),
    [5],
  );
});

test("nothing that was seen is lost when the window closes", (t) => {
  const { pulse, see, heard } = present(t);
  see(typed);
  pulse.flush();
  assert.equal(heard.flat().length, 1);
});
