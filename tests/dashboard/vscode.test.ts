/** The page in real VS Code: changes of time by mouse and by keyboard, and their effect on the ledger. */

import assert from "node:assert/strict";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Frame, Locator } from "playwright-core";

import { type Desk, open as openDesk } from "../vscode/e2e/keeptab.ts";
import { eventually } from "../vscode/workbench.ts";
import { type Report, expectedTotals, isAccessible, shownTotals } from "./page.ts";
import { EVIL, type Year, year } from "./year.ts";

let jane: Year;
before(async () => {
  jane = await year();
});
after(() => {
  jane.remove();
});

type Context = Parameters<typeof openDesk>[0];

/** Opens VS Code with Jane's year. */
async function open(t: Context, settings: Record<string, unknown> = {}): Promise<Desk> {
  return openDesk(t, {
    settings,
    prepare: (home) => {
      for (const file of readdirSync(jane.home).filter((name) => name.startsWith("keeptab"))) {
        cpSync(join(jane.home, file), home.at(`keeptab/${file}`));
      }
    },
  });
}

/** Returns the page, which is two frames deep. */
async function dashboard(desk: Desk): Promise<Frame> {
  await desk.bench.command("Keeptab: Dashboard");
  await desk.bench.page.locator(".tab.active", { hasText: "Keeptab" }).waitFor();
  return inside(desk);
}

async function inside(desk: Desk): Promise<Frame> {
  const outer = desk.bench.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  await outer.locator("main").waitFor();
  const handle = await outer.locator("main").elementHandle();
  const frame = await handle.ownerFrame();
  assert.ok(frame);
  return frame;
}

/** Goes to the last complete week, and waits for it. The present one may have no work yet. */
async function lastWeek(desk: Desk, page: Frame): Promise<string> {
  const present = /\d+/.exec((await page.locator("h2#week").textContent()) ?? "")?.[0];
  const week = desk.weeks().findLast((one) => Number(one.slice(6)) !== Number(present)) ?? "";
  await page.getByLabel("The week before").click();
  await page.locator("h2#week", { hasText: `Week ${String(Number(week.slice(6)))}` }).waitFor();
  await page.locator(".calendar .block").first().waitFor();
  return week;
}

function said(page: Frame, text: string): Locator {
  return page.locator("#said", { hasText: text });
}

/** Returns the first unbilled block of a project. */
function block(page: Frame, project: string, nth = 0): Locator {
  const high = page.locator(".calendar .block.high:not(.billed):not(.entry)");
  return high.filter({ has: page.locator(".name", { hasText: project }) }).nth(nth);
}

/** Returns the minutes between the clock times of a block. */
async function minutes(one: Locator): Promise<number> {
  const [, from = 0, minute = 0, to = 0, last = 0] =
    /(\d+):(\d+)-(\d+):(\d+)/.exec((await one.getAttribute("data-time")) ?? "")?.map(Number) ?? [];
  return to * 60 + last - from * 60 - minute;
}

function near(seconds: number, expected: number): boolean {
  return Math.abs(seconds - expected * 60) < 61;
}

