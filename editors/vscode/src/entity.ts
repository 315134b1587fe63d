/** The entity of a document on the timeline, by editors/documents.json. */

import * as vscode from "vscode";

import type { Entity } from "./event.ts";

/** Input fields, and documents for extensions only. */
const NOTHING = /^(keeptab|comment|inmemory|vscode-scm|(vscode-)?chat-(?!session|editor$).*|vscode-notebook-cell-.+)$/;
/** Documents without a file. */
const FOLDER =
  /^(output|debug|vscode|vscode-(terminal|settings|userdata|interactive.*|chat-session|chat-editor)|webview-panel|walkThrough.*|search-editor)$/;
/** A version of the file at their path: at another time, or before it exists. */
const SNAPSHOT =
  /^(git|gitfs|gitlens|gitlens-git|git-graph|review|pr|githubpr|hg|svn|merge-conflict\.conflict-diff|vscode-local-history|untitled)$/;
/** Documents that only programs write. */
const FED = /^(output|debug|vscode|vscode-(terminal|settings)|walkThrough.*)$/;
const OWN = /\.timesheet$|\/keeptab\.toml$/;
const OWN_VIEW = /(^|\W)keeptab\./;
/** The maximum length in characters, which are bytes here: URIs are ASCII. The host accepts no longer ones. */
const LONGEST = 4096;

export type Document = vscode.TextDocument | vscode.NotebookDocument;

interface Known {
  entity: Entity | undefined;
  isFed: boolean;
}

let known = new WeakMap<Document, Known>();

/** Returns the entity of a document; undefined if it does not count. */
export function entityOf(document: Document): Entity | undefined {
  return know(document).entity;
}

/** Returns true if only programs write the document. */
export function isFed(document: Document): boolean {
  return know(document).isFed;
}

/** Asks VS Code once per document; later calls cost the same for any size. */
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

/** The entity of a person in no document; empty if a window has several folders. */
export function entityOfFolder(): Entity {
  const folder = soleFolder();
  return folder ? named({ root: folder.toString() }) : {};
}

/** The entity of a person in a terminal. */
export function entityOfTerminal(cwd: vscode.Uri | undefined): Entity {
  const folder = cwd && onItsHost(cwd);
  if (!folder) {
    return entityOfFolder();
  }
  const root = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  return named({ root: root.toString(), cwd: folder.toString() });
}

/** Forgets the facts that change when a document closes or the workspace changes. */
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

/** In a remote window VS Code names a terminal's folder as if it were local. */
function onItsHost(folder: vscode.Uri): vscode.Uri {
  const remote = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "vscode-remote")?.uri;
  return remote && folder.scheme === "file" ? remote.with({ path: folder.path }) : folder;
}

/** Returns the file behind a snapshot: in the workspace, on any host, or on this machine. */
function fileBehind({ path }: vscode.Uri): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.find(({ uri }) => path.startsWith(`${uri.path.replace(/\/$/, "")}/`));
  if (folder) {
    return folder.uri.with({ path });
  }
  return folders.every(({ uri }) => uri.scheme === "file") ? vscode.Uri.from({ scheme: "file", path }) : undefined;
}

/** Returns the folder of a window that has exactly one. */
function soleFolder(): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length === 1 ? folders[0]?.uri : undefined;
}

function folderOf(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, "..");
}

/** Returns the entity, or an empty one if a name is too long. */
function named(entity: Entity): Entity {
  return Object.values(entity).every((name: string) => name.length <= LONGEST) ? entity : {};
}
