/** Puts the host's questions to the person. */

import * as vscode from "vscode";
import type { CancellationToken } from "vscode-languageclient/node";

import { showText } from "./reply.ts";

interface PickParams {
  title?: string;
  placeholder?: string;
  items: { label: string; detail?: string; value: unknown }[];
}

interface InputParams {
  title?: string;
  value?: string;
  prompt?: string;
}

/** A title of several lines, such as an invoice to look at, is shown in an editor: pickers have room for one. */
export async function pick(params: PickParams, token: CancellationToken): Promise<unknown> {
  const [title, ...rest] = (params.title ?? "").trim().split("\n");
  if (rest.length > 0) {
    await showText(title ?? "", rest.join("\n"), true);
  }
  const items = params.items.map((item) => ({ ...item, detail: "", description: item.detail ?? "" }));
  const chosen = await vscode.window.showQuickPick(
    items,
    {
      title: title ?? "",
      placeHolder: params.placeholder ?? "",
      ignoreFocusOut: true,
      matchOnDescription: true,
    },
    token,
  );
  return chosen?.value ?? null;
}

export async function input(params: InputParams, token: CancellationToken): Promise<string | null> {
  const answer = await vscode.window.showInputBox(
    {
      title: params.title ?? "",
      prompt: params.prompt ?? "",
      value: params.value ?? "",
      ignoreFocusOut: true,
    },
    token,
  );
  return answer ?? null;
}
