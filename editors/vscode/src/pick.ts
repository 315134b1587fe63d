/** Asks the person the host's questions. */

import * as vscode from "vscode";
import type { CancellationToken } from "vscode-languageclient/node";

import { showPaper } from "./paper.ts";
import { fileNamed, showText } from "./reply.ts";
import { ask, choose } from "./say.ts";

interface PickParams {
  title?: string;
  placeholder?: string;
  items: { label: string; detail?: string; value: unknown }[];
  /** A document to look at while choosing: an invoice's PDF. */
  preview?: string;
}

interface InputParams {
  title?: string;
  value?: string;
  prompt?: string;
}

/** The lines of the editor that the picker covers. */
const COVERED = "\n".repeat(7);

/** Shows a title of several lines, such as an invoice, in an editor: pickers have room for one line. */
export async function pick(params: PickParams, token: CancellationToken): Promise<unknown> {
  const [title = "", ...rest] = (params.title ?? "").trim().split("\n");
  const file = fileNamed(rest);
  const preview = params.preview ?? (file && vscode.Uri.file(file).toString());
  const close = await look(preview, title, rest);
  const choices = params.items.map(({ label, detail, value }) => ({ label, value, description: detail ?? "" }));
  // The remarks beside the table are not on the paper, such as the time left out.
  const remarks = preview ? rest.filter((line) => /^\S/.test(line) && line !== file) : [];
  const list = { title: title.replace(/\s+/g, " "), placeHolder: [params.placeholder ?? "", ...remarks].join(" · ") };
  const chosen = await choose(choices, list, { ignoreFocusOut: true, matchOnDescription: true }, token);
  await close?.();
  return chosen ?? null;
}

async function look(preview: string | undefined, title: string, rest: string[]): Promise<(() => unknown) | undefined> {
  if (preview) {
    return showPaper(vscode.Uri.parse(preview), true);
  }
  return rest.length > 0 ? showText(title, `${COVERED}${rest.join("\n")}`, true) : undefined;
}

export async function input(params: InputParams, token: CancellationToken): Promise<string | null> {
  const { title = "", prompt = "", value = "" } = params;
  return (await ask({ title, prompt, value }, token)) ?? null;
}
