/** Plays other extensions: an agent that edits and saves the file in front, and a file system without a disk. */

import * as vscode from "vscode";

/** The pause between edits and the length of the work, in milliseconds. */
const { KEEPTAB_AGENT_PAUSE: pause, KEEPTAB_AGENT_LENGTH: length } = process.env;

class Memory implements vscode.FileSystemProvider {
  readonly #files = new Map<string, Uint8Array>([["/acme/api/main.rs", Buffer.from("fn main() {}\n")]]);
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const file = this.#files.get(path);
    if (!file && !this.#isFolder(path)) {
      throw vscode.FileSystemError.FileNotFound(path);
    }
    const type = file ? vscode.FileType.File : vscode.FileType.Directory;
    return { type, ctime: 0, mtime: Date.now(), size: file?.length ?? 0 };
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    const names = [...this.#files.keys()].filter((name) => name.startsWith(`${path}/`));
    return names.map((name) => [name.slice(path.length + 1), vscode.FileType.File]);
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    const file = this.#files.get(path);
    if (!file) {
      throw vscode.FileSystemError.FileNotFound(path);
    }
    return file;
  }

  writeFile(uri: vscode.Uri, text: Uint8Array): void {
    this.#files.set(uri.path, text);
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  #isFolder(path: string): boolean {
    return [...this.#files.keys()].some((name) => name.startsWith(`${path}/`));
  }
}

async function work(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) {
    return;
  }
  const until = Date.now() + Number(length);
  while (Date.now() < until) {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "// a line of an agent's\n");
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await new Promise((resolve) => setTimeout(resolve, Number(pause)));
  }
}

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.workspace.registerFileSystemProvider("vscode-vfs", new Memory()),
    vscode.commands.registerCommand("agent.work", () =>
      vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: "An agent works" }, work),
    ),
  );
}
