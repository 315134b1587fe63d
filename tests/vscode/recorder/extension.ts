/** Records the signs that VS Code gives, for tests that replay them: no host, no decisions. */

import { appendFileSync, readFileSync } from "node:fs";
import * as vscode from "vscode";

import { Terminals } from "../../../editors/vscode/src/terminals.ts";
import { type Meaning, watch } from "../../../editors/vscode/src/watch.ts";

interface Request {
  paths: string[];
  turns: number;
  /** In milliseconds, as is `pause`. */
  delay: number;
  pause: number;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export function activate(context: vscode.ExtensionContext): void {
  const path = process.env["KEEPTAB_RECORDING"];
  if (!path) {
    return;
  }
  const write = (line: unknown): void => {
    appendFileSync(path, `${JSON.stringify(line)}\n`);
  };
  const began = Date.now();
  const note = (meaning: Meaning): void => {
    const at = Date.now() - began;
    const sign = meaning();
    if (sign) {
      write({ at, ...sign });
    }
  };
  context.subscriptions.push(
    watch(note, new Terminals(note, true)),
    // Plays an agent: edits by the API, in documents that may be in front.
    vscode.commands.registerCommand("recorder.agent", async () => {
      const request = JSON.parse(readFileSync(`${path}.agent`, "utf8")) as Request;
      await sleep(request.delay);
      for (let turn = 0; turn < request.turns; turn++) {
        const edit = new vscode.WorkspaceEdit();
        for (const path of request.paths) {
          edit.insert(vscode.Uri.file(path), new vscode.Position(0, 0), `// agent ${String(turn)}\n`);
        }
        await vscode.workspace.applyEdit(edit);
        await sleep(request.pause);
      }
      write({ mark: "the agent is done" });
    }),
    vscode.languages.registerDocumentFormattingEditProvider("*", {
      provideDocumentFormattingEdits: (document) => [vscode.TextEdit.insert(document.positionAt(0), "// formatted\n")],
    }),
    vscode.languages.registerInlineCompletionItemProvider("*", {
      provideInlineCompletionItems: (document, position) =>
        document.lineAt(position).text.endsWith("comple")
          ? [new vscode.InlineCompletionItem("completed by a model")]
          : [],
    }),
  );
  const marker = vscode.window.createStatusBarItem();
  marker.text = "recording";
  marker.show();
}
