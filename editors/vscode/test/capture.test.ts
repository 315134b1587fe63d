import assert from "node:assert/strict";
import { test } from "node:test";

import type { Entity } from "../src/event.ts";
import { type Stamped, activities, count, scene, summary } from "./replay.ts";

/** What real VS Code said, and what is told of it. */
const recorded: Record<string, string[]> = {
  typing: ["human navigate main.ts", "human edit main.ts"],
  "delete-held": ["human edit main.ts"],
  "completion-accepted": ["human navigate main.ts", "human edit main.ts"],
  pasted: ["human navigate main.ts", "human edit main.ts"],
  "undo-redo": ["human edit main.ts"],
  "format-by-command": ["human edit main.ts"],
  "format-on-save": ["human navigate main.ts", "human edit main.ts", "agent edit main.ts", "human save main.ts"],
  "reading-by-scroll": ["human navigate main.ts"],
  output: ["human navigate main.ts"],
  "terminal-loop": ["human navigate main.ts", "human navigate work"],
  "agent-while-away": ["agent edit file1.txt", "agent edit main.ts"],
};

for (const [name, expected] of Object.entries(recorded)) {
  test(`recorded: ${name}`, () => {
    assert.deepEqual(summary(scene(name)), expected);
  });
}

test("recorded: a file changed on the disk is not the person's", () => {
  assert.deepEqual(
    summary(scene("changed-on-disk")).filter((line) => line.includes("edit")),
    ["agent edit main.ts"],
  );
});

test("recorded: switching tabs is seen where it ends", () => {
  const told = activities(scene("switching-tabs"));
  assert.equal(told.at(-1)?.uri, "file:///home/jane/work/api/other.ts");
});

test("recorded: replace-all over many files is nobody's typing", () => {
  const told = activities(scene("replace-all"));
  const edited = told.filter(({ kind }) => kind === "edit");
  assert.equal(new Set(edited.map(({ uri }) => uri)).size, 41);
  assert.deepEqual([...new Set(edited.map(({ actor }) => actor))], ["agent"]);
});

test("replace-all over a thousand files, with one of them in front", () => {
  const edits = Array.from({ length: 1000 }, (_, index) =>
    edit(1000 + index, index === 500 ? api : { uri: `file:///w/${String(index)}.ts` }),
  );
  assert.equal(count([...present, ...edits], "human"), 0);
  assert.equal(count([...present, ...edits], "agent"), 1000);
});

test("recorded: an agent edits while the person reads another file", () => {
  const told = activities(scene("agent-while-reading"));
  const human = told.filter(({ actor }) => actor === undefined);
  assert.deepEqual([...new Set(human.map(({ uri }) => uri?.split("/").at(-1)))].slice(-1), ["notes.txt"]);
  assert.ok(human.every(({ kind }) => kind !== "edit"));
  assert.ok(told.some(({ actor, uri }) => actor === "agent" && uri?.endsWith("main.ts")));
});

test("recorded: an agent's burst in the file that the person looks at", () => {
  const edits = activities(scene("agent-in-front")).filter(({ kind }) => kind === "edit");
  assert.ok(edits.length > 0);
  assert.deepEqual([...new Set(edits.map(({ actor }) => actor))], ["agent"]);
});

const api: Entity = { uri: "file:///w/api.ts", root: "file:///w" };
const other: Entity = { uri: "file:///w/other.ts", root: "file:///w" };
const shell: Entity = { root: "file:///w" };

/** Somebody is at a window with `api` in front. */
const present: Stamped[] = [
  { at: 0, is: "front", entity: api },
  { at: 0, is: "window", focused: true, active: true },
];
const away: Stamped[] = [
  { at: 0, is: "front", entity: api },
  { at: 0, is: "window", focused: true, active: true },
  { at: 1, is: "window", focused: true, active: false },
];

function edit(at: number, entity = api, cause: "text" | "blank" | "clean" | "undo" = "text"): Stamped {
  return { at, is: "edit", entity, cause, growth: 0 };
}

