/** Says in signs what VS Code says in events. Nothing here decides, and nothing grows with a document. */

import * as vscode from "vscode";

import { type Document, entityOf, entityOfFile, entityOfFolder, forget } from "./entity.ts";
import type { Entity } from "./event.ts";
import type { EditCause, Sign } from "./sign.ts";

/** No key inserts as much, in characters. */
const LINE = 200;

/** What something that happened means, if anything; asked a little later. */
export type Meaning = () => Sign | undefined;

/** Has `note` take down all that happens, until it is disposed. At a key no more is done than that. */
export function watch(note: (meaning: Meaning) => void): vscode.Disposable {
  const { window, workspace } = vscode;

  function look(): void {
    const document = window.activeNotebookEditor?.notebook ?? window.activeTextEditor?.document;
    const tab = document ? undefined : window.tabGroups.activeTabGroup.activeTab;
    note(() => ({ is: "front", entity: document ? entityOf(document) : entityOfTab(tab) }));
  }

  function looked({ focused, active }: vscode.WindowState): void {
    note(() => ({ is: "window", focused, active }));
  }

  function inTerminal(terminal: vscode.Terminal | undefined): void {
    if (terminal) {
      note(() => ({ is: "terminal", entity: entityOfFolder(folderOf(terminal)) }));
    }
  }

  function willSave(document: Document, reason: vscode.TextDocumentSaveReason): void {
    const byHand = reason === vscode.TextDocumentSaveReason.Manual;
    note(() => about(document, (entity) => ({ is: "willSave", entity, byHand })));
  }

  function saved(document: Document): void {
    note(() => about(document, (entity) => ({ is: "saved", entity })));
  }

  function scrolled(document: Document): void {
    note(() => about(document, (entity) => ({ is: "scroll", entity })));
  }

  look();
  looked(window.state);
  return vscode.Disposable.from(
    window.onDidChangeWindowState(looked),
    window.onDidChangeActiveTextEditor(look),
    window.onDidChangeActiveNotebookEditor(look),
    window.tabGroups.onDidChangeTabs(look),
    window.tabGroups.onDidChangeTabGroups(look),
    workspace.onDidChangeTextDocument((event) => {
      const { isDirty } = event.document;
      note(() => about(event.document, (entity) => edited(event, isDirty, entity)));
    }),
    window.onDidChangeTextEditorSelection((event) => {
      note(() => about(event.textEditor.document, (entity) => ({ is: "selection", entity, by: nameOf(event.kind) })));
    }),
    window.onDidChangeNotebookEditorSelection(({ notebookEditor }) => {
      note(() => about(notebookEditor.notebook, (entity) => ({ is: "selection", entity, by: "command" })));
    }),
    window.onDidChangeTextEditorVisibleRanges((event) => {
      scrolled(event.textEditor.document);
    }),
    window.onDidChangeNotebookEditorVisibleRanges((event) => {
      scrolled(event.notebookEditor.notebook);
    }),
    workspace.onWillSaveTextDocument((event) => {
      willSave(event.document, event.reason);
    }),
    workspace.onWillSaveNotebookDocument((event) => {
      willSave(event.notebook, event.reason);
    }),
    workspace.onDidSaveTextDocument(saved),
    workspace.onDidSaveNotebookDocument(saved),
    window.onDidChangeActiveTerminal(inTerminal),
    window.onDidStartTerminalShellExecution((event) => {
      if (event.terminal === window.activeTerminal) {
        inTerminal(event.terminal);
      }
    }),
    vscode.debug.onDidStartDebugSession(() => {
      note(() => ({ is: "debug" }));
    }),
    vscode.debug.onDidChangeActiveStackItem(() => {
      note(() => ({ is: "debug" }));
    }),
    vscode.tasks.onDidStartTask(() => {
      note(() => ({ is: "task" }));
    }),
    workspace.onDidCloseTextDocument(forget),
    workspace.onDidCloseNotebookDocument(forget),
    workspace.onDidChangeWorkspaceFolders(() => {
      forget();
      look();
    }),
  );
}

function about(document: Document, sign: (entity: Entity) => Sign | undefined): Sign | undefined {
  const entity = entityOf(document);
  return entity && sign(entity);
}

/** How many lines a document had when it was looked at last. */
const lines = new WeakMap<vscode.TextDocument, number>();

function edited(event: vscode.TextDocumentChangeEvent, isDirty: boolean, entity: Entity): Sign | undefined {
  const { document, contentChanges } = event;
  const [first] = contentChanges;
  if (!first) {
    return isDirty ? { is: "dirty", entity } : undefined;
  }
  const count = document.lineCount;
  const growth = count - (lines.get(document) ?? count);
  lines.set(document, count);
  return { is: "edit", entity, cause: causeOf(event, first, isDirty), growth };
}

function causeOf(
  event: vscode.TextDocumentChangeEvent,
  first: vscode.TextDocumentContentChangeEvent,
  isDirty: boolean,
): EditCause {
  if (event.reason !== undefined) {
    return "undo";
  }
  if (!isDirty && !event.document.isUntitled) {
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
function entityOfTab(tab: vscode.Tab | undefined): Entity | undefined {
  const input = tab?.input;
  const isFile = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return isFile ? entityOfFile(input.uri) : undefined;
}

function folderOf(terminal: vscode.Terminal): vscode.Uri | undefined {
  const options = terminal.creationOptions;
  const cwd = terminal.shellIntegration?.cwd ?? ("cwd" in options ? options.cwd : undefined);
  return typeof cwd === "string" ? vscode.Uri.file(cwd) : cwd;
}
