// Packages the extension with a stopwatch in it: `build.mjs FOLDER VSIX`, the folder being one to work in.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { bundle } from "../../../editors/vscode/build.mjs";

const [folder, vsix] = process.argv.slice(2);
const source = join(import.meta.dirname, "../../../editors/vscode");

for (const name of ["media", "syntaxes", "walkthrough", "README.md"]) {
  cpSync(join(source, name), join(folder, name), { recursive: true });
}
await bundle(join(folder, "dist"), {
  alias: { vscode: join(import.meta.dirname, "vscode.cjs") },
  define: { setTimeout: "keeptabMeasure.setTimeout" },
  external: [],
});
renameSync(join(folder, "dist/extension.cjs"), join(folder, "dist/bundle.cjs"));
cpSync(join(import.meta.dirname, "stub.cjs"), join(folder, "dist/extension.cjs"));
const headers = join(dirname(process.execPath), "../include/node");
const compile = ["-shared", "-fPIC", "-O2", "-I", headers];
execFileSync("cc", [...compile, join(import.meta.dirname, "cpu.c"), "-o", join(folder, "dist/cpu.node")]);
writeFileSync(join(folder, ".vscodeignore"), "");
const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
delete manifest.scripts;
writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
const options = ["--no-dependencies", "--skip-license", "--out", vsix];
execFileSync(join(source, "node_modules/.bin/vsce"), ["package", ...options], { cwd: folder });
