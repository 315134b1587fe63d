import assert from "node:assert/strict";
import { test } from "node:test";

import { LIMIT, Outbox, type Unsent } from "../src/outbox.ts";
import type { Numbered } from "../src/event.ts";

/** A storage for `keep`: stores at once, unless a test delays it. */
class Place {
  kept: Unsent | undefined;
  readonly #waiting: (() => void)[] = [];
  isSlow = false;

  readonly keep = (unsent: Unsent): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        this.kept = structuredClone(unsent);
        resolve();
      };
      if (this.isSlow) {
        this.#waiting.push(done);
      } else {
        done();
      }
    });

  catchUp(): void {
    this.#waiting.splice(0).forEach((done) => done());
  }
}

/** Lets all ready callbacks run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("nothing is forgotten until it is taken, and a new host is told again", async () => {
  const outbox = new Outbox(new Place().keep);
  const heard: number[][] = [];
  const hear = (events: readonly Numbered[]): number => heard.push(events.map(({ seq }) => seq));
  outbox.connect(hear);
  for (let at = 1; at <= 3; at++) {
    outbox.add({ at, kind: "lock" });
  }
  await settle();
  outbox.taken(1);
  outbox.disconnect();
  outbox.add({ at: 4, kind: "lock" });
  outbox.connect(hear);
  await settle();
  assert.deepEqual(heard, [[1], [2], [3], [2, 3, 4]]);
  outbox.taken(4);
  assert.equal(outbox.waiting, 0);
  outbox.connect(hear);
  await settle();
  assert.equal(heard.length, 4);
});

test("without a host there is an end to what is kept, and the oldest goes first", async () => {
  const outbox = new Outbox(() => Promise.resolve());
  for (let at = 0; at < LIMIT + 10; at++) {
    outbox.add({ at, kind: "lock" });
  }
  assert.equal(outbox.waiting, LIMIT);
  const heard: Numbered[] = [];
  outbox.connect((events) => heard.push(...events));
  await settle();
  assert.equal(heard[0]?.seq, 11);
});

test("what was not taken outlives the script, and no number is given twice", async () => {
  const place = new Place();
  const first = new Outbox(place.keep);
  first.add({ at: 1, kind: "lock" });
  first.add({ at: 2, kind: "lock" });
  first.taken(1);
  const second = new Outbox(place.keep, place.kept);
  second.add({ at: 3, kind: "lock" });
  const heard: Numbered[] = [];
  second.connect((events) => heard.push(...events));
  await settle();
  assert.deepEqual(
    heard.map(({ seq, at }) => [seq, at]),
    [
      [2, 2],
      [3, 3],
    ],
  );
  second.taken(3);
  const third = new Outbox(place.keep, place.kept);
  assert.equal(third.waiting, 0);
  third.add({ at: 4, kind: "lock" });
  assert.equal(place.kept?.seq, 4);
});

test("a host hears of nothing that is not kept yet", async () => {
  const place = new Place();
  place.isSlow = true;
  const outbox = new Outbox(place.keep);
  const heard: number[] = [];
  outbox.connect((events) => heard.push(...events.map(({ seq }) => seq)));
  outbox.add({ at: 1, kind: "lock" });
  await settle();
  assert.deepEqual(heard, []);
  place.catchUp();
  await settle();
  assert.deepEqual(heard, [1]);
});
