import assert from "node:assert/strict";
import { test } from "node:test";

import type { Activity, Numbered } from "../src/event.ts";
import { LIMIT, Outbox } from "../src/outbox.ts";

const api = { uri: "file:///w/api.ts", root: "file:///w" };
const shop = { uri: "file:///w/shop.ts", root: "file:///w" };

function typed(at: number, where = api): Activity {
  return { ...where, at, kind: "edit" };
}

function agents(at: number, uri: string): Activity {
  return { uri, at, kind: "edit", actor: "agent" };
}

/** An outbox with a connected host, and the messages that it received. */
function connected(): { outbox: Outbox; heard: Numbered[][] } {
  const outbox = new Outbox(() => undefined);
  const heard: Numbered[][] = [];
  outbox.connect((events) => heard.push([...events]));
  return { outbox, heard };
}

test("a flush is one message: typing joins, and its beginning and its end are kept", () => {
  const { outbox, heard } = connected();
  for (let at = 1; at <= 50; at++) {
    outbox.add(typed(at));
  }
  outbox.add(typed(60, shop));
  outbox.flush();
  outbox.flush();
  assert.deepEqual(
    heard.map((events) => events.map(({ seq, at, uri }) => [seq, at, uri])),
    [
      [
        [1, 1, api.uri],
        [2, 50, api.uri],
        [3, 60, shop.uri],
      ],
    ],
  );
});

test("work that alternates keeps the beginning and the end of each stretch", () => {
  const { outbox, heard } = connected();
  for (const activity of [typed(1), typed(2), typed(3), typed(4, shop), typed(5), typed(6), typed(7)]) {
    outbox.add(activity);
  }
  outbox.flush();
  assert.deepEqual(
    heard.flat().map(({ at }) => at),
    [1, 3, 4, 5, 7],
  );
});

test("an agent's burst is one event a document, however long", () => {
  const { outbox, heard } = connected();
  for (let at = 0; at < 10_000; at++) {
    outbox.add(agents(at, `file:///w/${String(at % 5)}.ts`));
  }
  outbox.flush();
  assert.equal(heard.flat().length, 5);
});

test("moving while typing is typing", () => {
  const { outbox, heard } = connected();
  for (const kind of ["edit", "navigate", "edit", "navigate"] as const) {
    outbox.add({ ...api, at: 1, kind });
  }
  outbox.flush();
  assert.deepEqual(
    heard.flat().map(({ kind }) => kind),
    ["edit", "edit"],
  );
});

test("nothing is forgotten until it is taken, and a new host is told again", () => {
  const { outbox, heard } = connected();
  for (let at = 1; at <= 2500; at++) {
    outbox.add(typed(at, at % 2 ? api : shop));
  }
  outbox.flush();
  outbox.taken(100);
  outbox.disconnect();
  outbox.add(typed(3000));
  outbox.flush();
  assert.equal(outbox.waiting, 2401);
  const again: Numbered[][] = [];
  outbox.connect((events) => again.push([...events]));
  assert.deepEqual(
    again.map((events) => events.length),
    [1000, 1000, 401],
  );
  assert.deepEqual([again[0]?.[0]?.seq, again.at(-1)?.at(-1)?.seq], [101, 2501]);
  assert.equal(heard.flat().length, 2500);
  outbox.taken(2501);
  assert.equal(outbox.waiting, 0);
});

test("without a host there is an end to what is kept, told once", () => {
  let told = 0;
  const outbox = new Outbox(() => told++);
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < LIMIT; at++) {
      outbox.add(agents(at, `file:///${String(round)}/${String(at)}`));
    }
    outbox.flush();
  }
  assert.equal(outbox.waiting, LIMIT);
  assert.equal(told, 1);
});
