/** The filter by client and project: each sum follows it, a sign says that it is on, and it outlives a reload. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { type Report, type Row, isAccessible, money, time } from "./page.ts";
import { type Look, launch, openPage, openShown, picture } from "./pages.ts";
import { type Year, firstDay } from "./year.ts";

const WEEK = "2026-W43";

let browser: Browser;
let home: Year;
before(async () => {
  browser = await launch();
  home = firstDay(true);
  const add = (project: string, day: number, at: string, length: string): string =>
    home.keeptab("add", project, length, "--day", `2026-10-${String(day)}`, "--at", at);
  for (const day of [13, 20, 21]) {
    add("acme/api", day, "09:00", "2:30");
    add("acme/dashboard", day, "12:00", "1:15");
    add("northwind/shop", day, "14:00", "1:40");
    add("open-source", day, "17:00", "0:35");
  }
  home.keeptab("invoice", "issue", "northwind", "--week", "2026-W42", "--date", "2026-10-26");
  home.keeptab("invoice", "draft", "acme");
});
after(async () => {
  await browser.close();
  home.remove();
});

function open(look: Look = {}): Promise<Page> {
  return openPage(browser, home, look, WEEK);
}

function rows(...words: string[]): Row[] {
  return (JSON.parse(home.keeptab("report", ...words, "--json")) as Report).rows;
}

function sumOf(some: Row[]): number {
  return some.reduce((sum, { seconds }) => sum + seconds, 0);
}

const field = (page: Page, kind: string): ReturnType<Page["locator"]> => page.getByLabel(`Only this ${kind}`);

test("all sums are of the client and the project that are shown alone", async () => {
  const page = await open();
  const total = page.locator(".sums tfoot td").first();
  for (const [client, project, typed] of [
    ["acme", undefined, ["Acme Co", ""]],
    ["northwind", undefined, ["north", ""]],
    ["acme", "acme/dashboard", ["", "acme/dash"]],
    [undefined, "open-source", ["", "Open source"]],
  ] as const) {
    await field(page, "client").fill(typed[0]);
    await field(page, "client").press("Enter");
    await field(page, "project").fill(typed[1]);
    await field(page, "project").press("Enter");
    for (const [range, words] of [
      [`week ${WEEK}`, ["--week", WEEK]],
      ["all all", ["--all"]],
    ] as const) {
      await page.getByLabel("Range of the totals").selectOption(range);
      const own = rows(...words).filter(
        (row) => (project ?? row.project) === row.project && (project !== undefined || row.client === client),
      );
      assert.equal(await total.textContent(), time(sumOf(own)), `${typed.join("/")} ${range}`);
      const amounts = await page.locator(".sums tr.project td:nth-child(4)").allTextContents();
      assert.deepEqual(amounts.sort(), own.map(({ amount, currency }) => money(amount, currency)).sort());
      if (range !== "all all") {
        assert.equal(await page.locator(".week .sum strong").textContent(), time(sumOf(own)));
        const blocks = await page.locator(".calendar .block").count();
        assert.equal(blocks, own.length * 2);
        assert.equal(await page.locator(".week tbody tr").count(), blocks);
      }
    }
    // The months and the days follow as well.
    await page.getByText("The months as a table").click();
    const october = page.locator(".trend tbody tr", { hasText: "October 2026" }).first();
    const all = rows("--all").filter(
      (row) => (project ?? row.project) === row.project && (project !== undefined || row.client === client),
    );
    await october.filter({ hasText: time(sumOf(all)) }).waitFor();
    await page.getByText("3 days with time").waitFor();
    await field(page, "project").fill("");
    await field(page, "project").press("Enter");
  }
  await page.context().close();
});

test("invoices are the client's", async () => {
  const page = await open({ fragment: "#client=northwind" });
  const clients = await page.locator(".invoices tbody td:nth-child(3)").allTextContents();
  assert.deepEqual(clients, ["Northwind GmbH"]);
  assert.equal(await page.locator(".invoices dl .draft").count(), 0);
  const list = JSON.parse(home.keeptab("invoice", "list", "--json")) as { number: string | null; grossTotal: string }[];
  const issued = list.find(({ number }) => number !== null)?.grossTotal ?? "";
  assert.match(
    (await page.locator("header .figures").textContent()) ?? "",
    new RegExp(`(Owed|Overdue)${money(issued, "EUR")}`),
  );
  await field(page, "client").fill("");
  await field(page, "project").fill("API development");
  await page.getByText("All invoices of the project's client.").waitFor();
  assert.deepEqual(await page.locator(".invoices tbody td:nth-child(3)").allTextContents(), ["Acme Co"]);
  await page.context().close();
});

test("a sign says that a filter is on, and keys alone set it and take it off", async () => {
  const page = await open();
  const sign = page.locator(".filter .only");
  assert.equal(await sign.textContent(), "");
  await field(page, "client").focus();
  await page.keyboard.type("acm");
  await page.keyboard.press("Tab");
  await sign.filter({ hasText: "Only Acme Co" }).waitFor();
  await page.locator("#said[role=status]", { hasText: "Only Acme Co is shown." }).waitFor();
  assert.equal(await page.evaluate("document.activeElement.getAttribute('aria-label')"), "Only this project");
  assert.equal(await field(page, "client").inputValue(), "Acme Co");
  assert.deepEqual(
    await page.locator("#filter-projects option").evaluateAll((all) => all.map((one) => one.getAttribute("value"))),
    ["API development", "acme/dashboard"],
  );
  // The sign stays in sight.
  await page.locator("h2#invoices").scrollIntoViewIfNeeded();
  assert.ok(((await sign.boundingBox())?.y ?? -1) >= 0);
  for (const width of [320, 1400]) {
    await page.setViewportSize({ width, height: 900 });
    assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth")) <= width);
    await isAccessible(page, `a filter, ${String(width)}`);
    await picture(page, `filter-${String(width)}`);
  }
  await field(page, "project").focus();
  await page.keyboard.press("Escape");
  assert.equal(await sign.textContent(), "");
  await page.locator("#said", { hasText: "Everything is shown." }).waitFor();
  await page.context().close();
});

test("a name that none or several have changes nothing, and says so", async () => {
  const page = await open();
  for (const typed of ["nobody", "o"]) {
    await field(page, "client").fill(typed);
    await field(page, "client").press("Enter");
    await page.locator(".filter [role=alert]", { hasText: `No client alone is called “${typed}”.` }).waitFor();
    assert.equal(await field(page, "client").getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator(".filter .only").textContent(), "");
  }
  await isAccessible(page, "a name that nobody has");
  await page.context().close();
});

test("the address keeps week, view and filter, through a reload and the page's own links", async () => {
  const page = await open();
  await field(page, "client").fill("Acme Co");
  await page.getByRole("link", { name: "Invoices" }).click();
  assert.equal(await page.evaluate("document.activeElement.id"), "invoices");
  await page.getByLabel("The week before").click();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  const kept = new URLSearchParams(new URL(page.url()).hash.slice(1));
  assert.deepEqual(Object.fromEntries(kept), { client: "acme", week: "2026-W42", view: "table" });
  await page.reload();
  await page.locator("h2#week", { hasText: "Week 42" }).waitFor();
  await page.locator(".week .scroll table").waitFor();
  await page.locator(".filter .only", { hasText: "Only Acme Co" }).waitFor();
  await page.getByRole("button", { name: "Show everything" }).click();
  await page.reload();
  assert.equal(await page.locator(".filter .only").textContent(), "");
  await page.context().close();
  // What nobody has shows nothing, and not all.
  const none = await open({ fragment: "#client=gone" });
  await none.locator(".filter .only", { hasText: "Only gone" }).waitFor();
  assert.equal(await none.locator(".calendar .block").count(), 0);
  await none.context().close();
});

test("an editor's tab keeps the filter, and a refresh does not lift it", async () => {
  const { page } = await openShown(browser, home, WEEK);
  await field(page, "client").fill("Northwind GmbH");
  await page.locator(".filter .only", { hasText: "Only Northwind GmbH" }).waitFor();
  await page.evaluate("refresh()");
  assert.equal(await page.locator(".calendar .block").count(), 2);
  await page.reload();
  await page.locator(".filter .only", { hasText: "Only Northwind GmbH" }).waitFor();
  assert.equal(await page.locator(".calendar .block").count(), 2);
  await page.context().close();
});
