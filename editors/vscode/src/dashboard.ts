/**
 * The week as a picture: the host's own page in a webview. Its requests are passed on to the host, and nothing else.
 */

import * as vscode from "vscode";

import type { Host } from "./host.ts";
import { showError } from "./reply.ts";

/** A request of the page: one of the host's commands, with its arguments as in a shell. */
interface Question {
  id: number;
  command: string;
  arguments: string[];
}

let panel: vscode.WebviewPanel | undefined;

export function registerDashboard(host: Host): vscode.Disposable {
  return vscode.commands.registerCommand("keeptab.showDashboard", () => show(host).catch(showError));
}

async function show(host: Host): Promise<void> {
  if (panel) {
    panel.reveal();
    return;
  }
  const { data } = (await host.execute("dashboard", ["--page"])) as unknown as { data: { page: string } };
  const shown = vscode.window.createWebviewPanel("keeptab.dashboard", "Keeptab", vscode.ViewColumn.Active, {
    enableScripts: true,
    enableFindWidget: true,
    localResourceRoots: [],
  });
  panel = shown;
  shown.onDidDispose(() => {
    panel = undefined;
  });
  shown.webview.onDidReceiveMessage(async ({ id, command, arguments: words }: Question) => {
    const [, name] = /^keeptab\.(\w+)$/.exec(command) ?? [];
    try {
      const answer = name === undefined ? null : await host.execute(name, words);
      await shown.webview.postMessage({ id, answer });
    } catch (error) {
      await shown.webview.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  shown.webview.html = data.page;
}
