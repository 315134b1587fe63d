/** The page in a browser, from a file: a year of data, every view, themes, widths, and a first day. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";

import { type Report, expectedTotals, isAccessible, shownTotals, time } from "./page.ts";
import { type Look, launch, openPage, picture } from "./pages.ts";
import { EVIL, type Year, firstDay, year } from "./year.ts";

const LARGEST = 300_000;

let browser: Browser;
let jane: Year;

before(async () => {
  [browser, jane] = await Promise.all([launch(), year()]);
});
after(async () => {
  await browser.close();
  jane.remove();
});

function open(of: Year, look: Look = {}, ...words: string[]): Promise<Page> {
  return openPage(browser, of, look, ...words);
}

/** Returns the last complete week. */
function lastWeek(): string {
  const weeks = JSON.parse(jane.keeptab("report", "--all", "--by", "week", "--json")) as { rows: { day: string }[] };
  return [...new Set(weeks.rows.map(({ day }) => day))].at(-2) ?? "";
}

function report(...words: string[]): Report {
  return JSON.parse(jane.keeptab("report", "--json", ...words)) as Report;
}

test("a year is on one page, which is small, quick, and the same as the report", async (t) => {
  const week = lastWeek();
  const page = await open(jane, {}, week);
  const file = join(jane.home, "page.html");
  const { size } = statSync(file);
  assert.ok(size < LARGEST, `${String(size)} bytes`);
  const drawn = await page.evaluate(() => {
    const { draw } = globalThis as unknown as { draw: () => void };
    const started = performance.now();
    draw();
    const script = performance.now() - started;
    document.body.getBoundingClientRect();
    return { script, all: performance.now() - started };
  });
  t.diagnostic(`${String(size)} bytes; drawn in ${drawn.script.toFixed(1)} ms, with layout ${drawn.all.toFixed(1)} ms`);

  const choice = page.getByLabel("Range of the totals");
  const month = week.slice(0, 4);
  for (const [value, words] of [
    [`week ${week}`, ["--week", week]],
    [`year ${month}`, ["--from", `${month}-01-01`, "--to", `${month}-12-31`]],
    ["all all", ["--all"]],
  ] as const) {
    await choice.selectOption(value);
    const expected = report(...words);
    const shown = await shownTotals(page);
    assert.deepEqual(shown.sort(), expectedTotals(expected).sort(), value);
    assert.equal(await page.locator(".sums tfoot td").first().textContent(), time(expected.totalSeconds));
  }
  await page.context().close();
});

test("a page of some days has just those", async () => {
  const page = await open(jane, {}, "--from", "2026-01-05", "--to", "2026-01-16");
  assert.deepEqual(
    (await shownTotals(page)).sort(),
    expectedTotals(report("--from", "2026-01-05", "--to", "2026-01-16")).sort(),
  );
  await page.context().close();
});

test("the blocks of a week are the lines of its timesheet", async () => {
  const week = lastWeek();
  const page = await open(jane, {}, week);
  const sheet = readFileSync(jane.keeptab("review", week).trim().split("\n").at(-1) ?? "", "utf8");
  const lines = [...sheet.matchAll(/^ {2}([+~]?[\d:b=-]+) {2,}/gm)].map(([, time]) => time);
  const blocks = await page
    .locator(".calendar .block")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-time")));
  assert.ok(lines.length > 15, String(lines.length));
  assert.deepEqual(blocks.sort(), lines.sort());
  const table = await page.locator(".week table tbody tr").count();
  assert.ok(table >= lines.length);
  assert.ok((await page.locator(".calendar .gap").count()) > 0);
  await page.context().close();
});

