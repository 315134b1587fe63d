import assert from "node:assert/strict";
import { test } from "node:test";

import { ALIVE, Front, PAUSE, type Presence, type Tab } from "../src/front.ts";
import type { Activity } from "../src/event.ts";
import { random, rules, tab } from "./given.ts";

const page = "https://git.example/acme/7";
const work = tab(1, "https://me:pw@git.example/acme/7?token=1#x");
const next = tab(1, "https://git.example/acme/8");
const second = tab(2, "https://git.example/acme/second");
const globex = tab(3, "https://globex.example/");
const bank = tab(4, "https://bank.example/account");
const unnamed = tab(1, "https://news.example/");

/** An event at an instant. `to`: the tab in front from now on; `by`: the person brought it there. */
type Step =
  | { at: number; to: Tab | undefined; by?: "person" }
  | { at: number; alive: Tab; given?: number }
  | { at: number; presence: Presence };

function take(front: Front, step: Step): void {
  if ("presence" in step) {
    front.presence(step.presence, step.at);
  } else if ("alive" in step) {
    front.alive(step.alive, step.given ?? step.at, step.at);
  } else {
    front.show(step.to, step.at, step.by && step.at);
  }
}

function begin(): { front: Front; told: Activity[] } {
  const told: Activity[] = [];
  const front = new Front(
    (activity) => told.push(activity),
    () => undefined,
  );
  front.rules = rules;
  return { front, told };
}

/** Checks the reports: `500 visit /7`. */
function check(steps: readonly Step[], expected: readonly string[]): void {
  const { front, told } = begin();
  steps.forEach((step) => take(front, step));
  const short = (activity: Activity): string =>
    activity.kind === "lock"
      ? ""
      : ` ${"uri" in activity ? new URL(activity.uri).pathname.replace("/acme", "") : "private"}`;
  assert.deepEqual(
    told.map((activity) => `${String(activity.at)} ${activity.kind}${short(activity)}`),
    expected,
  );
}

test("a page that a rule names is told without query, fragment and credentials", () => {
  const { front, told } = begin();
  assert.equal(front.show(work, 1), true);
  front.alive(work, 2, 2);
  assert.deepEqual(told, [
    { at: 1, kind: "focus", uri: page },
    { at: 2, kind: "visit", uri: page },
  ]);
});

test("a private page is a bare instant", () => {
  const { front, told } = begin();
  assert.equal(front.show(bank, 1), true);
  front.alive(bank, 2, 2);
  assert.deepEqual(told, [
    { at: 1, kind: "focus", private: true },
    { at: 2, kind: "visit", private: true },
  ]);
});

test("nothing is told of other pages, of private windows, and before there are rules", () => {
  const { front, told } = begin();
  const none = ["chrome://newtab/", "file:///git.example/acme/7", "https://git.example/acme", "x", "", undefined];
  for (const shown of [undefined, unnamed, tab(1, page, true), ...none.map((url) => tab(1, url))]) {
    assert.equal(front.show(shown, 1, 1), false);
    assert.equal(front.alive(shown ?? work, 1, 1), false);
  }
  const early = new Front(
    (activity) => told.push(activity),
    () => undefined,
  );
  early.show(work, 1, 1);
  early.alive(work, 1, 1);
  assert.deepEqual(told, []);
});

test("a page that only came to the front is weak, whoever brought it there, and is told once", () => {
  check(
    [
      { at: 0, to: work, by: "person" },
      { at: 1000, to: second, by: "person" },
      { at: 90_000, to: work },
      { at: 100_000, to: globex, by: "person" },
      { at: 200_000, to: undefined },
      { at: 300_000, to: globex, by: "person" },
    ],
    ["0 focus /7", "100000 focus /", "300000 focus /"],
  );
});

test("another page in the same tab counts within a minute of a sign of life there, and not later", () => {
  check(
    [
      { at: 0, to: work, by: "person" },
      { at: ALIVE, to: next },
      { at: ALIVE + 1, to: work },
      { at: ALIVE + 10_000, alive: work },
      { at: 2 * ALIVE + 10_000, to: next },
      { at: 2 * ALIVE + 10_001, to: work },
      { at: 2 * ALIVE + 10_002, to: unnamed },
      { at: 2 * ALIVE + 10_003, to: work },
    ],
    ["0 focus /7", "60000 visit /8", "70000 visit /7", "130000 visit /8", "130003 focus /7"],
  );
});

test("a sign of life in one tab says nothing of a page in another", () => {
  check(
    [
      { at: 0, to: work },
      { at: 1000, alive: work },
      { at: 2000, to: second },
      { at: 3000, to: tab(2, "https://git.example/acme/by-itself") },
      { at: 4000, alive: work },
    ],
    ["0 focus /7", "1000 visit /7"],
  );
});

test("the same page again within a moment says nothing new; another page does", () => {
  check(
    [
      { at: 0, to: work },
      { at: 0, alive: work },
      { at: PAUSE - 1, alive: work },
      { at: PAUSE - 1, to: next },
      { at: PAUSE, alive: next },
      { at: 2 * PAUSE - 1, alive: next },
    ],
    ["0 focus /7", "0 visit /7", "4999 visit /8", "9999 visit /8"],
  );
});

