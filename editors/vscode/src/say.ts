/**
 * The only module that uses VS Code's messages, lists, questions and tooltips, which a lint enforces. Everything that
 * passes through it is plain text.
 */

import * as vscode from "vscode";

import { plain } from "./plain.ts";

export type Level = "Error" | "Warning" | "Information";

/** Shows a message; returns the button that was pressed. */
export function say(level: Level, text: string, ...buttons: string[]): Thenable<string | undefined> {
  const show = vscode.window[`show${level}Message`];
  return show(plain(text), ...buttons);
}

/** An item of a list; `icon` is VS Code's own, such as `$(add)`. */
export interface Choice<T> {
  label: string;
  description?: string;
  icon?: string;
  /** Absent for the title of the next items. */
  value?: T;
}

interface List {
  title: string;
  placeHolder?: string;
}

/** Lets the person choose; returns the value of the item. */
export async function choose<T>(
  choices: Choice<T>[],
  { title, placeHolder = "" }: List,
  options: vscode.QuickPickOptions = {},
  token?: vscode.CancellationToken,
): Promise<T | undefined> {
  const items = choices.map(({ label, description = "", icon = "", value }) => ({
    label: `${icon} ${plain(label)}`.trimStart(),
    description: plain(description),
    kind: value === undefined ? vscode.QuickPickItemKind.Separator : vscode.QuickPickItemKind.Default,
    value,
  }));
  const texts = { title: plain(title), placeHolder: plain(placeHolder) };
  return (await vscode.window.showQuickPick(items, { ...options, ...texts }, token))?.value;
}

/** Asks for a text; `value` is the initial text, unchanged. */
export function ask(
  { title, prompt, value }: { title: string; prompt: string; value: string },
  token: vscode.CancellationToken,
): Thenable<string | undefined> {
  const options = { title: plain(title), prompt: plain(prompt), value, ignoreFocusOut: true };
  return vscode.window.showInputBox(options, token);
}

/** A link to a command of the extension. */
export interface Link {
  label: string;
  command: string;
}

/** Makes a tooltip: a sentence, a text with line breaks of its own, and links. Only these links are links. */
export function tooltip(sentence: string, text: string, links: Link[] = []): vscode.MarkdownString {
  const shown = new vscode.MarkdownString();
  shown.isTrusted = { enabledCommands: links.map(({ command }) => command) };
  if (sentence !== "") {
    shown.appendText(plain(sentence));
    shown.appendMarkdown("\n\n");
  }
  shown.appendCodeblock(plain(text.trimEnd()), "text");
  return shown.appendMarkdown(links.map(({ label, command }) => `[${label}](command:${command})`).join(" · "));
}