test("no block lies over another, on the night of the doubled hour and beside other time", async () => {
  const home = firstDay(true);
  const add = (at: string, length: string, project: string, ...words: string[]): string =>
    home.keeptab("add", project, length, "--day", "2026-10-25", "--at", at, ...words);
  add("01:30", "1:20", "acme/api");
  add("02:20b", "0:50", "acme/dashboard");
  add("09:00", "2:00", "acme/api");
  add("10:00", "3:00", "northwind/shop", "--beside");
  add("12:00", "1:30", "acme/api", "--beside");
  const page = await open(home, {}, "2026-W43");
  const boxes = await page.locator(".calendar .block, .calendar .gap").evaluateAll((all) =>
    all.map((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return { left, right, top, bottom, time: one.getAttribute("data-time") ?? "a gap" };
    }),
  );
  assert.ok(boxes.filter(({ time }) => time !== "a gap").length >= 5, JSON.stringify(boxes));
  for (const [at, one] of boxes.entries()) {
    assert.ok(one.right - one.left > 30, `${one.time} has room`);
    for (const other of boxes.slice(at + 1)) {
      const meet =
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0.5 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 0.5;
      assert.ok(!meet, `${one.time} and ${other.time}`);
    }
  }
  await picture(page, "browser-doubled-hour");
  // The second pass comes after the first, and a block has the height of its length.
  const times = await page.locator(".week table tbody td:nth-child(2)").allTextContents();
  const lines = times.filter((time) => time.startsWith("+"));
  assert.deepEqual(lines.slice(0, 2), ["+01:30-02:50", "+02:20b-03:10"]);
  await page.context().close();

  add("02:50", "0:30", "acme/api");
  const again = await open(home, {}, "2026-W43");
  const across = await again.locator('.block[data-time="+02:50-02:20b"]').boundingBox();
  const hour = await again.locator('.block[data-time="+09:00-11:00"]').boundingBox();
  assert.ok(across && hour && Math.abs(across.height * 4 - hour.height) < 4, JSON.stringify([across, hour]));
  await again.context().close();
  home.remove();
});

test("another week is said, and the focus stays where it goes on", async () => {
  const page = await open(jane, {}, lastWeek());
  const focused = (): Promise<string> =>
    page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.id");
  await page.getByLabel("The week before").click();
  assert.equal(await focused(), "The week before");
  const heading = (await page.locator("h2#week").textContent()) ?? "";
  await page.locator('#said[role="status"]', { hasText: `${heading}, ` }).waitFor();
  for (const name of ["The week after", "This week"]) {
    await page.getByLabel("The week before").click();
    const button = page.getByRole("button", { name });
    for (let step = 0; step < 5 && (await button.count()) > 0 && (await button.isEnabled()); step += 1) {
      await button.focus();
      await page.keyboard.press("Enter");
    }
    assert.equal(await focused(), "week", name);
    await page.locator("#said", { hasText: (await page.locator("h2#week").textContent()) ?? "?" }).waitFor();
  }
  // A day leads to its week.
  await page.getByLabel("The week of a day").fill("2026-10-14");
  await page.locator("h2#week", { hasText: "Week 42" }).waitFor();
  await page.context().close();
});

test("names of 200 letters, from right to left and of pictures push nothing off the screen", async () => {
  const long = "n".repeat(200);
  const home = firstDay(true, [
    `[client.long]\nname = "${"Donaudampfschiff".repeat(13)}"`,
    `[project."long/${long}"]\nclient = "long"\nname = "${long}"\nrate = "95.00"`,
    '[client.other]\nname = "شركة البرمجيات المحدودة"',
    '[project."other/🚀🚀"]\nclient = "other"\nname = "👩‍🚀 rockets"\nrate = "80.00"',
  ]);
  for (const [at, project] of [
    ["09:00", `long/${long}`],
    ["13:00", "other/🚀🚀"],
  ] as const) {
    home.keeptab("add", project, "3:00", "--day", "2026-10-20", "--at", at, "--note", long);
  }
  home.keeptab("invoice", "draft", "long");
  for (const width of [320, 700, 1400]) {
    const page = await open(home, { width }, "2026-W43");
    await page.getByLabel("Range of the totals").selectOption("all all");
    const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
    assert.ok(wide <= width, `${String(width)}: ${String(wide)}`);
    const figures = page.locator(".sums tfoot td, .sums td.number, .figures dd");
    for (const box of await figures.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right))) {
      assert.ok(box <= width, `a figure ends at ${String(box)} of ${String(width)}`);
    }
    await isAccessible(page, `long names, ${String(width)}`);
    await picture(page, `browser-long-names-${String(width)}`);
    await page.context().close();
  }
  home.remove();
});

