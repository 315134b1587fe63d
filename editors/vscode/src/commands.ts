/** The palette's commands: the host's own words, most of them answered there. */

import * as vscode from "vscode";

import { entityOf } from "./entity.ts";
import type { Host } from "./host.ts";
import { show, showError } from "./reply.ts";
import type { StatusBar } from "./status.ts";

/** One of the host's commands, with the words that it would take in a shell. */
interface Call {
  title: string;
  icon: string;
  command: string;
  words?: string[];
}

/** What takes no more than to pass it on. */
const calls: Record<string, Call> = {
  setUp: { title: "Set Up…", icon: "rocket", command: "init" },
  reviewThisWeek: { title: "Review This Week", icon: "calendar", command: "review" },
  reviewWeek: { title: "Review Week…", icon: "calendar", command: "review", words: ["--pick"] },
  createInvoice: { title: "Create Invoice…", icon: "file-pdf", command: "invoice" },
  showInvoices: { title: "Invoices…", icon: "files", command: "invoice", words: ["list"] },
  showTotals: { title: "Totals…", icon: "graph", command: "report" },
  toggleTimer: { title: "Start / Stop Timer for a Call", icon: "call-outgoing", command: "timer" },
  addTime: { title: "Add Time…", icon: "add", command: "add" },
  importHistory: { title: "Import History…", icon: "cloud-download", command: "import" },
  openConfig: { title: "Open Configuration", icon: "settings-gear", command: "config" },
};

/** What the status bar's menu offers, the likeliest first. */
const menu = ["reviewThisWeek", "createInvoice", "showTotals", "showInvoices", "toggleTimer", "addTime", "togglePause"];
const troubleMenu = ["restart", "showLog"];

export function registerCommands(host: Host, status: StatusBar, log: vscode.LogOutputChannel): vscode.Disposable {
  async function call(title: string, command: string, words: string[] = []): Promise<void> {
    await show(title, await host.execute(command, words));
  }

  const own: Record<string, (...args: unknown[]) => Promise<void>> = {
    togglePause: () => call("Pause", status.isPaused ? "resume" : "pause"),
    assignFolder: (uri) => call("Assign", "assign", [folderOf(uri)]),
    explainFile: (uri) => call("Why Is This File Tracked Here?", "explain", [fileOf(uri)]),
    restart: () => host.restart(),
    showLog: async () => {
      if (host.trouble) {
        log.show();
      } else {
        await call("Log", "log");
      }
    },
    menu: async () => {
      const names = host.trouble ? troubleMenu : menu;
      const items = names.map((name) => ({ label: labelOf(name, status), name }));
      const chosen = await vscode.window.showQuickPick(items, { title: "Keeptab" });
      if (chosen) {
        await vscode.commands.executeCommand(`keeptab.${chosen.name}`);
      }
    },
  };
  for (const [name, { title, command, words }] of Object.entries(calls)) {
    own[name] = () => call(title, command, words);
  }
  const all = Object.entries(own).map(([name, run]) =>
    vscode.commands.registerCommand(`keeptab.${name}`, (...args: unknown[]) => run(...args).catch(showError)),
  );
  return vscode.Disposable.from(...all);
}

function labelOf(name: string, status: StatusBar): string {
  switch (name) {
    case "togglePause":
      return status.isPaused ? "$(debug-start) Resume" : "$(debug-pause) Pause";
    case "restart":
      return "$(refresh) Restart";
    case "showLog":
      return "$(output) Show Log";
    default: {
      const known = calls[name];
      return known ? `$(${known.icon}) ${known.title}` : name;
    }
  }
}

/** The file that was clicked on, or the one that is open. */
function fileOf(uri: unknown): string {
  const document = vscode.window.activeNotebookEditor?.notebook ?? vscode.window.activeTextEditor?.document;
  const file = uri instanceof vscode.Uri ? uri.toString() : document && entityOf(document)?.uri;
  if (!file) {
    throw new Error("no file is open");
  }
  return file;
}

/** The folder that was clicked on, or the one in which the person works. */
function folderOf(uri: unknown): string {
  if (uri instanceof vscode.Uri) {
    return uri.toString();
  }
  const document = vscode.window.activeTextEditor?.document;
  const folder = (document && entityOf(document)?.root) ?? vscode.workspace.workspaceFolders?.[0]?.uri.toString();
  if (!folder) {
    throw new Error("no folder is open");
  }
  return folder;
}
