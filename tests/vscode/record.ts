/**
 * Records the signs of real VS Code while a person types, reads, formats, replaces and lets agents edit:
 *   tests/vscode/run record
 * Writes one file per scene to `editors/vscode/test/scenes`, which the tests of the capture rules replay.
 */

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Home, Workbench, eventually } from "./workbench.ts";

const vsix = process.argv[2];
const scenes = join(import.meta.dirname, "../../editors/vscode/test/scenes");
if (!vsix) {
  throw new Error("where is the recorder's VSIX?");
}

const home = new Home();
const recording = home.write("recording.jsonl", "");
for (let number = 0; number < 40; number++) {
  home.write(`work/many/file${String(number)}.txt`, "needle in a haystack\n");
}
home.write("work/api/main.ts", "export const needle = 1;\n".repeat(200));
home.write("work/api/other.ts", "export const other = 1;\n");
home.write("work/api/notes.txt", "one\ntwo\n");

const bench = await Workbench.open(home, {
  folder: "work",
  extensions: [vsix],
  settings: {
    "chat.disableAIFeatures": false,
    "editor.formatOnSave": true,
    "files.autoSave": "off",
    "search.useReplacePreview": false,
    "terminal.integrated.defaultProfile.linux": "bash",
  },
  env: { KEEPTAB_RECORDING: recording },
});

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function lines(): string[] {
  return readFileSync(recording, "utf8").split("\n").filter(Boolean);
}

async function scene(name: string, play: () => Promise<void>): Promise<void> {
  await sleep(1500);
  const from = lines().length;
  // The latest front and window come first, because the replay begins here.
  const last = (is: string): string | undefined => lines().findLast((line) => line.includes(`"is":"${is}"`));
  const before = [last("front"), last("window")].filter((line) => line !== undefined);
  try {
    await play();
  } catch (error) {
    console.log(`${name} went wrong: ${String(error)}`);
    await bench.picture(`wrong-${name}`);
  }
  await sleep(1500);
  const text = [...before, ...lines().slice(from)].join("\n").replaceAll(home.path, "/home/jane");
  mkdirSync(scenes, { recursive: true });
  writeFileSync(join(scenes, `${name}.jsonl`), `${text}\n`);
  console.log(`${name}: ${String(lines().length - from)} signs`);
}

function agent(request: { paths: string[]; turns: number; delay: number; pause: number }): void {
  writeFileSync(
    `${recording}.agent`,
    JSON.stringify({ ...request, paths: request.paths.map((path) => home.at(path)) }),
  );
}

async function agentIsDone(): Promise<void> {
  const from = lines().length;
  await eventually("the agent", () =>
    lines()
      .slice(from)
      .some((line) => line.includes("the agent is done")),
  );
}

await bench.statusItem("recording").waitFor();
await bench.openFile("main.ts");
const editor = bench.page.locator(".monaco-editor .view-lines").first();

await scene("typing", async () => {
  await editor.click();
  await bench.type("const a = (1);");
  await bench.pressSlowly("Enter", "Backspace", "Delete", "Delete", "ArrowDown", "ArrowDown", "Control+z", "Control+z");
});
await scene("delete-held", async () => {
  for (let count = 0; count < 20; count++) {
    await bench.pressSlowly("Delete");
  }
});
await scene("completion-accepted", async () => {
  await bench.pressSlowly("Control+End", "Enter");
  await bench.type("comple");
  await bench.page.locator("[class*=ghost-text]").first().waitFor();
  await bench.press("Tab");
});
await scene("pasted", async () => {
  await bench.pressSlowly("Control+a", "Control+c", "Control+End", "Control+v");
});
await scene("format-on-save", async () => {
  await bench.press("Control+Home");
  await bench.type("x");
  await bench.press("Control+s");
});
await scene("format-by-command", async () => {
  await bench.command("Format Document");
});
await scene("undo-redo", async () => {
  await bench.pressSlowly("Control+z", "Control+z", "Control+y");
});
await scene("reading-by-scroll", async () => {
  await bench.page.mouse.move(600, 400);
  for (let count = 0; count < 10; count++) {
    await bench.page.mouse.wheel(0, 200);
    await sleep(300);
  }
});
await scene("switching-tabs", async () => {
  await bench.openFile("other.ts");
  await bench.press("Control+PageUp", "Control+PageDown");
});
await scene("replace-all", async () => {
  await bench.press("Control+Shift+h");
  await bench.page.keyboard.type("needle");
  await bench.press("Tab");
  await bench.page.keyboard.type("pin");
  await bench.page.locator(".search-view .message", { hasText: "results in" }).first().waitFor();
  await bench.press("Control+Alt+Enter");
  const confirm = bench.page.locator(".monaco-dialog-box .monaco-button", { hasText: "Replace" }).first();
  await confirm.click();
  await bench.page.locator(".search-view .message", { hasText: "Replaced" }).first().waitFor();
});
await scene("changed-on-disk", async () => {
  await bench.openFile("main.ts");
  appendFileSync(home.at("work/api/main.ts"), "// by another program\n");
  await sleep(3000);
});
await scene("terminal-loop", async () => {
  await bench.press("Control+`");
  await bench.page.locator(".terminal.xterm").first().waitFor();
  await sleep(3000);
  await bench.page.keyboard.type("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.5; done\n");
  await sleep(5000);
});
await scene("output", async () => {
  await bench.command("Output: Focus on Output View");
});
agent({ paths: ["work/api/main.ts", "work/api/other.ts"], turns: 30, delay: 0, pause: 50 });
await scene("agent-while-reading", async () => {
  await bench.openFile("notes.txt");
  await bench.command("Recorder: Let an Agent Edit");
  for (let count = 0; count < 5; count++) {
    await bench.press("ArrowDown");
    await sleep(200);
  }
  await agentIsDone();
});
agent({ paths: ["work/api/main.ts"], turns: 30, delay: 1000, pause: 50 });
await scene("agent-in-front", async () => {
  await bench.openFile("main.ts");
  await bench.command("Recorder: Let an Agent Edit");
  await agentIsDone();
});
agent({ paths: ["work/api/main.ts", "work/many/file1.txt"], turns: 30, delay: 110_000, pause: 50 });
await scene("agent-while-away", async () => {
  await bench.command("Recorder: Let an Agent Edit");
  await eventuallyLong();
});

async function eventuallyLong(): Promise<void> {
  await sleep(95_000);
  await agentIsDone();
}

await bench.close();
home.remove();
