// Bundles the extension: `node build.mjs [--watch]`.
import { build, context } from "esbuild";

const options = {
  entryPoints: ["src/extension.ts"],
  bundle: true,
  outfile: "dist/extension.cjs",
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  minify: true,
  sourcemap: false,
  legalComments: "none",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  await (await context({ ...options, minify: false, sourcemap: true })).watch();
} else {
  await build(options);
}
