/** Every command in every bad moment: none shows a raw error. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { eventually } from "../workbench.ts";
import { type Desk, config, open } from "./keeptab.ts";

/** Texts that only a programmer reads. */
const raw = [
  /resulted in an error/,
  /Usage:/,
  /\berror: /,
  /undefined|\[object|TypeError|is not a function/,
  /panicked|os error/,
  /command '.*' not found/,
  /unexpected argument|required arguments/,
];

/** The titles of what some commands open, which may be in front already. */
const opens: Record<string, RegExp> = {
  Dashboard: /^Keeptab/,
  "Open Configuration": /keeptab\.toml/,
  "Review This Week": /timesheet/,
};

interface Manifest {
  contributes: { commands: { command: string; title: string; enablement?: string }[] };
}
const manifest = new URL("../../../editors/vscode/package.json", import.meta.url);
const { contributes } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
/** Files are chosen in a dialog of the system, and a restart is not what is looked at. */
const LEFT_OUT = ["keeptab.importHistory", "keeptab.restart", "keeptab.openSettings"];
const titles = contributes.commands
  .filter(({ command, enablement }) => !LEFT_OUT.includes(command) && enablement === undefined)
  .map(({ title }) => title);

/** Runs each command and gives up at its first question; checks all that was said. */
async function judge({ bench }: Desk, moment: string, { hasHost = true, isSetUp = true } = {}): Promise<void> {
  assert.ok(titles.length > 20, String(titles.length));
  const toasts = bench.page.locator(".notification-toast");
  const said: string[] = [];
  // The palette itself begins with `>`.
  const isAsked = async (): Promise<boolean> => {
    const text = await bench.quickInput
      .locator("input")
      .first()
      .inputValue({ timeout: 100 })
      .catch(() => ">");
    return !text.startsWith(">");
  };
  for (const title of titles) {
    const tab = await bench.page.title();
    await bench.command(`Keeptab: ${title}`);
    await eventually(`${moment}: ${title} says something`, async () => {
      const now = await bench.page.title();
      // Without a configuration its command asks what belongs there.
      const opened = hasHost && (isSetUp || title !== "Open Configuration") ? opens[title] : undefined;
      if (opened) {
        // A palette that is opened before it has the focus would close again.
        return opened.test(now);
      }
      const isThere = now !== tab;
      const isLog = title === "Show Log" && (await bench.page.locator(".part.panel").isVisible());
      return isThere || isLog || (await isAsked()) || (await toasts.count()) > 0;
    });
    said.push(
      ...(await toasts.locator(".notification-list-item-message").allTextContents()).map((text) => `${title}: ${text}`),
    );
    // A question may come after a message.
    await eventually(`${moment}: ${title} asks no more`, async () => {
      if (await isAsked()) {
        await bench.press("Escape");
        return false;
      }
      return !(await bench.quickInput.isVisible());
    });
    await bench.command("Notifications: Clear All Notifications");
  }
  for (const text of said) {
    for (const pattern of raw) {
      assert.doesNotMatch(text, pattern, moment);
    }
  }
}

test("with nothing set up and no file each command says what is missing", async (t) => {
  await judge(await open(t), "nothing set up", { isSetUp: false });
});

test("with a broken config each command says so or works", async (t) => {
  const desk = await open(t, { config: `${config}[client.northwind\n` });
  await desk.bench.toast("The last good config stays in force").waitFor();
  await desk.bench.command("Notifications: Clear All Notifications");
  await judge(desk, "broken config");
});

test("without the program each command names the way out", async (t) => {
  const desk = await open(t, { settings: { "keeptab.path": "/no/such/keeptab" } });
  await judge(desk, "no program", { hasHost: false });
});
