/** Shows the host's messages: answers to commands, notifications, documents. */

import * as vscode from "vscode";
import type {
  MessageActionItem,
  ShowDocumentParams,
  ShowDocumentResult,
  ShowMessageParams,
  ShowMessageRequestParams,
} from "vscode-languageclient/node";

import { showPaper } from "./paper.ts";
import { unframed } from "./plain.ts";
import type { CommandAnswer, Offer, Told } from "./protocol.ts";
import { type Level, say } from "./say.ts";

/** A reason why something cannot be done, and the next step. */
export class Trouble extends Error {
  readonly hint: string;

  constructor(text: string, hint: string) {
    super(text);
    this.hint = hint;
  }
}

/** The answer of a command; null if it asks first and reports later. */
export type Answer = CommandAnswer | null;

/** Shows an answer: one line as a message, more as a document; a path is opened. */
export async function show(title: string, answer: Answer): Promise<void> {
  const text = unframed(answer?.text ?? "");
  if (answer?.path) {
    await vscode.window.showTextDocument(vscode.Uri.file(answer.path));
  } else if (answer?.told && !unframed(answer.told.text).includes("\n")) {
    void tell(answer.told);
  } else if (text.includes("\n")) {
    await showText(title, text, false);
  } else if (text) {
    void tell({ text });
  }
}

/** Shows an error, with the next step. The host's message has it already. */
export function showError(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && "hint" in error ? ` — ${String(error.hint)}` : "";
  void say(error instanceof Trouble ? "Warning" : "Error", text + hint);
}

/** `window/showMessage` */
export function showMessage(params: ShowMessageParams): void {
  const level = levelOf(params.type);
  if (level === "Information") {
    void tell({ text: params.message });
  } else {
    void say(level, params.message);
  }
}

/** `window/showMessageRequest` */
export async function askByMessage(params: ShowMessageRequestParams): Promise<MessageActionItem | null> {
  const actions = params.actions ?? [];
  const chosen = await say(levelOf(params.type), params.message, ...actions.map(({ title }) => title));
  return actions.find(({ title }) => title === chosen) ?? null;
}

function levelOf(type: number): Level {
  return type === 1 ? "Error" : type === 2 ? "Warning" : "Information";
}

/** The latest offer about rules: the menu has it until it is taken. Other offers, such as to discard a draft, are no menu items. */
let pending: Offer | undefined;

/** `keeptab/offer`: an action that the user may want, such as a rule for the folder in which they work. */
export async function offer(made: Offer): Promise<void> {
  if (made.command === "keeptab.assign" || made.command === "keeptab.forget") {
    pending = made;
  }
  if (await say("Information", made.text, made.action)) {
    await take(made);
  }
}

/** Returns the text of the latest offer that was not taken. */
export function pendingOffer(): string | undefined {
  return pending?.text;
}

/** Does what was offered last. */
export async function takeOffer(): Promise<void> {
  if (pending) {
    await take(pending);
  }
}

async function take(taken: Offer): Promise<void> {
  pending = pending === taken ? undefined : pending;
  await vscode.commands.executeCommand(taken.command, ...taken.words);
}

/** `keeptab/told`. Shows an outcome: one line as a message with its undo, a table as a document, or a file if it says everything. */
export async function tell({ text, undo, files = [] }: Told): Promise<void> {
  const [first = "", ...rest] = unframed(text).split("\n");
  const file = files.find((file) => file.endsWith(".pdf")) ?? files[0];
  if (undo !== undefined) {
    const chosen = await say("Information", oneLine(text), "Undo");
    if (chosen) {
      await vscode.commands.executeCommand("keeptab.undoReview");
    }
  } else if (file !== undefined) {
    await tellOfFile(first.replace(/\s+/g, " "), file);
  } else if (rest.length < 2) {
    void say("Information", oneLine(text));
  } else {
    await showText(first.trim(), unframed(text), false);
  }
}

/** Offers to open a file that is to be sent. */
async function tellOfFile(text: string, file: string): Promise<void> {
  const isDesktop = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  const chosen = await say("Information", text, isDesktop ? "Show in Folder" : "Copy Path");
  if (chosen === "Show in Folder") {
    await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(file));
  } else if (chosen) {
    await vscode.env.clipboard.writeText(file);
  }
}

/** `window/showDocument` */
export async function showDocument(params: ShowDocumentParams): Promise<ShowDocumentResult> {
  const uri = vscode.Uri.parse(params.uri);
  try {
    if (uri.path.endsWith(".pdf")) {
      await showPaper(uri, params.takeFocus === false);
      return { success: true };
    }
    if (params.external) {
      return { success: await vscode.env.openExternal(uri) };
    }
    await vscode.window.showTextDocument(uri, { preserveFocus: params.takeFocus === false });
    return { success: true };
  } catch {
    return { success: false };
  }
}

const SCHEME = "keeptab";
const texts = new Map<string, string>();

/** Opens a text without a file; returns a function that closes it. */
export async function showText(title: string, text: string, preserveFocus: boolean): Promise<() => Promise<void>> {
  const [heading = ""] = title.split(/\s{2,}/);
  const name = heading.replaceAll("/", "-");
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
  texts.set(uri.path, `${text}\n`);
  changed.fire(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, "keeptab-text");
  await vscode.window.showTextDocument(document, { preview: true, preserveFocus });
  return async () => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const shown = ({ input }: vscode.Tab): boolean =>
      input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
    await vscode.window.tabGroups.close(tabs.filter(shown));
  };
}

const changed = new vscode.EventEmitter<vscode.Uri>();

/** Registers the provider that {@link showText} needs. */
export function provideTexts(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? "",
  });
}

function oneLine(text: string): string {
  return text.trim().split("\n").join(" — ");
}
