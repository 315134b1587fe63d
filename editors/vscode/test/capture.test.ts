import assert from "node:assert/strict";
import { test } from "node:test";

import type { Entity } from "../src/event.ts";
import { type Stamped, activities, count, scene, summary } from "./replay.ts";

/** The signs that real VS Code gave, and the events to be reported. */
const recorded: Record<string, string[]> = {
  typing: ["human navigate main.ts", "human edit main.ts"],
  "completion-accepted": ["human navigate main.ts", "human edit main.ts"],
  pasted: ["human navigate main.ts", "human edit main.ts"],
  "undo-redo": ["human edit main.ts"],
  "format-on-save": ["human navigate main.ts", "human edit main.ts", "agent edit main.ts", "human save main.ts"],
  "reading-by-scroll": ["human navigate main.ts"],
  output: [],
  "terminal-loop": ["human navigate main.ts"],
  "agent-while-away": ["agent edit file1.txt", "agent edit main.ts"],
};

for (const [name, expected] of Object.entries(recorded)) {
  test(`recorded: ${name}`, () => {
    assert.deepEqual(summary(scene(name)), expected);
  });
}

for (const name of ["delete-held", "format-by-command"]) {
  test(`recorded: ${name}, of which VS Code shows no key, is theirs who pressed one a minute ago or less`, () => {
    const signs = scene(name);
    const [front] = signs;
    assert.ok(front?.is === "front" && front.entity);
    const key = { at: front.at, is: "selection", entity: front.entity, by: "keyboard" } as const;
    assert.deepEqual(summary([...signs.slice(0, 2), key, ...signs.slice(2)]), [
      "human navigate main.ts",
      "human edit main.ts",
    ]);
    assert.deepEqual(summary(signs), ["agent edit main.ts"]);
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
  assert.equal(count([...present, ...edits], "human"), 1, "the proof");
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

/** A person may be at a window with `api` in front. */
const open: Stamped[] = [
  { at: 0, is: "front", entity: api },
  { at: 0, is: "window", focused: true, active: true },
];
/** A person is there. */
const present: Stamped[] = [...open, { at: 10, is: "selection", entity: api, by: "mouse" }];
/** The event that proves it. */
const proof = "human navigate api.ts";
const away: Stamped[] = [
  { at: 0, is: "front", entity: api },
  { at: 0, is: "window", focused: true, active: true },
  { at: 1, is: "window", focused: true, active: false },
];

function edit(at: number, entity = api, cause: "text" | "blank" | "clean" | "undo" = "text"): Stamped {
  return { at, is: "edit", entity, cause };
}

function key(at: number, entity = api): Stamped {
  return { at, is: "selection", entity, by: "keyboard" };
}

function scroll(at: number): Stamped {
  return { at, is: "scroll", entity: api };
}

function saves(at: number, byHand: boolean): Stamped {
  return { at, is: "willSave", entity: api, byHand };
}

function saved(at: number): Stamped {
  return { at, is: "saved", entity: api };
}

function focuses(signs: Stamped[]): number[] {
  return activities(signs)
    .filter(({ kind }) => kind === "focus")
    .map(({ at }) => at);
}

/** Invented scenes, for cases that are hard to record. */
const invented: Record<string, [Stamped[], string[]]> = {
  "an auto-save proves nothing": [
    [...present, { at: 1000, is: "willSave", entity: api, byHand: false }, { at: 1010, is: "saved", entity: api }],
    [proof],
  ],
  "a save in the background proves nothing": [
    [...present, { at: 1000, is: "willSave", entity: other, byHand: true }, { at: 1010, is: "saved", entity: other }],
    [proof],
  ],
  "a save of which nobody was seen is an agent's": [
    [...open, { at: 1000, is: "willSave", entity: api, byHand: true }, { at: 1010, is: "saved", entity: api }],
    ["agent save api.ts"],
  ],
  "a save that comes more than a minute after a proof is an agent's": [
    [...present, { at: 60_010, is: "willSave", entity: api, byHand: true }, { at: 60_020, is: "saved", entity: api }],
    [proof, "agent save api.ts"],
  ],
  "a save is an agent's if no proof lies between its last edit and the save": [
    [
      ...[...present, edit(1000), edit(1050), edit(1100)],
      ...[saves(2000, true), saved(2010), key(3000), saves(4000, true), saved(4010)],
    ],
    [proof, "agent edit api.ts", "agent save api.ts", "human save api.ts"],
  ],
  "a save is the saved document's, whatever is in front by then": [
    [
      ...present,
      { at: 1000, is: "willSave", entity: api, byHand: true },
      { at: 1005, is: "front", entity: other },
      { at: 1010, is: "saved", entity: api },
    ],
    [proof, "human save api.ts"],
  ],
  "an edit that stands alone is the person's": [
    [...present, edit(1000)],
    [proof, "human edit api.ts"],
  ],
  "an edit that stands alone, a minute after a proof, is not": [
    [...present, edit(60_009), edit(60_500)],
    [proof, "human edit api.ts", "agent edit api.ts"],
  ],
  "an edit that stands alone while nobody is there is not": [[...away, edit(1000)], ["agent edit api.ts"]],
  "an edit in a window without focus is not": [
    [...present, { at: 500, is: "window", focused: false, active: true }, edit(1000), key(1001)],
    [proof, "human blur ", "agent edit api.ts"],
  ],
  "an edit of another document is not": [
    [...present, edit(1000, other)],
    [proof, "agent edit other.ts"],
  ],
  "three edits as quick as no person are not": [
    [...present, edit(1000), edit(1050), edit(1100)],
    [proof, "agent edit api.ts"],
  ],
  "a paste between keys is the person's": [
    [...present, edit(1000), key(1001), edit(1050), edit(1100), key(1101)],
    [proof, "human edit api.ts"],
  ],
  "typing while an agent edits another file stays the person's": [
    [...present, edit(1000, other), edit(1010), key(1011), edit(1050, other), edit(1060), key(1061)],
    [proof, "agent edit other.ts", "human edit api.ts"],
  ],
  "a scroll within a second of an agent's edit, save or jump is not read": [
    [
      ...[...open, edit(1000, other), scroll(1900), saves(3000, true), saved(3010), scroll(4000)],
      ...[{ at: 5000, is: "selection", entity: api, by: "command" } as const, scroll(5900)],
    ],
    ["agent edit other.ts", "agent save api.ts"],
  ],
  "a scroll a second later is": [
    [...open, edit(1000, other), scroll(2000)],
    ["agent edit other.ts", proof],
  ],
  "a scroll within a second of output is not read": [[...open, { at: 1000, is: "fed" }, scroll(1900)], []],
  "what scrolls because of an agent is not read": [
    [...away, edit(1000), { at: 1001, is: "scroll", entity: api }, edit(1002), { at: 1003, is: "scroll", entity: api }],
    ["agent edit api.ts"],
  ],
  "an extension for Vim moves the caret by command": [
    [...present, edit(1000), edit(1010), { at: 1011, is: "selection", entity: api, by: "command" }],
    [proof, "human edit api.ts"],
  ],
  "a caret moved by command while nobody is there is not the person's": [
    [...away, { at: 1000, is: "selection", entity: api, by: "command" }],
    [],
  ],
  "a document opened while nobody is there is not looked at": [
    [...away, { at: 1000, is: "front", entity: other }, { at: 1001, is: "scroll", entity: other }],
    [],
  ],
  "a command in a terminal proves nothing": [[...present, { at: 1000, is: "terminal", entity: shell }], [proof]],
  "what is typed into a terminal is the terminal's, and so is the task that it begins": [
    [...open, { at: 2000, is: "read", entity: shell, readAt: 1000 }, { at: 3000, is: "task" }],
    ["human navigate w", "human task w"],
  ],
  "undo proves the person": [
    [...open, edit(1000, api, "undo"), { at: 60_900, is: "task" }],
    ["human edit api.ts", "human task api.ts"],
  ],
  "a debugger is the document's": [
    [...present, { at: 1000, is: "debug" }],
    [proof, "human debug api.ts"],
  ],
  "a debugger that steps while nobody is there is an agent's": [
    [...present, { at: 61_000, is: "debug" }],
    [proof, "agent debug api.ts"],
  ],
  "a task that begins while nobody is there is an agent's": [
    [...away, { at: 1000, is: "task" }],
    ["agent task api.ts"],
  ],
};

for (const [name, [signs, expected]] of Object.entries(invented)) {
  test(name, () => {
    assert.deepEqual(summary(signs), expected);
  });
}

test("somebody of whom there is no other sign is noted once a minute, weakly, as long as the window is active", () => {
  const ticks = Array.from({ length: 60 }, (_, index): Stamped => ({ at: (index + 1) * 30_000, is: "tick" }));
  assert.deepEqual(focuses([...open, ...ticks]).slice(0, 3), [0, 60_000, 120_000]);
  assert.equal(focuses([...open, ...ticks]).length, 31);
  assert.equal(count([...open, ...ticks], "human"), 0);
  assert.equal(focuses([...away, ...ticks]).length, 1);
});

test("coming to a window, a document or a terminal is weak", () => {
  const came: Stamped[] = [
    ...open,
    { at: 1000, is: "front", entity: other },
    { at: 2000, is: "terminal", entity: shell },
    { at: 3000, is: "window", focused: false, active: true },
    { at: 4000, is: "window", focused: true, active: true },
    { at: 5000, is: "window", focused: true, active: false },
    { at: 6000, is: "window", focused: true, active: true },
  ];
  assert.deepEqual(focuses(came), [0, 1000, 2000, 4000]);
  assert.equal(count(came, "human"), 1, "the blur");
});

test("nothing is told while keeptab's own document is in front, but what is done elsewhere", () => {
  const own: Stamped[] = [
    ...open,
    { at: 1000, is: "front", entity: undefined, silent: true },
    { at: 90_000, is: "tick" },
    { at: 91_000, is: "window", focused: false, active: true },
    { at: 92_000, is: "window", focused: true, active: true },
  ];
  assert.deepEqual(focuses(own), [0]);
  assert.equal(count([...own, { at: 93_000, is: "read", entity: shell, readAt: 92_500 }], "human"), 2);
});

test("what has no folder of its own belongs to that of the work before", () => {
  const search: Entity = { language: "search-result" };
  const told = activities([...present, { at: 1000, is: "front", entity: search }, key(1500, search)]);
  assert.deepEqual(told.at(-1), { at: 1500, kind: "navigate", language: "search-result", root: "file:///w" });
});

test("no key is lost and none is counted for another", () => {
  const keys = Array.from({ length: 100 }, (_, index) => [edit(index * 40 + 1000), key(index * 40 + 1001)]).flat();
  const edits = activities([...present, ...keys]).filter(({ kind }) => kind === "edit");
  assert.equal(edits.length, 100);
});
