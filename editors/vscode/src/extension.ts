/**
 * keeptab tracks working time from inside the editor. This extension detects the person's work and shows the host's
 * messages; counting, decisions and storage are the host's.
 */

import * as vscode from "vscode";

import { Capture } from "./capture.ts";
import { registerCommands } from "./commands.ts";
import { registerDashboard } from "./dashboard.ts";
import { entityOfFolder } from "./entity.ts";
import { Host } from "./host.ts";
import { useIcons } from "./icon.ts";
import { Outbox } from "./outbox.ts";
import { usePaper } from "./paper.ts";
import { Pulse } from "./pulse.ts";
import { provideTexts } from "./reply.ts";
import { StatusBar } from "./status.ts";
import { Terminals } from "./terminals.ts";
import { watch } from "./watch.ts";

let leave: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): void {
  usePaper(context.extensionUri);
  useIcons(context.extensionUri);
  const log = vscode.window.createOutputChannel("Keeptab", { log: true });
  const status = new StatusBar();
  const outbox = new Outbox(() => {
    log.warn("too much waits for the host: the oldest activity is dropped");
  });
  const host = new Host(context.extensionPath, outbox, status, log);
  const capture = new Capture(entityOfFolder(), (activity) => {
    outbox.add(activity);
  });
  const areTerminalsHere =
    vscode.env.remoteName === undefined || context.extension.extensionKind === vscode.ExtensionKind.Workspace;
  const pulse = new Pulse(capture, outbox, () => {
    terminals.look();
  });
  const terminals = new Terminals(pulse.note, areTerminalsHere);
  context.subscriptions.push(
    log,
    status,
    registerCommands(context, host, status, log),
    registerDashboard(host, log),
    provideTexts(),
    watch(pulse.note, terminals),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("keeptab.path")) {
        void host.restart();
      }
    }),
    pulse,
  );
  // The person's first key must not wait for the host.
  setImmediate(() => void host.start());
  leave = async () => {
    terminals.look();
    pulse.flush();
    await host.stop();
  };
}

export async function deactivate(): Promise<void> {
  await leave?.();
}
