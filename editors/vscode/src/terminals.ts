/** Reports the person's place in the terminals, and their typing there. */

import * as vscode from "vscode";

import { entityOfTerminal } from "./entity.ts";
import { Reads } from "./reads.ts";
import { folderOf, readTime, ttyOf } from "./tty.ts";
import type { Meaning } from "./watch.ts";

/** The known facts about a terminal. */
interface Known {
  reads: Reads;
  process?: number;
  /** Absent if its read times are unknown. */
  tty?: string;
}

export class Terminals {
  readonly #note: (meaning: Meaning) => void;
  readonly #areHere: boolean;
  readonly #known = new WeakMap<vscode.Terminal, Known>();
  /** The terminal with the keyboard focus, if no editor has it. */
  #front: vscode.Terminal | undefined;

  /** @param areHere true if terminals run on the machine of the extension */
  constructor(note: (meaning: Meaning) => void, areHere: boolean) {
    this.#note = note;
    this.#areHere = areHere;
  }

  /** Another terminal came to the front, or the last one closed. */
  came(terminal: vscode.Terminal | undefined): void {
    this.look();
    this.#front = terminal;
    if (terminal) {
      this.#know(terminal).reads.began(Date.now());
      this.#tell(terminal);
    }
  }

  /** A command began. Typing it may have taken a while, and is detected now or never. */
  began(terminal: vscode.Terminal): void {
    this.#know(terminal).reads.began(Date.now());
    if (terminal === this.#front) {
      this.look();
      this.#tell(terminal);
    }
  }

  /** Handles a new folder of a shell. */
  moved(terminal: vscode.Terminal): void {
    if (terminal === this.#front) {
      this.#tell(terminal);
    }
  }

  /** Checks for typing in the terminal in front. Takes microseconds, because it reads no disk. */
  look(): void {
    const terminal = this.#front;
    const typedAt = this.#ask((reads, readAt) => reads.look(readAt, Date.now()));
    if (terminal && typedAt !== undefined) {
      const entity = entityOfTerminal(this.#folder(terminal));
      this.#note(() => ({ is: "read", entity, readAt: typedAt }));
    }
  }

  /** Ignores typing so far, because the person was elsewhere. */
  skip(): void {
    this.#ask((reads, readAt) => {
      reads.skip(readAt);
    });
  }

  #ask<T>(what: (reads: Reads, readAt: number) => T): T | undefined {
    const known = this.#front && this.#known.get(this.#front);
    const readAt = known?.tty === undefined ? undefined : readTime(known.tty);
    return known && readAt !== undefined ? what(known.reads, readAt) : undefined;
  }

  #tell(terminal: vscode.Terminal): void {
    this.#note(() => ({ is: "terminal", entity: entityOfTerminal(this.#folder(terminal)) }));
  }

  #know(terminal: vscode.Terminal): Known {
    const known = this.#known.get(terminal);
    if (known) {
      return known;
    }
    const found: Known = { reads: new Reads() };
    this.#known.set(terminal, found);
    if (this.#areHere) {
      // Without a process or a device, the read times of a terminal stay unknown.
      this.#find(terminal, found).catch(() => undefined);
    }
    return found;
  }

  async #find(terminal: vscode.Terminal, known: Known): Promise<void> {
    const id = await terminal.processId;
    const tty = id === undefined ? undefined : await ttyOf(id, process.platform);
    const readAt = tty === undefined ? undefined : readTime(tty);
    if (id !== undefined && tty !== undefined && readAt !== undefined) {
      known.process = id;
      known.tty = tty;
      known.reads.skip(readAt);
      this.moved(terminal);
    }
  }

  /** Returns the folder that the shell reports, or else the one that the system reports. */
  #folder(terminal: vscode.Terminal): vscode.Uri | undefined {
    const shell = terminal.shellIntegration?.cwd;
    const id = this.#known.get(terminal)?.process;
    const found = shell ?? (id === undefined ? undefined : folderOf(id));
    const options = terminal.creationOptions;
    const folder = found ?? ("cwd" in options ? options.cwd : undefined);
    return typeof folder === "string" ? vscode.Uri.file(folder) : folder;
  }
}
