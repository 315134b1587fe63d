/** What a document stands for on the timeline, as editors/documents.json has it. */

import * as vscode from "vscode";

import type { Entity } from "./event.ts";

/** Input fields, and documents that only extensions see. */
const NOTHING = /^(keeptab|comment|inmemory|vscode-scm|(vscode-)?chat-(?!session|editor$).*|vscode-notebook-cell-.+)$/;
/** What has no file. */
const FOLDER =
  /^(output|debug|vscode|vscode-(terminal|settings|userdata|interactive.*|chat-session|chat-editor)|webview-panel|walkThrough.*|search-editor)$/;
/** The file of their path at another time, or before it is there. */
const SNAPSHOT =
  /^(git|gitfs|gitlens|gitlens-git|git-graph|review|pr|githubpr|hg|svn|merge-conflict\.conflict-diff|vscode-local-history|untitled)$/;
/** Written by programs alone. */
const FED = /^(output|debug|vscode|vscode-(terminal|settings)|walkThrough.*)$/;
const OWN = /\.timesheet$|\/keeptab\.toml$/;
const OWN_VIEW = /(^|\W)keeptab\./;
/** Characters, which are bytes here: URIs are ASCII. The host takes none that is longer. */
const LONGEST = 4096;

export type Document = vscode.TextDocument | vscode.NotebookDocument;

interface Known {
  entity: Entity | undefined;
  isFed: boolean;
}

let known = new WeakMap<Document, Known>();

/** None for what does not count. */
export function entityOf(document: Document): Entity | undefined {
  return know(document).entity;
}

/** Whether programs alone write it. */
export function isFed(document: Document): boolean {
  return know(document).isFed;
}

/** Asks VS Code once a document; after that the cost is the same however large it is. */
function know(document: Document): Known {
  let found = known.get(document);
  if (found === undefined) {
    const { scheme } = document.uri;
    found = { entity: describe(document), isFed: FED.test(scheme) || (SNAPSHOT.test(scheme) && scheme !== "untitled") };
    known.set(document, found);
  }
  return found;
}

export function entityOfFile(uri: vscode.Uri): Entity | undefined {
  const { scheme, path } = uri;
  if (NOTHING.test(scheme) || OWN.test(path) || (scheme === "webview-panel" && OWN_VIEW.test(path))) {
    return undefined;
  }
  if (FOLDER.test(scheme) || !path.startsWith("/")) {
    return entityOfFolder();
  }
  const file = SNAPSHOT.test(scheme) ? fileBehind(uri) : uri.with({ query: "", fragment: "" });
  if (!file) {
    return entityOfFolder();
  }
  const name = file.toString();
  const root = (vscode.workspace.getWorkspaceFolder(file)?.uri ?? folderOf(file)).toString();
  return name.length <= LONGEST ? { uri: name, root } : undefined;
}

/** Where somebody is who is in no document; empty where a window has several folders. */
export function entityOfFolder(): Entity {
  const folder = soleFolder();
  return folder ? named({ root: folder.toString() }) : {};
}

/** Where somebody is who is in a terminal. */
export function entityOfTerminal(cwd: vscode.Uri | undefined): Entity {
  const folder = cwd && onItsHost(cwd);
  if (!folder) {
    return entityOfFolder();
  }
  const root = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  return named({ root: root.toString(), cwd: folder.toString() });
}

/** Forgets what stops being true when a document closes or the workspace changes. */
export function forget(document?: Document): void {
  if (document) {
    known.delete(document);
  } else {
    known = new WeakMap();
  }
}

function describe(document: Document): Entity | undefined {
  if (document.uri.scheme === "vscode-notebook-cell") {
    const notebook = vscode.workspace.notebookDocuments.find((notebook) =>
      notebook.getCells().some((cell) => cell.document === document),
    );
    return notebook && entityOf(notebook);
  }
  const entity = entityOfFile(document.uri);
  const language = "languageId" in document ? document.languageId : document.notebookType;
  return entity && { ...entity, language };
}

/** In a remote window VS Code names a terminal's folder as if it were on this machine. */
function onItsHost(folder: vscode.Uri): vscode.Uri {
  const remote = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "vscode-remote")?.uri;
  return remote && folder.scheme === "file" ? remote.with({ path: folder.path }) : folder;
}

/** The file that a snapshot is of: in the workspace, wherever that is, or on this machine. */
function fileBehind({ path }: vscode.Uri): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.find(({ uri }) => path.startsWith(`${uri.path.replace(/\/$/, "")}/`));
  if (folder) {
    return folder.uri.with({ path });
  }
  return folders.every(({ uri }) => uri.scheme === "file") ? vscode.Uri.from({ scheme: "file", path }) : undefined;
}

/** The folder of a window that has one; among several none is preferred. */
function soleFolder(): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length === 1 ? folders[0]?.uri : undefined;
}

function folderOf(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, "..");
}

/** Folders with too long a name are none. */
function named(entity: Entity): Entity {
  return Object.values(entity).every((name: string) => name.length <= LONGEST) ? entity : {};
}
