/** Hours of work in today's usual ways, through all of the extension between VS Code and the host. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Desk, START, documentOf } from "./desk/desk.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const folder = "file:///w/acme";
const file = (): ReturnType<typeof documentOf> => documentOf(`${folder}/main.rs`);

for (const root of [
  "file:///w/acme",
  "vscode-remote://ssh-remote%2Bbeta/w/acme",
  "vscode-remote://wsl%2Bubuntu/w/acme",
  "vscode-remote://dev-container%2B2f772f61636d65/w/acme",
  "vscode-remote://attached-container%2B7b7d/w/acme",
  "vscode-vfs://github/w/acme",
]) {
  test(`600 keys and 20 saves under ${root}`, async (t) => {
    const desk = new Desk(t, [root]);
    const document = documentOf(`${root}/main.rs`);
    desk.show(document);
    for (let key = 1; key <= 600; key++) {
      desk.key();
      await desk.pass(key % 30 === 0 ? 2000 : 100);
      if (key % 30 === 0) {
        desk.save(document);
        await desk.pass(SECOND);
      }
    }
    assert.deepEqual(
      [...new Set(desk.heard.slice(1).map(({ uri, root, actor }) => `${uri ?? ""} ${root ?? ""} ${actor ?? ""}`))],
      [`${root}/main.rs ${root} `],
    );
    assert.equal(desk.of("save").length, 20);
    assert.ok(desk.of("edit").length >= 60, String(desk.of("edit").length));
  });
}

for (const [pause, wait] of [
  [5 * SECOND, 50],
  [20 * SECOND, 50],
  [5 * SECOND, SECOND],
  [20 * SECOND, SECOND],
] as const) {
  const name = `every ${String(pause)} ms edits the file in front and saves it ${String(wait)} ms later`;
  test(`one key, then an agent that shows progress ${name}`, async (t) => {
    const desk = new Desk(t, [folder]);
    const document = file();
    desk.show(document);
    desk.key();
    desk.isBusy = true;
    for (let at = pause; at <= 9 * MINUTE; at += pause) {
      await desk.pass(pause - wait);
      desk.edit(document, "a line of an agent's\n");
      desk.select(undefined);
      desk.scroll();
      await desk.pass(wait);
      desk.save(document);
    }
    await desk.pass(2 * SECOND);
    const ends = desk.strong.map(({ at }) => at - START);
    assert.ok(Math.max(...ends) < MINUTE, String(ends));
    const agents = [...desk.of("edit", "agent"), ...desk.of("save", "agent")];
    assert.ok(agents.length >= (2 * 8 * MINUTE) / pause - 2, String(agents.length));
    assert.ok(Math.max(...agents.map(({ at }) => at - START)) >= 8.5 * MINUTE);
  });
}

test("a word every 10 s in a terminal for 22 minutes counts whole, for the folder that the terminal is in", async (t) => {
  const desk = new Desk(t, [folder]);
  desk.show(file());
  desk.key();
  await desk.pass(SECOND);
  const shell = desk.terminal(7, "file:///w/other");
  desk.goTo(shell);
  for (let at = 0; at < 22 * MINUTE; at += 10 * SECOND) {
    await desk.pass(10 * SECOND);
    desk.typeInto(shell);
  }
  await desk.pass(30 * SECOND);
  desk.key();
  await desk.pass(2 * SECOND);
  assert.ok(desk.counted >= 22 * MINUTE, String(desk.counted / MINUTE));
  const typed = desk.strong.filter(({ cwd }) => cwd !== undefined);
  assert.deepEqual(
    [...new Set(typed.map(({ uri, root, cwd }) => [uri, root, cwd].join(" ")))],
    [" file:///w/other file:///w/other"],
  );
  assert.ok(typed.length >= 40, String(typed.length));
});

test("a terminal is seen when the window loses the focus, whatever was in front of it", async (t) => {
  const desk = new Desk(t, [folder]);
  const shell = desk.terminal(7);
  desk.goTo(shell);
  await desk.pass(20 * SECOND);
  desk.show(file());
  await desk.pass(31 * SECOND);
  desk.typeInto(shell);
  desk.focus(false);
  await desk.pass(2 * SECOND);
  assert.deepEqual(
    desk.strong.map(({ kind, at, root, cwd }) => [kind, at - START, root, cwd]),
    [["navigate", 51 * SECOND, folder, undefined]],
  );
});

test("commands that an agent sends, and what they ask of the terminal, prove nobody", async (t) => {
  const desk = new Desk(t, [folder]);
  const shell = desk.terminal(7);
  desk.goTo(shell);
  desk.isBusy = true;
  for (let count = 0; count < 60; count++) {
    await desk.pass(9500);
    await desk.run(shell);
    await desk.pass(1500);
    desk.typeInto(shell);
  }
  await desk.pass(MINUTE);
  assert.deepEqual(desk.strong, []);
  assert.ok(desk.of("focus").length > 9);
});

test("a command that takes a while to type is the person's", async (t) => {
  const desk = new Desk(t, [folder]);
  const shell = desk.terminal(7);
  desk.goTo(shell);
  await desk.pass(24 * SECOND);
  desk.typeInto(shell);
  await desk.pass(4 * SECOND);
  await desk.run(shell);
  await desk.pass(2 * SECOND);
  assert.deepEqual(
    desk.strong.map(({ at }) => at - START),
    [24 * SECOND],
  );
});

test("what is read while the person is at another window proves nobody", async (t) => {
  const desk = new Desk(t, [folder]);
  const shell = desk.terminal(7);
  desk.goTo(shell);
  await desk.pass(20 * SECOND);
  desk.focus(false);
  desk.typeInto(shell);
  await desk.pass(MINUTE);
  desk.focus(true);
  await desk.pass(MINUTE);
  assert.deepEqual(desk.strong, []);
});

for (const [where, isHere] of [
  ["a chat", true],
  ["a terminal on another host", false],
] as const) {
  test(`${where}, of which there is no proof, is noted once a minute, weakly, with the folder`, async (t) => {
    const desk = new Desk(t, [folder], isHere);
    desk.show(file());
    desk.key();
    await desk.pass(SECOND);
    if (!isHere) {
      desk.goTo(desk.terminal(7, `${folder}/src`));
    }
    for (let at = 0; at < 40 * MINUTE; at += 10 * SECOND) {
      await desk.pass(10 * SECOND);
      desk.elsewhere();
    }
    desk.key();
    await desk.pass(2 * SECOND);
    assert.equal(desk.counted, 0);
    const times = [...desk.strong, ...desk.of("focus")].map(({ at }) => at).toSorted((one, other) => one - other);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.ok(Math.max(...gaps) <= 90 * SECOND + QUIETLY, String(gaps));
    assert.deepEqual([...new Set(desk.of("focus").map(({ root }) => root))], [folder]);
    assert.equal(desk.of("focus").at(-1)?.cwd, isHere ? undefined : `${folder}/src`);
  });
}
/** An event is reported a moment later. */
const QUIETLY = SECOND;

