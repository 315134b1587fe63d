/** The terminals of a desk, by process number: their read times and folders. */

/** As in Linux, a read time is recorded only if it lies in another period of eight seconds than the last. */
const STEP = 8000;

export const reads = new Map<string, number>();
export const folders = new Map<number, string>();

export function read(pid: number, at: number): void {
  const before = reads.get(String(pid));
  if (before === undefined || Math.floor(before / STEP) !== Math.floor(at / STEP)) {
    reads.set(String(pid), Math.floor(at / 1000) * 1000);
  }
}

export function ttyOf(pid: number): Promise<string | undefined> {
  return Promise.resolve(reads.has(String(pid)) ? String(pid) : undefined);
}

export function readTime(tty: string): number | undefined {
  return reads.get(tty);
}

export function folderOf(pid: number): string | undefined {
  return folders.get(pid);
}
