/** keeptab's own two documents, the only ones whose text the host receives. */

import { realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { DocumentSelector, InitializeResult, Middleware } from "vscode-languageclient/node";

import { isOurSave, wasOurSave } from "./refresh.ts";

/** The documents that may be our own. */
export const selector: DocumentSelector = [
  { scheme: "file", pattern: "**/*.timesheet" },
  { scheme: "file", pattern: "**/keeptab.toml" },
];

/**
 * Returns the middleware that keeps all other texts from the host. A timesheet is live only in the store's own folder,
 * which the host names; elsewhere it is an ordinary text.
 */
export function ours(initialized: () => InitializeResult | undefined): Middleware {
  const isOurs = ({ uri }: vscode.TextDocument): boolean => {
    const path = uri.fsPath;
    return basename(path) === "keeptab.toml" || isSame(dirname(path), timesheets(initialized()));
  };
  return {
    didOpen: async (document, next) => {
      if (isOurs(document)) {
        await next(document);
      } else if (document.languageId === "timesheet") {
        await vscode.languages.setTextDocumentLanguage(document, "plaintext");
      }
    },
    didChange: (event, next) => (isOurs(event.document) ? next(event) : Promise.resolve()),
    willSave: (event, next) => (isOurs(event.document) ? next(event) : Promise.resolve()),
    willSaveWaitUntil: (event, next) =>
      isOurs(event.document) && !isOurSave(event.document) ? next(event) : Promise.resolve([]),
    didSave: (document, next) => (isOurs(document) && !wasOurSave(document) ? next(document) : Promise.resolve()),
    didClose: (document, next) => (isOurs(document) ? next(document) : Promise.resolve()),
  };
}

/** Returns the folder in which timesheets are live. */
function timesheets(result: InitializeResult | undefined): string | undefined {
  const { keeptab } = (result?.capabilities.experimental ?? {}) as { keeptab?: { timesheets?: string } };
  return keeptab?.timesheets === undefined ? undefined : vscode.Uri.parse(keeptab.timesheets).fsPath;
}

function isSame(one: string, other: string | undefined): boolean {
  if (other === undefined || one === other) {
    return one === other;
  }
  try {
    return realpathSync.native(one) === realpathSync.native(other);
  } catch {
    return false;
  }
}