test("today is seen in forced colours, and nothing scrolls by itself for those who want less motion", async () => {
  const page = await open(jane, { forcedColors: "active", reducedMotion: "reduce" });
  const today = page.locator(".today h3 .number");
  const style = await today.evaluate((one) => {
    const { color, backgroundColor } = getComputedStyle(one);
    return { color, backgroundColor, other: getComputedStyle(document.body).backgroundColor };
  });
  assert.notEqual(style.color, style.backgroundColor);
  assert.notEqual(style.backgroundColor, style.other);
  assert.equal(await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior"), "auto");
  await page.context().close();
  const moving = await open(jane);
  assert.equal(await moving.evaluate("getComputedStyle(document.documentElement).scrollBehavior"), "smooth");
  await moving.context().close();
});

test("each day's time is a text, and each invoice says what can be done", async () => {
  const page = await open(jane, {}, lastWeek());
  await page.getByText("The days as a table").click();
  const days = JSON.parse(jane.keeptab("report", "--all", "--by", "day", "--json")) as { rows: { day: string }[] };
  const last = new Date(`${days.rows.at(-1)?.day ?? ""}T00:00:00Z`);
  const shown = page.locator(".by-day tbody tr").first();
  const name = last.toLocaleString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).replace("Sept", "Sep");
  await shown.filter({ hasText: name }).waitFor();
  await isAccessible(page, "the days as a table");
  const number = (await page.locator(".invoices tbody .line").nth(1).textContent()) ?? "";
  await page.locator(".invoices tbody .line").nth(1).click();
  await page.getByRole("dialog").getByText(`keeptab invoice send ${number}`).waitFor();
  await isAccessible(page, "an invoice");
  await page.context().close();
});

test("each block, gap and row says the command that changes it, as a shell takes it", async () => {
  const page = await open(jane, {}, lastWeek());
  const dialog = page.getByRole("dialog");
  const commands = async (part: Locator): Promise<string[]> => {
    await part.click();
    const all = await dialog.locator("code").allTextContents();
    await isAccessible(page, all[0] ?? "a dialog");
    await page.keyboard.press("Escape");
    return all;
  };
  const block = page.locator(".block.high:not(.billed)").first();
  const [day, time] = [await block.getAttribute("data-day"), await block.getAttribute("data-time")];
  const line = `keeptab change ${time ?? ""} --day ${day ?? ""} `;
  const own = await commands(block);
  assert.deepEqual(own.slice(0, -1).filter((one) => one.startsWith(line)).length, own.length - 1, own.join("\n"));
  assert.match((await commands(page.locator("button.gap").first()))[1] ?? "", /^keeptab away \d.* --break --day \d/);
  await page.locator(".doubts summary").click();
  const week = await page.locator(".day button.block").first().getAttribute("data-day");
  const doubted = /--day (\S+)/.exec((await commands(page.locator(".doubts .line").first()))[0] ?? "")?.[1] ?? "";
  assert.ok(Math.abs(Date.parse(doubted) - Date.parse(week ?? "")) < 7 * 86_400_000, `${doubted} ${week ?? ""}`);
  await page.getByLabel("Range of the totals").selectOption("all all");
  const rows = page.locator(".sums");
  const client = await commands(rows.getByRole("button", { name: "Northwind GmbH" }));
  assert.deepEqual(client, ["keeptab report --all --by client", "keeptab invoice draft northwind"]);
  const evil = await commands(rows.getByRole("button", { name: EVIL }));
  assert.equal(evil[2], `keeptab start '${EVIL}'`);
  assert.ok((await commands(rows.getByRole("button", { name: "unassigned" }))).includes("keeptab assign"));
  // A shell reads a word as it is written here.
  const hard = `it's "$(echo)" \\ \` *`;
  const quoted = await page.evaluate(
    (word) => (globalThis as unknown as { shell: (word: string) => string }).shell(word),
    hard,
  );
  assert.equal(execFileSync("sh", ["-c", `printf %s ${quoted}`], { encoding: "utf8" }), hard);
  await page.context().close();
});

test("projects have their names, and blocks their lengths", async () => {
  const page = await open(jane, {}, lastWeek());
  await page.locator(".block .name", { hasText: "API development" }).first().waitFor();
  assert.equal(await page.locator(".block .name", { hasText: "acme/api" }).count(), 0);
  for (const width of [1280, 720, 400]) {
    await page.setViewportSize({ width, height: 900 });
    const cut = await page.locator(".block:not(.low) .length").evaluateAll((all) =>
      all
        .filter((one) => {
          const [own, block] = [one.getBoundingClientRect(), one.closest(".block")?.getBoundingClientRect()];
          return own.width === 0 || !block || own.right > block.right + 1 || own.bottom > block.bottom + 1;
        })
        .map((one) => one.closest(".block")?.getAttribute("aria-label")),
    );
    assert.deepEqual(cut, [], String(width));
  }
  await page.context().close();

  const twins = firstDay(true, ['[project."one"]\nname = "Site"', '[project."two"]\nname = "Site"']);
  twins.keeptab("add", "one", "1:00", "--day", "2026-10-20", "--at", "09:00");
  const other = await open(twins, {}, "2026-W43");
  assert.equal(await other.locator(".block .name").textContent(), "Site (one)");
  await other.context().close();
  twins.remove();
});

