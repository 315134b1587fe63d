// Packages the extension: `npm run package`. With KEEPTAB_HOST, the path of a host, that one goes in, and the VSIX is
// for KEEPTAB_TARGET only (`linux-x64` and so on; this platform unless given). Without it the VSIX finds `keeptab` on
// PATH and is for all platforms. KEEPTAB_OUT names the VSIX.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";

const { KEEPTAB_HOST: host, KEEPTAB_TARGET: target = `${process.platform}-${process.arch}` } = process.env;
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const name = process.env.KEEPTAB_OUT ?? (host ? `keeptab-${target}-${version}.vsix` : `keeptab-${version}.vsix`);

rmSync("bin", { recursive: true, force: true });
if (host && !existsSync(host)) {
  process.stderr.write(`error: there is no program at ${host}, which KEEPTAB_HOST names\n`);
  process.stderr.write("hint: `cargo build --release` makes ../../target/release/keeptab\n");
  process.exit(1);
}
if (host) {
  const program = target.startsWith("win32") ? "bin/keeptab.exe" : "bin/keeptab";
  mkdirSync("bin");
  copyFileSync(host, program);
  chmodSync(program, 0o755);
}
for (const licence of ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(`../../${licence}`, licence);
}
const options = ["--no-dependencies", "--skip-license", "--out", name];
const vsce = ["node_modules/@vscode/vsce/vsce", "package", ...options, ...(host ? ["--target", target] : [])];
execFileSync(process.execPath, vsce, { stdio: "inherit" });
