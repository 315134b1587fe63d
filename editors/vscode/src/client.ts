/** The language client: starts a host, limits its input, and passes on its messages. */

import { type ChildProcess, spawn } from "node:child_process";
import { homedir } from "node:os";
import * as vscode from "vscode";
import type {
  InitializeResult,
  LanguageClient,
  LanguageClientOptions,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";

import { ours, selector } from "./own.ts";
import { input, pick } from "./pick.ts";
import { plain } from "./plain.ts";
import { handleApplyEdit } from "./refresh.ts";
import { type Answer, askByMessage, offer, show, showDocument, showError, showMessage, tell } from "./reply.ts";
import type { Status } from "./protocol.ts";

interface Ears {
  /** The id of this window across restarts of the host. */
  source: string;
  log: vscode.LogOutputChannel;
  onTaken: (seq: number) => void;
  onStatus: (status: Status) => void;
  onClosed: () => void;
}

/** Makes a client that will run `command`; it is not started yet. */
export async function newClient(command: string, ears: Ears): Promise<LanguageClient> {
  // By far the largest part of the extension; startup does not wait for it.
  const { CloseAction, ErrorAction, LanguageClient } = await import("vscode-languageclient/node");
  const options: LanguageClientOptions = {
    documentSelector: selector,
    initializationOptions: { activity: "plugin", source: ears.source },
    outputChannel: ears.log,
    // Never, because the client would show the host's errors raw.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum comes with the client, late
    revealOutputChannelOn: 4 satisfies RevealOutputChannelOn.Never,
    markdown: { isTrusted: false, supportHtml: false },
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
      ...ours((): InitializeResult | undefined => client.initializeResult),
      window: { showDocument: (params) => showDocument(params) },
      workspace: { handleApplyEdit },
      handleWorkDoneProgress: (token, params, next) => {
        next(token, plainProgress(params));
      },
      provideCodeLenses: async (document, token, next) => (await next(document, token))?.map(plainly),
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
  client.onRequest("window/showMessageRequest", askByMessage);
  client.onNotification("keeptab/offer", offer);
  client.onNotification("keeptab/told", tell);
  client.onRequest("keeptab/pick", pick);
  client.onRequest("keeptab/input", input);
  return client;
}

function plainly(lens: vscode.CodeLens): vscode.CodeLens {
  if (lens.command) {
    lens.command.title = plain(lens.command.title);
  }
  return lens;
}

function plainProgress<T extends object>(params: T): T {
  const texts = Object.entries(params).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "string" && (name === "title" || name === "message") ? plain(value) : value,
  ]);
  return Object.fromEntries(texts) as T;
}
