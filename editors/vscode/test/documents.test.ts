import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const renderer = join(import.meta.dirname, "../../documents.mjs");

test("PROTOCOL.md shows the kinds of documents as the list has them", () => {
  execFileSync(process.execPath, [renderer, "--check"], { stdio: "pipe" });
});
