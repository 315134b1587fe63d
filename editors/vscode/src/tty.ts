/** The device behind a terminal, and its read time. */

import { execFile } from "node:child_process";
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { readlink } from "node:fs/promises";
import { promisify } from "node:util";

/** Kernels record read times in whole seconds. */
const SECOND = 1000;

/** Returns the device that a process reads from, if it is a local terminal with read times. */
export async function ttyOf(pid: number, platform: NodeJS.Platform): Promise<string | undefined> {
  if (platform === "linux") {
    const link = `/proc/${String(pid)}/fd/0`;
    return (await readlink(link)).startsWith("/dev/pts/") ? link : undefined;
  }
  if (platform === "darwin") {
    const { stdout } = await promisify(execFile)("ps", ["-o", "tty=", "-p", String(pid)]);
    const name = /^(ttys\d+)\s*$/.exec(stdout)?.[1];
    return name && `/dev/${name}`;
  }
  return undefined;
}

/** Returns the last read time, in epoch milliseconds; undefined if the device is gone. */
export function readTime(tty: string): number | undefined {
  return told(() => Math.floor(statSync(tty).atimeMs / SECOND) * SECOND);
}

/**
 * Returns the foreground process of a terminal, by proc(5): a shell may run in the program that the terminal was
 * started with.
 * @param pid one in the terminal
 */
function foregroundOf(pid: number): number | undefined {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
  // The name in brackets may contain brackets and blanks; state, parent, group, session and device follow it.
  const id = /.*\) \S+ \S+ \S+ \S+ \S+ (\d+)/s.exec(stat)?.[1];
  return id === undefined || id === "0" ? undefined : Number(id);
}

/** Returns the working directory of a process; undefined if it was removed, or if the process is another user's. */
function directoryOf(pid: number | undefined): string | undefined {
  const path = pid === undefined ? undefined : readlinkSync(`/proc/${String(pid)}/cwd`);
  return path?.endsWith(" (deleted)") === true ? undefined : path;
}

/** Returns the result, or undefined if the system does not provide it. */
function told<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}

/**
 * Returns the folder of a terminal; undefined if the system does not provide it.
 * @param pid the process that the terminal was started with
 */
export function folderOf(pid: number): string | undefined {
  return told(() => directoryOf(foregroundOf(pid))) ?? told(() => directoryOf(pid));
}
