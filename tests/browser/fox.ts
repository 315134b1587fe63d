/** A person with a real Firefox, headless, with the extension as a temporary add-on, and the real host. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";

import { eventually, Home, required } from "./home.ts";
import { Marionette } from "./marionette.ts";

const ADDON = "browser@keeptab.github.io";

/** Milliseconds for Firefox to start with a new profile. */
const STARTING = 120_000;

/** No updates, no reports, and only pages on this machine. */
const PREFERENCES: Record<string, boolean | number | string> = {
  "marionette.port": 0,
  "network.dns.forceResolve": "127.0.0.1",
  "dom.security.https_first": false,
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "datareporting.policy.dataSubmissionEnabled": false,
  "browser.startup.page": 0,
  "browser.tabs.firefox-view": false,
};

/** Opens a Firefox for a person with two projects, until the test ends. */
export async function open(t: TestContext): Promise<{ fox: Fox; home: Home }> {
  const home = await Home.make();
  home.keeptab("install", "browser");
  const profile = join(home.folder, "profile");
  mkdirSync(profile);
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  const program = spawn(
    "/usr/bin/firefox-esr",
    ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile],
    {
      env: { HOME: home.folder, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const fox = new Fox(home, program);
  t.after(async () => {
    await fox.leave();
    home.close();
  });
  await fox.start();
  return { fox, home };
}

export class Fox {
  readonly #home: Home;
  readonly #program: ChildProcess;
  #wire: Marionette | undefined;

  constructor(home: Home, program: ChildProcess) {
    this.#home = home;
    this.#program = program;
  }

  async start(): Promise<void> {
    let said = "";
    this.#program.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const port = await eventually("Firefox", () => /Listening on port (\d+)/.exec(said)?.[1], STARTING);
    this.#wire = await Marionette.to(Number(port));
    await this.#send("WebDriver:NewSession");
    await this.#send("Addon:Install", { path: required("KEEPTAB_ALLOWED"), temporary: true });
  }

  async goto(url: string): Promise<void> {
    await this.#send("WebDriver:Navigate", { url });
  }

  /** Moves the pointer in steps, as a person does. */
  async point(...places: [x: number, y: number][]): Promise<void> {
    const actions = places.map(([x, y]) => ({ type: "pointerMove", duration: 0, x, y, origin: "viewport" }));
    await this.#send("WebDriver:PerformActions", {
      actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }],
    });
  }

  /** Moves the pointer to and fro until a sign is seen: no event shows when the extension begins to listen. */
  async move(isSeen: () => boolean | Promise<boolean>): Promise<void> {
    await eventually("a sign of life", async () => {
      await this.point([100 + Math.round(Math.random() * 300), 100], [100 + Math.round(Math.random() * 300), 200]);
      return isSeen();
    });
  }

  /** Opens a page and moves the pointer in it until the host has received that. */
  async read(url: string): Promise<void> {
    await this.goto(url);
    const { protocol, hostname, pathname } = new URL(url);
    await this.move(() => this.#home.heartbeats()[`${protocol}//${hostname}${pathname}`] !== undefined);
  }

  /** Opens a tab in front. */
  async open(url: string): Promise<void> {
    const { handle } = (await this.#send("WebDriver:NewWindow", { type: "tab", focus: true })) as { handle: string };
    await this.#send("WebDriver:SwitchToWindow", { handle, focus: true });
    await this.goto(url);
  }

  /** Brings the first tab to the front. */
  async back(): Promise<void> {
    const [handle] = (await this.#send("WebDriver:GetWindowHandles")) as string[];
    await this.#send("WebDriver:SwitchToWindow", { handle, focus: true });
  }

  /** Runs a script in the page. */
  page(script: string): Promise<unknown> {
    return this.#run("content", script);
  }

  /** Runs a script of the browser's own, with `extension`. */
  own(script: string): Promise<unknown> {
    return this.#run("chrome", `const { extension } = WebExtensionPolicy.getByID("${ADDON}"); ${script}`);
  }

  /** Waits until the extension has stored a visit to a page, which no host has confirmed. */
  async stores(page: string): Promise<void> {
    const script = `
      const { extensionStorageSession } = ChromeUtils.importESModule("resource://gre/modules/ExtensionStorage.sys.mjs");
      const { unsent } = extensionStorageSession.get(extension, ["unsent"]);
      const stored = unsent?.deserialize ? unsent.deserialize(globalThis, true) : unsent;
      return JSON.stringify(stored?.events ?? [])`;
    await eventually(`the visit to ${page} in the extension's store`, async () => {
      const events = JSON.parse(String(await this.own(script))) as { kind: string; uri?: string }[];
      return events.some(({ kind, uri }) => kind === "visit" && uri === page);
    });
  }

  /** Ends the extension's script as Firefox does when it is idle: not while something keeps it alive. */
  async rest(): Promise<void> {
    await eventually("the end of the event page", async () => {
      const state = await this.own("extension.terminateBackground(); return extension.backgroundState");
      return state === "stopped";
    });
  }

  async leave(): Promise<void> {
    if (this.#program.exitCode === null && this.#program.signalCode === null) {
      const ended = once(this.#program, "exit");
      this.#program.kill("SIGKILL");
      await ended;
    }
  }

  async #run(context: "content" | "chrome", script: string): Promise<unknown> {
    await this.#send("Marionette:SetContext", { value: context });
    const { value } = (await this.#send("WebDriver:ExecuteScript", {
      script,
      args: [],
      sandbox: context === "chrome" ? "system" : "default",
    })) as { value: unknown };
    await this.#send("Marionette:SetContext", { value: "content" });
    return value;
  }

  #send(command: string, params: object = {}): Promise<unknown> {
    if (!this.#wire) {
      throw new Error("Firefox is not there yet");
    }
    return this.#wire.send(command, params);
  }
}
