/** The month: each day with its time, and the way to any week by mouse and by keys. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { isAccessible, time } from "./page.ts";
import { type Look, launch, openPage, picture } from "./pages.ts";
import { type Year, firstDay } from "./year.ts";

let browser: Browser;
let home: Year;
before(async () => {
  browser = await launch();
  home = firstDay(true);
  for (const [day, length] of [
    ["2026-10-05", "2:00"],
    ["2026-10-20", "7:45"],
    ["2026-10-21", "3:10"],
    ["2026-09-30", "4:00"],
    ["2024-02-29", "1:20"],
  ]) {
    home.keeptab("add", "acme/api", length ?? "", "--day", day ?? "");
  }
  home.keeptab("add", "northwind/shop", "0:30", "--day", "2026-10-20");
});
after(async () => {
  await browser.close();
  home.remove();
});

function open(look: Look = {}): Promise<Page> {
  return openPage(browser, home, look, "2026-W43");
}

/** Returns the times of the days of the shown month, by day. */
async function days(page: Page): Promise<Record<string, string>> {
  const all = await page
    .locator(".days button.date")
    .evaluateAll((some) => some.map((one) => [one.getAttribute("data-day"), one.querySelector(".sum")?.textContent]));
  return Object.fromEntries(all.filter(([, sum]) => sum));
}

test("each day has its time, each week and the month their sums", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Month", exact: true }).click();
  const report = JSON.parse(home.keeptab("report", "--month", "2026-10", "--by", "day", "--json")) as {
    rows: { day: string; seconds: number }[];
    totalSeconds: number;
  };
  const sums: Record<string, number> = {};
  for (const { day, seconds } of report.rows) {
    sums[day] = (sums[day] ?? 0) + seconds;
  }
  const shown = await days(page);
  assert.equal(shown["2026-09-30"], "4:00", "days of the weeks around are there too");
  delete shown["2026-09-30"];
  assert.deepEqual(shown, Object.fromEntries(Object.entries(sums).map(([day, seconds]) => [day, time(seconds)])));
  assert.equal(await page.locator(".month-view .sum").first().textContent(), time(report.totalSeconds));
  const week = page.locator(".days tr", { hasText: "Week 43" });
  assert.equal(await week.locator("td.number").textContent(), "11:25");
  await page.getByLabel("Only this client").fill("Northwind GmbH");
  assert.deepEqual(await days(page), { "2026-10-20": "0:30" });
  for (const [name, look] of [
    ["light", {}],
    ["dark", { colorScheme: "dark" }],
    ["contrast", { forcedColors: "active" }],
    ["narrow", { width: 320 }],
    ["wide", { width: 1400 }],
  ] as [string, Look][]) {
    const other = await open({ ...look, fragment: "#view=month" });
    assert.ok(Number(await other.evaluate("document.documentElement.scrollWidth")) <= (look.width ?? 1280), name);
    await isAccessible(other, `a month, ${name}`);
    await picture(other, `month-${name}`);
    await other.context().close();
  }
  await page.context().close();
});

test("a month and a day lead to any week, in two steps", async () => {
  const page = await open({ fragment: "#view=month" });
  await page.getByLabel("Month", { exact: true }).selectOption("2026-09-01");
  await page.getByRole("button", { name: "30 4:00, Wednesday 30 September" }).click();
  await page.locator("h2#week", { hasText: "Week 40" }).waitFor();
  await page.locator(".calendar").waitFor();
  assert.equal(await page.evaluate("document.activeElement.id"), "week");
  // Years ago, too: a page in a browser says how that week is shown.
  await page.getByRole("button", { name: "Month", exact: true }).click();
  await page.getByLabel("Month", { exact: true }).selectOption("2024-02-01");
  await page.getByRole("button", { name: "Week 9, 1:20" }).click();
  await page.getByText("keeptab dashboard 2024-W09", { exact: true }).waitFor();
  await page.context().close();
});

test("arrows and Page Up go through days and months, and Enter opens the week", async () => {
  const page = await open({ fragment: "#view=month" });
  const day = (): Promise<string> => page.evaluate("document.activeElement.dataset.day ?? ''");
  await page.locator('.days [data-day="2026-10-19"]').focus();
  assert.equal(await page.locator(".days [tabindex='0']").count(), 1);
  for (const [key, expected] of [
    ["ArrowRight", "2026-10-20"],
    ["ArrowDown", "2026-10-27"],
    ["ArrowDown", "2026-11-03"],
    ["PageUp", "2026-10-03"],
    ["Shift+PageUp", "2025-10-03"],
    ["ArrowLeft", "2025-10-02"],
    ["Shift+PageDown", "2026-10-02"],
  ] as const) {
    await page.keyboard.press(key);
    assert.equal(await day(), expected, key);
    assert.equal(await page.locator(".days [tabindex='0']").count(), 1, key);
  }
  await page.keyboard.press("Enter");
  await page.locator("h2#week", { hasText: "Week 40" }).waitFor();
  await page.context().close();
});
