/** Turns VS Code's events into signs. Decides nothing, and costs the same for any size of a document. */

import * as vscode from "vscode";

import { type Document, entityOf, entityOfFile, forget, isFed } from "./entity.ts";
import type { Entity } from "./event.ts";
import type { EditCause, Sign } from "./sign.ts";
import type { Terminals } from "./terminals.ts";

/** More characters than any key inserts. */
const LINE = 200;

/** The sign of an event, if any, evaluated a little later. */
export type Meaning = () => Sign | undefined;

/** Passes all events to `note` until it is disposed. A key costs no more than that. */
export function watch(note: (meaning: Meaning) => void, terminals: Terminals): vscode.Disposable {
  const { window, workspace } = vscode;

  function look(): void {
    const document = window.activeNotebookEditor?.notebook ?? window.activeTextEditor?.document;
    const editor = window.activeTextEditor;
    note(() => {
      if (editor && !tops.has(editor)) {
        tops.set(editor, editor.visibleRanges[0]?.start.line ?? 0);
      }
      // A tab comes a moment after the document that it replaces has closed.
      return document ? front(entityOf(document)) : frontOfTab(window.tabGroups.activeTabGroup.activeTab);
    });
  }

  let wasFocused = true;
  function looked({ focused, active }: vscode.WindowState): void {
    if (!focused) {
      terminals.look();
    } else if (!wasFocused) {
      terminals.skip();
    }
    wasFocused = focused;
    note(() => ({ is: "window", focused, active }));
  }

  function willSave(document: Document, reason: vscode.TextDocumentSaveReason): void {
    const byHand = reason === vscode.TextDocumentSaveReason.Manual;
    note(() => about(document, (entity) => ({ is: "willSave", entity, byHand })));
  }

  function saved(document: Document): void {
    note(() => about(document, (entity) => ({ is: "saved", entity })));
  }

  look();
  looked(window.state);
  terminals.came(window.activeTerminal);
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
      note(() => scrolled(event.textEditor, event.textEditor.document, event.visibleRanges[0]?.start.line));
    }),
    window.onDidChangeNotebookEditorVisibleRanges((event) => {
      note(() => scrolled(event.notebookEditor, event.notebookEditor.notebook, event.visibleRanges[0]?.start));
    }),
    workspace.onWillSaveTextDocument((event) => {
      willSave(event.document, event.reason);
    }),
    workspace.onWillSaveNotebookDocument((event) => {
      willSave(event.notebook, event.reason);
    }),
    workspace.onDidSaveTextDocument(saved),
    workspace.onDidSaveNotebookDocument(saved),
    window.onDidChangeActiveTerminal((terminal) => {
      terminals.came(terminal);
    }),
    window.onDidChangeTerminalShellIntegration(({ terminal }) => {
      terminals.moved(terminal);
    }),
    window.onDidStartTerminalShellExecution((event) => {
      terminals.began(event.terminal);
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

/** The first line that an editor showed at the last check. */
const tops = new WeakMap<vscode.TextEditor | vscode.NotebookEditor, number>();

/**
 * Returns the sign of a scroll if the first line changed. An editor that shrinks because a panel opens keeps its first
 * line.
 */
function scrolled(editor: vscode.TextEditor | vscode.NotebookEditor, document: Document, top = 0): Sign | undefined {
  const before = tops.get(editor);
  if (before === top) {
    return undefined;
  }
  tops.set(editor, top);
  return about(document, (entity) => ({ is: "scroll", entity }));
}

function edited(event: vscode.TextDocumentChangeEvent, isDirty: boolean, entity: Entity): Sign | undefined {
  const { document, contentChanges } = event;
  const [first] = contentChanges;
  if (isFed(document)) {
    return { is: "fed" };
  }
  if (!first) {
    return isDirty ? { is: "dirty", entity } : undefined;
  }
  return { is: "edit", entity, cause: causeOf(event, first, isDirty) };
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

function front(entity: Entity | undefined): Sign {
  return { is: "front", entity, silent: entity === undefined };
}

/**
 * Returns the sign of a picture, a preview or another extension's editor in front. VS Code does not name all of them.
 */
function frontOfTab(tab: vscode.Tab | undefined): Sign {
  const input = tab?.input;
  if (input instanceof vscode.TabInputWebview) {
    const entity = entityOfFile(vscode.Uri.from({ scheme: "webview-panel", path: input.viewType }));
    return front(entity);
  }
  const isFile = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return isFile ? front(entityOfFile(input.uri)) : { is: "front", entity: undefined };
}
