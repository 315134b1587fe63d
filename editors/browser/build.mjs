// Builds the extension: `node build.mjs`. It is loaded from dist/chromium or dist/firefox; manifest.json is the source
// of both manifests.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const read = (name) => JSON.parse(readFileSync(join(here, name), "utf8"));
const { version } = read("package.json");
const { both, ...browsers } = read("manifest.json");

for (const [browser, own] of Object.entries(browsers)) {
  const outdir = join(here, "dist", browser);
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, "manifest.json"), `${JSON.stringify({ ...both, version, ...own }, null, 2)}\n`);
  for (const file of ["popup.html", "popup.css"]) {
    cpSync(join(here, "src", file), join(outdir, file));
  }
  cpSync(join(here, "media/icon.png"), join(outdir, "icon.png"));
  await build({
    absWorkingDir: here,
    entryPoints: ["src/background.ts", "src/page.ts", "src/popup.ts"],
    bundle: true,
    format: "iife",
    target: ["chrome120", "firefox128"],
    legalComments: "none",
    logLevel: "warning",
    outdir,
  });
}
