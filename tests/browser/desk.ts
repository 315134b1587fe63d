/** A person with a browser: a real Chromium, headless, with the extension, pages on this machine, and the real host. */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { chromium, type BrowserContext, type Page, type Worker } from "playwright-core";

import { tell } from "../vscode/remember.ts";

/** How long a person waits for what they expect to see, in milliseconds. */
const PATIENCE = 30_000;

/** What `run` says by the environment. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; run the tests by tests/browser/run`);
  }
  return value;
}

/** Where it is about noon now, so that no test sees midnight. */
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

interface Wish {
  /** Whether `keeptab install browser` has been run; it has unless told otherwise. */
  isInstalled?: boolean;
  /** Whether the extension is there; it is unless told otherwise. */
  isExtended?: boolean;
}

/** Opens a browser for a person with two projects, until the test ends. */
export async function open(t: TestContext, { isInstalled = true, isExtended = true }: Wish = {}): Promise<Desk> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("content-type", "text/html");
    response.end(`<title>page</title><body style="height: 5000px"><input autofocus>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const desk = new Desk(server, asked);
  t.after(async () => {
    // It is there; its type is not yet.
    if (!("passed" in t && t.passed)) {
      await desk.picture(`failed: ${t.name}`);
    }
    await desk.close();
  });
  if (isInstalled) {
    desk.keeptab("install", "browser");
  }
  await desk.start(isExtended);
  return desk;
}

export class Desk {
  readonly home = mkdtempSync(join(tmpdir(), "keeptab-browser-"));
  readonly #server: Server;
  readonly port: number;
  /** The paths of the pages that the browser has asked for. */
  readonly asked: readonly string[];
  #browser: BrowserContext | undefined;

  constructor(server: Server, asked: readonly string[]) {
    this.#server = server;
    this.asked = asked;
    this.port = (server.address() as AddressInfo).port;
    mkdirSync(join(this.home, "keeptab"));
    writeFileSync(join(this.home, "keeptab/keeptab.toml"), config(this.port));
  }

  get #env(): Record<string, string> {
    return { HOME: this.home, KEEPTAB_HOME: join(this.home, "keeptab"), PATH: "/usr/bin:/bin", LANG: "C.UTF-8" };
  }

  /** Browsers are not started from a shell that knows where keeptab's home is. */
  async start(isExtended: boolean): Promise<void> {
    const extension = required("KEEPTAB_EXTENSION");
    this.#browser = await chromium.launchPersistentContext(join(this.home, ".config/chromium"), {
      executablePath: "/usr/bin/chromium",
      headless: true,
      viewport: { width: 1000, height: 700 },
      env: { HOME: this.home, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
      ignoreDefaultArgs: ["--disable-extensions"],
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * 127.0.0.1"],
        ...(isExtended ? [`--load-extension=${extension}`, `--disable-extensions-except=${extension}`] : []),
      ],
    });
    this.#browser.setDefaultTimeout(PATIENCE);
  }

  get browser(): BrowserContext {
    if (!this.#browser) {
      throw new Error("the browser is not open");
    }
    return this.#browser;
  }

  /** The tab that is there at the beginning. */
  get tab(): Page {
    const [page] = this.browser.pages();
    if (!page) {
      throw new Error("there is no tab");
    }
    return page;
  }

  /** The extension's own script. */
  async worker(): Promise<Worker> {
    return this.browser.serviceWorkers()[0] ?? (await this.browser.waitForEvent("serviceworker"));
  }

  /** The address of a page on one of the hosts that are all here. */
  at(host: string, path: string): string {
    return `http://${host}:${String(this.port)}${path}`;
  }

  /** Opens the popup about a tab, as a page of its own. */
  async popup(tab: Page): Promise<Page> {
    const worker = await this.worker();
    const url = tab.url();
    const id = await worker.evaluate(
      async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url)?.id,
      url,
    );
    const popup = await this.browser.newPage();
    await popup.setViewportSize({ width: 320, height: 420 });
    await popup.goto(new URL(`/popup.html#${String(id)}`, worker.url()).href);
    return popup;
  }

  /** Runs keeptab in a shell of this person's. */
  keeptab(...words: string[]): string {
    return execFileSync(required("KEEPTAB_BIN"), words, { env: this.#env, encoding: "utf8" });
  }

  /** Today's heartbeats, by what was touched. */
  heartbeats(): Record<string, number> {
    const { heartbeats } = JSON.parse(this.keeptab("explain", "--at", "0:00-24:00", "--json")) as {
      heartbeats: { entity: string; count: number }[];
    };
    return Object.fromEntries(
      heartbeats.map(({ entity, count }) => [entity.replace(`:${String(this.port)}`, ""), count]),
    );
  }

  /** Waits until just these were touched, however often. */
  async touched(...entities: string[]): Promise<void> {
    const wanted = entities.sort().join("\n");
    await eventually(`heartbeats on ${wanted}`, () => Object.keys(this.heartbeats()).sort().join("\n") === wanted);
  }

  /** Seconds of today, by project. */
  report(): { rows: { project: string; seconds: number }[]; totalSeconds: number; unassignedSeconds: number } {
    return JSON.parse(this.keeptab("report", "--today", "--json")) as ReturnType<Desk["report"]>;
  }

  /** Lets an editor's host of its own hear of files, and waits for its end. */
  async edit(events: { at: number; uri: string }[]): Promise<void> {
    await tell(required("KEEPTAB_BIN"), this.#env, events);
  }

  /** The processes that are this browser's host. */
  hosts(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((id) => {
        try {
          const isOurs = readFileSync(`/proc/${String(id)}/environ`, "utf8").includes(this.home);
          return isOurs && readFileSync(`/proc/${String(id)}/cmdline`, "utf8").includes("\0browser-host\0");
        } catch {
          return false;
        }
      });
  }

  /** The one host of this browser. */
  host(): Promise<number> {
    return eventually("the host", () => {
      const hosts = this.hosts();
      return hosts.length === 1 && hosts[0];
    });
  }

  /** The files below a folder of this person's that hold a text. */
  holds(folder: string, text: string): string[] {
    const files = readdirSync(join(this.home, folder), { recursive: true, withFileTypes: true });
    const wide = Buffer.from(text, "utf16le");
    return files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .filter((path) => {
        const bytes = readFileSync(path);
        return bytes.includes(text) || bytes.includes(wide);
      });
  }

  /** Keeps a picture, if somebody wants to look at it. */
  async picture(name: string, page?: Page): Promise<void> {
    const folder = process.env["KEEPTAB_PICTURES"];
    const shown = page ?? this.#browser?.pages().at(-1);
    if (folder && shown) {
      mkdirSync(folder, { recursive: true });
      await shown.screenshot({ path: join(folder, `${name}.png`) }).catch(() => undefined);
    }
  }

  async leave(): Promise<void> {
    await this.#browser?.close();
    this.#browser = undefined;
  }

  async close(): Promise<void> {
    await this.leave();
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits until `probe` gives something, looking again and again; what is outside the page tells of no event. */
export async function eventually<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (Date.now() > until) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
