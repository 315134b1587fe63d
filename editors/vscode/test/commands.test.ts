import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../../..");

test("no command of the extension has the name of one of the host's, which the language client registers", () => {
  // A test of the host holds this table to its list.
  const table = readFileSync(join(root, "PROTOCOL.md"), "utf8");
  const ofHost = [...table.matchAll(/^\| `(keeptab\.\w+)` \|/gm)].map(([, name]) => name);
  assert.ok(ofHost.length > 20, ofHost.join());
  const manifest = JSON.parse(readFileSync(join(root, "editors/vscode/package.json"), "utf8")) as {
    contributes: { commands: { command: string }[] };
  };
  const ours = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(
    ours.filter((command) => ofHost.includes(command)),
    [],
  );
});
