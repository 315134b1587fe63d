// Checks the format of all Lua, as .stylua.toml in editors/nvim wants it, or mends it:
// node format.mjs FOLDER-OF-STYLUA [--write]

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [where, mode] = process.argv.slice(2);
const stylua = createRequire(join(resolve(where), "x.js"))("@johnnymorganz/stylua");

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const wanted = readFileSync(join(root, "editors/nvim/.stylua.toml"), "utf8");
const value = (name) => new RegExp(`^${name} = "?(\\w+)"?$`, "m").exec(wanted)[1];

/** A config serves once. */
function config() {
  const config = stylua.Config.new();
  config.column_width = Number(value("column_width"));
  config.indent_width = Number(value("indent_width"));
  config.indent_type = stylua.IndentType[value("indent_type")];
  config.quote_style = stylua.QuoteStyle[value("quote_style")];
  return config;
}

let odd = 0;
for (const folder of ["editors/nvim", "tests/nvim", "tests/traces", "tests/bench"]) {
  for (const name of readdirSync(join(root, folder), { recursive: true })) {
    if (!name.endsWith(".lua")) continue;
    const path = join(root, folder, name);
    const code = readFileSync(path, "utf8");
    const formatted = stylua.formatCode(code, config(), undefined, stylua.OutputVerification.None);
    if (formatted === code) continue;
    if (mode === "--write") {
      writeFileSync(path, formatted);
    } else {
      odd += 1;
      console.log(`${folder}/${name} is not formatted`);
    }
  }
}
process.exit(odd === 0 ? 0 : 1);
