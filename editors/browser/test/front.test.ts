import assert from "node:assert/strict";
import { test } from "node:test";

import { Front, PAUSE, type Tab } from "../src/front.ts";
import type { Activity, Rule } from "../src/protocol.ts";
import { Rules } from "../src/rules.ts";

const rule = (project: string | null, expression: string): Rule => ({
  project,
  glob: expression,
  expressions: [expression],
  prefix: expression.length,
  exception: false,
});
const rules = new Rules([rule("acme", "^https://git\\.example/acme/.*$"), rule(null, "^https://bank\\.example/.*$")]);
const work: Tab = { id: 1, url: "https://me:pw@git.example/acme/7?token=1#x", incognito: false };
const page = "https://git.example/acme/7";
const bank: Tab = { id: 2, url: "https://bank.example/account", incognito: false };
const other: Tab = { id: 3, url: "https://news.example/", incognito: false };

function begin(): { front: Front; told: Activity[] } {
  const told: Activity[] = [];
  const front = new Front((activity) => told.push(activity));
  front.rules = rules;
  return { front, told };
}

test("a page that a rule names is told without query, fragment and credentials", () => {
  const { front, told } = begin();
  assert.equal(front.show(work, 1), true);
  assert.deepEqual(told, [{ at: 1, kind: "visit", uri: page }]);
});

test("a private page is a bare instant, and asks for no signs of life", () => {
  const { front, told } = begin();
  assert.equal(front.show(bank, 1), false);
  assert.deepEqual(told, [{ at: 1, kind: "visit", private: true }]);
});

test("nothing is told of other pages, of private windows, and before there are rules", () => {
  const { front, told } = begin();
  for (const tab of [undefined, other, { ...work, incognito: true }, { ...work, url: undefined }]) {
    assert.equal(front.show(tab, 1), false);
  }
  for (const url of ["chrome://newtab/", "file:///git.example/acme/7", "https://git.example/acme", "x", ""]) {
    assert.equal(front.show({ ...work, url }, 1), false);
  }
  new Front((activity) => told.push(activity)).show(work, 1);
  assert.deepEqual(told, []);
});

test("the same page again within a moment says nothing new; another page does", () => {
  const { front, told } = begin();
  front.show(work, 0);
  front.show(work, PAUSE - 1);
  front.show({ ...work, url: "https://git.example/acme/8" }, PAUSE);
  front.show(work, PAUSE + 1);
  front.show(other, PAUSE + 2);
  front.show(work, PAUSE + 3);
  assert.deepEqual(
    told.map(({ at }) => at),
    [0, PAUSE, PAUSE + 1, PAUSE + 3],
  );
});

test("signs of life count in the tab in front, when they were given", () => {
  const { front, told } = begin();
  front.show(work, 0);
  assert.equal(front.alive(work.id, 20_000, 30_000), true);
  assert.equal(front.alive(99, 40_000, 40_000), false);
  // No page can date them into the future or far back.
  front.alive(work.id, 90_000, 50_000);
  front.alive(work.id, 0, 200_000);
  front.show(undefined, 210_000);
  assert.equal(front.alive(work.id, 220_000, 220_000), false);
  assert.deepEqual(
    told.map(({ at }) => at),
    [0, 20_000, 50_000, 140_000],
  );
});

test("nobody works while the machine is idle or locked, and a lock cuts time once", () => {
  const { front, told } = begin();
  front.show(work, 0);
  front.presence("idle", 60_000);
  assert.equal(front.show(work, 61_000), false);
  assert.equal(front.alive(work.id, 62_000, 62_000), false);
  front.presence("locked", 70_000);
  front.presence("locked", 71_000);
  front.show(work, 72_000);
  front.presence("active", 80_000);
  front.show(work, 80_000);
  assert.deepEqual(told, [
    { at: 0, kind: "visit", uri: page },
    { at: 70_000, kind: "lock" },
    { at: 80_000, kind: "visit", uri: page },
  ]);
});
