/** Pages in a browser: from a file, as a shell writes it, and with an editor around it that the test stands in for. */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";

import type { Year } from "./year.ts";

export interface Look {
  width?: number;
  reducedMotion?: "reduce" | "no-preference";
  colorScheme?: "light" | "dark";
  forcedColors?: "active" | "none";
  /** The fragment of the address, with its sign. */
  fragment?: string;
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}

async function contextOf(browser: Browser, look: Look): Promise<BrowserContext> {
  const { width = 1280, colorScheme = "light", forcedColors = "none", reducedMotion = "no-preference" } = look;
  const viewport = { width, height: 900 };
  return browser.newContext({ viewport, colorScheme, forcedColors, reducedMotion });
}

/** Opens the page of a home. Errors, network requests and popups fail the test. */
export async function openPage(browser: Browser, of: Year, look: Look = {}, ...words: string[]): Promise<Page> {
  const file = join(of.home, "page.html");
  of.keeptab("dashboard", ...words, "--output", file);
  return openFile(await contextOf(browser, look), of, file, look.fragment);
}

async function openFile(context: BrowserContext, of: Year, file: string, fragment = ""): Promise<Page> {
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("console", (message) => wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => wrong.push(`a dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(`file://${of.home}`)) {
      wrong.push(`asks for ${request.url()}`);
    }
  });
  page.on("close", () => {
    assert.deepEqual(wrong, []);
  });
  await page.goto(`file://${file}${fragment}`);
  await page.locator("main").waitFor();
  return page;
}

interface Question {
  id: number;
  command: string;
  arguments: string[];
}

/** A page that an editor shows. The test says when the host's answers arrive. */
export class Shown {
  readonly page: Page;
  /** What the page asked, in order. */
  readonly asked: Question[] = [];
  /** Keeps answers back while it is true. */
  isHeld = false;
  #held: Question[] = [];
  readonly #of: Year;

  constructor(page: Page, of: Year) {
    this.page = page;
    this.#of = of;
  }

  async ask(question: Question): Promise<void> {
    this.asked.push(question);
    if (this.isHeld) {
      this.#held.push(question);
    } else {
      await this.#answer(question);
    }
  }

  /** Delivers the answers that were kept back. */
  async release(): Promise<void> {
    this.isHeld = false;
    for (const question of this.#held.splice(0)) {
      await this.#answer(question);
    }
  }

  /** Returns the commands that were asked for, without their prefix. */
  commands(): string[] {
    return this.asked.map(({ command }) => command.replace("keeptab.", ""));
  }

  async #answer({ id, command, arguments: words }: Question): Promise<void> {
    const name = command.replace("keeptab.", "");
    const plain = words.filter((word) => word !== "--data");
    const data: unknown = JSON.parse(this.#of.keeptab(name, ...plain, "--json"));
    await this.page.evaluate(
      (message) => {
        postMessage(message, "*");
      },
      { id, answer: { data, text: "done" } },
    );
  }
}

/** Opens the page as an editor does: it asks, and the home's own host answers. */
export async function openShown(browser: Browser, of: Year, week: string): Promise<Shown> {
  const file = join(of.home, "shown.html");
  writeFileSync(file, of.keeptab("dashboard", week, "--page"));
  const context = await contextOf(browser, {});
  let shown: Shown | undefined;
  await context.exposeFunction("askHost", (question: Question) => shown?.ask(question));
  await context.addInitScript(`
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => void askHost(message),
      setState: (state) => sessionStorage.setItem("kept", JSON.stringify(state)),
      getState: () => JSON.parse(sessionStorage.getItem("kept") ?? "null") ?? undefined,
    });
  `);
  shown = new Shown(await openFile(context, of, file), of);
  return shown;
}

/** Keeps a picture of the page where `KEEPTAB_PICTURES` names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["KEEPTAB_PICTURES"];
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
}
