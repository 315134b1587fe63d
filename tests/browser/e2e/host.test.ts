/** Hosts that die or are missing, and the popup. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { eventually, open } from "../desk.ts";

test("a host that is lost is replaced, and what was seen meanwhile counts once", async (t) => {
  const desk = await open(t);
  const first = await desk.host();
  await desk.tab.goto(desk.at("git.example", "/acme/1"));
  await desk.touched("http://git.example/acme/1");
  process.kill(first, "SIGKILL");
  await desk.tab.goto(desk.at("git.example", "/acme/2"));
  await desk.tab.goto(desk.at("news.example", "/classified"));
  await desk.touched("http://git.example/acme/1", "http://git.example/acme/2");
  assert.notEqual(await desk.host(), first);
  assert.deepEqual(desk.heartbeats(), { "http://git.example/acme/1": 1, "http://git.example/acme/2": 1 });
  const host = await desk.host();
  await desk.leave();
  await eventually("the host's end", () => !desk.hosts().includes(host));
});

test("without the host the popup says so, and finds it once it is installed", async (t) => {
  const desk = await open(t, { isInstalled: false });
  await desk.tab.goto(desk.at("git.example", "/acme/1"));
  const popup = await desk.popup(desk.tab);
  await popup.getByText("the program keeptab does not answer").waitFor();
  await desk.picture("popup-without-host", popup);
  assert.equal(await popup.getByRole("button", { name: "Count" }).isVisible(), false);
  desk.keeptab("install", "browser");
  await popup.getByText("acme/api").first().waitFor();
  await desk.tab.bringToFront();
  await desk.touched("http://git.example/acme/1");
});

test("the popup says what is counted and why, pauses, and writes a rule", async (t) => {
  const desk = await open(t);
  await desk.host();
  await desk.tab.goto(desk.at("git.example", "/acme/1?x"));
  await desk.touched("http://git.example/acme/1");
  const known = await desk.popup(desk.tab);
  await known.getByRole("heading", { name: "acme/api" }).waitFor();
  await known.getByText(`by http://git.example:${String(desk.port)}/acme/**`).waitFor();
  for (const name of ["today", "week", "in all"]) {
    await known.getByRole("cell", { name, exact: true }).waitFor();
  }
  await desk.picture("popup-counted", known);
  await known.getByRole("button", { name: "Pause" }).click();
  await known.getByRole("heading", { name: "Paused: acme/api" }).waitFor();
  await desk.picture("popup-paused", known);
  assert.match(desk.keeptab("status"), /paused/);
  await known.getByRole("button", { name: "Go on" }).click();
  await known.getByRole("button", { name: "Pause" }).waitFor();
  await known.close();

  await desk.tab.goto(desk.at("bank.example", "/"));
  const secret = await desk.popup(desk.tab);
  await secret.getByRole("heading", { name: "Private" }).waitFor();
  await desk.picture("popup-private", secret);
  await secret.close();

  await desk.tab.goto(desk.at("tracker.example", "/acme/board?x=1"));
  const other = await desk.popup(desk.tab);
  await other.getByText("No rule names this page").waitFor();
  await other.getByLabel("Count").selectOption(`tracker.example:${String(desk.port)}/acme/`);
  await other.getByLabel("for").selectOption("acme/docs");
  await desk.picture("popup-unnamed", other);
  await other.getByRole("button", { name: "Count" }).click();
  await other.getByRole("heading", { name: "acme/docs" }).waitFor();
  await desk.picture("popup-written", other);
  const config = readFileSync(join(desk.home, "keeptab/keeptab.toml"), "utf8");
  assert.ok(config.includes(`"http://tracker.example:${String(desk.port)}/acme/**"`));
  await other.close();
  await desk.tab.bringToFront();
  await desk.touched("http://git.example/acme/1", "(private)", "http://tracker.example/acme/board");
});
