/** The palette and the status bar, command by command. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";

import { eventually } from "../workbench.ts";
import { config, open, secondClient } from "./keeptab.ts";

test("time by hand, pausing, folders, reasons and what is not there yet", async (t) => {
  const desk = await open(t, {
    config,
    folder: "work",
    settings: { "keeptab.statusBar.alignment": "right" },
  });
  const { bench, home } = desk;
  await bench.page.locator('.right-items .statusbar-item[id*="keeptab.status"]').waitFor();

  // The first project of a folder, by the walkthrough.
  await bench.openFile("app.py");
  await bench.press("Control+End");
  await desk.work(2);
  await bench.statusItem("unassigned").waitFor();
  await bench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "northwind" }).first().click({
    button: "right",
  });
  // A menu that has just opened accepts no click yet, but it accepts keys.
  const assign = bench.page.locator(".monaco-menu .action-item", { hasText: "Assign This Folder to a Project" });
  await assign.hover();
  await bench.page.locator(".monaco-menu .action-item.focused", { hasText: "Assign This Folder" }).waitFor();
  await bench.press("Enter");
  await bench.row("New project…").waitFor();
  await bench.picture("assign-folder", true);
  await bench.choose("New project…");
  await bench.choose("Acme Co");
  await bench.answer(/Name of the project/, "Shop");
  await bench.answer(/Hourly rate/, "80");
  await bench.statusItem("acme/shop").waitFor();
  assert.match(home.read("keeptab/keeptab.toml"), /\[project\."acme\/shop"\]/);

  await bench.command("Keeptab: Why Is This File Tracked Here?");
  await desk.line("acme/shop").waitFor();
  await bench.picture("explained");

  await bench.command("Keeptab: Start Timer for a Call…");
  await bench.choose("Earlier, or with a note…");
  await bench.choose("acme/api");
  await bench.answer(/Since when/, "soon");
  await bench.answer(/not a clock time/, "23:59");
  await bench.answer(/still to come/, "");
  await bench.answer(/What is it/, "call with Kim");
  const timer = bench.statusItem(/acme\/api 0:0\d by hand/);
  await timer.locator(".codicon-call-outgoing").waitFor();
  await bench.picture("timer");
  // The tooltip leads to the next steps; an invoice is one if something is unbilled by then.
  await timer.hover();
  const tooltip = bench.page.locator(".monaco-hover", { hasText: "Stop Timer" });
  await tooltip.waitFor();
  await bench.picture("status-tooltip");
  const steps = ["Review This Week", "Dashboard", "Stop Timer"];
  const links = await tooltip.locator("a").allTextContents();
  assert.deepEqual(
    links.filter((link) => steps.includes(link)),
    steps,
  );
  await tooltip.getByText("Stop Timer").click();
  await bench.toast("acme/api").waitFor();
  await bench.statusItem("by hand").waitFor({ state: "detached" });

  await bench.command("Keeptab: Add Time…");
  await bench.choose("acme/api");
  await bench.answer(/Day, as/, "");
  await bench.answer(/[Hh]ours and minutes/, "soon");
  await bench.answer(/no length of time/, "0:45");
  await bench.answer(/note/i, "call with Sam");
  await bench.toast("0:45").waitFor();
  assert.ok((desk.seconds()["acme/api"] ?? 0) >= 45 * 60);

  await bench.command("Keeptab: Pause / Resume");
  await bench.statusItem("paused").waitFor();
  await bench.picture("paused");
  await bench.command("Keeptab: Pause / Resume");
  await bench.statusItem("paused").waitFor({ state: "hidden" });

  await bench.command("Keeptab: Open Configuration");
  await bench.page.locator(".tab.active", { hasText: "keeptab.toml" }).waitFor();
  await bench.page.locator(".monaco-editor.focused").first().waitFor();
  await bench.press("Control+End");
  await bench.page.keyboard.insertText("[client.northwind\n");
  await bench.press("Control+s");
  await bench.toast("The last good config stays in force").waitFor();
  await bench.page.locator(".squiggly-error").first().waitFor();
  await bench.picture("config-broken");
  // The editor closed the bracket itself, which is one more step.
  for (const added = desk.line("[client.northwind"); (await added.count()) > 0;) {
    await bench.pressSlowly("Control+z");
  }
  await bench.press("Control+s");
  await bench.page.locator(".squiggly-error").first().waitFor({ state: "detached" });

  await bench.command("Keeptab: Show Log");
  await bench.page.locator(".tab.active", { hasText: /log/ }).waitFor();
});

test("work that takes a while shows in the status bar until it is over", async (t) => {
  const desk = await open(t, { config: `${config}${secondClient}`, folder: "work" });
  const { bench, home } = desk;
  const path = home.at("keeptab/keeptab.db");
  await eventually("the database", () => existsSync(path));
  // Another program that locks the database.
  const other = new DatabaseSync(path, { timeout: 10_000 });
  other.exec("BEGIN IMMEDIATE");
  await bench.command("Keeptab: Pause / Resume");
  await bench.statusItem("Keeptab: at work").waitFor();
  await bench.picture("progress");
  other.exec("ROLLBACK");
  other.close();
  await bench.statusItem("Keeptab: at work").waitFor({ state: "hidden" });
  await bench.statusItem("paused").waitFor();
});

test("a folder that no rule names is offered once there is work in it", async (t) => {
  const begun = new Date(Date.now() - 6 * 60_000);
  const desk = await open(t, { past: [[begun, 6, "work/northwind/shop/app.py"]] });
  const { bench, home } = desk;
  // Without a config there are no projects, and nothing is offered but to set up.
  await bench.statusItem("Set up Keeptab").waitFor();
  assert.equal(await bench.toast(/^Assign/).count(), 0);
  home.write("keeptab/keeptab.toml", config);
  const offer = bench.toast("Assign ~/work/northwind/shop to a project?");
  await offer.waitFor();
  await bench.picture("offer");
  await offer.getByText("Assign…").click();
  await bench.choose("acme/api");
  await eventually("the rule", () => home.read("keeptab/keeptab.toml").includes('"~/work/northwind/shop/**"'));
  assert.ok((desk.seconds()["acme/api"] ?? 0) >= 5 * 60);
});
