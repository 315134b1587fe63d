/** Finds the host's program. */

import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

const isWindows = process.platform === "win32";
const NAME = isWindows ? "keeptab.exe" : "keeptab";

/** Returns the setting if there is one, else the program that came with the extension, else the one on PATH. */
export async function findBinary(setting: string, extension: string): Promise<string | undefined> {
  if (setting !== "") {
    const path = setting.replace(/^~(?=[/\\])/, homedir());
    return isAbsolute(path) ? runnable(path) : onPath(path);
  }
  return (await runnable(join(extension, "bin", NAME))) ?? (await onPath(NAME));
}

/** Returns the places in which the program is looked for when no setting names it. */
export function searched(extension: string): string {
  return [join(extension, "bin"), ...(process.env["PATH"] ?? "").split(delimiter)].join(delimiter);
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const found = folder !== "" && (await runnable(join(folder, name)));
    if (found) {
      return found;
    }
  }
  return undefined;
}

async function runnable(path: string): Promise<string | undefined> {
  try {
    await access(path, isWindows ? constants.F_OK : constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** Returns true if a version such as `0.10.2` is at least another. */
export function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, "en", { numeric: true }) >= 0;
}
