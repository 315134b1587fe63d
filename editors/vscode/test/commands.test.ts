import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../../..");

test("no command of the extension has the name of one of the host's, which the language client registers", () => {
  const source = readFileSync(join(root, "server/src/lsp/command.rs"), "utf8");
  const list = /const COMMANDS: &\[&str\] = &\[([^\]]*)\]/.exec(source)?.[1] ?? "";
  const ofHost = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => `keeptab.${name ?? ""}`);
  assert.ok(ofHost.length > 20, list);
  const manifest = JSON.parse(readFileSync(join(root, "editors/vscode/package.json"), "utf8")) as {
    contributes: { commands: { command: string }[] };
  };
  const ours = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(
    ours.filter((command) => ofHost.includes(command)),
    [],
  );
});
