// Bundles the extension: `node build.mjs`. The language client is a file of its own, which is loaded after the start.
import { join } from "node:path";
import { build } from "esbuild";

const client = "vscode-languageclient/node";

/** @type {import("esbuild").Plugin} */
const clientApart = {
  name: "client apart",
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${client}$`) }, () => ({ path: "./client.cjs", external: true }));
  },
};

/**
 * @param {string} outdir
 * @param {import("esbuild").BuildOptions} more
 */
export async function bundle(outdir, more = {}) {
  const options = {
    absWorkingDir: import.meta.dirname,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    outdir,
    outExtension: { ".js": ".cjs" },
  };
  await build({ ...options, entryPoints: ["src/extension.ts"], plugins: [clientApart], ...more });
  await build({ ...options, entryPoints: { client } });
  const page = { platform: "browser", format: "esm", target: "es2024", outExtension: {} };
  await build({ ...options, ...page, entryPoints: { paper: "src/paper/view.ts" } });
}

if (process.argv[1] === import.meta.filename) {
  await bundle(join(import.meta.dirname, "dist"));
}
