/** A person with two projects, pages on this machine, and the real program. */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tell } from "../vscode/remember.ts";

/** The longest time that a person waits for something to appear, in milliseconds. */
export const PATIENCE = 30_000;

/** Returns a variable that `run` sets in the environment. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; run the tests by tests/browser/run`);
  }
  return value;
}

/** A zone in which it is about noon now, so that no test passes midnight. */
const zone = ((): string => {
  const offset = 12 - new Date().getUTCHours();
  return `Etc/GMT${offset > 0 ? "-" : "+"}${String(Math.abs(offset))}`;
})();

const config = (port: number): string => `[business]
name = "Jane Doe Software"
org = "JDS"
city = "Berlin"
country = "DE"
currency = "EUR"
time_zone = "${zone}"

[tracking]
ignore = ["http://bank.example:${String(port)}/**"]

[client.acme]
name = "Acme Co"
city = "Berlin"
country = "DE"

[project."acme/api"]
client = "acme"
name = "API development"
rate = "95.00"
paths = ["~/work/api/**"]
urls = ["http://git.example:${String(port)}/acme/**"]

[project."acme/docs"]
client = "acme"
rate = "95.00"
urls = ["http://*.docs.example:${String(port)}/**", "http://b\u00fccher.example:${String(port)}/**"]
`;

/** A stored heartbeat or boundary. */
export interface Kept {
  at: string;
  source: string;
  seq: number;
  kind: string;
  /** The page; null if it is private. */
  text: string | null;
}

/** The manifest by which browsers find the program after `keeptab install browser`. */
const MANIFEST = "io.github.keeptab.json";

export class Home {
  readonly folder = mkdtempSync(join(tmpdir(), "keeptab-browser-"));
  readonly #server: Server;
  readonly #asked: string[] = [];
  /** True if the pages below /acme/refresh/ go on by themselves. */
  goesOn = true;

  /** @param server answers every request on a port of its own */
  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => {
      const path = request.url ?? "";
      this.#asked.push(path);
      response.setHeader("content-type", "text/html");
      response.end(
        `<title>page</title>${this.goesOn ? refresh(path) : ""}<body style="height: 5000px"><input autofocus>`,
      );
    });
    mkdirSync(join(this.folder, "keeptab"));
    writeFileSync(join(this.folder, "keeptab/keeptab.toml"), config(this.port));
  }

  static async make(): Promise<Home> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Home(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The paths of the pages that the browser has requested. */
  get asked(): readonly string[] {
    return this.#asked;
  }

  get #env(): Record<string, string> {
    return { HOME: this.folder, KEEPTAB_HOME: join(this.folder, "keeptab"), PATH: "/usr/bin:/bin", LANG: "C.UTF-8" };
  }

  /** Returns the address of a page on one of the hosts, which are all on this machine. */
  at(host: string, path: string): string {
    return `http://${host}:${String(this.port)}${path}`;
  }

  /** Runs keeptab in a shell of the person. */
  keeptab(...words: string[]): string {
    return execFileSync(required("KEEPTAB_BIN"), words, { env: this.#env, encoding: "utf8" });
  }

  /** Returns all stored events, in the order of time. */
  kept(): Kept[] {
    const records = JSON.parse(this.keeptab("export")) as { event?: Kept }[];
    return records.flatMap(({ event }) => event ?? []);
  }

  /** Returns the number of visits to each page, or of times that it only came to the front. */
  heartbeats(kind: "visit" | "focus" = "visit"): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { text } of this.kept().filter((event) => event.kind === kind)) {
      const page = (text ?? "(private)").replace(`:${String(this.port)}`, "");
      counts[page] = (counts[page] ?? 0) + 1;
    }
    return counts;
  }

  /** Waits until exactly these pages were visited, any number of times. */
  async visited(...pages: string[]): Promise<void> {
    const wanted = pages.sort().join("\n");
    await eventually(`visits to ${wanted}`, () => Object.keys(this.heartbeats()).sort().join("\n") === wanted);
  }

  /** Returns the seconds of today, by project. */
  report(): { rows: { project: string; seconds: number }[]; totalSeconds: number; unassignedSeconds: number } {
    return JSON.parse(this.keeptab("report", "--today", "--json")) as ReturnType<Home["report"]>;
  }

  /** Reports edits of files through an editor's host of its own, and waits for its end. */
  async edit(events: { at: number; uri: string }[]): Promise<void> {
    await tell(required("KEEPTAB_BIN"), this.#env, events);
  }

  /** Returns the processes of this browser's host. */
  hosts(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((id) => {
        try {
          const isOurs = readFileSync(`/proc/${String(id)}/environ`, "utf8").includes(this.folder);
          return isOurs && readFileSync(`/proc/${String(id)}/cmdline`, "utf8").includes("\0browser-host\0");
        } catch {
          return false;
        }
      });
  }

  /** Returns the only host of this browser. */
  host(): Promise<number> {
    return eventually("the host", () => {
      const hosts = this.hosts();
      return hosts.length === 1 && hosts[0];
    });
  }

  /** Returns the files below a folder of the person that contain a text. */
  holds(folder: string, text: string): string[] {
    const files = readdirSync(join(this.folder, folder), { recursive: true, withFileTypes: true });
    const wide = Buffer.from(text, "utf16le");
    return files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .filter((path) => {
        const bytes = readFileSync(path);
        return bytes.includes(text) || bytes.includes(wide);
      });
  }

  /** Hides the program from browsers; returns a function that undoes it. */
  hide(folder: string): () => void {
    const found = join(this.folder, folder, MANIFEST);
    renameSync(found, `${found}.hidden`);
    return () => renameSync(`${found}.hidden`, found);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Returns a page below /acme/refresh/ that goes to the next one after two seconds, and changes its address in between.
 */
function refresh(path: string): string {
  const turn = /^\/acme\/refresh\/(\d+)$/.exec(path)?.[1];
  if (turn === undefined) {
    return "";
  }
  const next = `/acme/refresh/${String(Number(turn) + 1)}`;
  return `<meta http-equiv="refresh" content="2;url=${next}">
    <script>setTimeout(() => history.pushState({}, "", "/acme/pushed/${turn}"), 500)</script>`;
}

/** Waits until `probe` returns a value, by polling: nothing outside the page sends events. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  patience = PATIENCE,
): Promise<T> {
  const until = Date.now() + patience;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (Date.now() > until) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
