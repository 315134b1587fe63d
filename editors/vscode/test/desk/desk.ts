/**
 * A person, and agents, at a simulated VS Code: its events go through all of the extension between VS Code and the
 * host, on the test's own clock.
 */

import { registerHooks } from "node:module";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type * as vscode from "vscode";

import type { Numbered } from "../../src/event.ts";
import * as tty from "./tty.ts";
import { TabInputWebview, TextEditorSelectionChangeKind, Uri, signals, window, workspace } from "./vscode.ts";

const here = (name: string): string => pathToFileURL(join(import.meta.dirname, name)).href;
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "vscode") {
      return { url: here("vscode.ts"), shortCircuit: true };
    }
    const isTty = specifier === "./tty.ts" && context.parentURL?.includes("/src/") === true;
    return isTty ? { url: here("tty.ts"), shortCircuit: true } : next(specifier, context);
  },
});
const { Capture } = await import("../../src/capture.ts");
const { entityOf, entityOfFolder, forget } = await import("../../src/entity.ts");
const { Outbox } = await import("../../src/outbox.ts");
const { Pulse } = await import("../../src/pulse.ts");
const { Terminals } = await import("../../src/terminals.ts");
const { watch } = await import("../../src/watch.ts");

export { entityOf };
export type Heard = Numbered;
type Kind = keyof typeof TextEditorSelectionChangeKind;

/** The start of a test: a whole number of days, so that a terminal's eight seconds begin with it. */
export const START = 86_400_000 * 20_000;

interface Document {
  uri: Uri;
  languageId: string;
  isDirty: boolean;
  isUntitled: boolean;
}
type Uri = ReturnType<typeof Uri.parse>;

/** Typed as VS Code's own URI, which the compiler does not recognise. */
export function uriOf(text: string): vscode.Uri {
  const uri: unknown = Uri.parse(text);
  return uri as vscode.Uri;
}

/** Returns the document of a URI, always the same one. */
export function documentOf(uri: string): Document {
  const parsed = Uri.parse(uri);
  const known = documents.get(uri);
  const document = known ?? {
    uri: parsed,
    languageId: "text",
    isDirty: false,
    isUntitled: parsed.scheme === "untitled",
  };
  documents.set(uri, document);
  return document;
}
const documents = new Map<string, Document>();

/** Opens a window on folders. The cells of a notebook are those with its path. */
export function workspaceOf(folders: string[], uris: string[]): void {
  workspace.workspaceFolders = folders.map((folder) => ({ uri: Uri.parse(folder) }));
  const documents = uris.map(documentOf);
  const isCell = ({ uri }: Document): boolean => uri.scheme === "vscode-notebook-cell";
  workspace.notebookDocuments = documents
    .filter((document) => !isCell(document))
    .map((notebook) => ({
      ...{ uri: notebook.uri, notebookType: "jupyter-notebook" },
      getCells: () =>
        documents
          .filter((document) => isCell(document) && document.uri.path === notebook.uri.path)
          .map((document) => ({ document })),
    }));
  forget();
}

interface Terminal {
  pid: number;
  processId: Promise<number | undefined>;
  creationOptions: object;
  shellIntegration?: { cwd: Uri };
}

export class Desk {
  readonly #context: TestContext;
  readonly heard: Heard[] = [];
  /** The document and the visible lines of the editor in front. */
  #editor: { document: Document; visibleRanges: { start: { line: number } }[] } | undefined;
  #top = 0;
  #pressedAt = -Infinity;

  /** @param isHere true if terminals run on this machine */
  constructor(context: TestContext, folders: string[], isHere = true) {
    this.#context = context;
    context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
    Object.assign(window, { activeTextEditor: undefined, activeNotebookEditor: undefined, activeTerminal: undefined });
    window.state = { focused: true, active: true };
    window.tabGroups.activeTabGroup.activeTab = undefined;
    workspaceOf(folders, []);
    tty.reads.clear();
    const outbox = new Outbox(() => undefined);
    outbox.connect((events) => this.heard.push(...events));
    const capture = new Capture(entityOfFolder(), (activity) => {
      outbox.add(activity);
    });
    const pulse = new Pulse(capture, outbox, () => {
      terminals.look();
    });
    const terminals = new Terminals(pulse.note, isHere);
    watch(pulse.note, terminals);
    context.after(() => {
      pulse.dispose();
    });
  }

  get now(): number {
    return Date.now();
  }

