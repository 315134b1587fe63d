/** The filter by client and project: each sum follows it, a sign says that it is on, and it outlives a reload. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { type Report, type Row, isAccessible, money, time } from "./page.ts";
import { type Look, launch, openPage, openShown, picture } from "./pages.ts";
import { type Year, firstDay, pastDays } from "./year.ts";

const { days, weeks, next } = pastDays();
const [BEFORE, WEEK] = weeks;

let browser: Browser;
let home: Year;
before(async () => {
  browser = await launch();
  home = firstDay(true);
  for (const day of days) {
    add(home, "acme/api", day, "09:00", "2:30");
    add(home, "acme/dashboard", day, "12:00", "1:15");
    add(home, "northwind/shop", day, "14:00", "1:40");
    add(home, "open-source", day, "17:00", "0:35");
  }
  home.keeptab("invoice", "issue", "northwind", "--week", BEFORE, "--date", next);
  home.keeptab("invoice", "draft", "acme");
});
after(async () => {
  await browser.close();
  home.remove();
});

function add(of: Year, project: string, day: string, at: string, length: string): void {
  of.keeptab("add", project, length, "--day", day, "--at", at);
}

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
    const name = new Date(days[0]).toLocaleString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
    const month = page.locator(".trend tbody tr", { hasText: name }).first();
    const all = rows("--all").filter(
      (row) => (project ?? row.project) === row.project && (project !== undefined || row.client === client),
    );
    await month.filter({ hasText: time(sumOf(all)) }).waitFor();
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
  // An invoice for several projects is owed for no single one.
  await page.locator("header .figures", { hasText: "To be billed" }).waitFor();
  assert.equal(await page.locator("header .figures", { hasText: /Owed|Overdue/ }).count(), 0);
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
  assert.deepEqual(Object.fromEntries(kept), { client: "acme", week: BEFORE, view: "table" });
  await page.reload();
  await page.locator("h2#week", { hasText: `Week ${String(Number(BEFORE.slice(6)))}` }).waitFor();
  await page.locator(".week .scroll table").waitFor();
  await page.locator(".filter .only", { hasText: "Only Acme Co" }).waitFor();
  await page.getByRole("button", { name: "Show everything" }).click();
  await page.reload();
  assert.equal(await page.locator(".filter .only").textContent(), "");
  await page.context().close();
  // A client that does not exist shows nothing, and not everything.
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

test("a refresh leaves what is being typed into the filter", async () => {
  const { page } = await openShown(browser, home, WEEK);
  const client = field(page, "client");
  await client.focus();
  await page.keyboard.type("nor");
  await page.evaluate("refresh()");
  assert.equal(await client.inputValue(), "nor");
  await page.keyboard.press("x");
  await page.keyboard.press("Enter");
  await page.evaluate("refresh()");
  assert.equal(await client.inputValue(), "norx");
  assert.equal(await client.getAttribute("aria-invalid"), "true");
  await page.locator(".filter [role=alert]", { hasText: "norx" }).waitFor();
  await client.fill("north");
  await page.keyboard.press("Enter");
  // It has the focus still, and its name in full.
  assert.equal(await client.inputValue(), "Northwind GmbH");
  assert.equal(await client.getAttribute("aria-invalid"), null);
  assert.equal(await page.locator(".filter [role=alert]").textContent(), "");
  await page.context().close();
});

test("a tab with another week shows what it has until the host answers", async () => {
  const shown = await openShown(browser, home, WEEK);
  const { page } = shown;
  await page.evaluate("goTo(weekAfter(mondayOf(state.week), -70))");
  const kept = await page.evaluate("state.week");
  await page.locator("h2#week", { hasText: `Week ${String(Number(String(kept).slice(6)))}` }).waitFor();
  shown.isHeld = true;
  await page.reload();
  await page.locator("main .calendar").waitFor();
  await shown.release();
  await page.locator("h2#week", { hasText: `Week ${String(Number(String(kept).slice(6)))}` }).waitFor();
  assert.equal(await page.evaluate("state.week"), kept);
  await page.context().close();
});

test("another week is shown in its own month", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Month", exact: true }).click();
  await page.getByLabel("The month before", { exact: true }).click();
  await page.getByLabel("The week before").click();
  assert.equal(await page.getByLabel("Month", { exact: true }).inputValue(), `${days[0].slice(0, 7)}-01`);
  await page.context().close();
});

test("time that an invoice bills stays its client's when the project goes to another", async () => {
  const moved = firstDay(true);
  for (const day of days) {
    add(moved, "northwind/shop", day, "14:00", "2:00");
  }
  moved.keeptab("invoice", "issue", "northwind", "--from", days[0], "--to", days[1], "--date", next);
  const config = join(moved.home, "keeptab.toml");
  writeFileSync(config, readFileSync(config, "utf8").replace('client = "northwind"', 'client = "acme"'));
  for (const client of ["northwind", "acme"]) {
    const page = await openPage(browser, moved, { fragment: `#client=${client}` }, WEEK);
    assert.equal(await page.locator(".calendar .block").count(), 1, client);
    assert.equal(await page.locator(".week .sum strong").textContent(), "2:00", client);
    assert.equal(await page.locator(".sums tfoot td").first().textContent(), "2:00", client);
    await page.locator(".filter .only", { hasText: "present client" }).waitFor();
    // All its days are its client's of today.
    await page.getByText(client === "acme" ? "3 days with time" : "0 days with time").waitFor();
    await page.context().close();
  }
  moved.remove();
});

test("clients of one name are told apart, and each has its own rates and invoices", async () => {
  const both = firstDay(true, [
    '[client.other]\nname = "Acme Co"\naddress = ["Ring 2"]\npostcode = "1010"\ncity = "Wien"\ncountry = "AT"',
    '[project."other/app"]\nclient = "other"\nrate = "50.00"\npaths = ["/work/other/**"]',
  ]);
  add(both, "acme/api", days[1], "09:00", "1:00");
  add(both, "other/app", days[1], "11:00", "2:00");
  const page = await openPage(browser, both, {}, WEEK);
  await field(page, "client").fill("Acme Co (other)");
  await page.locator(".filter .only", { hasText: "Only Acme Co (other)" }).waitFor();
  assert.equal(await page.locator(".week .sum strong").textContent(), "2:00");
  // A project that two clients share has no one rate.
  const rates = await page.evaluate(`(() => {
    const total = state.shown.totals.find(({ kind }) => kind === "all");
    const [one, other] = total.projects;
    const shared = { ...total, projects: [one, { ...other, project: one.project }] };
    state.filter = { project: state.shown.projects[one.project].id };
    return [seen(total).hourly.length, seen(shared).hourly.length];
  })()`);
  assert.deepEqual(rates, [1, 0]);
  await page.context().close();
  both.remove();
});

test("invoices that are not listed are counted for their client alone", async () => {
  const page = await open();
  const said = await page.evaluate(`(() => {
    const { clients, invoices: board } = state.shown;
    const place = (id) => clients.findIndex((client) => client.id === id);
    const sum = (id, count) => ({ state: "paid", client: place(id), count, amount: "1.00", currency: "EUR" });
    board.sums = [sum("northwind", 3), sum("acme", 4)];
    board.list = [];
    board.older = 7;
    return ["northwind", "acme", "globex"].map((client) => {
      setFilter({ client });
      const text = (name) => document.querySelector(".invoices " + name)?.textContent.split(/[;.]/)[0];
      return [text(".older"), text(".nothing")];
    });
  })()`);
  assert.deepEqual(said, [
    ["3 older invoices", undefined],
    ["4 older invoices", undefined],
    [undefined, "No invoices for Globex yet"],
  ]);
  await page.context().close();
});

test("folded hours say whose time they lack", async () => {
  const late = firstDay(true);
  add(late, "northwind/shop", days[1], "09:00", "3:00");
  add(late, "northwind/shop", days[1], "22:00", "1:00");
  const page = await openPage(browser, late, { fragment: "#client=northwind" }, WEEK);
  await page.locator(".folds", { hasText: "no day has time of Northwind GmbH there" }).waitFor();
  await page.context().close();
  late.remove();
});
