/** The pictures of hours, rates and tools have their values as text, and three years with forty projects fit. */

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { tell } from "../vscode/remember.ts";
import { required } from "../vscode/workbench.ts";
import { type Report, isAccessible, money, time } from "./page.ts";
import { type Look, launch, openPage, picture } from "./pages.ts";
import { type Year, firstDay } from "./year.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LARGEST = 300_000;

let browser: Browser;
let home: Year;
before(async () => {
  browser = await launch();
  const projects = Array.from(
    { length: 40 },
    (_, at) =>
      `[project."many/p${String(at)}"]\nclient = "${at % 2 === 0 ? "acme" : "northwind"}"\nname = "Project ${String(at)}"\nrate = "${String(60 + at)}.00"\npaths = ["/many/p${String(at)}/**"]`,
  );
  home = firstDay(true, projects);
  // Half an hour on each day of three years, on one project after another, in three languages.
  const today = Math.floor(Date.now() / DAY) * DAY;
  const events = Array.from({ length: 3 * 365 }, (_, back) => today - (3 * 365 - back) * DAY).flatMap((day, at) =>
    Array.from({ length: 11 }, (_, step) => ({
      at: day + (10 * 60 + 3 * step) * MINUTE,
      uri: `file:///many/p${String(at % 40)}/a.${["rs", "lua", "txt"][at % 3] ?? ""}`,
      ...(at % 3 === 2 ? {} : { language: at % 3 === 0 ? "rust" : "lua" }),
    })),
  );
  await tell(required("KEEPTAB_BIN"), { HOME: home.home, KEEPTAB_HOME: home.home, PATH: "/usr/bin:/bin" }, events);
});
after(async () => {
  await browser.close();
  home.remove();
});

function open(look: Look = {}): Promise<Page> {
  return openPage(browser, home, look);
}

/** Returns the bars of a picture: their names and values, as they are drawn and as they are told. */
async function bars(page: Page, title: string): Promise<{ drawn: string[]; told: string[] }> {
  const svg = page.locator(`figure:has(h3:text-is("${title}")) svg`);
  const texts = await svg.locator("text").allTextContents();
  const drawn = texts.flatMap((text, at) => (at % 2 === 0 ? [`${text} ${texts[at + 1] ?? ""}`] : []));
  const label = (await svg.getAttribute("aria-label")) ?? "";
  return { drawn, told: label.slice(title.length + 2).split(", ") };
}

test("each bar has its value as text, which is the report's", async () => {
  const page = await open();
  await page.getByLabel("Range of the totals").selectOption("all all");
  const all = JSON.parse(home.keeptab("report", "--all", "--by", "day", "--json")) as {
    rows: { day: string; seconds: number }[];
  };
  const names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const sums = names.map((name, at) => {
    const own = all.rows.filter(({ day }) => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7 === at);
    return `${name} ${time(own.reduce((sum, { seconds }) => sum + seconds, 0))}`;
  });
  const weekdays = await bars(page, "Hours by weekday");
  assert.deepEqual(weekdays.drawn, sums);
  assert.deepEqual(weekdays.told, sums);

  const last = new Date();
  last.setUTCDate(0);
  const month = last.toISOString().slice(0, 7);
  const { rows } = JSON.parse(home.keeptab("report", "--month", month, "--by", "client", "--json")) as Report;
  const earned = rows.reduce((sum, { amount }) => sum + Number(amount), 0);
  const seconds = rows.reduce((sum, one) => sum + one.seconds, 0);
  const label = last
    .toLocaleString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" })
    .replace("Sept", "Sep");
  const expected = money(((earned / seconds) * 3600).toFixed(2), "EUR");
  const rates = await bars(page, "Effective hourly rate");
  assert.ok(rates.drawn.includes(`${label} ${expected}`), `${label} ${expected} of ${rates.drawn.join()}`);
  assert.deepEqual(rates.told, rates.drawn);
  const shares = await bars(page, "Billable share");
  assert.ok(shares.drawn.includes(`${label} 100 %`), shares.drawn.join());
  const languages = await bars(page, "Languages");
  assert.deepEqual(languages.drawn.map((one) => one.replace(/ [\d:]+$/, "")).sort(), ["lua", "none reported", "rust"]);
  assert.match((await bars(page, "Editors")).drawn.join(), /^Other editors \d+:\d\d$/);

  // They follow the filter.
  await page.getByLabel("Only this client").fill("Northwind GmbH");
  await page.locator(".filter .only", { hasText: "Northwind" }).waitFor();
  const own = await bars(page, "Hours by weekday");
  assert.notDeepEqual(own.drawn, sums);
  await page.context().close();
});

test("three years and forty projects fit at every width, in every theme", async (t) => {
  for (const [name, look] of [
    ["320", { width: 320 }],
    ["700", { width: 700, colorScheme: "dark" }],
    ["1400", { width: 1400 }],
    ["contrast", { forcedColors: "active", colorScheme: "dark" }],
  ] as [string, Look][]) {
    const page = await open(look);
    const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
    assert.ok(wide <= (look.width ?? 1280), `${name}: ${String(wide)}`);
    const cut = await page
      .locator(".bars")
      .evaluateAll((all) =>
        all.flatMap((svg) =>
          [...svg.querySelectorAll(".figure")].filter(
            (one) => one.getBoundingClientRect().right > svg.getBoundingClientRect().right + 1,
          ),
        ),
      );
    assert.equal(cut.length, 0, name);
    await isAccessible(page, `three years, ${name}`);
    await picture(page, `years-${name}`);
    await page.context().close();
  }
  const { size } = statSync(join(home.home, "page.html"));
  t.diagnostic(`${String(size)} bytes`);
  assert.ok(size < LARGEST, `${String(size)} bytes`);
  const page = await open({ fragment: "#view=month" });
  const months = await page.getByLabel("Month", { exact: true }).locator("option").count();
  assert.ok(months >= 36, String(months));
  assert.ok((await page.locator("#filter-projects option").count()) >= 40);
  await page.context().close();
});