  /** Advances the clock in steps, and lets ready callbacks run. */
  async pass(milliseconds: number): Promise<void> {
    for (let step = 0; step < milliseconds; step += 50) {
      this.#context.mock.timers.tick(Math.min(50, milliseconds - step));
      if (step % 1000 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      // VS Code calls the window active until nothing was pressed for a minute, and as long as something shows
      // progress.
      if (window.state.active && !this.isBusy && this.now - this.#pressedAt > 60_000) {
        this.#state({ active: false });
      }
    }
  }

  /** True if an extension shows progress. */
  isBusy = false;

  #state(change: { focused?: boolean; active?: boolean }): void {
    window.state = { ...window.state, ...change };
    signals["onDidChangeWindowState"]?.fire(window.state);
  }

  /** The person presses something in the window. */
  #press(): void {
    this.#pressedAt = this.now;
    if (!window.state.active) {
      this.#state({ active: true });
    }
  }

  focus(focused: boolean): void {
    if (focused) {
      this.#pressedAt = this.now;
    }
    this.#state(focused ? { focused, active: true } : { focused });
  }

  /** Brings a document to the front, without saying who did. */
  show(document: Document | undefined): void {
    this.#editor = document && { document, visibleRanges: [{ start: { line: 0 } }] };
    this.#top = 0;
    window.activeTextEditor = this.#editor;
    signals["onDidChangeActiveTextEditor"]?.fire(this.#editor);
  }

  showWebview(viewType: string): void {
    this.show(undefined);
    window.tabGroups.activeTabGroup.activeTab = { input: new TabInputWebview(viewType) };
    signals["onDidChangeTabs"]?.fire({});
  }

  edit(document: Document, text = "x"): void {
    const wasDirty = document.isDirty;
    document.isDirty = true;
    const change = { document, contentChanges: [{ text }], reason: undefined };
    signals["onDidChangeTextDocument"]?.fire(change);
    if (!wasDirty) {
      signals["onDidChangeTextDocument"]?.fire({ ...change, contentChanges: [] });
    }
  }

  select(by: Kind | undefined): void {
    signals["onDidChangeTextEditorSelection"]?.fire({
      textEditor: this.#editor,
      kind: by && TextEditorSelectionChangeKind[by],
    });
  }

  scroll(lines = 3): void {
    this.#top += lines;
    signals["onDidChangeTextEditorVisibleRanges"]?.fire({
      textEditor: this.#editor,
      visibleRanges: [{ start: { line: this.#top } }],
    });
  }

  /** The person presses a key in the document in front. */
  key(): void {
    this.#press();
    if (this.#editor) {
      this.edit(this.#editor.document);
      this.select("Keyboard");
    }
  }

  /** The person presses something that no extension sees: in a chat, a picker. */
  elsewhere(): void {
    this.#press();
  }

  save(document: Document, reason = 1): void {
    signals["onWillSaveTextDocument"]?.fire({ document, reason });
    document.isDirty = false;
    signals["onDidSaveTextDocument"]?.fire(document);
  }

  debugs(): void {
    signals["onDidChangeActiveStackItem"]?.fire({});
  }

  begins(): void {
    signals["onDidStartTask"]?.fire({});
  }

  /** @param isAsked true if its process and its device can be queried */
  terminal(pid: number, cwd?: string, isAsked = true): Terminal {
    if (isAsked) {
      tty.reads.set(String(pid), START - 1_000_000);
    }
    const terminal: Terminal = { pid, processId: Promise.resolve(pid), creationOptions: {} };
    return cwd === undefined ? terminal : { ...terminal, shellIntegration: { cwd: Uri.parse(cwd) } };
  }

  goTo(terminal: Terminal): void {
    window.activeTerminal = terminal;
    signals["onDidChangeActiveTerminal"]?.fire(terminal);
  }

  /** The person types into a terminal. */
  typeInto(terminal: Terminal): void {
    this.#press();
    tty.read(terminal.pid, this.now);
  }

  /** Begins a command; an agent's command is read like typed input. */
  async run(terminal: Terminal): Promise<void> {
    tty.read(terminal.pid, this.now);
    await this.pass(200);
    signals["onDidStartTerminalShellExecution"]?.fire({ terminal });
  }

  /** The events that count: heartbeats of the person other than `focus`. */
  get strong(): Heard[] {
    return this.heard.filter(({ kind, actor }) => actor === undefined && kind !== "focus" && kind !== "blur");
  }

  of(kind: string, actor?: "agent"): Heard[] {
    return this.heard.filter((event) => event.kind === kind && event.actor === actor);
  }

  /**
   * The gaps of at most 15 minutes between strong heartbeats, in milliseconds: the time that the host would count.
   */
  get counted(): number {
    const times = this.strong.map(({ at }) => at).toSorted((one, other) => one - other);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    return gaps.filter((gap) => gap <= 900_000).reduce((sum, gap) => sum + gap, 0);
  }
}
