/** The assignment of pages to projects. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "../desk.ts";
import { eventually } from "../home.ts";

const classified = "classified-7f3a";

test("visits to pages that a rule names are the project's, and of others nothing is anywhere", async (t) => {
  const { desk, home } = await open(t);
  const { tab } = desk;
  await home.host();
  await desk.read(`http://me:pw@git.example:${String(home.port)}/acme/7?token=${classified}#${classified}`);
  await tab.goto(home.at("news.example", `/${classified}`));
  await tab.goto(home.at("git.example", `/other/${classified}`));
  await desk.read(home.at("bank.example", `/${classified}`), "(private)");
  await desk.read(home.at("API.docs.example", "/intro"));
  await desk.read(home.at("b\u00fccher.example", "/\u00e4"));
  // A page that changes its own address becomes another page.
  await desk.read(home.at("git.example", "/acme/8"));
  await tab.evaluate((secret) => history.pushState({}, "", `/acme/9?q=${secret}`), classified);
  await home.visited(
    "http://git.example/acme/7",
    "http://git.example/acme/8",
    "http://git.example/acme/9",
    "(private)",
    "http://api.docs.example/intro",
    "http://xn--bcher-kva.example/%C3%A4",
  );
  await desk.leave();
  for (const text of [classified, "news.example", "me:pw"]) {
    assert.deepEqual(home.holds("keeptab", text), []);
  }
});

test("tabs in the background count nothing, and a page that only came to the front is weak", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  await desk.read(home.at("git.example", "/acme/front"));
  const worker = await desk.worker();
  const opening = desk.browser.waitForEvent("page");
  await worker.evaluate((url) => chrome.tabs.create({ url, active: false }), home.at("api.docs.example", "/back"));
  const back = await opening;
  await back.waitForLoadState();
  await back.evaluate(() => history.pushState({}, "", "/moved"));
  await desk.read(home.at("git.example", "/acme/second"));
  await back.bringToFront();
  await eventually("the page in front", () => home.heartbeats("focus")["http://api.docs.example/moved"] === 1);
  await home.visited("http://git.example/acme/front", "http://git.example/acme/second");
  await desk.move(() => home.heartbeats()["http://api.docs.example/moved"] === 1, back);
});

test("a private window does not exist", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  const worker = await desk.worker();
  await worker.evaluate(
    (url) => void chrome.windows.create({ incognito: true, url }),
    home.at("git.example", "/acme/incognito"),
  );
  await eventually("the private visit", () => home.asked.includes("/acme/incognito"));
  assert.equal(await worker.evaluate(() => chrome.extension.isAllowedIncognitoAccess()), false);
  await desk.tab.bringToFront();
  await desk.read(home.at("git.example", "/acme/open"));
  await home.visited("http://git.example/acme/open");
  assert.deepEqual(Object.keys(home.heartbeats("focus")), ["http://git.example/acme/open"]);
});

test("an hour between the editor and the browser is an hour in all", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  const worker = await desk.worker();
  const start = Date.now() - 3 * 3_600_000;
  const file = `file://${home.folder}/work/api/main.rs`;
  const typed: { at: number; uri: string }[] = [];
  const pages: string[] = [];
  for (let turn = 0; turn < 15; turn++) {
    const second = (of: number): number => start + (turn * 240 + of) * 1000;
    typed.push(...[0, 60, 119].map((after) => ({ at: second(after), uri: file })));
    for (const after of [120, 180, 239]) {
      await worker.evaluate((now) => void (Date.now = () => now), second(after));
      const path = `/acme/${String(turn)}/${String(after)}`;
      await desk.read(home.at("git.example", path));
      pages.push(`http://git.example${path}`);
    }
  }
  typed.push({ at: start + 3_600_000, uri: file });
  await home.edit(typed);
  await home.visited(...pages);
  const { totalSeconds, unassignedSeconds, rows } = home.report();
  assert.deepEqual({ totalSeconds, unassignedSeconds }, { totalSeconds: 3600, unassignedSeconds: 0 });
  assert.deepEqual(
    rows.map(({ project, seconds }) => [project, seconds]),
    [["acme/api", 3600]],
  );
});
