/** When somebody is there, and what it costs the page to know. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { eventually, open } from "../desk.ts";

const page = "http://git.example/acme/read";

test("the person's own input in a page is a sign of life, and what the page does by itself is none", async (t) => {
  const desk = await open(t);
  await desk.host();
  const { tab } = desk;
  await tab.goto(desk.at("git.example", "/acme/read"));
  await desk.touched(page);
  const first = desk.heartbeats()[page] ?? 0;
  // The page scrolls and clicks by itself for longer than a look takes.
  await tab.evaluate(async () => {
    const until = performance.now() + 17_000;
    while (performance.now() < until) {
      scrollBy(0, 10);
      dispatchEvent(new PointerEvent("pointermove"));
      dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  assert.equal(desk.heartbeats()[page], first);
  await tab.mouse.wheel(0, 300);
  await eventually("a sign of life", () => desk.heartbeats()[page] === first + 1);
  await tab.keyboard.press("a");
  await eventually("another", () => desk.heartbeats()[page] === first + 2);
});

test("an idle machine counts nothing, and a locked one cuts time", async (t) => {
  const desk = await open(t);
  await desk.host();
  const worker = await desk.worker();
  assert.equal(await worker.evaluate(() => chrome.idle.queryState(60)), "active");
  const become = (state: string): Promise<void> =>
    worker.evaluate((state) => {
      (chrome.idle.onStateChanged as unknown as { dispatch: (state: string) => void }).dispatch(state);
    }, state);
  await become("idle");
  await desk.tab.goto(desk.at("git.example", "/acme/idle"));
  await become("active");
  await desk.touched("http://git.example/acme/idle");
  assert.equal(desk.heartbeats()["http://git.example/acme/idle"], 1);
  await become("locked");
  await desk.tab.goto(desk.at("git.example", "/acme/locked"));
  await become("active");
  await desk.tab.goto(desk.at("git.example", "/acme/after"));
  await desk.touched("http://git.example/acme/idle", "http://git.example/acme/locked", "http://git.example/acme/after");
  assert.match(desk.keeptab("doctor"), /: 4 events/);
});

/** Nanoseconds that the page's own script takes for an event, at best. */
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
  const desk = await open(t);
  await desk.host();
  await desk.tab.goto(desk.at("news.example", "/"));
  const bare = await cost(desk.tab);
  await desk.tab.goto(desk.at("git.example", "/acme/busy"));
  await desk.touched("http://git.example/acme/busy");
  const watched = await cost(desk.tab);
  t.diagnostic(`${bare.toFixed(0)} ns an event without the extension's script, ${watched.toFixed(0)} ns with it`);
  // One listener more, which compares and remembers: far below what anybody notices in 16 ms.
  assert.ok(watched - bare < 5000, `${String(bare)} ns, then ${String(watched)} ns`);
});
