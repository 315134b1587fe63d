/** Says in signs what VS Code says in events. Nothing here decides, and nothing grows with a document. */

import * as vscode from "vscode";

import { entityOf, entityOfFile, entityOfFolder, forget } from "./entity.ts";
import type { Entity } from "./event.ts";
import type { EditCause, Sign } from "./sign.ts";

/** No key inserts as much, in characters. */
const LINE = 200;

/** Tells `see` of all that happens, until it is disposed. */
export function watch(see: (sign: Sign) => void): vscode.Disposable {
  const { window, workspace } = vscode;
  const lines = new WeakMap<vscode.TextDocument, number>();

  function tell(document: vscode.TextDocument | vscode.NotebookDocument, sign: (entity: Entity) => Sign): void {
    const entity = entityOf(document);
    if (entity) {
      see(sign(entity));
    }
  }

  function look(): void {
    const document = window.activeNotebookEditor?.notebook ?? window.activeTextEditor?.document;
    if (document && "lineCount" in document && !lines.has(document)) {
      lines.set(document, document.lineCount);
    }
    see({ is: "front", entity: document ? entityOf(document) : entityOfTab() });
  }

  function edited(event: vscode.TextDocumentChangeEvent): void {
    const { document } = event;
    const first = event.contentChanges[0];
    if (!first) {
      if (document.isDirty) {
        tell(document, (entity) => ({ is: "dirty", entity }));
      }
      return;
    }
    const count = document.lineCount;
    const growth = count - (lines.get(document) ?? count);
    lines.set(document, count);
    tell(document, (entity) => ({ is: "edit", entity, cause: causeOf(event, first), growth }));
  }

  function looked(state: vscode.WindowState): void {
    see({ is: "window", focused: state.focused, active: state.active });
  }

  function inTerminal(terminal: vscode.Terminal | undefined): void {
    if (terminal) {
      see({ is: "terminal", entity: entityOfFolder(folderOf(terminal)) });
    }
  }

  look();
  looked(window.state);
  return vscode.Disposable.from(
    window.onDidChangeWindowState(looked),
    window.onDidChangeActiveTextEditor(look),
    window.onDidChangeActiveNotebookEditor(look),
    window.tabGroups.onDidChangeTabs(look),
    window.tabGroups.onDidChangeTabGroups(look),
    workspace.onDidChangeTextDocument(edited),
    window.onDidChangeTextEditorSelection((event) => {
      tell(event.textEditor.document, (entity) => ({ is: "selection", entity, by: nameOf(event.kind) }));
    }),
    window.onDidChangeNotebookEditorSelection((event) => {
      tell(event.notebookEditor.notebook, (entity) => ({ is: "selection", entity, by: "command" }));
    }),
    window.onDidChangeTextEditorVisibleRanges((event) => {
      tell(event.textEditor.document, (entity) => ({ is: "scroll", entity }));
    }),
    window.onDidChangeNotebookEditorVisibleRanges((event) => {
      tell(event.notebookEditor.notebook, (entity) => ({ is: "scroll", entity }));
    }),
    workspace.onWillSaveTextDocument((event) => {
      const byHand = event.reason === vscode.TextDocumentSaveReason.Manual;
      tell(event.document, (entity) => ({ is: "willSave", entity, byHand }));
    }),
    workspace.onDidSaveTextDocument((document) => {
      tell(document, (entity) => ({ is: "saved", entity }));
    }),
    workspace.onWillSaveNotebookDocument((event) => {
      const byHand = event.reason === vscode.TextDocumentSaveReason.Manual;
      tell(event.notebook, (entity) => ({ is: "willSave", entity, byHand }));
    }),
    workspace.onDidSaveNotebookDocument((notebook) => {
      tell(notebook, (entity) => ({ is: "saved", entity }));
    }),
    window.onDidChangeActiveTerminal(inTerminal),
    window.onDidStartTerminalShellExecution((event) => {
      if (event.terminal === window.activeTerminal) {
        inTerminal(event.terminal);
      }
    }),
    vscode.debug.onDidStartDebugSession(() => {
      see({ is: "debug" });
    }),
    vscode.debug.onDidChangeActiveStackItem(() => {
      see({ is: "debug" });
    }),
    vscode.tasks.onDidStartTask(() => {
      see({ is: "task" });
    }),
    workspace.onDidCloseTextDocument(forget),
    workspace.onDidCloseNotebookDocument(forget),
    workspace.onDidChangeWorkspaceFolders(() => {
      forget();
      look();
    }),
  );
}

function causeOf(event: vscode.TextDocumentChangeEvent, first: vscode.TextDocumentContentChangeEvent): EditCause {
  if (event.reason !== undefined) {
    return "undo";
  }
  if (!event.document.isDirty && !event.document.isUntitled) {
    return "clean";
  }
  return first.text.length < LINE && first.text.trim() === "" ? "blank" : "text";
}

function nameOf(kind: vscode.TextEditorSelectionChangeKind | undefined): "keyboard" | "mouse" | "command" | "unknown" {
  switch (kind) {
    case vscode.TextEditorSelectionChangeKind.Keyboard:
      return "keyboard";
    case vscode.TextEditorSelectionChangeKind.Mouse:
      return "mouse";
    case vscode.TextEditorSelectionChangeKind.Command:
      return "command";
    default:
      return "unknown";
  }
}

/** A picture, a preview, an editor of another extension: looked at as well. */
function entityOfTab(): Entity | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return isFile ? entityOfFile(input.uri) : undefined;
}

function folderOf(terminal: vscode.Terminal): vscode.Uri | undefined {
  const options = terminal.creationOptions;
  const cwd = terminal.shellIntegration?.cwd ?? ("cwd" in options ? options.cwd : undefined);
  return typeof cwd === "string" ? vscode.Uri.file(cwd) : cwd;
}