test("a block is retagged with the mouse, and taken back", async (t) => {
  const desk = await open(t);
  const page = await dashboard(desk);
  const week = await lastWeek(desk, page);
  const before = desk.seconds(week);
  const one = block(page, "API development");
  const length = await minutes(one);
  await desk.bench.picture("vscode-week");
  await one.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Project").selectOption("northwind/shop");
  await desk.bench.picture("vscode-dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await said(page, "1 change applied").waitFor();
  await dialog.waitFor({ state: "hidden" });
  const after = desk.seconds(week);
  assert.ok(
    near((before["acme/api"] ?? 0) - (after["acme/api"] ?? 0), length),
    JSON.stringify([before, after, length]),
  );
  assert.equal(after["total"], before["total"]);
  await desk.bench.picture("vscode-retagged");
  await said(page, "applied").getByRole("button", { name: "Undo" }).click();
  await said(page, "Taken back").waitFor();
  assert.deepEqual(desk.seconds(week), before);

  await page.getByLabel("Range of the totals").selectOption(`week ${week}`);
  const report = JSON.parse(desk.keeptab("report", "--week", week, "--json")) as Report;
  assert.deepEqual((await shownTotals(page)).sort(), expectedTotals(report).sort());
});

test("a block is retagged, noted, split and erased by the keyboard alone", async (t) => {
  const desk = await open(t);
  const { bench } = desk;
  const page = await dashboard(desk);
  const week = await lastWeek(desk, page);
  const before = desk.seconds(week);
  // From the button that led to the last week, Tab goes to the calendar.
  await page.getByLabel("The week before").focus();
  const isOn = (selector: string): Promise<boolean> =>
    page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`);
  for (let step = 0; step < 16 && !(await isOn(".block")); step += 1) {
    await bench.press("Tab");
  }
  assert.ok(await isOn(".block"), "Tab reaches the calendar");
  const label = (): Promise<string> => page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''");
  for (let step = 0; step < 60 && !(await label()).includes("API development"); step += 1) {
    const old = await label();
    await bench.press("ArrowDown");
    if ((await label()) === old) {
      await bench.press("ArrowRight");
    }
  }
  assert.match(await label(), /API development/);
  await bench.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  // The project has the focus; a letter chooses, Tab goes to the note, Enter saves.
  await bench.page.keyboard.type("Open");
  await bench.press("Tab");
  await bench.page.keyboard.type("all by keys");
  await bench.press("Enter");
  await said(page, "2 changes applied").waitFor();
  await dialog.waitFor({ state: "hidden" });
  assert.match(await label(), /^Open source .* all by keys,/);
  const retagged = desk.seconds(week);
  assert.ok((retagged["open-source"] ?? 0) > (before["open-source"] ?? 0));

  // Split: the second half becomes Northwind's.
  await bench.press("Enter");
  await dialog.waitFor();
  await bench.page.keyboard.type("Shop");
  for (let step = 0; step < 8 && !(await isOn("input[type=radio]")); step += 1) {
    await bench.press("Tab");
  }
  await bench.press("ArrowDown", "Enter");
  await said(page, "change applied").waitFor();
  await dialog.waitFor({ state: "hidden" });
  const split = desk.seconds(week);
  assert.ok((split["northwind/shop"] ?? 0) > (retagged["northwind/shop"] ?? 0));
  assert.equal(split["total"], before["total"]);

  await bench.press("Enter");
  await dialog.waitFor();
  for (let step = 0; step < 12 && !(await isOn(".danger")); step += 1) {
    await bench.press("Tab");
  }
  await bench.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await eventually("the erased time", () => (desk.seconds(week)["total"] ?? 0) < (before["total"] ?? 0));
});

test("a block is moved and made longer with the mouse, and by its dialog", async (t) => {
  const desk = await open(t);
  const { bench } = desk;
  const page = await dashboard(desk);
  const week = await lastWeek(desk, page);
  const before = desk.seconds(week);
  // The last block of a day has room below.
  const track = page.locator(".track").first();
  const last = track.locator(".block.movable").last();
  await last.scrollIntoViewIfNeeded();
  const length = await minutes(last);
  /** Drags from a place of the block, down by as many pixels. */
  const drag = async (one: Locator, share: number, pixels: number, name: string): Promise<void> => {
    const box = await one.boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + 20, box.y + (share === 1 ? box.height - 2 : box.height * share)];
    await bench.page.mouse.move(x, y);
    await bench.page.mouse.down();
    await bench.page.mouse.move(x, y + pixels / 2);
    await bench.page.mouse.move(x, y + pixels);
    await bench.picture(name);
    await bench.page.mouse.up();
  };
  await drag(last, 1, 46, "vscode-resize");
  await said(page, "applied").waitFor();
  const longer = desk.seconds(week);
  assert.ok((longer["total"] ?? 0) - (before["total"] ?? 0) >= 50 * 60, JSON.stringify([before, longer]));
  const moved = track.locator(".block.movable").last();
  const from = await moved.getAttribute("data-time");
  await drag(moved, 0.5, 46, "vscode-move");
  await track.locator(`.block[data-time="${from ?? ""}"]`).waitFor({ state: "detached" });
  assert.ok((await minutes(track.locator(".block.movable").last())) >= length + 50);
  assert.ok(near((desk.seconds(week)["total"] ?? 0) - (longer["total"] ?? 0), 0), "a move counts no more and no less");
  assert.equal(await page.getByRole("dialog").count(), 0);

  // The same without a mouse.
  await track.locator(".block.movable").last().click();
  const dialog = page.getByRole("dialog");
  const to = dialog.getByLabel("To", { exact: true });
  const [hour = 0, minute = 0] = (await to.inputValue()).split(":").map(Number);
  await to.fill(`${String(hour - 1)}:${String(minute).padStart(2, "0")}`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });
  await eventually("the shorter block", () => (desk.seconds(week)["total"] ?? 0) < (longer["total"] ?? 0) - 3000);
});

test("the tab is there after a reload, with its week and its filter", async (t) => {
  const desk = await open(t);
  const page = await dashboard(desk);
  const week = await lastWeek(desk, page);
  await page.getByLabel("Only this client").fill("Northwind GmbH");
  await page.locator(".filter .only", { hasText: "Only Northwind GmbH" }).waitFor();
  await desk.bench.command("Developer: Reload Window");
  await page.waitForFunction("false").catch(() => undefined);
  await desk.bench.page.locator(".tab.active", { hasText: "Keeptab" }).waitFor();
  const again = await inside(desk);
  await again.locator("h2#week", { hasText: `Week ${String(Number(week.slice(6)))}` }).waitFor();
  await again.locator(".filter .only", { hasText: "Only Northwind GmbH" }).waitFor();
  // It still speaks with the host.
  await again.getByRole("button", { name: "Show everything" }).click();
  await block(again, "API development").click();
  const dialog = again.getByRole("dialog");
  await dialog.getByLabel("Note").fill("after the reload");
  await dialog.getByRole("button", { name: "Save" }).click();
  await said(again, "1 change applied").waitFor();
});

test("an invoice in the list asks what becomes of it", async (t) => {
  const desk = await open(t);
  const page = await dashboard(desk);
  const row = page.locator(".invoices tbody .line").nth(1);
  await row.scrollIntoViewIfNeeded();
  const number = (await row.textContent()) ?? "";
  await row.click();
  await desk.bench.row("Mark as paid").waitFor();
  await desk.bench.picture("vscode-invoice", true);
  assert.match((await desk.bench.quickInput.textContent()) ?? "", new RegExp(number));
  await desk.bench.press("Escape");
});

test("a drag over empty time adds some, and a gap is counted or called a break", async (t) => {
  const desk = await open(t);
  const { bench } = desk;
  const page = await dashboard(desk);
  const week = await lastWeek(desk, page);
  const before = desk.seconds(week);
  const gap = page.locator("button.gap:not(.low)").first();
  await gap.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Project").selectOption("acme/dashboard");
  await bench.picture("vscode-gap");
  await dialog.getByRole("button", { name: "Count it" }).click();
  await said(page, "more for acme/dashboard").waitFor();
  const counted = desk.seconds(week);
  assert.ok((counted["acme/dashboard"] ?? 0) > (before["acme/dashboard"] ?? 0));

  // There is no work below the last block of Monday.
  const track = page.locator(".track").first();
  await track.scrollIntoViewIfNeeded();
  const box = await track.boundingBox();
  const last = await track.locator(".block").last().boundingBox();
  assert.ok(box && last);
  const y = last.y + last.height;
  await bench.page.mouse.move(box.x + 20, y + 8);
  await bench.page.mouse.down();
  await bench.page.mouse.move(box.x + 20, y + 22);
  await bench.page.mouse.move(box.x + 20, y + 32);
  await bench.picture("vscode-drag");
  await bench.page.mouse.up();
  await dialog.getByLabel("Project").selectOption(EVIL);
  await dialog.getByRole("button", { name: "Count it" }).click();
  await said(page, "more for").waitFor();
  await dialog.waitFor({ state: "hidden" });
  const added = desk.seconds(week);
  assert.ok((added[EVIL] ?? 0) > (counted[EVIL] ?? 0));

  const wrong = page.getByRole("button", { name: "Add time…" });
  await wrong.click();
  await dialog.getByLabel("From", { exact: true }).fill("half nine");
  await dialog.getByRole("button", { name: "Count it" }).click();
  await dialog.getByRole("alert").getByText("Times are written as 14:30.").waitFor();
  await bench.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("a range is added up by the host, and billed time stays as it is", async (t) => {
  const desk = await open(t);
  const page = await dashboard(desk);
  await page.getByText("Another range").click();
  await page.getByLabel("From", { exact: true }).fill("2026-01-05");
  await page.getByLabel("To", { exact: true }).fill("2026-01-16");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.locator(".totals .when", { hasText: "5 Jan – 16 Jan 2026" }).waitFor();
  const words = ["--from", "2026-01-05", "--to", "2026-01-16", "--json"];
  const report = JSON.parse(desk.keeptab("report", ...words)) as Report;
  assert.deepEqual((await shownTotals(page)).sort(), expectedTotals(report).sort());

  const billed = page.locator(".calendar .block.billed").first();
  for (let step = 0; step < 9 && !(await billed.isVisible()); step += 1) {
    const name = await page.locator("h2#week").textContent();
    await page.getByLabel("The week before").click();
    await page
      .locator("h2#week")
      .filter({ hasNotText: name ?? "" })
      .waitFor();
    await page.locator(".week .calendar").waitFor();
  }
  await billed.click();
  await page
    .getByRole("dialog")
    .getByText(/Invoice JDS-\d{6}-\d{4} bills this time/)
    .waitFor();
  assert.equal(await page.getByRole("dialog").getByRole("button", { name: "Save" }).count(), 0);
});

const themes = [
  ["light", "Light Modern", "vscode-light"],
  ["dark", "Dark Modern", "vscode-dark"],
  ["contrast", "Dark High Contrast", "vscode-high-contrast"],
] as const;
test("it has the editor's colours, also while they change, and axe finds nothing serious", async (t) => {
  const desk = await open(t);
  const { bench } = desk;
  const page = await dashboard(desk);
  await lastWeek(desk, page);
  for (const [name, theme, kind] of themes) {
    await bench.page.setViewportSize({ width: 1280, height: 1000 });
    await bench.command("Preferences: Color Theme");
    await bench.quickInput.locator("input").fill(theme);
    await bench.choose(theme);
    await page.locator(`body.${kind}`).waitFor({ state: "attached" });
    for (const width of [1280, 460]) {
      await bench.page.setViewportSize({ width, height: 1000 });
      await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
      for (const part of ["week", "totals", "trend", "invoices"]) {
        await page.locator(`h2#${part}`).evaluate((heading) => {
          heading.scrollIntoView({ behavior: "instant" });
        });
        await bench.picture(`vscode-${name}-${String(width)}-${part}`, true);
      }
      await isAccessible(page, `VS Code, ${name}, ${String(width)}`);
    }
  }
});

test("an empty first day invites", async (t) => {
  const desk = await openDesk(t);
  const page = await dashboard(desk);
  await page.getByText("Your week will stand here").waitFor();
  await isAccessible(page, "the first day");
  await desk.bench.picture("vscode-first-day", true);
  await page.getByRole("button", { name: "Set up…" }).click();
  await desk.bench.quickInput.waitFor();
});
