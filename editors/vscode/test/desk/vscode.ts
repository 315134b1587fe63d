/** The part of VS Code's API that the watching code needs, driven by {@link Desk}. */

import { URI, Utils } from "vscode-uri";

type Listener = (event: unknown) => void;

export class Signal {
  readonly #listeners: Listener[] = [];
  readonly event = (listener: Listener): { dispose: () => void } => {
    this.#listeners.push(listener);
    return Disposable.from();
  };
  fire(event: unknown): void {
    for (const listener of this.#listeners) {
      listener(event);
    }
  }
}

export const Disposable = { from: () => ({ dispose: () => undefined }) };
export const Uri = Object.assign(URI, { joinPath: Utils.joinPath });
export const TextDocumentSaveReason = { Manual: 1, AfterDelay: 2, FocusOut: 3 };
export const TextEditorSelectionChangeKind = { Keyboard: 1, Mouse: 2, Command: 3 };

export class TabInputText {
  uri: URI | undefined;
}
export class TabInputCustom extends TabInputText {}
export class TabInputWebview {
  readonly viewType: string;

  constructor(viewType: string) {
    this.viewType = viewType;
  }
}

/** The event emitters, by the name of their event. */
export const signals: Record<string, Signal> = {};

function events(...names: string[]): Record<string, Signal["event"]> {
  return Object.fromEntries(names.map((name) => [name, (signals[name] = new Signal()).event]));
}

interface State {
  state: { focused: boolean; active: boolean };
  activeTextEditor: unknown;
  activeNotebookEditor: unknown;
  activeTerminal: unknown;
}

const state: State = {
  state: { focused: true, active: true },
  activeTextEditor: undefined,
  activeNotebookEditor: undefined,
  activeTerminal: undefined,
};

export const window = Object.assign(state, {
  tabGroups: {
    activeTabGroup: { activeTab: undefined as { input: unknown } | undefined },
    ...events("onDidChangeTabs", "onDidChangeTabGroups"),
  },
  ...events(
    "onDidChangeWindowState",
    "onDidChangeActiveTextEditor",
    "onDidChangeActiveNotebookEditor",
    "onDidChangeTextEditorSelection",
    "onDidChangeNotebookEditorSelection",
    "onDidChangeTextEditorVisibleRanges",
    "onDidChangeNotebookEditorVisibleRanges",
    "onDidChangeActiveTerminal",
    "onDidChangeTerminalShellIntegration",
    "onDidStartTerminalShellExecution",
  ),
});

export const workspace = {
  workspaceFolders: [] as { uri: URI }[],
  notebookDocuments: [] as unknown[],
  getWorkspaceFolder(uri: URI): { uri: URI } | undefined {
    return this.workspaceFolders.find(
      (folder) =>
        folder.uri.scheme === uri.scheme &&
        folder.uri.authority === uri.authority &&
        (uri.path === folder.uri.path || uri.path.startsWith(`${folder.uri.path}/`)),
    );
  },
  ...events(
    "onDidChangeTextDocument",
    "onWillSaveTextDocument",
    "onWillSaveNotebookDocument",
    "onDidSaveTextDocument",
    "onDidSaveNotebookDocument",
    "onDidCloseTextDocument",
    "onDidCloseNotebookDocument",
    "onDidChangeWorkspaceFolders",
  ),
};

/** The commands of VS Code, by name; a test puts its own here. */
export const known: Record<string, () => void> = {};

export const commands = {
  executeCommand(name: string): Promise<void> {
    known[name]?.();
    return Promise.resolve();
  },
};

export const debug = events("onDidStartDebugSession", "onDidChangeActiveStackItem");
export const tasks = events("onDidStartTask");
