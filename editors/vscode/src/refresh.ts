/**
 * Saves timesheets: those that the host refreshed, and the one in front at the person's request. The host is not told of the
 * former saves: it would apply the sheet, and say that nothing was changed.
 */

import { setTimeout } from "node:timers/promises";

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

/** The sheets whose next save is ours: those that are about to be saved, and those whose save is not told yet. */
const due = new WeakSet<vscode.TextDocument>();
const saving = new WeakSet<vscode.TextDocument>();

const SAVE = "workbench.action.files.save";
/** The milliseconds after which an automatic save has failed: VS Code gives those who take part in one 1,750. */
const LONGEST_SAVE = 3_000;
/** How often a save is asked for again. */
const TRIES = 3;

/** Notes that a document is about to be saved; returns whether by us. */
export function isOurSave(document: vscode.TextDocument): boolean {
  if (due.delete(document)) {
    saving.add(document);
    return true;
  }
  return false;
}

/** Notes that a document was saved; returns whether by us. */
export function wasOurSave(document: vscode.TextDocument): boolean {
  return saving.delete(document);
}

/**
 * Saves the sheet in front at the person's request. VS Code drops the request, or joins it to the automatic save, while one
 * runs, and an automatic save applies nothing; so the request is made again as soon as that one has ended.
 */
export async function saveByHand(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  let saves = 0;
  let ended = (): void => undefined;
  let end = new Promise<void>((resolve) => (ended = resolve));
  const listeners = vscode.Disposable.from(
    vscode.workspace.onWillSaveTextDocument((event) => {
      if (event.document === document && event.reason === vscode.TextDocumentSaveReason.Manual) {
        saves += 1;
      }
    }),
    vscode.workspace.onDidSaveTextDocument((saved) => {
      if (saved === document) {
        ended();
      }
    }),
  );
  try {
    await vscode.commands.executeCommand(SAVE);
    // A document without a file asks for its name, and the answer may be none.
    for (let tries = 0; saves === 0 && document && !document.isUntitled && tries < TRIES; tries += 1) {
      await Promise.race([end, setTimeout(LONGEST_SAVE)]);
      end = new Promise((resolve) => (ended = resolve));
      await vscode.commands.executeCommand(SAVE);
    }
  } finally {
    listeners.dispose();
  }
}

/** `workspace/applyEdit` */
export const handleApplyEdit: NonNullable<NonNullable<Middleware["workspace"]>["handleApplyEdit"]> = async (
  params,
  next,
) => {
  const clean = vscode.workspace.textDocuments.filter(
    (document) => document.languageId === "timesheet" && !document.isDirty,
  );
  const result = await next(params, new vscode.CancellationTokenSource().token);
  clean.filter((document) => document.isDirty).forEach((document) => void save(document));
  return result;
};

async function save(document: vscode.TextDocument): Promise<void> {
  due.add(document);
  try {
    await document.save();
  } finally {
    // A save that failed is not told.
    due.delete(document);
    saving.delete(document);
  }
}
