/** From nothing to an invoice, as a person's first day. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually } from "../workbench.ts";
import { noon, open, secondClient } from "./keeptab.ts";

/** The questions, and the answers. */
const conversation: [RegExp, string][] = [
  [/Name of your business/, "Jane Doe Software"],
  [/Short name for invoice numbers/, "JDS"],
  [/Street and number/, "Hauptstr. 1"],
  [/Postal code/, "10115"],
  [/City/, "Berlin"],
  [/Country, two letters/, "DE"],
  [/VAT id/, "DE123456789"],
  [/Your e-mail address/, "jane@example.com"],
  [/IBAN to be paid to/, "DE75512108001245126199"],
  [/Currency/, "EUR"],
  [/VAT in per cent/, "19"],
  [/Time zone/, noon.zone],
  [/Your first client/, "Acme"],
  [/The client's street and number/, "Ring 1"],
  [/The client's postal code/, "10115"],
  [/The client's city/, "Berlin"],
  [/The client's country/, "DE"],
  [/The client's VAT id/, "DE136695976"],
  [/E-mail address to which its invoices go/, "billing@acme.example"],
  [/Your project for this client/, "API"],
  [/Hourly rate/, "3600.00"],
  [/Folder in which you work on it/, "~/work/acme/api"],
];

/** Rounds up to a tenth of an hour, so that a few seconds have an amount. */
const begun = 'rounding = { increment = "6m", mode = "up" }\n';

test("the first day: set up, work for two clients without saving, review, issue an invoice", async (t) => {
  const desk = await open(t, { settings: { "keeptab.statusBar.unbilled": true } });
  const { bench, home } = desk;

  await bench.command("Welcome: Open Walkthrough...");
  await bench.choose("Get Started with Keeptab");
  const button = bench.page.locator(".getting-started-category-name, .button-container", { hasText: "Set Up Keeptab" });
  await button.first().waitFor();
  await bench.picture("01-walkthrough", true);
  await bench.page.locator(".monaco-button", { hasText: "Set Up Keeptab" }).first().click();
  for (const [question, answer] of conversation) {
    if (question.source.startsWith("Short name")) {
      await bench.quickInput.filter({ hasText: question }).waitFor();
      await bench.picture("02-question");
    }
    await bench.answer(question, answer);
  }
  await bench.page.locator(".tab.active", { hasText: "keeptab.toml" }).waitFor();
  await bench.picture("03-config");

  await bench.press("Control+End");
  await bench.page.keyboard.insertText(`${begun}${secondClient}${begun}`);
  await bench.press("Control+s");
  await eventually("the second client", () => desk.keeptab("project").includes("northwind/shop"));

  await bench.openFile("main.rs");
  await bench.press("Control+End");
  await desk.work(4);
  await bench.statusItem(/acme\/api 0:0\d .*EUR \d/).waitFor();
  await bench.picture("04-work-for-acme");
  await bench.openFile("app.py");
  await bench.press("Control+End");
  await desk.work(4);
  await bench.statusItem(/northwind\/shop 0:0\d .*EUR \d/).waitFor();
  await bench.statusItem(/northwind\/shop/).hover();
  await bench.page.locator(".workbench-hover", { hasText: "today" }).waitFor();
  await bench.picture("05-work-for-northwind");
  assert.equal(home.read("work/acme/api/main.rs"), "fn main() {}\n");
  const seconds = desk.seconds();
  assert.ok((seconds["acme/api"] ?? 0) >= 3 && (seconds["northwind/shop"] ?? 0) >= 3, JSON.stringify(seconds));

  await bench.statusItem(/northwind\/shop/).click();
  await bench.row("Review This Week").waitFor();
  await bench.picture("menu", true);
  await bench.choose("Review This Week");
  await desk.sheet();
  await desk.retag(/^\W*~.*northwind\/shop/, "northwind/shop", "acme/api");
  await bench.press("Control+s");
  await bench.toast("1 change applied").waitFor();
  await bench.picture("07-retagged");
  assert.ok((desk.seconds()["acme/api"] ?? 0) >= (seconds["acme/api"] ?? 0) + (seconds["northwind/shop"] ?? 0));

  const told = (await bench.notifications()).length;
  await bench.command("Keeptab: Create Invoice…");
  await bench.choose("Acme");
  await bench.choose("All unbilled");
  await bench.row("Issue EUR").waitFor();
  await bench.picture("08-confirm", true);
  await bench.choose("Issue EUR");
  const pdf = await eventually("the invoice", () => desk.invoices()[0]);
  const month = new Intl.DateTimeFormat("sv", { timeZone: noon.zone }).format().slice(0, 7).replace("-", "");
  assert.match(desk.wordsOf(pdf), new RegExp(`JDS-${month}-0001`));
  await bench.toast(`JDS-${month}-0001`).waitFor();
  const paper = bench.page.frameLocator("iframe.webview").frameLocator("#active-frame");
  await paper.locator("canvas").first().waitFor();
  await bench.picture("09-issued");
  // The sheet that is open behind was refreshed and saved, and nothing is said about that.
  await bench.page.locator(".tab.dirty", { hasText: ".timesheet" }).waitFor({ state: "detached" });
  const messages = await bench.notifications();
  assert.equal(messages.length, told + 1, messages.join("\n"));
});
