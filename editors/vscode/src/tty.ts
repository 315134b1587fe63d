/** The device behind a terminal, and when it was read. */

import { execFile } from "node:child_process";
import { readlinkSync, statSync } from "node:fs";
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
  try {
    return Math.floor(statSync(tty).atimeMs / SECOND) * SECOND;
  } catch {
    return undefined;
  }
}

/** The folder in which a process is; none where the system does not say. */
export function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`);
  } catch {
    return undefined;
  }
}
