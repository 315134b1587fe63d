/** Hosts that die, are missing, or are too old; and the messages that a host receives. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Home, eventually, required } from "../workbench.ts";
import { bare, config, fakeHost, open } from "./keeptab.ts";

test("a host that is killed while keys are typed is replaced, and nothing is lost", async (t) => {
  const desk = await open(t, { config });
  const { bench } = desk;
  await bench.openFile("main.rs");
  await bench.press("Control+End");
  const began = Date.now();
  await desk.work(4);
  for (let death = 1; death <= 2; death++) {
    const host = await desk.host();
    process.kill(host, "SIGKILL");
    await desk.work(4);
    assert.notEqual(await desk.host(), host);
  }
  const worked = (Date.now() - began) / 1000;
  await eventually("what was typed", () => (desk.seconds()["acme/api"] ?? 0) >= worked - 2);
  assert.ok((desk.seconds()["total"] ?? 0) <= worked + 10);
  assert.equal(await bench.page.locator(".notification-toast").count(), 0);

  process.kill(await desk.host(), "SIGKILL");
  await bench.toast("the host keeps stopping").waitFor();
  await bench.statusItem("keeptab: off").waitFor();
  await bench.picture("host-keeps-stopping");
  await desk.work(3);
  await bench.toast("the host keeps stopping").getByText("Try Again").click();
  const all = (Date.now() - began) / 1000;
  await eventually("what was typed without a host", () => (desk.seconds()["acme/api"] ?? 0) >= all - 6);
  await bench.statusItem("acme/api").waitFor();
});

test("without the program the status bar says so, no message does, and each command names the way out", async (t) => {
  const { bench } = await open(t, bare);
  await bench.statusItem("keeptab: off").waitFor();
  await bench.openFile("main.rs");
  await bench.type("still here");
  await bench.page.locator(".view-line", { hasText: "still here" }).first().waitFor();
  await bench.picture("program-missing");
  assert.deepEqual(await bench.notifications(), []);
  await bench.command("Keeptab: Create Invoice…");
  await bench.toast("The program keeptab was not found — Install it").waitFor();
  await bench.statusItem("keeptab: off").click();
  await bench.row("Restart").waitFor();
  await bench.row("Open Settings").waitFor();
  await bench.picture("program-missing-menu");
});

test("a program that is too old says so", async (t) => {
  const { bench } = await open(t, { ...bare, ...fakeHost("0.0.9") });
  await bench.toast("0.0.9, and this extension needs").waitFor();
  await bench.statusItem("keeptab: off").waitFor();
});

test("the host hears what was touched and never what was written", async (t) => {
  const { bench, home } = await open(t, { ...bare, ...fakeHost("99.0.0") });
  await bench.openFile("main.rs");
  await bench.press("Control+End");
  await bench.type("confidential");
  await bench.press("Control+s");
  const heard = await eventually("a save", () => {
    const text = readFileSync(home.at("heard.jsonl"), "utf8");
    return text.includes('"save"') && text;
  });
  assert.ok(heard.includes(`file://${home.at("work/acme/api/main.rs")}`));
  assert.ok(!heard.includes("confidential") && !heard.includes("textDocument/did"), heard);

  // It has none of the commands.
  await bench.command("Keeptab: Create Invoice…");
  await bench.toast("keeptab 99.0.0 cannot do that yet").waitFor();
});

test("keeptab installs the extension into the editor that is on the path", (t) => {
  const home = new Home();
  t.after(() => {
    home.remove();
  });
  const places = `--config ${home.write("none.yaml", "")} --user-data-dir ${home.at("data")}`;
  const node = `${process.execPath} ${required("KEEPTAB_CODE")} ${places} --extensions-dir ${home.at("extensions")}`;
  const code = home.program("bin/code-server", `exec ${node} "$@"`);
  const env = home.env();
  const words = ["install", "vscode", "--vsix", required("KEEPTAB_VSIX")];
  assert.match(execFileSync(required("KEEPTAB_BIN"), words, { env, encoding: "utf8" }), /installed into code-server/);
  assert.match(execFileSync(code, ["--list-extensions"], { env, encoding: "utf8" }), /^keeptab\.keeptab$/m);
});

const discard = { text: "Draft 7 is kept.", action: "Discard", command: "keeptab.invoice", words: ["discard", "7"] };
const assign = { text: "Assign ~/x to a project?", action: "Assign…", command: "keeptab.assign", words: ["/x"] };

for (const [name, offers, expected] of [
  ["an offer that is about no rule is no menu item", [discard], "Dashboard"],
  ["an offer about a rule keeps its place in the menu when another comes", [assign, discard], assign.text],
] as const) {
  test(name, async (t) => {
    const says = offers.map((params) => ({ method: "keeptab/offer", params }));
    const { bench } = await open(t, { ...bare, ...fakeHost("99.0.0", says) });
    await bench.toast(discard.text).waitFor();
    await bench.command("Keeptab: Show Menu");
    await bench.row("Dashboard").waitFor();
    await bench.picture(`menu-offers-${String(offers.length)}`);
    const first = await bench.quickInput.locator(".monaco-list-row").first().textContent();
    assert.ok(first?.includes(expected), first ?? "");
    assert.equal(await bench.row(discard.text).count(), 0);
  });
}