function key(at: number, entity = api): Stamped {
  return { at, is: "selection", entity, by: "keyboard" };
}

/** Made up, for what is hard to record. */
const invented: Record<string, [Stamped[], string[]]> = {
  "an auto-save proves nothing": [
    [...present, { at: 1000, is: "willSave", entity: api, byHand: false }, { at: 1010, is: "saved", entity: api }],
    [],
  ],
  "a save in the background proves nothing": [
    [...present, { at: 1000, is: "willSave", entity: other, byHand: true }, { at: 1010, is: "saved", entity: other }],
    [],
  ],
  "a save is the saved document's, whatever is in front by then": [
    [
      ...present,
      { at: 1000, is: "willSave", entity: api, byHand: true },
      { at: 1005, is: "front", entity: other },
      { at: 1010, is: "saved", entity: api },
    ],
    ["human navigate other.ts", "human save api.ts"],
  ],
  "an edit that stands alone is the person's": [[...present, edit(1000)], ["human edit api.ts"]],
  "an edit that stands alone while nobody is there is not": [[...away, edit(1000)], ["agent edit api.ts"]],
  "an edit in a window without focus is not": [
    [...present, { at: 500, is: "window", focused: false, active: true }, edit(1000), key(1001)],
    ["human blur ", "agent edit api.ts"],
  ],
  "an edit of another document is not": [[...present, edit(1000, other)], ["agent edit other.ts"]],
  "three edits as quick as no person are not": [
    [...present, edit(1000), edit(1050), edit(1100)],
    ["agent edit api.ts"],
  ],
  "a paste between keys is the person's": [
    [...present, edit(1000), key(1001), edit(1050), edit(1100), key(1101)],
    ["human edit api.ts"],
  ],
  "typing while an agent edits another file stays the person's": [
    [...present, edit(1000, other), edit(1010), key(1011), edit(1050, other), edit(1060), key(1061)],
    ["agent edit other.ts", "human edit api.ts"],
  ],
  "what scrolls because of an agent is not read": [
    [...away, edit(1000), { at: 1001, is: "scroll", entity: api }, edit(1002), { at: 1003, is: "scroll", entity: api }],
    ["agent edit api.ts"],
  ],
  "an extension for Vim moves the caret by command": [
    [...present, { at: 1000, is: "selection", entity: api, by: "command" }],
    ["human navigate api.ts"],
  ],
  "a caret moved by command while nobody is there is not the person's": [
    [...away, { at: 1000, is: "selection", entity: api, by: "command" }],
    [],
  ],
  "a document opened while nobody is there is not looked at": [
    [...away, { at: 1000, is: "front", entity: other }, { at: 1001, is: "scroll", entity: other }],
    [],
  ],
  "a command in a terminal is the terminal's": [
    [...present, { at: 1000, is: "terminal", entity: shell }, { at: 31_000, is: "tick" }],
    ["human navigate w"],
  ],
  "a debugger is the document's": [[...present, { at: 1000, is: "debug" }], ["human debug api.ts"]],
  "a task that begins while nobody is there is not": [[...away, { at: 1000, is: "task" }], []],
};

for (const [name, [signs, expected]] of Object.entries(invented)) {
  test(name, () => {
    assert.deepEqual(summary(signs), expected);
  });
}

test("somebody who is seen by the window alone is noted, but not for ever", () => {
  const ticks = Array.from({ length: 60 }, (_, index): Stamped => ({ at: (index + 1) * 30_000, is: "tick" }));
  assert.equal(count([...present, ...ticks], "human"), 9);
  assert.equal(count([...away, ...ticks], "human"), 0);
});

test("no key is lost and none is counted for another", () => {
  const keys = Array.from({ length: 100 }, (_, index) => [edit(index * 40 + 1000), key(index * 40 + 1001)]).flat();
  const edits = activities([...present, ...keys]).filter(({ kind }) => kind === "edit");
  assert.equal(edits.length, 100);
});
