/** Which pages become whose time. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, open } from "../desk.ts";

const classified = "classified-7f3a";

test("visits to pages that a rule names are the project's, and of others nothing is anywhere", async (t) => {
  const desk = await open(t);
  const { tab } = desk;
  await desk.host();
  await tab.goto(`http://me:pw@git.example:${String(desk.port)}/acme/7?token=${classified}#${classified}`);
  await tab.goto(desk.at("news.example", `/${classified}`));
  await tab.goto(desk.at("git.example", `/other/${classified}`));
  await tab.goto(desk.at("bank.example", `/${classified}`));
  await tab.goto(desk.at("API.docs.example", "/intro"));
  await tab.goto(desk.at("b\u00fccher.example", "/\u00e4"));
  await desk.touched(
    "http://git.example/acme/7",
    "(private)",
    "http://api.docs.example/intro",
    "http://xn--bcher-kva.example/%C3%A4",
  );
  // A page that changes its own address is another page.
  await tab.goto(desk.at("git.example", "/acme/8"));
  await tab.evaluate((secret) => history.pushState({}, "", `/acme/9?q=${secret}`), classified);
  await desk.touched(
    "http://git.example/acme/7",
    "http://git.example/acme/8",
    "http://git.example/acme/9",
    "(private)",
    "http://api.docs.example/intro",
    "http://xn--bcher-kva.example/%C3%A4",
  );
  const worker = await desk.worker();
  const id = new URL(worker.url()).host;
  await desk.leave();
  assert.deepEqual(desk.holds("keeptab", classified), []);
  assert.deepEqual(desk.holds("keeptab", "news.example"), []);
  assert.deepEqual(desk.holds("keeptab", "me:pw"), []);
  // Nor in what the browser keeps for the extension: it keeps nothing. (QuotaManager counts who could keep something.)
  const own = desk
    .holds(".config/chromium", id)
    .filter((path) => /Extension Settings|IndexedDB|Local Storage|CacheStorage/.test(path));
  assert.deepEqual(own, []);
});

test("tabs in the background count nothing, and what comes to the front counts", async (t) => {
  const desk = await open(t);
  await desk.host();
  await desk.tab.goto(desk.at("git.example", "/acme/front"));
  await desk.touched("http://git.example/acme/front");
  const worker = await desk.worker();
  const opening = desk.browser.waitForEvent("page");
  await worker.evaluate((url) => chrome.tabs.create({ url, active: false }), desk.at("git.example", "/acme/back"));
  const back = await opening;
  await back.waitForLoadState();
  await back.evaluate(() => history.pushState({}, "", "/acme/moved"));
  await desk.tab.goto(desk.at("git.example", "/acme/second"));
  await desk.touched("http://git.example/acme/front", "http://git.example/acme/second");
  await back.bringToFront();
  await desk.touched(
    "http://git.example/acme/front",
    "http://git.example/acme/second",
    "http://git.example/acme/moved",
  );
});

test("a private window does not exist", async (t) => {
  const desk = await open(t);
  await desk.host();
  const worker = await desk.worker();
  await worker.evaluate(
    (url) => void chrome.windows.create({ incognito: true, url }),
    desk.at("git.example", "/acme/incognito"),
  );
  await eventually("the private visit", () => desk.asked.includes("/acme/incognito"));
  assert.equal(await worker.evaluate(() => chrome.extension.isAllowedIncognitoAccess()), false);
  await desk.tab.goto(desk.at("git.example", "/acme/open"));
  await desk.tab.bringToFront();
  await desk.touched("http://git.example/acme/open");
});

test("an hour between the editor and the browser is an hour in all", async (t) => {
  const desk = await open(t);
  await desk.host();
  const worker = await desk.worker();
  const start = Date.now() - 3 * 3_600_000;
  const file = `file://${desk.home}/work/api/main.rs`;
  const typed: { at: number; uri: string }[] = [];
  for (let turn = 0; turn < 15; turn++) {
    const second = (of: number): number => start + (turn * 240 + of) * 1000;
    typed.push(...[0, 60, 119].map((after) => ({ at: second(after), uri: file })));
    for (const after of [120, 180, 239]) {
      await worker.evaluate((now) => void (Date.now = () => now), second(after));
      await desk.tab.goto(desk.at("git.example", `/acme/${String(turn)}/${String(after)}`));
    }
  }
  typed.push({ at: start + 3_600_000, uri: file });
  await desk.edit(typed);
  await desk.touched(
    file.slice("file://".length),
    ...Array.from(
      { length: 45 },
      (_, n) => `http://git.example/acme/${String(Math.floor(n / 3))}/${String([120, 180, 239][n % 3])}`,
    ),
  );
  const { totalSeconds, unassignedSeconds, rows } = desk.report();
  assert.deepEqual({ totalSeconds, unassignedSeconds }, { totalSeconds: 3600, unassignedSeconds: 0 });
  assert.deepEqual(
    rows.map(({ project, seconds }) => [project, seconds]),
    [["acme/api", 3600]],
  );
});
