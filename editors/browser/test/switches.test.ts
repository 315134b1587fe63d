import assert from "node:assert/strict";
import { test } from "node:test";

import { SETTLING, Switches } from "../src/switches.ts";

const tab = { id: 7, window: 1 };

/** Plays steps in order: `tab 7`, `window 1`, or `changed`. */
function check(steps: readonly [at: number, what: string][], expected: number | undefined): void {
  const switches = new Switches();
  for (const [at, what] of steps) {
    const [kind, id] = what.split(" ");
    if (kind === "changed") {
      switches.changed(at);
    } else {
      switches.came(kind === "tab" ? { tab: Number(id), at } : { window: Number(id), at });
    }
  }
  assert.equal(switches.take(tab), expected, JSON.stringify(steps));
  assert.equal(switches.take(tab), undefined);
}

test("a switch to a tab or window that is there is the person's", () => {
  check([[5000, "tab 7"]], 5000);
  check([[5000, "window 1"]], 5000);
  check(
    [
      [5000, "window 1"],
      [5100, "tab 7"],
    ],
    5100,
  );
  check(
    [
      [0, "changed"],
      [SETTLING, "tab 7"],
      [2 * SETTLING, "changed"],
    ],
    SETTLING,
  );
});

test("one to another tab, to another program, and one that follows from the making or end of a tab is not", () => {
  check([], undefined);
  check([[5000, "tab 8"]], undefined);
  check([[5000, "window 2"]], undefined);
  check([[5000, "window -1"]], undefined);
  // In either order of the browser's two events.
  check(
    [
      [5000, "changed"],
      [5000 + SETTLING - 1, "tab 7"],
    ],
    undefined,
  );
  check(
    [
      [5000, "window 1"],
      [5000 + SETTLING - 1, "changed"],
    ],
    undefined,
  );
});
