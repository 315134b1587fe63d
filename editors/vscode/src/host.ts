/** Runs the one host of this window and keeps it running. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { findBinary, isAtLeast, searched } from "./binary.ts";
import { newClient } from "./client.ts";
import { Line } from "./line.ts";
import type { Outbox } from "./outbox.ts";
import { type Answer, Trouble } from "./reply.ts";
import { factsOf } from "./roots.ts";
import { say } from "./say.ts";
import type { StatusBar } from "./status.ts";

/** The oldest host version that this plugin can use. */
const LEAST = "0.1.0";
/** Milliseconds before each restart of a host that died; after the last one the extension gives up, */
const BACKOFF = [500, 2000];
/** unless the host had lived for this many milliseconds. */
const A_WHILE = 60_000;

/** A host process, from the request for it to its end. */
interface Life {
  since: number;
  client?: LanguageClient;
}

export class Host {
  readonly #extension: string;
  readonly #outbox: Outbox;
  readonly #status: StatusBar;
  readonly #log: vscode.LogOutputChannel;
  /** The id of this window across restarts of the host, so that an event sent twice counts once. */
  readonly #source = `vscode-${randomBytes(8).toString("hex")}`;
  #life: Life | undefined;
  /** Set while there is a host that has answered. */
  #client: LanguageClient | undefined;
  #line: Line | undefined;
  #waiting: { resolve: (client: LanguageClient) => void; reject: (trouble: Trouble) => void }[] = [];
  #trouble: Trouble | undefined;
  /** Number of early deaths in a row. */
  #deaths = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(extension: string, outbox: Outbox, status: StatusBar, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#outbox = outbox;
    this.#status = status;
    this.#log = log;
  }

  /** The reason why there is no host; undefined while there is one, or one is starting. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  async start(): Promise<void> {
    const life: Life = { since: Date.now() };
    this.#life = life;
    const setting = vscode.workspace.getConfiguration("keeptab").get<string>("path", "");
    const command = await findBinary(setting, this.#extension);
    // After each step, another start may have replaced this one.
    if (this.#life !== life) {
      return;
    }
    if (!command) {
      const what = setting === "" ? "The program keeptab was not found" : `Cannot run ${setting}`;
      this.#log.warn(`${what}: looked in ${setting === "" ? searched(this.#extension) : setting}`);
      // Nobody asked for anything yet: the status bar says it, and so does every command.
      this.#giveUp(new Trouble(what, "Install it, put it on PATH, or set keeptab.path."), false);
      return;
    }
    const client = await newClient(command, {
      source: this.#source,
      log: this.#log,
      onTaken: (seq) => {
        this.#outbox.taken(seq);
      },
      onStatus: this.#status.show,
      onClosed: () => {
        this.#died(life);
      },
    });
    if (this.#life !== life) {
      return;
    }
    life.client = client;
    try {
      await client.start();
    } catch (error) {
      this.#log.warn(`the host did not start: ${String(error)}`);
      this.#died(life);
      return;
    }
    if (this.#life === life) {
      await this.#greet(client, command);
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#trouble = undefined;
    this.#deaths = 0;
    await this.start();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    const life = this.#life;
    await this.#line?.sent;
    this.#leave();
    await life?.client?.dispose(1000).catch(() => undefined);
  }

  /** Runs a command of the host, as soon as there is a host. */
  async execute(command: string, words: string[]): Promise<Answer> {
    if (this.#trouble) {
      throw this.#trouble;
    }
    const client =
      this.#client ??
      (await new Promise<LanguageClient>((resolve, reject) => {
        this.#waiting.push({ resolve, reject });
      }));
    const { capabilities, serverInfo } = client.initializeResult ?? {};
    if (capabilities?.executeCommandProvider?.commands.includes(`keeptab.${command}`) !== true) {
      const what = `keeptab ${serverInfo?.version ?? ""} cannot do that yet`;
      throw new Trouble(what, "Update the program, or set keeptab.path to a newer one.");
    }
    return client.sendRequest("workspace/executeCommand", { command: `keeptab.${command}`, arguments: words });
  }

  async #greet(client: LanguageClient, command: string): Promise<void> {
    const version = client.initializeResult?.serverInfo?.version ?? "0";
    if (!isAtLeast(version, LEAST)) {
      await this.stop();
      const text = `${command} is version ${version}, and this extension needs ${LEAST} or newer`;
      this.#giveUp(new Trouble(text, "Update it, or set keeptab.path."));
      return;
    }
    const line = new Line((method, params) => client.sendNotification(method, params), factsOf);
    this.#line = line;
    this.#outbox.connect(line.send);
    this.#client = client;
    for (const { resolve } of this.#waiting.splice(0)) {
      resolve(client);
    }
  }

  #died(life: Life): void {
    if (life !== this.#life) {
      return;
    }
    this.#leave();
    void life.client?.dispose().catch(() => undefined);
    this.#deaths = Date.now() - life.since > A_WHILE ? 1 : this.#deaths + 1;
    const pause = BACKOFF[this.#deaths - 1];
    if (pause === undefined) {
      this.#giveUp(new Trouble("the host keeps stopping", "The log says why."));
    } else {
      this.#log.warn(`the host ended; it is started again in ${String(pause)} ms`);
      this.#retry = setTimeout(() => void this.start(), pause);
    }
  }

  /** Makes later callers wait for the next host. */
  #leave(): void {
    this.#life = undefined;
    this.#client = undefined;
    this.#line = undefined;
    this.#outbox.disconnect();
  }

  /** Reports the error once. Activity is kept in memory until there is a host. */
  #giveUp(trouble: Trouble, loudly = true): void {
    this.#trouble = trouble;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(trouble);
    }
    this.#status.fail(`${trouble.message}. ${trouble.hint}`);
    if (loudly) {
      void this.#tell(trouble);
    }
  }

  async #tell(trouble: Trouble): Promise<void> {
    const text = `Keeptab tracks no time: ${trouble.message}. ${trouble.hint}`;
    const chosen = await say("Error", text, "Try Again", "Open Settings", "Show Log");
    if (chosen === "Try Again") {
      await this.restart();
    } else if (chosen === "Open Settings") {
      await vscode.commands.executeCommand("workbench.action.openSettings", "keeptab.path");
    } else if (chosen) {
      this.#log.show();
    }
  }
}
