/** A person in front of VS Code: the real workbench, behind a port of this machine, in a headless Chromium. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chromium, type BrowserContext, type Locator, type Page } from "playwright-core";

/** The longest time that a person waits for something to appear, in milliseconds. */
const PATIENCE = 60_000;
/** The longest time for VS Code to open a menu, in milliseconds. */
const ANSWER = 5_000;

const quietSettings = {
  "breadcrumbs.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "files.autoSave": "off",
  "git.openRepositoryInParentFolders": "never",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

/** Returns a variable that `run` sets in the environment. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; run the tests by tests/vscode/run`);
  }
  return value;
}

export interface Wish {
  /** The folder or the `.code-workspace` file to open, below the home folder. */
  folder: string;
  /** VSIX files to install. */
  extensions: string[];
  settings?: Record<string, unknown>;
  /** True if the workspace has to be trusted first. */
  isUntrusted?: boolean;
  env?: Record<string, string>;
}

/** A home folder of its own. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), "keeptab-vscode-"));

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Writes a shell script; returns its path. */
  program(name: string, script: string): string {
    const path = this.write(name, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  read(name: string): string {
    return readFileSync(this.at(name), "utf8");
  }

  /** VS Code asks a login shell for the environment, so the shell's profile must agree. */
  env(): Record<string, string> {
    this.write(".bash_profile", `export PATH="${this.at("bin")}:/usr/bin:/bin"\n`);
    return {
      HOME: this.path,
      KEEPTAB_HOME: this.at("keeptab"),
      LANG: "C.UTF-8",
      PATH: `${this.at("bin")}:/usr/bin:/bin`,
      SHELL: "/bin/bash",
      EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Workbench {
  readonly home: Home;
  readonly page: Page;
  readonly #server: ChildProcess;
  readonly #browser: BrowserContext;

  private constructor(home: Home, server: ChildProcess, browser: BrowserContext, page: Page) {
    this.home = home;
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  static async open(home: Home, wish: Wish): Promise<Workbench> {
    const env = { ...home.env(), ...wish.env };
    const entry = required("KEEPTAB_CODE");
    const extensions = installed(entry, wish.extensions, home);
    home.write("code/none.yaml", "");
    const trust = { "security.workspace.trust.enabled": wish.isUntrusted === true };
    home.write("code/data/User/settings.json", JSON.stringify({ ...quietSettings, ...trust, ...wish.settings }));
    const server = spawn(
      process.execPath,
      [
        ...[
          entry,
          "--bind-addr",
          `127.0.0.1:${required("KEEPTAB_PORT")}`,
          "--auth",
          "none",
          "--config",
          home.at("code/none.yaml"),
        ],
        ...["--disable-telemetry", "--disable-update-check"],
        ...(wish.isUntrusted === true ? [] : ["--disable-workspace-trust"]),
        ...["--disable-getting-started-override", "--user-data-dir", home.at("code/data")],
        ...["--extensions-dir", extensions, home.at(wish.folder)],
      ],
      { env, stdio: ["ignore", "pipe", "pipe"], detached: true },
    );
    // A failed test leaves no server behind.
    const { pid } = server;
    const end = (): void => {
      if (pid !== undefined && server.exitCode === null && server.signalCode === null) {
        process.kill(-pid, "SIGTERM");
      }
    };
    process.once("exit", end);
    server.once("exit", () => process.off("exit", end));
    // One profile and one port for all tests, so that Chromium compiles the workbench once.
    const launching = chromium.launchPersistentContext(required("KEEPTAB_PROFILE"), {
      executablePath: "/usr/bin/chromium",
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync"],
      ],
    });
    const [address, browser] = await Promise.all([listening(server, home), launching]);
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.setDefaultTimeout(PATIENCE);
    const storageTypes = "cookies,indexeddb,local_storage";
    await (await browser.newCDPSession(page)).send("Storage.clearDataForOrigin", { origin: address, storageTypes });
    await page.goto(address);
    await page.locator(".monaco-workbench .statusbar-item").first().waitFor();
    return new Workbench(home, server, browser, page);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    if (this.#server.pid !== undefined && this.#server.exitCode === null) {
      const ended = new Promise((resolve) => this.#server.once("exit", resolve));
      process.kill(-this.#server.pid, "SIGTERM");
      await ended;
    }
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** Presses keys as fast as a held key repeats. */
  async pressSlowly(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key, { delay: 20 });
      await this.page.waitForTimeout(40);
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 30 });
  }

  /** The list and the field of a pick, a question, or the palette. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  row(text: string | RegExp): Locator {
    return this.quickInput.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
  }

  /** Chooses in a pick, and moves the mouse away from the place of the next one. */
  async choose(text: string | RegExp): Promise<void> {
    await this.row(text).click();
    await this.page.mouse.move(200, 14);
  }

  /** Runs a command as people do: F1, its name, Enter. */
  async command(name: string): Promise<void> {
    const escaped = name.replace(/[.?]/g, "\\$&");
    await this.press("F1");
    await this.quickInput.waitFor();
    await this.quickInput.locator("input").fill(`>${name}`);
    const label = this.quickInput.locator(".monaco-list-row .label-name", { hasText: new RegExp(`^${escaped}$`) });
    await label.first().click();
    await this.page.mouse.move(200, 14);
  }

  /** Returns the messages so far, the latest first. */
  async notifications(): Promise<string[]> {
    await this.command("Notifications: Show Notifications");
    const center = this.page.locator(".notifications-center.visible");
    await center.waitFor();
    const messages = await center.locator(".notification-list-item-message").allTextContents();
    await this.command("Notifications: Hide Notifications");
    await center.waitFor({ state: "detached" });
    return messages;
  }

  /** Opens a file by its name. */
  async openFile(name: string): Promise<void> {
    await this.press("Control+p");
    await this.quickInput.waitFor();
    await this.quickInput.locator("input").fill(name);
    await this.choose(name);
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.quickInput.waitFor({ state: "hidden" });
    await this.page.locator(".monaco-editor.focused").first().waitFor();
  }

  /** Answers a question. */
  async answer(question: RegExp, answer: string): Promise<void> {
    const input = this.quickInput.filter({ hasText: question }).locator("input");
    await input.fill(answer);
    await input.press("Enter");
  }

  /** Chooses a code action of the line with the caret. */
  async fix(name: string | RegExp): Promise<void> {
    await (await this.offered(name)).click();
  }

  /**
   * Opens the code actions of the line with the caret. VS Code drops a request if it sends one of its own just then, as
   * it does when marks in the text change; then nothing opens, and a person presses again.
   */
  async offered(name: string | RegExp): Promise<Locator> {
    const row = this.page.locator(".action-widget .monaco-list-row", { hasText: name }).first();
    const until = Date.now() + PATIENCE;
    for (;;) {
      await this.press("Control+.");
      try {
        await row.waitFor({ timeout: ANSWER });
        return row;
      } catch (problem) {
        if (Date.now() > until) {
          throw problem;
        }
      }
      await this.dismiss();
    }
  }

  /** Closes the code actions of the line with the caret. */
  async dismiss(): Promise<void> {
    await this.press("Escape");
    await this.page.locator(".action-widget .monaco-list-row").first().waitFor({ state: "hidden" });
  }

  statusItem(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text }).first();
  }

  toast(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast", { hasText: text }).first();
  }

  /** Saves a picture if KEEPTAB_PICTURES is set; one for show is without messages. */
  async picture(name: string, isForShow = false): Promise<void> {
    const folder = process.env["KEEPTAB_PICTURES"];
    if (folder) {
      mkdirSync(folder, { recursive: true });
      const style = isForShow ? ".notifications-toasts, .monaco-hover { display: none !important }" : "";
      await this.page.screenshot({ path: join(folder, `${name}.png`), style });
    }
  }

  /** Returns the ids of the processes with `text` in their command line, among those that the workbench started. */
  processes(text: string): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((id) => isOf(id, this.home.path, text))
      .map(Number);
  }
}

/** Installs VSIX files into a folder beside the first, once, and returns it. */
function installed(entry: string, vsixs: string[], home: Home): string {
  const folder = `${vsixs[0] ?? ""}.installed`;
  if (!existsSync(folder)) {
    const places = ["--user-data-dir", home.at("code/install"), "--extensions-dir", folder];
    const wishes = vsixs.flatMap((vsix) => ["--install-extension", vsix]);
    const command = [entry, "--config", home.write("code/none.yaml", ""), ...places, ...wishes];
    const done = spawnSync(process.execPath, command, { env: home.env(), encoding: "utf8" });
    if (done.status !== 0) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`cannot install ${vsixs.join(", ")}: ${done.stdout}${done.stderr}`);
    }
  }
  return folder;
}

function isOf(id: string, home: string, text: string): boolean {
  try {
    const env = readFileSync(`/proc/${id}/environ`, "utf8").split("\0");
    return env.includes(`HOME=${home}`) && readFileSync(`/proc/${id}/cmdline`, "utf8").includes(text);
  } catch {
    return false;
  }
}

/** Waits for the server's address and keeps its output. */
function listening(server: ChildProcess, home: Home): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      appendFileSync(home.at("code/server.log"), chunk);
      const address = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (address) {
        resolve(address);
      }
    };
    server.stdout?.on("data", hear);
    server.stderr?.on("data", hear);
    server.once("exit", (code) => {
      reject(new Error(`the server ended with ${String(code)}: ${said}`));
    });
  });
}

/** Waits until `probe` returns a value, by polling: nothing outside the page sends events. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const until = Date.now() + PATIENCE;
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
