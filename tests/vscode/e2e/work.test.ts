/** Work besides text: notebooks, terminals, tasks, debuggers; and untrusted workspaces. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

import { eventually, required } from "../workbench.ts";
import { config, fakeHost, type Heard, open } from "./keeptab.ts";

const notebook = {
  cells: [{ cell_type: "code", metadata: {}, outputs: [], execution_count: null, source: ["1 + 1"] }],
  metadata: { language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 5,
};
const tasks = {
  version: "2.0.0",
  tasks: [{ label: "build", type: "process", command: "true", problemMatcher: [] }],
};
const launch = {
  version: "0.2.0",
  configurations: [
    {
      ...{ name: "main", type: "node", request: "launch", program: "${workspaceFolder}/main.js" },
      runtimeExecutable: process.execPath,
    },
  ],
};

test("notebooks, terminals, tasks and debuggers are the person's work", async (t) => {
  const fake = fakeHost("99.0.0");
  const desk = await open(t, {
    ...fake,
    folder: "work/acme/api",
    prepare: (home) => {
      fake.prepare?.(home);
      home.write("work/acme/api/paper.ipynb", JSON.stringify(notebook));
      home.write("work/acme/api/main.js", "setTimeout(() => {}, 1000);\n");
      home.write("work/acme/api/.vscode/tasks.json", JSON.stringify(tasks));
      home.write("work/acme/api/.vscode/launch.json", JSON.stringify(launch));
    },
  });
  const { bench, home } = desk;
  const root = `file://${home.at("work/acme/api")}`;

  const paper = `${root}/paper.ipynb`;
  await bench.press("Control+p");
  await bench.quickInput.locator("input").fill("paper.ipynb");
  await bench.choose("paper.ipynb");
  await bench.page.locator(".notebook-editor .view-lines", { hasText: "1" }).first().click();
  await bench.page.locator(".notebook-editor .monaco-editor.focused").waitFor();
  await bench.type("+ 1");
  const edit = await desk.hears("an edit of the notebook", ({ uri, kind }) => kind === "edit" && uri === paper);
  assert.deepEqual([edit.root, edit.actor], [root, undefined]);

  await bench.command("Terminal: Create New Terminal");
  await bench.page.locator(".terminal.xterm").first().waitFor();
  const came = await desk.hears("coming to a terminal", ({ kind, cwd }) => kind === "focus" && cwd !== undefined);
  assert.deepEqual([came.root, came.cwd], [root, root]);
  // Reads in the first eight seconds may be the shell's own, and read times are whole seconds, eight apart.
  const isTyping = ({ kind, cwd }: Heard): boolean => kind === "navigate" && cwd !== undefined;
  const [terminal] = await Promise.all([
    desk.hears("typing in it", isTyping),
    (async () => {
      while (!desk.heard().some(isTyping) && Date.now() < came.at + 30_000) {
        await bench.type(" ");
        await bench.page.waitForTimeout(250);
      }
    })(),
  ]);
  assert.deepEqual([terminal.actor, terminal.root, terminal.cwd], [undefined, root, root]);
  await bench.type("cd /tmp");
  await bench.press("Enter");
  const moved = await desk.hears("a command in it", ({ cwd }) => cwd === "file:///tmp");
  assert.equal(moved.root, "file:///tmp");

  await bench.command("Tasks: Run Task");
  await bench.choose("build");
  const task = await desk.hears("a task", ({ kind }) => kind === "task");
  assert.equal(task.actor, undefined);

  await bench.openFile("main.js");
  await bench.press("ArrowRight", "F5");
  const debug = await desk.hears("a debugger", ({ kind }) => kind === "debug");
  assert.deepEqual([debug.uri, debug.actor], [`${root}/main.js`, undefined]);
  await bench.picture("work-debugger");
});

test("files of a virtual file system count as files on a disk do", async (t) => {
  const fake = fakeHost("99.0.0");
  const root = "vscode-vfs://github/acme/api";
  const desk = await open(t, {
    ...fake,
    extensions: [required("KEEPTAB_AGENT_VSIX"), required("KEEPTAB_BARE_VSIX")],
    folder: "work/virtual.code-workspace",
    prepare: (home) => {
      fake.prepare?.(home);
      home.write("work/virtual.code-workspace", JSON.stringify({ folders: [{ uri: root }] }));
    },
  });
  const { bench } = desk;
  await bench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "main.rs" }).dblclick();
  await bench.page.locator(".monaco-editor.focused").first().waitFor();
  await bench.type("let x = 1;");
  await bench.press("Control+s");
  // VS Code may save its own settings meanwhile.
  const saved = await desk.hears("a save", ({ kind, uri }) => kind === "save" && uri === `${root}/main.rs`);
  assert.deepEqual([saved.root, saved.actor], [root, undefined]);
  const edits = desk.heard().filter(({ kind, uri }) => kind === "edit" && uri === saved.uri);
  assert.ok(edits.some(({ actor }) => actor === undefined));
  await bench.picture("work-virtual");
});

test("a workspace that is not trusted is tracked, and cannot choose the program that is run", async (t) => {
  const desk = await open(t, {
    config,
    folder: "work/acme/api",
    isUntrusted: true,
    prepare: (home) => {
      const program = home.program("other", `touch ${home.at("ran")}\nexec ${required("KEEPTAB_BIN")} "$@"`);
      home.write("work/acme/api/.vscode/settings.json", JSON.stringify({ "keeptab.path": program }));
    },
  });
  const { bench, home } = desk;
  await bench.statusItem("Restricted Mode").waitFor();
  await bench.openFile("main.rs");
  await bench.press("Control+End");
  await desk.work(2);
  await bench.statusItem("acme/api").waitFor();
  await bench.picture("untrusted");
  assert.ok(!existsSync(home.at("ran")));

  await bench.statusItem("Restricted Mode").click();
  await bench.page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).click();
  await bench.statusItem("Restricted Mode").waitFor({ state: "hidden" });
  await eventually("the workspace's program", () => existsSync(home.at("ran")));
});
