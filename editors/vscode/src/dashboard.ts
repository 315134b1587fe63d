/**
 * The week as a picture: the host's own page in a webview. Its requests are passed on to the host, and nothing else.
 */

import * as vscode from "vscode";

import type { Host } from "./host.ts";
import { setIcon } from "./icon.ts";
import { showError } from "./reply.ts";

/** A request of the page: one of the host's commands, with its arguments as in a shell. */
interface Question {
  id: number;
  command: string;
  arguments: string[];
}

const KIND = "keeptab.dashboard";
const OPTIONS: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [] };

let panel: vscode.WebviewPanel | undefined;

export function registerDashboard(host: Host, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("keeptab.showDashboard", () => show(host).catch(showError)),
    // A tab that a reload of the window brings back; its page finds its own week and filter again.
    vscode.window.registerWebviewPanelSerializer(KIND, {
      deserializeWebviewPanel: (restored) =>
        fill(host, restored).catch((error: unknown) => {
          log.warn(`the dashboard was not restored: ${String(error)}`);
          restored.dispose();
        }),
    }),
  );
}

async function show(host: Host): Promise<void> {
  if (panel) {
    panel.reveal();
    return;
  }
  const html = await page(host);
  const options = { ...OPTIONS, enableFindWidget: true };
  await fill(host, vscode.window.createWebviewPanel(KIND, "Keeptab", vscode.ViewColumn.Active, options), html);
}

async function page(host: Host): Promise<string> {
  const { data } = (await host.execute("dashboard", ["--page"])) as unknown as { data: { page: string } };
  return data.page;
}

/** Puts the page into a panel. */
async function fill(host: Host, shown: vscode.WebviewPanel, html?: string): Promise<void> {
  panel = shown;
  setIcon(shown, "timesheet");
  shown.onDidDispose(() => {
    panel = panel === shown ? undefined : panel;
  });
  shown.webview.options = OPTIONS;
  shown.webview.onDidReceiveMessage(async ({ id, command, arguments: words }: Question) => {
    const [, name] = /^keeptab\.(\w+)$/.exec(command) ?? [];
    try {
      const answer = name === undefined ? null : await host.execute(name, words);
      await shown.webview.postMessage({ id, answer });
    } catch (error) {
      await shown.webview.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  shown.webview.html = html ?? (await page(host));
}