test("a budget that is used up looks so, and says by how much", async () => {
  const home = firstDay(true);
  // A day has no more than 24 hours.
  for (let day = 1; day <= 20; day += 1) {
    home.keeptab("add", "northwind/shop", "21:30", "--day", `2026-09-${String(day).padStart(2, "0")}`);
    home.keeptab("add", "acme/api", "20:00", "--day", `2026-08-${String(day).padStart(2, "0")}`);
    home.keeptab("add", "acme/api", "20:00", "--day", `2026-07-${String(day).padStart(2, "0")}`);
  }
  const page = await open(home, {}, "2026-W43");
  const items = page.locator(".budgets li");
  assert.match(
    (await items.first().textContent()) ?? "",
    /^Shop.*430:00 of 400:00.*30:00 over the budget, 107 % used$/,
  );
  assert.match((await items.nth(1).textContent()) ?? "", /100:00 left, 88 % used$/);
  assert.equal(await items.first().locator(".beyond").count(), 1);
  assert.equal(await items.nth(1).locator(".beyond").count(), 0);
  await isAccessible(page, "budgets");
  await picture(page, "browser-budgets");
  await page.context().close();
  home.remove();
});

test("what looks like a script is a name", async () => {
  const page = await open(jane, {}, lastWeek());
  await page.getByLabel("Range of the totals").selectOption("all all");
  assert.equal(await page.locator(".sums .name", { hasText: EVIL }).count(), 1);
  assert.equal(await page.locator("body script").count(), 2);
  await page.context().close();
});

test("weeks are gone through, and a block says how it is changed", async () => {
  const week = lastWeek();
  const page = await open(jane, {}, week);
  await page.getByLabel("The week before").click();
  await page.getByLabel("The week after").click();
  assert.equal(await page.title(), `Keeptab ${week}`);
  await page.locator(".block").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(`keeptab review ${week}`).waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Save" }).count(), 0);
  await picture(page, "browser-block");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate("document.activeElement.matches('.block')"), true);
  for (let step = 0; step < 60; step += 1) {
    await page.getByLabel("The week before").click();
  }
  await page.getByText("This page does not have that week.").waitFor();
  await page.context().close();
});

test("every theme and width can be read", async () => {
  const week = lastWeek();
  const looks: [string, Look][] = [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["contrast", { colorScheme: "dark", forcedColors: "active" }],
  ];
  for (const [name, look] of looks) {
    for (const width of [1280, 400]) {
      const page = await open(jane, { ...look, width }, week);
      const wide = await page.evaluate("document.documentElement.scrollWidth");
      assert.ok(Number(wide) <= width, `${name} ${String(width)}: ${String(wide)} pixels wide`);
      await picture(page, `browser-${name}-${String(width)}`);
      await isAccessible(page, `${name} ${String(width)}`);
      if (width === 1280) {
        await page.getByRole("button", { name: "Table", exact: true }).click();
        await page.locator(".week .scroll table").waitFor();
        await isAccessible(page, `${name}, table`);
        await picture(page, `browser-${name}-table`);
      }
      await page.context().close();
    }
  }
});

test("it prints", async () => {
  const page = await open(jane, {}, lastWeek());
  await page.emulateMedia({ media: "print" });
  await picture(page, "browser-print");
  // What is longer than its block breaks into lines, and is not cut.
  const cut = await page
    .locator(".block.high .name, .block.high .time")
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
  assert.deepEqual(cut, []);
  const words = async (): Promise<string[]> => {
    const pdf = await page.pdf({ format: "A4" });
    const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf, encoding: "utf8" });
    return text.split("\f");
  };
  assert.match((await words())[0] ?? "", /Week \d+[\s\S]*API development[\s\S]*\d:\d\d/);
  await page.getByRole("button", { name: "Table", exact: true, includeHidden: true }).evaluate((one) => {
    (one as HTMLElement).click();
  });
  await page.locator(".week .scroll").waitFor();
  const table = await words();
  assert.ok((table[0]?.match(/\d\d:\d\d-\d\d:\d\d/g) ?? []).length > 15, table[0]);
  await page.context().close();
});

test("an empty first day says what to do next", async () => {
  for (const [withConfig, next] of [
    [false, "Say who you are"],
    [true, "Work"],
  ] as const) {
    const home = firstDay(withConfig);
    const page = await open(home);
    assert.equal(await page.locator(".steps .next h3").textContent(), next);
    await isAccessible(page, "the first day");
    await picture(page, `browser-first-day-${withConfig ? "config" : "nothing"}`);
    await page.context().close();
    home.remove();
  }
});
