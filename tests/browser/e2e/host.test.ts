/** Hosts that die or are missing, and the popup. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import type { Unsent } from "../../../editors/browser/src/outbox.ts";
import { type Desk, open } from "../desk.ts";
import { eventually } from "../home.ts";

test("a host that is lost is replaced, and what was seen meanwhile counts once", async (t) => {
  const { desk, home } = await open(t);
  const first = await home.host();
  await desk.read(home.at("git.example", "/acme/1"));
  process.kill(first, "SIGKILL");
  await desk.read(home.at("git.example", "/acme/2"));
  await desk.tab.goto(home.at("news.example", "/classified"));
  await home.visited("http://git.example/acme/1", "http://git.example/acme/2");
  assert.notEqual(await home.host(), first);
  const host = await home.host();
  await desk.leave();
  await eventually("the host's end", () => !home.hosts().includes(host));
});

/** Returns the pages that wait in the browser's memory for a host. */
async function waiting(desk: Desk): Promise<string[]> {
  const worker = await desk.worker();
  const { unsent } = await worker.evaluate(() => chrome.storage.session.get<{ unsent: Unsent }>());
  return unsent.events.flatMap((event) =>
    "uri" in event && event.kind === "visit" ? new URL(event.uri).pathname : [],
  );
}

test("what was seen without a host outlives the extension's script, is on no disk, and counts once", async (t) => {
  const { desk, home } = await open(t);
  const host = await home.host();
  await desk.read(home.at("git.example", "/acme/1"));
  const find = home.hide(".config/chromium/NativeMessagingHosts");
  process.kill(host, "SIGKILL");
  for (const turn of [2, 3, 4]) {
    const path = `/acme/${String(turn)}`;
    await desk.tab.goto(home.at("git.example", path));
    await desk.move(async () => (await waiting(desk)).includes(path));
    // The next page is handled by a new run of the script.
    await desk.rest();
  }
  await desk.tab.goto(home.at("git.example", "/acme/5"));
  await desk.move(async () => (await waiting(desk)).includes("/acme/5"));
  const unsent = await waiting(desk);
  const before = home.kept().length;
  find();
  // Opening the popup triggers a retry at once.
  await desk.popup(desk.tab);
  const all = [1, 2, 3, 4, 5].map((turn) => `http://git.example/acme/${String(turn)}`);
  await home.visited(...all);
  const kept = home.kept();
  const visits = kept.slice(before).filter(({ kind }) => kind === "visit");
  assert.deepEqual(
    visits.map(({ text }) => new URL(text ?? "").pathname),
    unsent,
  );
  const [source = "", ...others] = new Set(kept.map((event) => event.source));
  assert.deepEqual(others, []);
  assert.equal(new Set(kept.map(({ seq }) => seq)).size, kept.length);
  await eventually("that nothing waits any more", async () => (await waiting(desk)).length === 0);
  const id = new URL((await desk.worker()).url()).host;
  await desk.leave();
  // The events never reached the browser's own disk. (QuotaManager lists origins that may store data.)
  assert.deepEqual(home.holds(".config/chromium", source), []);
  const own = home
    .holds(".config/chromium", id)
    .filter((path) => /Extension Settings|IndexedDB|Local Storage|CacheStorage/.test(path));
  assert.deepEqual(own, []);
});

test("without the host the popup says so, and finds it once it is installed", async (t) => {
  const { desk, home } = await open(t, { isInstalled: false });
  await desk.tab.goto(home.at("git.example", "/acme/1"));
  const popup = await desk.popup(desk.tab);
  await popup.getByText("the program keeptab does not answer").waitFor();
  await desk.picture("popup-without-host", popup);
  assert.equal(await popup.getByRole("button", { name: "Count" }).isVisible(), false);
  home.keeptab("install", "browser");
  await popup.getByText("acme/api").first().waitFor();
  await desk.tab.bringToFront();
  await desk.move(() => home.heartbeats()["http://git.example/acme/1"] === 1);
});

test("the popup says what is counted and why, pauses, and writes a rule", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  await desk.read(home.at("git.example", "/acme/1?x"));
  const known = await desk.popup(desk.tab);
  await known.getByRole("heading", { name: "acme/api" }).waitFor();
  await known.getByText(`by http://git.example:${String(home.port)}/acme/**`).waitFor();
  for (const name of ["today", "week", "in all"]) {
    await known.getByRole("cell", { name, exact: true }).waitFor();
  }
  await desk.picture("popup-counted", known);
  await known.getByRole("button", { name: "Pause" }).click();
  await known.getByRole("heading", { name: "Paused: acme/api" }).waitFor();
  await desk.picture("popup-paused", known);
  assert.match(home.keeptab("status"), /paused/);
  await known.getByRole("button", { name: "Go on" }).click();
  await known.getByRole("button", { name: "Pause" }).waitFor();
  await known.close();

  await desk.tab.goto(home.at("bank.example", "/"));
  const secret = await desk.popup(desk.tab);
  await secret.getByRole("heading", { name: "Private" }).waitFor();
  await desk.picture("popup-private", secret);
  await secret.close();

  await desk.tab.goto(home.at("tracker.example", "/acme/board?x=1"));
  const other = await desk.popup(desk.tab);
  await other.getByText("No rule names this page").waitFor();
  await other.getByLabel("Count").selectOption(`tracker.example:${String(home.port)}/acme/`);
  await other.getByLabel("for").selectOption("acme/docs");
  await desk.picture("popup-unnamed", other);
  await other.getByRole("button", { name: "Count" }).click();
  await other.getByRole("heading", { name: "acme/docs" }).waitFor();
  await desk.picture("popup-written", other);
  const config = readFileSync(join(home.folder, "keeptab/keeptab.toml"), "utf8");
  assert.ok(config.includes(`"http://tracker.example:${String(home.port)}/acme/**"`));
  await other.close();
  await desk.tab.bringToFront();
  await desk.move(() => home.heartbeats()["http://tracker.example/acme/board"] === 1);
});
