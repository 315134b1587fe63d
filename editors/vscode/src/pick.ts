/** Asks the person the host's questions. */

import * as vscode from "vscode";
import type { CancellationToken } from "vscode-languageclient/node";

import { showPaper } from "./paper.ts";
import type { Input, Pick } from "./protocol.ts";
import { showText } from "./reply.ts";
import { ask, choose } from "./say.ts";

/** The lines of the editor that the picker covers. */
const COVERED = "\n".repeat(7);

/** Shows a title of several lines, such as an invoice, in an editor: pickers have room for one line. */
export async function pick(params: Pick, token: CancellationToken): Promise<unknown> {
  const [title = "", ...rest] = params.title.trim().split("\n");
  const { document } = params;
  const close = await look(document, title, rest);
  const choices = params.items.map(({ label, detail, value }) => ({ label, value, description: detail }));
  // The remarks beside the table are not on the paper, such as the time left out.
  const remarks = document === undefined ? [] : rest.filter((line) => /^\S/.test(line) && line !== document);
  const list = { title: title.replace(/\s+/g, " "), placeHolder: [params.placeholder, ...remarks].join(" · ") };
  const chosen = await choose(choices, list, { ignoreFocusOut: true, matchOnDescription: true }, token);
  await close?.();
  return chosen ?? null;
}

async function look(document: string | undefined, title: string, rest: string[]): Promise<(() => unknown) | undefined> {
  if (document !== undefined) {
    return showPaper(vscode.Uri.file(document), true);
  }
  return rest.length > 0 ? showText(title, `${COVERED}${rest.join("\n")}`, true) : undefined;
}

export async function input({ title, prompt, value }: Input, token: CancellationToken): Promise<string | null> {
  return (await ask({ title, prompt, value }, token)) ?? null;
}
