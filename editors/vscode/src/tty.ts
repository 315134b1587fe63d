/** The device behind a terminal, and when it was read. */

import { execFile } from "node:child_process";
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { readlink } from "node:fs/promises";
import { promisify } from "node:util";

/** Kernels write whole seconds down. */
const SECOND = 1000;

/** Where a process reads from, if that is a terminal of this machine which tells. */
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

/** When it was read last, in epoch milliseconds; none where it is gone. */
export function readTime(tty: string): number | undefined {
  return told(() => Math.floor(statSync(tty).atimeMs / SECOND) * SECOND);
}

/**
 * The process that has the keys of a terminal, by proc(5): a shell may run in a program that the terminal was started with.
 * @param pid one in the terminal
 */
function foregroundOf(pid: number): number | undefined {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
  // The name in brackets may hold brackets and blanks; state, parent, group, session and device follow it.
  const id = /.*\) \S+ \S+ \S+ \S+ \S+ (\d+)/s.exec(stat)?.[1];
  return id === undefined || id === "0" ? undefined : Number(id);
}

/** The working directory of a process. One that was removed is no folder any more, and another user's is not told. */
function directoryOf(pid: number | undefined): string | undefined {
  const path = pid === undefined ? undefined : readlinkSync(`/proc/${String(pid)}/cwd`);
  return path?.endsWith(" (deleted)") === true ? undefined : path;
}

/** Returns its result, or nothing if the system does not say. */
function told<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}

/**
 * The folder that a terminal is in; none where the system does not say.
 * @param pid the process that the terminal was started with
 */
export function folderOf(pid: number): string | undefined {
  return told(() => directoryOf(foregroundOf(pid))) ?? told(() => directoryOf(pid));
}
