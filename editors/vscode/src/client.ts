/** The language client: how a host is spawned, what it may see, and who hears what it says. */

import { type ChildProcess, spawn } from "node:child_process";
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { LanguageClient, LanguageClientOptions } from "vscode-languageclient/node";

import { input, pick } from "./pick.ts";
import { type Answer, offer, show, showDocument, showError, showMessage } from "./reply.ts";
import type { Status } from "./status.ts";

interface Ears {
  /** Names this window across restarts of the host. */
  source: string;
  log: vscode.LogOutputChannel;
  onTaken: (seq: number) => void;
  onStatus: (status: Status) => void;
  onClosed: () => void;
}

/** Makes a client that will run `command`; it is not started yet. */
export async function newClient(command: string, ears: Ears): Promise<LanguageClient> {
  // By far the largest part of the extension, which nobody's start has to wait for.
  const { CloseAction, ErrorAction, LanguageClient } = await import("vscode-languageclient/node");
  const options: LanguageClientOptions = {
    // keeptab's own two documents: the only ones whose text the host ever sees.
    documentSelector: [
      { scheme: "file", pattern: "**/*.timesheet" },
      { scheme: "file", pattern: "**/keeptab.toml" },
    ],
    initializationOptions: { activity: "plugin", source: ears.source },
    outputChannel: ears.log,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      // A host that died is replaced by one with a client of its own.
      closed: () => {
        ears.onClosed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    initializationFailedHandler: () => false,
    middleware: {
      window: { showDocument: (params) => showDocument(params) },
      workspace: {
        // A sheet that the host brings up to date is no change that waits to be saved.
        handleApplyEdit: async (params, next) => {
          const saved = vscode.workspace.textDocuments.filter((document) => !document.isDirty);
          const result = await next(params, new vscode.CancellationTokenSource().token);
          saved.filter((document) => document.languageId === "timesheet").forEach((document) => void document.save());
          return result;
        },
      },
      // The host's commands behind its code lenses and code actions.
      executeCommand: async (command, words, next) => {
        try {
          await show("Keeptab", (await next(command, words)) as Answer);
        } catch (error) {
          showError(error);
        }
      },
    },
  };
  const run = (): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const child = spawn(command, ["lsp"], { cwd: homedir(), windowsHide: true });
      child.once("spawn", () => {
        resolve(child);
      });
      child.once("error", reject);
    });
  const client = new LanguageClient("keeptab", "Keeptab", run, options);
  client.onNotification("keeptab/taken", ({ seq }: { seq: number }) => {
    ears.onTaken(seq);
  });
  client.onNotification("keeptab/status", ears.onStatus);
  client.onNotification("window/showMessage", showMessage);
  client.onNotification("keeptab/offer", offer);
  client.onRequest("keeptab/pick", pick);
  client.onRequest("keeptab/input", input);
  return client;
}
