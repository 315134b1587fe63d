/** Signs of life in a page, and their cost for the page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { open } from "../desk.ts";
import { eventually } from "../home.ts";

const page = "http://git.example/acme/read";

test("the person's own input in a page is a sign of life, and what the page does by itself is none", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  const { tab } = desk;
  await desk.read(home.at("git.example", "/acme/read"));
  const first = home.heartbeats()[page] ?? 0;
  // The page scrolls and clicks by itself for longer than the script waits between two messages.
  await tab.evaluate(async () => {
    const until = performance.now() + 17_000;
    while (performance.now() < until) {
      scrollBy(0, 10);
      dispatchEvent(new PointerEvent("pointermove", { screenX: Math.random() * 100 }));
      dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  assert.equal(home.heartbeats()[page], first);
  await tab.mouse.wheel(0, 300);
  await eventually("a sign of life", () => home.heartbeats()[page] === first + 1);
  await eventually("another", async () => {
    await tab.keyboard.press("a");
    return home.heartbeats()[page] === first + 2;
  });
});

test("a page that goes on by itself under a resting pointer counts for a minute after the last sign", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  const { tab } = desk;
  await desk.read(home.at("git.example", "/acme/read"));
  await tab.goto(home.at("git.example", "/acme/refresh/0"));
  await eventually("a page that follows", () => home.heartbeats()["http://git.example/acme/refresh/1"] === 1);
  const worker = await desk.worker();
  await worker.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 61_000;
    Object.assign(globalThis, { restore: () => (Date.now = now) });
  });
  const before = home.asked.length;
  await eventually("pages that follow by themselves", () => home.asked.length >= before + 4);
  // One more page, which stays: once it is there, it interrupts no other. A browser asks for icons, too.
  home.goesOn = false;
  const stays = home.asked.length;
  await eventually("a page that stays", () =>
    home.asked.slice(stays).some((path) => path.startsWith("/acme/refresh/") && tab.url().endsWith(path)),
  );
  await tab.goto(home.at("git.example", "/acme/loaded"));
  await tab.reload();
  await tab.evaluate(() => history.pushState({}, "", "/acme/pushed"));
  const visits = home.kept().filter(({ kind }) => kind === "visit");
  const last = Math.max(...visits.map(({ at }) => Date.parse(at)));
  assert.ok(last < Date.now() + 30_000, "nothing is dated after the clock was moved");
  assert.equal(home.heartbeats()["http://git.example/acme/loaded"], undefined);
  await worker.evaluate(() => (globalThis as unknown as { restore: () => void }).restore());
  await desk.move(() => home.heartbeats()["http://git.example/acme/pushed"] === 1);
});

test("an idle machine counts nothing, and a locked one cuts time", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  const worker = await desk.worker();
  assert.equal(await worker.evaluate(() => chrome.idle.queryState(60)), "active");
  const become = (state: string): Promise<void> =>
    worker.evaluate((state) => {
      (chrome.idle.onStateChanged as unknown as { dispatch: (state: string) => void }).dispatch(state);
    }, state);
  await become("idle");
  await desk.tab.goto(home.at("git.example", "/acme/idle"));
  await become("active");
  await eventually("the page in front", () => home.heartbeats("focus")["http://git.example/acme/idle"] === 1);
  await desk.read(home.at("git.example", "/acme/read"));
  await become("locked");
  await desk.tab.goto(home.at("git.example", "/acme/locked"));
  await become("active");
  await desk.read(home.at("git.example", "/acme/after"));
  await home.visited("http://git.example/acme/read", "http://git.example/acme/after");
  assert.equal(home.kept().filter(({ kind }) => kind === "lock").length, 1);
});

/** Returns the nanoseconds of the page's own script per event, at best. */
function cost(tab: Page): Promise<number> {
  return tab.evaluate(() => {
    const event = new PointerEvent("pointermove", { bubbles: true });
    const times = Array.from({ length: 20 }, () => {
      const start = performance.now();
      for (let turn = 0; turn < 10_000; turn++) {
        document.body.dispatchEvent(event);
      }
      return ((performance.now() - start) * 1e6) / 10_000;
    });
    return Math.min(...times);
  });
}

test("a busy page is not slowed", async (t) => {
  const { desk, home } = await open(t);
  await home.host();
  await desk.tab.goto(home.at("news.example", "/"));
  const bare = await cost(desk.tab);
  await desk.read(home.at("git.example", "/acme/busy"));
  const watched = await cost(desk.tab);
  t.diagnostic(`${bare.toFixed(0)} ns an event without the extension's script, ${watched.toFixed(0)} ns with it`);
  // One more listener, which compares and remembers: far below the 16 ms of a frame.
  assert.ok(watched - bare < 5000, `${String(bare)} ns, then ${String(watched)} ns`);
});
