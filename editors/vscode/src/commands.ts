/** The palette's commands, most of which the host answers. Their titles and icons are in package.json. */

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname } from "node:path";
import * as vscode from "vscode";

import { entityOf } from "./entity.ts";
import type { Host } from "./host.ts";
import { saveByHand } from "./refresh.ts";
import { pendingOffer, show, showError, takeOffer, Trouble } from "./reply.ts";
import { type Choice, choose } from "./say.ts";
import type { StatusBar } from "./status.ts";

/** Commands that are just passed on: the host's command, with its arguments as in a shell. */
const calls: Record<string, [string, ...string[]]> = {
  setUp: ["init"],
  reviewThisWeek: ["review"],
  reviewWeek: ["review", "--pick"],
  undoReview: ["undo"],
  weekAsPdf: ["review", "--pdf", "--pick"],
  createInvoice: ["invoice"],
  addItem: ["invoice", "item", "add"],
  newClient: ["client", "add"],
  newProject: ["project", "add"],
  exportAll: ["export"],
  showInvoices: ["invoices"],
  showTotals: ["totals"],
  startTimer: ["start"],
  stopTimer: ["stop"],
  addTime: ["add"],
  countAway: ["away"],
  backUp: ["backup"],
  restoreBackup: ["restore"],
  checkUp: ["doctor"],
  salvageDatabase: ["salvage"],
  forgetHistory: ["forget"],
};

/** The status bar's menu, the most likely items first. */
const menu: Record<string, string[]> = {
  Review: ["showDashboard", "reviewThisWeek", "reviewWeek", "undoReview", "showTotals", "weekAsPdf"],
  Bill: ["createInvoice", "showInvoices", "addItem", "newClient", "newProject"],
  "Time by hand": ["startTimer", "stopTimer", "addTime", "countAway"],
  Keeptab: ["togglePause", "assignFolder", "openConfig", "setUp"],
  "Look after": ["exportAll", "backUp", "checkUp"],
};
const troubleMenu = { "Keeptab does not run": ["restart", "showLog"] };

/** A command in package.json. */
interface Contributed {
  command: string;
  title: string;
  icon?: string;
}

/** Where the folder of the latest import is kept. */
const IMPORTED = "keeptab.imported";

export function registerCommands(
  { extension, globalState }: vscode.ExtensionContext,
  host: Host,
  status: StatusBar,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const manifest = extension.packageJSON as { contributes: { commands: Contributed[] } };
  const contributed = new Map(manifest.contributes.commands.map((command) => [command.command, command]));

  async function call(name: string, command: string, ...words: string[]): Promise<void> {
    const title = contributed.get(`keeptab.${name}`)?.title ?? name;
    await show(title.replace(/[…?]$/, ""), await host.execute(command, words));
  }

  function item(name: string): Choice<string> {
    const { title = name, icon = "" } = contributed.get(`keeptab.${name}`) ?? {};
    if (name === "togglePause") {
      const [icon, label] = status.isPaused ? ["$(debug-start)", "Resume"] : ["$(debug-pause)", "Pause"];
      return { value: name, label, icon };
    }
    return { value: name, label: title, icon };
  }

  function section([label, names]: [string, string[]]): Choice<string>[] {
    return [{ label }, ...names.map(item)];
  }

  const own: Record<string, (...args: unknown[]) => Promise<void>> = {
    togglePause: () => call("togglePause", status.isPaused ? "resume" : "pause"),
    countAttended: () => call("countAttended", "away", ...(status.attended === undefined ? [] : [status.attended])),
    assignFolder: (uri) => call("assignFolder", "assign", folderOf(uri)),
    explainFile: (uri) => call("explainFile", "explain", fileOf(uri)),
    importHistory: async () => {
      const folder = vscode.Uri.file(globalState.get(IMPORTED, homedir()));
      const files = await vscode.window.showOpenDialog({
        canSelectMany: true,
        openLabel: "Import",
        defaultUri: folder,
      });
      if (files?.[0]) {
        await globalState.update(IMPORTED, dirname(files[0].fsPath));
        await call("importHistory", "import", ...files.map((file) => file.fsPath));
      }
    },
    openConfig: async () => {
      const answer = await host.execute("config", []);
      if (answer?.path !== undefined && existsSync(answer.path)) {
        await show("Open Configuration", answer);
      } else {
        await call("setUp", "init");
      }
    },
    openSettings: async () => {
      await vscode.commands.executeCommand("workbench.action.openSettings", "keeptab.path");
    },
    restart: () => host.restart(),
    saveSheet: () => saveByHand(),
    showLog: async () => {
      if (host.trouble) {
        log.show();
      } else {
        await call("showLog", "log");
      }
    },
    menu: async () => {
      const items = Object.entries(host.trouble ? troubleMenu : menu).flatMap(section);
      if (host.trouble) {
        items.push(item("openSettings"));
      }
      const first = host.trouble ? [] : firstRow(status);
      const chosen = await choose([...first, ...items], { title: "Keeptab" });
      if (chosen === PENDING) {
        await takeOffer();
      } else if (chosen) {
        await vscode.commands.executeCommand(`keeptab.${chosen}`);
      }
    },
  };
  for (const [name, words] of Object.entries(calls)) {
    own[name] = () => call(name, ...words);
  }
  const all = Object.entries(own).map(([name, run]) =>
    vscode.commands.registerCommand(`keeptab.${name}`, async (...args: unknown[]) => {
      // An error before the first `await` is caught as well: VS Code would show it raw.
      try {
        await run(...args);
      } catch (error) {
        showError(error);
      }
    }),
  );
  return vscode.Disposable.from(...all);
}

/** Stands for the latest offer; no command has this name. */
const PENDING = " ";

/** Returns what comes before all else: the setup, or the latest offer until it is taken. */
function firstRow(status: StatusBar): Choice<string>[] {
  if (!status.isSetUp) {
    return [{ value: "setUp", label: "Set up Keeptab", icon: "$(rocket)" }];
  }
  const text = pendingOffer();
  return text === undefined ? [] : [{ value: PENDING, label: text, icon: "$(lightbulb)" }];
}

/** Returns the clicked file, or the entity of the open document: a file, or the folder of the window. */
function fileOf(uri: unknown): string {
  const document = vscode.window.activeNotebookEditor?.notebook ?? vscode.window.activeTextEditor?.document;
  const entity = document && entityOf(document);
  const file = uri instanceof vscode.Uri ? uri.toString() : (entity?.uri ?? entity?.root);
  if (!file) {
    throw new Trouble("No file is open.", "Open one, then ask again.");
  }
  return file;
}

/** Returns the clicked folder, or the one in which the person works. */
function folderOf(uri: unknown): string {
  if (uri instanceof vscode.Uri) {
    return uri.toString();
  }
  const document = vscode.window.activeTextEditor?.document;
  const folder = (document && entityOf(document)?.root) ?? vscode.workspace.workspaceFolders?.[0]?.uri.toString();
  if (!folder) {
    throw new Trouble("No folder is open.", "Open one, then assign it.");
  }
  return folder;
}
