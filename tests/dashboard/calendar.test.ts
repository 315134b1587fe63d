/** The hours of the calendar: those that hold work, and nothing hidden without a sign. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { isAccessible } from "./page.ts";
import { type Look, launch, openPage, picture } from "./pages.ts";
import { type Year, firstDay } from "./year.ts";

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

function open(of: Year, look: Look = {}, ...words: string[]): Promise<Page> {
  return openPage(browser, of, look, ...words);
}

/** Makes a home with entries: a day of October 2026, a clock time, a length and a project each. */
function worked(...entries: [day: number, at: string, length: string, project?: string][]): Year {
  const home = firstDay(true);
  for (const [day, at, length, project = "acme/api"] of entries) {
    home.keeptab("add", project, length, "--day", `2026-10-${String(day).padStart(2, "0")}`, "--at", at);
  }
  return home;
}

test("a night worker sees the night, and a first hour is not alone", async () => {
  const home = worked([20, "19:00", "4:30"], [29, "11:00", "1:00"]);
  const hours = async (week: string): Promise<string[]> => {
    const page = await open(home, {}, week);
    const all = await page.locator(".hours span").allTextContents();
    await page.context().close();
    return [all[0] ?? "", all.at(-1) ?? ""];
  };
  assert.deepEqual(await hours("2026-W43"), ["16:00", "24:00"]);
  assert.deepEqual(await hours("2026-W44"), ["09:00", "17:00"]);
  home.remove();
});

/** Returns the height of the calendar in hours that are drawn in full, and the labels of its hours. */
async function drawn(page: Page): Promise<{ hours: number; labels: string[] }> {
  const hours = await page
    .locator(".calendar")
    .evaluate((one) => Number(getComputedStyle(one).getPropertyValue("--hours")));
  return { hours, labels: await page.locator(".hours span").allTextContents() };
}

test("a late entry folds the hours before it, and all hours can be shown", async () => {
  const week = [19, 20, 21, 22, 23].map((day) => [day, "09:00", "8:00"] as [number, string, string]);
  const home = worked(...week, [22, "22:30", "1:15", "northwind/shop"]);
  const page = await open(home, {}, "2026-W43");
  const folded = await drawn(page);
  assert.deepEqual(folded.labels.slice(8, 11), ["17:00", "22:00", "23:00"]);
  assert.equal(folded.hours, 10.5);
  // The entry is there, in the height of its length, and the sign names the hours.
  const late = await page.locator('.block[data-time="+22:30-23:45"]').boundingBox();
  const long = await page.locator('.block[data-time="+09:00-17:00"]').first().boundingBox();
  assert.ok(late && long && Math.abs(late.height / long.height - 1.25 / 8) < 0.01, JSON.stringify([late, long]));
  await page.locator(".folds", { hasText: "17:00–22:00 is folded" }).waitFor();
  await isAccessible(page, "folded hours");
  await picture(page, "calendar-folded");
  await page.getByRole("button", { name: "Show all hours" }).focus();
  await page.keyboard.press("Enter");
  assert.equal((await drawn(page)).hours, 15);
  assert.equal(await page.evaluate("document.activeElement.textContent"), "Fold what is empty");
  await page.keyboard.press("Enter");
  assert.equal((await drawn(page)).hours, 10.5);
  await page.context().close();
  home.remove();
});

test("one long evening leaves the hours of the other days as they are", async () => {
  const week = [12, 13, 14, 15].map((day) => [day, "09:00", "8:00"] as [number, string, string]);
  const home = worked(...week, [14, "17:30", "6:00", "northwind/shop"]);
  const page = await open(home, {}, "2026-W42");
  assert.deepEqual(await drawn(page).then(({ hours }) => hours), 8 + 7 / 2);
  await page.locator(".folds", { hasText: "17:00–24:00 is drawn low" }).waitFor();
  assert.equal(await page.locator(".block").count(), 5);
  await picture(page, "calendar-low");
  await page.context().close();
  home.remove();
});

test("nights around a day fold the day", async () => {
  const nights = [5, 6, 7].flatMap((day) => [
    [day, "00:30", "3:30"] as [number, string, string],
    [day, "20:00", "3:50"] as [number, string, string],
  ]);
  const home = worked(...nights);
  const page = await open(home, {}, "2026-W41");
  const { hours, labels } = await drawn(page);
  assert.equal(hours, 8.5);
  assert.deepEqual(labels.slice(3, 6), ["03:00", "04:00", "20:00"]);
  await page.context().close();
  home.remove();
});

test("each height has one time, whatever is folded", async () => {
  const home = worked([5, "00:30", "3:30"], [6, "20:00", "3:50"], [7, "02:00", "1:00"], [8, "14:00", "0:30"]);
  const page = await open(home, {}, "2026-W41");
  const wrong = await page.evaluate(() => {
    const names = globalThis as unknown as {
      axisOf: (week: unknown) => unknown;
      weekShown: () => unknown;
      heightAt: (axis: unknown, at: number) => number;
      timeAt: (axis: unknown, height: number) => number;
    };
    const axis = names.axisOf(names.weekShown());
    const times = Array.from({ length: 289 }, (_, at) => at * 300);
    const heights = times.map((at) => names.heightAt(axis, at));
    return times.filter(
      (at, place) =>
        Math.abs(names.timeAt(axis, heights[place] ?? 0) - at) > 0.001 ||
        (place > 0 && (heights[place] ?? 0) <= (heights[place - 1] ?? 0)),
    );
  });
  assert.deepEqual(wrong, []);
  await page.context().close();
  home.remove();
});
