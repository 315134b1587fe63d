/** Laws of any history: only a proof of the person keeps them present. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Capture } from "../src/capture.ts";
import type { Activity, Entity } from "../src/event.ts";
import type { Sign } from "../src/sign.ts";

/** Milliseconds of presence after a proof, and milliseconds in which a key may leave its trace. */
const PRESENCE = 60_000;
const TRACE = 300;
const HISTORIES = 2000;
const SIGNS = 200;

const api: Entity = { uri: "file:///w/api.ts", root: "file:///w" };
const other: Entity = { uri: "file:///w/other.ts", root: "file:///w" };
const shell: Entity = { root: "file:///w", cwd: "file:///w/src" };

type Roll = (sides: number) => number;

function oneOf<T>(roll: Roll, things: readonly [T, ...T[]]): T {
  return things[roll(things.length)] ?? things[0];
}

/** Returns a source of random-looking numbers, the same for the same seed. */
function dice(seed: number): Roll {
  let state = seed * 2_654_435_761 + 1;
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return (state >>> 8) % sides;
  };
}

/**
 * Returns the signs of an act of an agent, a formatter, a checkout or a mere look, with the scrolling that may follow.
 */
function act(roll: Roll): Sign[] {
  const entity = oneOf(roll, [api, other]);
  const signs = oneOf<Sign[]>(roll, [
    [{ is: "edit", entity, cause: oneOf(roll, ["text", "blank", "clean"]) }],
    [
      { is: "edit", entity, cause: "clean" },
      { is: "dirty", entity },
    ],
    [{ is: "selection", entity, by: roll(2) === 0 ? "command" : "unknown" }],
    [
      { is: "willSave", entity, byHand: roll(4) > 0 },
      { is: "saved", entity },
    ],
    // Through another front, because a front that does not change has no effect.
    [
      { is: "front", entity: undefined, silent: roll(2) === 0 },
      { is: "front", entity: oneOf(roll, [api, other, shell]) },
    ],
    [{ is: "terminal", entity: shell }],
    [{ is: "fed" }],
    [{ is: "debug" }],
    [{ is: "task" }],
  ]);
  return roll(3) === 0 ? [...signs, { is: "scroll", entity }] : signs;
}

function quiet(roll: Roll): Sign[] {
  const window: Sign = { is: "window", focused: roll(4) > 0, active: roll(4) > 0 };
  return [oneOf<Sign>(roll, [window, { is: "tick" }, { is: "time" }])];
}

function proof(roll: Roll, entity: Entity): Sign {
  return oneOf<Sign>(roll, [
    { is: "selection", entity, by: "keyboard" },
    { is: "selection", entity, by: "mouse" },
    { is: "edit", entity, cause: "undo" },
  ]);
}

function play(seed: number, hasProofs: boolean): { strong: Activity[]; weak: Activity[]; proofs: number[] } {
  const roll = dice(seed);
  const told: Activity[] = [];
  const capture = new Capture({}, (activity) => told.push(activity));
  const proofs: number[] = [];
  let at = 0;
  capture.see({ is: "front", entity: api }, at);
  capture.see({ is: "window", focused: true, active: true }, at);
  for (let count = 0; count < SIGNS; count++) {
    at += oneOf(roll, [1, 40, 400, 5000, 40_000]);
    if (hasProofs && roll(20) === 0) {
      proofs.push(at);
      capture.see(proof(roll, api), at);
    } else {
      let since = 0;
      for (const sign of roll(3) === 0 ? quiet(roll) : act(roll)) {
        capture.see(sign, at + since);
        // A scroll comes less than a second after its cause.
        since += roll(499);
      }
      at += since;
    }
  }
  capture.see({ is: "time" }, Infinity);
  const human = told.filter(({ actor, kind }) => actor === undefined && kind !== "blur");
  return {
    strong: human.filter(({ kind }) => kind !== "focus"),
    weak: human.filter(({ kind }) => kind === "focus"),
    proofs,
  };
}

test("without a proof there is no strong heartbeat", () => {
  let weak = 0;
  for (let seed = 0; seed < HISTORIES; seed++) {
    const told = play(seed, false);
    assert.deepEqual(told.strong, [], `seed ${String(seed)}`);
    weak += told.weak.length;
  }
  assert.ok(weak > HISTORIES, "there is something weak to be seen");
});

test("a strong heartbeat comes with a proof or less than a minute after it", () => {
  let strong = 0;
  for (let seed = 0; seed < HISTORIES; seed++) {
    const told = play(seed, true);
    strong += told.strong.length;
    for (const { at, kind } of told.strong) {
      // A key leaves its trace right after its edit.
      const isProved = told.proofs.some((proof) => at - proof < PRESENCE && proof - at < TRACE);
      assert.ok(isProved, `seed ${String(seed)}: ${kind} at ${String(at)}, proofs ${String(told.proofs)}`);
    }
  }
  assert.ok(strong > HISTORIES, "there is something strong to be seen");
});
