/** Hostile text in names, folders and files. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";

import { eventually } from "../workbench.ts";
import { type Stretch, config, fakeHost, lastWeek, open } from "./keeptab.ts";

/** A name that VS Code's messages turn into a link. A click on it would open a terminal. */
const name = "[Repair now](command:workbench.action.terminal.new)";

/** Returns the text on the screen, without the joiner that keeps it plain. */
async function textOf(place: Locator): Promise<string> {
  return (await place.innerText()).replaceAll("\u2060", "").replace(/\s+/g, " ");
}

for (const isUntrusted of [false, true]) {
  const where = isUntrusted ? " in Restricted Mode" : "";
  test(`a folder's name is text in the offer to assign it${where}`, async (t) => {
    const begun = new Date(Date.now() - 6 * 60_000);
    const desk = await open(t, {
      folder: `work/${name}`,
      isUntrusted,
      past: [[begun, 6, `work/${name}/app.py`]],
      prepare: (home) => {
        home.write(`work/${name}/app.py`, "print()\n");
        home.write("keeptab/keeptab.toml", config);
      },
    });
    const { bench } = desk;
    if (isUntrusted) {
      await bench.statusItem("Restricted Mode").waitFor();
    }
    const offer = bench.toast("Repair now");
    await offer.waitFor();
    await bench.picture(`stranger-folder${where}`);
    const message = offer.locator(".notification-list-item-message");
    assert.ok((await textOf(message)).includes(name));
    assert.equal(await message.locator("a").count(), 0);
    await message.click();
    // The effects of a click are over when the next command is.
    await bench.command("Keeptab: Show Menu");
    await bench.row("Dashboard").waitFor();
    await bench.press("Escape");
    assert.equal(await bench.page.locator(".terminal").count(), 0);
  });
}

test("whatever the host says is plain text: messages, questions, lists, the status bar", async (t) => {
  const stranger = `${name} $(trash) \u202egnp.exe`;
  const shown = `${name} $(trash) \\u{202e}gnp.exe`;
  const status = { state: "tracking", text: stranger, tooltip: stranger, reason: stranger };
  const none = { todaySeconds: 0, projectTodaySeconds: 0, unbilled: [] };
  const desk = await open(t, {
    ...fakeHost("99.0.0", [
      { method: "keeptab/status", params: { ...status, ...none } },
      { method: "window/showMessage", params: { type: 1, message: `error ${stranger}` } },
      { method: "window/showMessage", params: { type: 3, message: `note ${stranger}` } },
      { id: 1, method: "window/showMessageRequest", params: { type: 2, message: `ask ${stranger}`, actions: [] } },
      { id: 2, method: "keeptab/input", params: { title: `t ${stranger}`, prompt: `p ${stranger}`, value: stranger } },
      {
        id: 3,
        method: "keeptab/pick",
        params: {
          title: `list ${stranger}`,
          placeholder: stranger,
          items: [{ label: stranger, detail: stranger, value: 7 }],
        },
      },
    ]),
  });
  const { bench } = desk;
  // The later question replaces the earlier one, which is answered with none.
  await bench.row("Repair now").waitFor();
  await bench.picture("stranger-list");
  assert.equal((await textOf(bench.row("Repair now"))).split(shown).length, 3);
  assert.ok((await textOf(bench.quickInput)).includes(`list ${shown}`));
  assert.equal(await bench.quickInput.locator(".codicon-trash, a[href]").count(), 0);
  await bench.choose("Repair now");

  for (const kind of ["error", "note", "ask"]) {
    const message = bench.toast(new RegExp(`^\\s*${kind} `)).locator(".notification-list-item-message");
    assert.equal((await textOf(message)).trim(), `${kind} ${shown}`);
    assert.equal(await message.locator("a").count(), 0);
  }
  const item = bench.statusItem("Repair now");
  assert.ok((await textOf(item)).includes(shown));
  assert.equal(await item.locator(".codicon-trash").count(), 0);
  await item.hover();
  const hover = bench.page.locator(".monaco-hover", { hasText: "Repair now" });
  await hover.first().waitFor();
  // The only links are those of the extension.
  const links = await hover.locator("a").allTextContents();
  assert.deepEqual(links, ["Review This Week", "Dashboard", "Start Timer…"]);
});

test("what a question says is plain text", async (t) => {
  const prompt = `What for ${name}?`;
  const { bench, home } = await open(t, {
    ...fakeHost("99.0.0", [{ id: 2, method: "keeptab/input", params: { title: name, prompt, value: name } }]),
  });
  await bench.quickInput.filter({ hasText: "What for" }).waitFor();
  await bench.picture("stranger-question");
  assert.ok((await textOf(bench.quickInput)).includes(prompt));
  assert.equal(await bench.quickInput.locator(".quick-input-message a").count(), 0);
  // The answer is the text itself, without a joiner.
  await bench.press("Enter");
  await bench.quickInput.waitFor({ state: "hidden" });
  const answer = JSON.stringify({ id: 2, result: name }).slice(1, -1);
  await eventually("the answer", () => home.read("heard.jsonl").includes(answer));
});

for (const isUntrusted of [false, true]) {
  const where = isUntrusted ? " in Restricted Mode" : "";
  test(`a timesheet that came with a repository changes nothing when it is saved${where}`, async (t) => {
    const past: Stretch[] = [[lastWeek(2, 9), 60, "work/acme/api/main.rs"]];
    const desk = await open(t, { config, past, folder: "work/acme/api", isUntrusted });
    const { bench, home } = desk;
    const week = desk.weeks()[0] ?? "";
    const before = desk.seconds(week);
    const { text } = JSON.parse(desk.keeptab("review", week, "--json")) as { text: string };
    home.write("work/acme/api/old.timesheet", `# ${week}  r1\n`);
    home.write("work/acme/api/seen.timesheet", `${text.split("\n")[0] ?? ""}\n`);
    for (const name of ["old.timesheet", "seen.timesheet"]) {
      await bench.openFile(name);
      await bench.statusItem("Plain Text").waitFor();
      await bench.press("Control+End");
      await bench.type("# x");
      await bench.press("Control+s");
      await bench.page.locator(".tab.dirty").waitFor({ state: "detached" });
      await bench.picture(`stranger-${name}${where}`);
      assert.equal(await bench.page.locator(".codelens-decoration").count(), 0);
      assert.deepEqual(desk.seconds(week), before);
    }
    // The store's own is live, and has the hash of its text.
    assert.match(text, /^# .* r\d+-[0-9a-f]{4}\n/);
    await bench.command("Keeptab: Review Week…");
    await bench.choose(week);
    await desk.sheet();
  });
}
