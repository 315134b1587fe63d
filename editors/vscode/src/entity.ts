/** What a document stands for on the timeline. */

import * as vscode from "vscode";

import type { Entity } from "./event.ts";

/** Documents in name only: output, input fields, snapshots of others. */
const NO_DOCUMENT =
  /^(keeptab|output|debug|vscode|vscode-(scm|settings|terminal|local-history)|comment|chat-|inmemory|walkThrough|search-editor)/;

export type Document = vscode.TextDocument | vscode.NotebookDocument;

let known = new WeakMap<Document, Entity | "none">();

/** Asks VS Code once a document; after that the cost is the same however large it is. */
export function entityOf(document: Document): Entity | undefined {
  let entity = known.get(document);
  if (entity === undefined) {
    entity = describe(document) ?? "none";
    known.set(document, entity);
  }
  return entity === "none" ? undefined : entity;
}

export function entityOfFile(uri: vscode.Uri): Entity | undefined {
  if (NO_DOCUMENT.test(uri.scheme)) {
    return undefined;
  }
  // What has no folder, such as `untitled:Untitled-1`, is unnamed for the host and belongs to the workspace.
  const root =
    vscode.workspace.getWorkspaceFolder(uri)?.uri ?? (uri.path.startsWith("/") ? folderOf(uri) : soleFolder());
  return { uri: uri.with({ query: "", fragment: "" }).toString(), ...(root && { root: root.toString() }) };
}

/** Where somebody is who is in no document. */
export function entityOfFolder(folder = soleFolder()): Entity {
  return folder ? { root: folder.toString() } : {};
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

/** The folder of a window that has one; among several none is preferred. */
function soleFolder(): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length === 1 ? folders[0]?.uri : undefined;
}

function folderOf(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, "..");
}
