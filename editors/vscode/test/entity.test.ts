import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { documentOf, uriOf, workspaceOf } from "./desk/desk.ts";

const { entityOf, entityOfFile, entityOfTerminal } = await import("../src/entity.ts");

interface Kind {
  kind: string;
  counts: "file" | "folder" | "nothing";
  vscode: string[];
}

const kinds = JSON.parse(readFileSync(join(import.meta.dirname, "../../documents.json"), "utf8")) as Kind[];
const beta = "vscode-remote://ssh-remote%2Bbeta/srv/app";

for (const { kind, counts, vscode } of kinds) {
  for (const example of vscode) {
    test(`${example} (${kind}) counts as ${counts}`, () => {
      workspaceOf(["file:///w/acme"], ["file:///w/acme/paper.ipynb", example]);
      const document = documentOf(example);
      const isView = document.uri.scheme === "webview-panel";
      const entity = isView
        ? entityOfFile(uriOf(example))
        : entityOf(document as unknown as Parameters<typeof entityOf>[0]);
      const found = entity === undefined ? "nothing" : entity.uri === undefined ? "folder" : "file";
      assert.equal(found, counts);
      assert.equal(entity === undefined, entity?.root === undefined, "what counts has a folder");
    });
  }
}

const files: [string, string[], string, { uri?: string; root?: string } | undefined][] = [
  ["a file has its workspace folder", ["file:///w/acme"], "file:///w/acme/src/a.rs", { root: "file:///w/acme" }],
  ["another has its own folder", ["file:///w/acme"], "file:///home/jane/a.rs", { root: "file:///home/jane" }],
  ["a file on another host has that host's", [beta], `${beta}/src/a.rs`, { uri: `${beta}/src/a.rs`, root: beta }],
  ["what a URI asks and marks is not told", [], "file:///w/a.rs?x#L7", { uri: "file:///w/a.rs", root: "file:///w" }],
  [
    "a snapshot is its file",
    ["file:///w/acme"],
    "git:/w/acme/a.rs?x",
    { uri: "file:///w/acme/a.rs", root: "file:///w/acme" },
  ],
  ["so it is on another host", [beta], "git:/srv/app/a.rs?x", { uri: `${beta}/a.rs`, root: beta }],
  ["on a host that nobody names it is none", [beta], "git:/elsewhere/a.rs?x", { root: beta }],
  ["a file that is not there yet is itself", ["file:///w"], "untitled:/w/new.rs", { uri: "file:///w/new.rs" }],
  ["among several folders none is preferred", ["file:///w/a", "file:///w/b"], "untitled:Untitled-1", {}],
  ["a URI of 4,096 bytes is told", ["file:///w"], `file:///w/${"a".repeat(4086)}`, { root: "file:///w" }],
  ["a longer one is not", ["file:///w"], `file:///w/${"a".repeat(4087)}`, undefined],
  ["bytes are counted, not letters", ["file:///w"], `file:///w/${"ä".repeat(700)}`, undefined],
];

for (const [name, folders, uri, expected] of files) {
  test(name, () => {
    workspaceOf(folders, []);
    const entity = entityOfFile(uriOf(uri));
    assert.deepEqual(expected && { ...entity, ...expected }, entity);
    assert.equal(expected === undefined, entity === undefined);
  });
}

test("a terminal has the folder that it is in, on the host that it is on", () => {
  workspaceOf(["file:///w/acme"], []);
  const at = (uri: string): unknown => entityOfTerminal(uriOf(uri));
  assert.deepEqual(at("file:///w/acme/src"), { root: "file:///w/acme", cwd: "file:///w/acme/src" });
  assert.deepEqual(at("file:///srv/other"), { root: "file:///srv/other", cwd: "file:///srv/other" });
  assert.deepEqual(entityOfTerminal(undefined), { root: "file:///w/acme" });
  workspaceOf([beta], []);
  assert.deepEqual(at("file:///srv/app/src"), { root: beta, cwd: `${beta}/src` });
});