test("signs of life count in the tab in front, when they were given; no page dates them elsewhere", () => {
  check(
    [
      { at: 0, to: work },
      { at: 30_000, alive: work, given: 20_000 },
      { at: 50_000, alive: work, given: 90_000 },
      { at: 200_000, alive: work, given: 200_000 - ALIVE - 1 },
      { at: 210_000, to: second },
      { at: 220_000, alive: second, given: 208_000 },
      { at: 230_000, alive: second, given: 209_500 },
      { at: 240_000, to: undefined },
      { at: 250_000, alive: second },
    ],
    ["0 focus /7", "20000 visit /7", "50000 visit /7", "209500 visit /second"],
  );
});

test("a clock that is set back keeps nothing from being told", () => {
  check(
    [
      { at: 9_000_000, to: work },
      { at: 9_000_000, alive: work },
      { at: 1_000_000, alive: work },
      { at: 1_001_000, to: next },
    ],
    ["9000000 focus /7", "9000000 visit /7", "1000000 visit /7", "1001000 visit /8"],
  );
});

test("nobody works while the machine rests or is locked, and a lock cuts time once", () => {
  check(
    [
      { at: 0, to: work },
      { at: 0, alive: work },
      { at: 30_000, presence: "idle" },
      { at: 31_000, to: next },
      // A sign of life is known before the browser reports the end of the idle time.
      { at: 40_000, alive: next },
      { at: 41_000, presence: "active" },
      { at: 41_000, to: next },
      { at: 50_000, presence: "locked" },
      { at: 50_100, presence: "locked" },
      { at: 50_200, to: work },
      { at: 50_300, alive: work },
      { at: 60_000, presence: "active" },
      { at: 60_000, to: work },
      { at: 61_000, to: next },
    ],
    ["0 focus /7", "0 visit /7", "40000 visit /8", "50000 lock", "60000 focus /7"],
  );
});

test("what was seen is gone on with after the end of the script", () => {
  const told: Activity[] = [];
  let kept: ConstructorParameters<typeof Front>[2];
  const start = (): Front => {
    const front = new Front(
      (activity) => told.push(activity),
      (seen) => (kept = structuredClone(seen)),
      kept,
    );
    front.rules = rules;
    return front;
  };
  start().show(work, 0);
  start().alive(work, 1000, 1000);
  start().show(work, 20_000);
  start().show(next, 30_000);
  start().presence("locked", 40_000);
  start().presence("locked", 50_000);
  assert.deepEqual(
    told.map(({ at, kind }) => `${String(at)} ${kind}`),
    ["0 focus", "1000 visit", "30000 visit", "40000 lock"],
  );
});

const SEED = Number(process.env["KEEPTAB_SEED"] ?? Date.now() % 1_000_000);
const tabs = [work, next, second, globex, bank, unnamed, tab(2, page, true), undefined];

/** A random history of all kinds of events; signs of life only if they are wanted. */
function history(seed: number, isAlive: boolean): Step[] {
  const below = random(seed);
  let at = 0;
  return Array.from({ length: 60 }, (): Step => {
    at += below(below(2) === 0 ? 3000 : 90_000);
    const to = tabs[below(tabs.length)];
    switch (below(isAlive ? 6 : 4)) {
      case 0:
        return { at, presence: (["active", "idle", "locked"] as const)[below(3)] ?? "active" };
      case 4:
        return { at, to, by: "person" };
      case 5:
        return { at, alive: to ?? work, given: at - below(100_000) + 1000 };
      default:
        return { at, to };
    }
  });
}

test(`without a sign of life nothing is ever told that counts (KEEPTAB_SEED=${String(SEED)})`, () => {
  let weak = 0;
  for (let round = 0; round < 2000; round++) {
    const { front, told } = begin();
    history(SEED + round, false).forEach((step) => take(front, step));
    assert.ok(
      told.every(({ kind }) => kind !== "visit"),
      `seed ${String(SEED + round)}`,
    );
    weak += told.filter(({ kind }) => kind === "focus").length;
  }
  assert.ok(weak > 2000);
});

test(`whatever counts lies within a minute after a sign of life in its tab (KEEPTAB_SEED=${String(SEED)})`, () => {
  let strong = 0;
  for (let round = 0; round < 2000; round++) {
    const { front, told } = begin();
    const signs: { tab: number; at: number }[] = [];
    for (const step of history(SEED + round, true)) {
      const before = told.length;
      if ("alive" in step) {
        signs.push({ tab: step.alive.id, at: Math.min(step.given ?? step.at, step.at) });
      } else if ("to" in step && step.by && step.to) {
        signs.push({ tab: step.to.id, at: step.at });
      }
      take(front, step);
      const shown = "alive" in step ? step.alive : "to" in step ? step.to : undefined;
      for (const visit of told.slice(before).filter(({ kind }) => kind === "visit")) {
        strong += 1;
        const isProven = signs.some(
          (sign) => sign.tab === shown?.id && visit.at >= sign.at && visit.at - sign.at <= ALIVE,
        );
        assert.ok(isProven && shown?.incognito === false, `seed ${String(SEED + round)}, at ${String(visit.at)}`);
      }
    }
  }
  assert.ok(strong > 500, `${String(strong)} visits`);
});
