/** Shows a PDF in an editor: an invoice, as the client will get it. VS Code itself cannot show a PDF. */

import * as vscode from "vscode";

import { setIcon } from "./icon.ts";

const panels = new Map<string, vscode.WebviewPanel>();
let scripts: vscode.Uri | undefined;

/** Sets the location of the extension's own files. */
export function usePaper(extension: vscode.Uri): void {
  scripts = vscode.Uri.joinPath(extension, "dist");
}

/** Opens the document or brings it to the front; returns a function that closes it. */
export async function showPaper(uri: vscode.Uri, preserveFocus: boolean): Promise<() => void> {
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  const bytes = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("base64");
  panels.get(uri.path)?.dispose();
  const folder = scripts;
  const panel = vscode.window.createWebviewPanel(
    "keeptab.paper",
    name,
    { viewColumn: vscode.ViewColumn.Active, preserveFocus },
    { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: folder ? [folder] : [] },
  );
  setIcon(panel, "paper");
  panels.set(uri.path, panel);
  panel.onDidDispose(() => {
    if (panels.get(uri.path) === panel) {
      panels.delete(uri.path);
    }
  });
  panel.webview.onDidReceiveMessage((message) => {
    if (message === "ready") {
      void panel.webview.postMessage({ bytes });
    }
  });
  const script = folder && panel.webview.asWebviewUri(vscode.Uri.joinPath(folder, "paper.js")).toString();
  const source = panel.webview.cspSource;
  panel.webview.html = `<!DOCTYPE html>
    <meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; script-src ${source}; style-src 'unsafe-inline'; font-src data: blob:; img-src blob:">
    <style>
      body { padding: 16px; text-align: center; }
      canvas { background: white; box-shadow: 0 1px 6px rgb(0 0 0 / 30%); margin-bottom: 16px; max-width: 100%; }
    </style>
    <script type="module" src="${script ?? ""}"></script>`;
  return () => {
    panel.dispose();
  };
}
