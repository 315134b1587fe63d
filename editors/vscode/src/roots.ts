/** Describes a folder: its real path, and the repository that it is a worktree of. Does not run git. */

import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import * as vscode from "vscode";

import type { Root } from "./protocol.ts";

/** Milliseconds to wait for a disk that does not answer. */
const PATIENCE = 2000;
/** The maximum length of a file of git that is read here, in bytes. */
const LONGEST = 4096;

export function factsOf(root: string): Promise<Root> {
  const uri = vscode.Uri.parse(root);
  if (uri.scheme !== "file") {
    return Promise.resolve({ root });
  }
  const late = new Promise<Root>((resolve) => {
    setTimeout(resolve, PATIENCE, { root });
  });
  return Promise.race([find(root, uri.fsPath).catch(() => ({ root })), late]);
}

async function find(root: string, folder: string): Promise<Root> {
  const real = await realpath(folder);
  const repository = await mainFolderOf(real);
  return {
    root,
    ...(real !== folder && { real: vscode.Uri.file(real).toString() }),
    ...(repository !== undefined && { repository: vscode.Uri.file(repository).toString() }),
  };
}

/**
 * A worktree's `.git` is a file with the path of its folder in the repository, where `commondir` leads to the main
 * folder.
 */
async function mainFolderOf(folder: string): Promise<string | undefined> {
  for (let top = folder; ; top = dirname(top)) {
    const git = join(top, ".git");
    const kind = await stat(git).catch(() => undefined);
    if (kind) {
      const [, directory] = /^gitdir: (.+)$/m.exec((await textOf(git)) ?? "") ?? [];
      const main = directory && (await repositoryOf(resolve(top, directory)));
      return main && join(main, relative(top, folder));
    }
    if (dirname(top) === top) {
      return undefined;
    }
  }
}

/**
 * Returns the main folder of the repository, from a worktree's folder in it; undefined if the repository has none.
 */
async function repositoryOf(directory: string): Promise<string | undefined> {
  const way = await textOf(join(directory, "commondir"));
  const common = way === undefined ? "" : resolve(directory, way.trim());
  return basename(common) === ".git" ? realpath(dirname(common)) : undefined;
}

/** Returns the text of a small file; undefined for anything else. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    const kind = await stat(path);
    return kind.isFile() && kind.size <= LONGEST ? await readFile(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
