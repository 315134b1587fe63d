import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { findBinary, isAtLeast } from "../src/binary.ts";

const name = process.platform === "win32" ? "keeptab.exe" : "keeptab";

/** Makes folders with and without a program in them, and a PATH of the last two. */
function folders(t: TestContext): { extension: string; onPath: string } {
  const home = mkdtempSync(join(tmpdir(), "keeptab-binary-"));
  const path = process.env["PATH"];
  const [extension, empty, onPath] = ["extension", "empty", "path"].map((folder) => join(home, folder)) as [
    string,
    string,
    string,
  ];
  for (const folder of [join(extension, "bin"), empty, onPath]) {
    mkdirSync(folder, { recursive: true });
  }
  process.env["PATH"] = [empty, onPath].join(process.platform === "win32" ? ";" : ":");
  t.after(() => {
    process.env["PATH"] = path;
    rmSync(home, { recursive: true });
  });
  return { extension, onPath };
}

function program(path: string): string {
  writeFileSync(path, "");
  chmodSync(path, 0o755);
  return path;
}

test("the setting comes first, then what came along, then PATH", async (t) => {
  const { extension, onPath } = folders(t);
  assert.equal(await findBinary("", extension), undefined);
  const onThePath = program(join(onPath, name));
  assert.equal(await findBinary("", extension), onThePath);
  const bundled = program(join(extension, "bin", name));
  assert.equal(await findBinary("", extension), bundled);
  const chosen = program(join(onPath, "other"));
  assert.equal(await findBinary(chosen, extension), chosen);
  assert.equal(await findBinary("other", extension), chosen);
});

test("a setting that names nothing is not replaced by a guess", async (t) => {
  const { extension, onPath } = folders(t);
  program(join(onPath, name));
  assert.equal(await findBinary(join(onPath, "nothing"), extension), undefined);
  assert.equal(await findBinary("nothing", extension), undefined);
});

test("versions are compared by their numbers", () => {
  assert.ok(isAtLeast("0.10.0", "0.9.9"));
  assert.ok(isAtLeast("0.1.0", "0.1.0"));
  assert.ok(isAtLeast("1.0.0", "0.1.0"));
  assert.ok(!isAtLeast("0.0.9", "0.1.0"));
  assert.ok(!isAtLeast("0", "0.1.0"));
});