test("the person is noted no more once the window is not active", async (t) => {
  const desk = new Desk(t, [folder]);
  desk.show(file());
  desk.key();
  await desk.pass(5 * MINUTE);
  const heard = desk.heard.length;
  await desk.pass(60 * MINUTE);
  assert.equal(desk.heard.length, heard);
});

test("keeptab's own documents are told of in no way", async (t) => {
  const desk = new Desk(t, [folder]);
  const own = [
    "file:///home/jane/keeptab/2026-W47.timesheet",
    "file:///home/jane/keeptab/keeptab.toml",
    "keeptab:/Totals",
  ];
  desk.show(documentOf(own[0] ?? ""));
  await desk.pass(SECOND);
  desk.heard.length = 0;
  for (const uri of own) {
    const document = documentOf(uri);
    desk.show(document);
    desk.key();
    desk.scroll();
    desk.save(document);
    desk.edit(document, "the host's refresh");
    await desk.pass(3 * MINUTE);
    desk.elsewhere();
  }
  for (const view of ["mainThreadWebview-keeptab.dashboard", "mainThreadWebview-keeptab.paper"]) {
    desk.showWebview(view);
    await desk.pass(3 * MINUTE);
    desk.elsewhere();
  }
  assert.deepEqual(desk.heard, []);
  desk.showWebview("mainThreadWebview-markdown.preview");
  await desk.pass(SECOND);
  assert.deepEqual(
    desk.heard.map(({ kind, root }) => [kind, root]),
    [["focus", folder]],
  );
});

test("output that comes in is nobody's, and does not make its scrolling the person's", async (t) => {
  const desk = new Desk(t, [folder]);
  const output = documentOf("output:extension-output-1");
  desk.show(output);
  desk.isBusy = true;
  for (let count = 0; count < 600; count++) {
    await desk.pass(900);
    desk.edit(output, "a line\n");
    desk.scroll();
  }
  assert.deepEqual([desk.strong, desk.of("edit", "agent")], [[], []]);
});

test("an editor that becomes smaller because a panel opens was not scrolled", async (t) => {
  const desk = new Desk(t, [folder]);
  desk.show(file());
  await desk.pass(5 * SECOND);
  desk.scroll(0);
  await desk.pass(2 * SECOND);
  assert.deepEqual(desk.strong, []);
  desk.scroll(3);
  await desk.pass(2 * SECOND);
  assert.equal(desk.strong.length, 1);
});
