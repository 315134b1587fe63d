/** A person with a browser: a real Chromium, headless, with the extension, and the real host. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { chromium, type BrowserContext, type Page, type Worker } from "playwright-core";

import { eventually, Home, PATIENCE, required } from "./home.ts";

interface Wish {
  /** True if `keeptab install browser` has been run; the default. */
  isInstalled?: boolean;
  /** True if the person has allowed the sites of the rules; the default. */
  isAllowed?: boolean;
}

/** Opens a browser for a person with two projects, until the test ends. */
export async function open(
  t: TestContext,
  { isInstalled = true, isAllowed = true }: Wish = {},
): Promise<{ desk: Desk; home: Home }> {
  const desk = new Desk(await Home.make(), isAllowed);
  t.after(async () => {
    // It is there; its type is not yet.
    if (!("passed" in t && t.passed)) {
      await desk.picture(`failed: ${t.name}`);
    }
    await desk.leave();
    desk.home.close();
  });
  if (isInstalled) {
    desk.home.keeptab("install", "browser");
  }
  await desk.start();
  return { desk, home: desk.home };
}

export class Desk {
  readonly home: Home;
  readonly #isAllowed: boolean;
  #browser: BrowserContext | undefined;

  constructor(home: Home, isAllowed: boolean) {
    this.home = home;
    this.#isAllowed = isAllowed;
  }

  /** Starts the browser with an environment that does not name keeptab's home. */
  async start(): Promise<void> {
    const extension = required(this.#isAllowed ? "KEEPTAB_ALLOWED" : "KEEPTAB_EXTENSION");
    this.#browser = await chromium.launchPersistentContext(join(this.home.folder, ".config/chromium"), {
      executablePath: "/usr/bin/chromium",
      headless: true,
      viewport: { width: 1000, height: 700 },
      env: { HOME: this.home.folder, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
      ignoreDefaultArgs: ["--disable-extensions"],
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * 127.0.0.1"],
        `--load-extension=${extension}`,
        `--disable-extensions-except=${extension}`,
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

  /** The first tab. */
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

  /** Ends the extension's script, as the browser does when it is idle; the next event starts it again. */
  async rest(): Promise<void> {
    const worker = await this.worker();
    await worker.evaluate(() => Object.assign(globalThis, { isOld: true }));
    const url = new URL("/icon.png", worker.url()).href;
    // Only a page of the extension may end its script.
    const opening = this.browser.waitForEvent("page");
    await worker.evaluate((url) => void chrome.tabs.create({ url, active: false }), url);
    const own = await opening;
    await own.waitForURL(url);
    const session = await this.browser.newCDPSession(own);
    await session.send("ServiceWorker.enable");
    await session.send("ServiceWorker.stopAllWorkers");
    await own.close();
    if (await worker.evaluate(() => "isOld" in globalThis)) {
      throw new Error("the extension's script goes on");
    }
  }

  /** Opens a page and moves the pointer in it until the host has received that. */
  async read(url: string, as?: string): Promise<void> {
    await this.tab.goto(url);
    const { protocol, hostname, pathname } = new URL(url);
    const page = as ?? `${protocol}//${hostname}${pathname}`;
    await this.move(() => this.home.heartbeats()[page] !== undefined);
  }

  /** Moves the pointer to and fro until a sign is seen: no event shows when the extension begins to listen. */
  async move(isSeen: () => boolean | Promise<boolean>, tab = this.tab): Promise<void> {
    await eventually("a sign of life", async () => {
      await tab.mouse.move(100 + Math.random() * 300, 100);
      await tab.mouse.move(100 + Math.random() * 300, 200);
      return isSeen();
    });
  }

  /** Opens the popup about a tab, as a page. */
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

  /** Saves a picture if KEEPTAB_PICTURES is set. */
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
}
