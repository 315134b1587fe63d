/** The week, reviewed in the editor as a person does. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { eventually } from "../workbench.ts";
import { type Desk, type Stretch, config, lastWeek, open, secondClient } from "./keeptab.ts";

const api = "work/acme/api/main.rs";
const shop = "work/northwind/shop/app.py";
const scratch = "scratch/notes.txt";

const past: Stretch[] = [
  [lastWeek(0, 9, 2), 105, api],
  [lastWeek(0, 11, 0), 70, shop],
  [lastWeek(0, 13, 30), 90, api],
  [lastWeek(1, 9, 15), 130, api],
  [lastWeek(1, 13, 0), 90, scratch],
  [lastWeek(2, 10, 0), 60, shop],
  [lastWeek(2, 11, 0), 60, api],
  [lastWeek(2, 14, 0), 155, shop],
];
const prices = `${config}${secondClient}`.replaceAll("3600.00", "95.00");

async function review(desk: Desk): Promise<string> {
  const week = desk.weeks()[0] ?? "";
  await desk.bench.command("Keeptab: Review Week…");
  await desk.bench.choose(week);
  await desk.sheet();
  return week;
}

test("a mis-tagged line is set right in the week, saved, and taken back to the second", async (t) => {
  const desk = await open(t, { config: prices, past });
  const { bench } = desk;
  const week = await review(desk);
  const before = desk.seconds(week);
  await bench.picture("week", true);

  await desk.retag("10:00-11:00", "northwind/shop", "acme/api");
  await desk.line(/10:00-11:00\s+acme\/api/).waitFor();
  await bench.press("Control+s");
  await bench.toast("1 change applied").waitFor();
  await bench.picture("review-2-applied");
  const { "acme/api": acme = 0, "northwind/shop": northwind = 0 } = before;
  const expected = { ...before, "acme/api": acme + 3600, "northwind/shop": northwind - 3600 };
  assert.deepEqual(desk.seconds(week), expected);

  await bench.command("Keeptab: Undo Last Review");
  await bench.toast("taken back").waitFor();
  assert.deepEqual(desk.seconds(week), before);
  await desk.line(/10:00-11:00\s+northwind\/shop/).waitFor();
  await bench.page.locator(".tab.dirty").waitFor({ state: "detached" });

  // The refreshed sheet is saved, and nothing is said about that.
  await bench.command("Keeptab: Totals…");
  await bench.choose(week);
  await desk.line(/northwind\/shop\s+4:45\s.*EUR\s451\.25/).waitFor();
  await desk.line(/northwind\s+4:45\s.*EUR\s451\.25/).waitFor();
  await desk.line(/12:53\s+EUR\s1081\.10/).waitFor();
  assert.equal(await bench.page.locator(".notification-toast", { hasText: "12:53" }).count(), 0);
  await bench.picture("review-3-totals", true);
  const told = await bench.notifications();
  assert.equal(told.length, ["the review", "the save", "the undo"].length, told.join("\n"));

  await bench.page.locator(".tab", { hasText: week }).click();
  await desk.sheet();
  await bench.page.locator(".codelens-decoration a", { hasText: /Northwind.*Create invoice/ }).click();
  await bench.row("Issue EUR").waitFor();
  const paper = bench.page.frameLocator("iframe.webview").frameLocator("#active-frame");
  await paper.locator("canvas").first().waitFor();
  await bench.picture("draft", true);
  await bench.choose(/^Discard/);
  await bench.toast("discarded").waitFor();
});

test("an auto-save applies nothing, nor does a line with an error; a save by hand always applies", async (t) => {
  // Sheets are not saved automatically, unless the user says so for them.
  const settings = { "[timesheet]": { "files.autoSave": "afterDelay", "files.autoSaveDelay": 500 } };
  const desk = await open(t, { config: prices, past, settings });
  const { bench, home } = desk;
  const week = await review(desk);
  const expected = desk.seconds(week);
  const file = home.at(`keeptab/timesheets/${week}.timesheet`);
  assert.ok(existsSync(file));
  const moves = (seconds: number, from: string, to: string): void => {
    expected[from] = (expected[from] ?? 0) - seconds;
    expected[to] = (expected[to] ?? 0) + seconds;
  };
  // A project without time is no row.
  const some = (all: Record<string, number>): [string, number][] => Object.entries(all).filter(([, time]) => time > 0);
  const applied = (what: string): Promise<unknown> =>
    eventually(what, () => isDeepStrictEqual(new Map(some(desk.seconds(week))), new Map(some(expected))));

  await desk.overwrite("14:00-16:35", "northwind/shop", "northwind/shpo");
  await bench.page.locator(".squiggly-error").first().waitFor();
  await bench.press("Control+s");
  await bench.toast("nothing was applied").waitFor();
  await bench.picture("mistake", true);
  assert.deepEqual(desk.seconds(week), expected);

  await desk.retag("14:00-16:35", "northwind/shpo", "acme/api");
  await eventually("the auto-save", () =>
    /14:00-16:35\s+acme\/api/.test(home.read(`keeptab/timesheets/${week}.timesheet`)),
  );
  await bench.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
  assert.deepEqual(desk.seconds(week), expected);
  await bench.press("Control+s");
  await bench.toast("1 change applied").waitFor();
  moves(9300, "northwind/shop", "acme/api");
  assert.deepEqual(desk.seconds(week), expected);

  // Here the pause between the last key and Ctrl+S is what is tried.
  const tries: [string, string, number][] = [
    ["acme/api", "northwind/shop", 460],
    ["northwind/shop", "acme/api", 490],
    ["acme/api", "northwind/shop", 520],
  ];
  for (const [from, to, pause] of tries) {
    await desk.retag("14:00-16:35", from, to);
    await bench.page.waitForTimeout(pause);
    await bench.press("Control+s");
    moves(9300, from, to);
    await applied(`a save after ${String(pause)} ms`);
  }

  // The automatic save asks a host that does not answer; VS Code drops what the person asks for meanwhile.
  const host = await desk.host();
  await desk.retag("10:00-11:00", "northwind/shop", "acme/api");
  process.kill(host, "SIGSTOP");
  try {
    await bench.page.waitForTimeout(900);
    await bench.press("Control+s");
    await bench.page.waitForTimeout(300);
  } finally {
    process.kill(host, "SIGCONT");
  }
  moves(3600, "northwind/shop", "acme/api");
  await applied("a save while an automatic one waits");
});

test("what is doubtful in a week is settled by its quick fixes", async (t) => {
  const desk = await open(t, { config: prices, past: [...past, [lastWeek(3, 9, 0), 30, "spare/notes.txt"]] });
  const { bench, home } = desk;
  const week = await review(desk);
  const before = desk.seconds(week);

  await desk.line(/#\s\?\sMon\s12:10/).click();
  await bench.offered("was a break");
  await bench.picture("fixes", true);
  await bench.dismiss();
  await bench.fix("12:10-13:30 was a break");
  await desk.line(/#\s\?\sMon\s12:10/).waitFor({ state: "detached" });

  await desk.line(/#\s\?\sThu\s09:00/).click();
  await bench.fix(/Assign ~\/spare to a project/);
  await bench.choose("northwind/shop");
  await desk.line(/09:00-09:30\s+northwind\/shop/).waitFor();
  assert.match(home.read("keeptab/keeptab.toml"), /~\/spare/);

  await desk.line(/13:00-14:30\s+\?/).click();
  await bench.fix("Count it to acme/api");
  await desk.line(/13:00-14:30\s+acme\/api/).waitFor();
  await desk.overwrite("10:00-11:00", "northwind/shop", "northwind/shpo");
  await bench.page.locator(".squiggly-error").first().waitFor();
  await bench.fix("Change to northwind/shop");
  await bench.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
  await desk.line("09:15-11:25").click();
  await bench.fix("Not billable");
  await desk.line(/09:15-11:25\s+acme\/api\s+!/).waitFor();

  await bench.press("Control+s");
  await bench.toast("2 changes applied").waitFor();
  const { "acme/api": acme = 0, "northwind/shop": northwind = 0 } = before;
  assert.deepEqual(desk.seconds(week), {
    ...before,
    "acme/api": acme + 90 * 60,
    "northwind/shop": northwind + 30 * 60,
    unassigned: 0,
  });
  await bench.picture("fixed", true);
});

test("time away is offered in the status bar and counted", async (t) => {
  const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
  const desk = await open(t, {
    config: prices,
    past: [
      [ago(120), 60, api],
      [ago(12), 12, api],
    ],
  });
  const { bench } = desk;
  const before = desk.seconds();
  await bench.statusItem(/Away 0:4\d: count it to…/).click();
  await bench.choose("away 0:4");
  await bench.picture("away");
  await bench.choose("northwind/shop");
  await bench.toast("Undo").waitFor();
  await bench.statusItem("Away").waitFor({ state: "hidden" });
  await bench.picture("away-2-counted");
  const counted = desk.seconds()["northwind/shop"] ?? 0;
  assert.ok(counted > 40 * 60 && counted < 50 * 60, String(counted));
  await bench.toast("Undo").getByText("Undo").click();
  await bench.toast("taken back").waitFor();
  assert.equal(desk.seconds()["northwind/shop"], before["northwind/shop"]);
});

test("time in a window that was in front all the while is counted by one key", async (t) => {
  const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
  const desk = await open(t, {
    config: prices,
    past: [
      [ago(120), 60, api],
      [ago(59), 46, api, "focus"],
      [ago(12), 12, api],
    ],
  });
  const { bench } = desk;
  const { "acme/api": before = 0 } = desk.seconds();
  await bench.statusItem(/0:4\d in this window: count it/).waitFor();
  await bench.openFile("main.rs");
  await bench.picture("attended");
  await bench.press("Shift+Alt+F9");
  await bench.toast("Undo").waitFor();
  await bench.statusItem("in this window").waitFor({ state: "hidden" });
  await bench.picture("attended-2-counted");
  const counted = (desk.seconds()["acme/api"] ?? 0) - before;
  assert.ok(counted >= 47 * 60 && counted < 50 * 60, String(counted));
  // The offer is gone, and the key has its former function.
  await bench.press("Shift+Alt+F9");
  await bench.toast("Undo").getByText("Undo").click();
  await bench.toast("taken back").waitFor();
  assert.ok(Math.abs((desk.seconds()["acme/api"] ?? 0) - before) < 60);
});
