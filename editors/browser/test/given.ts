/** Rules, tabs and seeded random numbers, shared by the tests of decisions. */

import type { Tab } from "../src/front.ts";
import type { Rule } from "../src/protocol.ts";
import { Rules } from "../src/rules.ts";

const rule = (project: string | null, expression: string): Rule => ({
  project,
  glob: expression,
  expressions: [expression],
  prefix: expression.length,
  exception: false,
});

export const rules = new Rules([
  rule("acme", "^https://git\\.example/acme/.*$"),
  rule("globex", "^https://globex\\.example/.*$"),
  rule(null, "^https://bank\\.example/.*$"),
]);

export const tab = (id: number, url: string | undefined, incognito = false): Tab => ({ id, window: 1, url, incognito });

/** Returns a source of numbers below a bound: mulberry32. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
