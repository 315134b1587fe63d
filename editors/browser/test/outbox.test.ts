import assert from "node:assert/strict";
import { test } from "node:test";

import { LIMIT, Outbox } from "../src/outbox.ts";
import type { Numbered } from "../src/protocol.ts";

test("nothing is forgotten until it is taken, and a new host is told again", () => {
  const outbox = new Outbox();
  const heard: number[][] = [];
  const hear = (events: readonly Numbered[]): number => heard.push(events.map(({ seq }) => seq));
  outbox.connect(hear);
  for (let at = 1; at <= 3; at++) {
    outbox.add({ at, kind: "lock" });
  }
  outbox.taken(1);
  outbox.disconnect();
  outbox.add({ at: 4, kind: "lock" });
  outbox.connect(hear);
  assert.deepEqual(heard, [[1], [2], [3], [2, 3, 4]]);
  outbox.taken(4);
  assert.equal(outbox.waiting, 0);
  outbox.connect(hear);
  assert.equal(heard.length, 4);
});

test("without a host there is an end to what is kept, and the oldest goes first", () => {
  const outbox = new Outbox();
  for (let at = 0; at < LIMIT + 10; at++) {
    outbox.add({ at, kind: "lock" });
  }
  assert.equal(outbox.waiting, LIMIT);
  const heard: Numbered[] = [];
  outbox.connect((events) => heard.push(...events));
  assert.equal(heard[0]?.seq, 11);
});
