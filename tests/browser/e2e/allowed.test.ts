/** Sites that the person has not allowed, and the way to allow them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "../desk.ts";
import { eventually } from "../home.ts";

test("on a site that is not allowed a page is weak, and the popup says so and asks for the rules' sites alone", async (t) => {
  const { desk, home } = await open(t, { isAllowed: false });
  await home.host();
  const page = "http://git.example/acme/7";
  await desk.tab.goto(home.at("git.example", "/acme/7"));
  await eventually("the page in front", () => home.heartbeats("focus")[page] === 1);
  const worker = await desk.worker();
  assert.deepEqual(await worker.evaluate(async () => (await chrome.permissions.getAll()).origins), []);
  for (let step = 0; step < 5; step++) {
    await desk.tab.mouse.move(100 + 10 * step, 100);
  }

  const popup = await desk.popup(desk.tab);
  await popup.locator("#weak", { hasText: "git.example" }).waitFor();
  await desk.picture("not allowed", popup);
  await popup.evaluate(() => {
    chrome.permissions.request = (wanted: chrome.permissions.Permissions): Promise<boolean> => {
      document.title = JSON.stringify(wanted.origins);
      return Promise.resolve(false);
    };
  });
  await popup.locator("#allow").click();
  const asked = JSON.parse(await popup.title()) as string[];
  assert.ok(asked.includes("http://git.example/*"), asked.join());
  assert.ok(!asked.some((origin) => origin.includes("bank.example") || origin.endsWith("://*/*")), asked.join());
  // The pointer has moved, and no script saw it.
  assert.deepEqual(home.heartbeats(), {});
});
