/** Import of another tool's history from the palette. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually } from "../workbench.ts";
import { config as now, noon, open } from "./keeptab.ts";

/** All of this is long ago, with the same days at each run. */
const config = now.replace(noon.zone, "Europe/Berlin");

const header =
  "Project,Client,Description,Task,User,Group,Email,Tags,Billable," +
  "Start Date,Start Time,End Date,End Time,Duration (h),Duration (decimal)";

/** Forty mornings of one person and one of another; no date shows which of its parts is the day. */
function clockify(): string {
  const mornings = Array.from({ length: 40 }, (_, nth) => {
    const day = `0${String((nth % 9) + 1)}/0${String((nth % 4) + 1)}/2024`;
    const start = `${String(8 + Math.floor(nth / 9))}:00:00 AM`;
    return `API development,Acme Co,Morning ${String(nth)},,Jane Doe,,,,Yes,${day},${start},${day},${start.replace(":00:00", ":30:00")},00:30:00,0.50`;
  });
  const kims =
    "API development,Acme Co,Not mine,,Kim Roe,,,,Yes,01/02/2024,09:00:00 AM,01/02/2024,10:00:00 AM,01:00:00,1";
  return [header, ...mornings, "garbage", kims, ""].join("\n");
}

test("a file is chosen, its gaps are asked for, what it brings is shown, and its first week opens", async (t) => {
  const desk = await open(t, {
    config,
    prepare: (home) => {
      home.write("exports/clockify.csv", clockify());
    },
  });
  const { bench, home } = desk;

  /** `folder` is the one in which the dialog begins. */
  async function chooseFile(folder: string): Promise<void> {
    await bench.command("Keeptab: Import History…");
    // The dialog inserts its folder's name after it has read the folder.
    await bench.row("..").waitFor();
    const input = bench.quickInput.locator("input").first();
    await eventually(`the dialog to begin in ${folder}`, async () => (await input.inputValue()) === `${folder}/`);
    await input.fill(home.at("exports/clockify.csv"));
    await bench.row("clockify.csv").waitFor();
    await bench.quickInput.getByRole("button", { name: "Import" }).click();
    await bench.choose("day/month/year");
    await bench.choose("Jane Doe");
    await bench.answer(/time zone/, "Europe/Vienna");
  }

  await chooseFile(home.path);
  await bench.row(/^Import/).waitFor();
  const preview = bench.page.locator(".tab.active", { hasText: "Import 40 entries" });
  await preview.waitFor();
  await bench.quickInput.filter({ hasText: "Import 40 entries, 20:00:00?" }).waitFor();
  for (const words of ["line 2: Mon 1 Jan 2024", "clockify.csv:42: it has 1 field", "nothing is written yet"]) {
    await desk.line(words).waitFor();
  }
  await bench.picture("import-preview");
  assert.equal(desk.seconds()["acme/api"], undefined);
  // The question has the focus, and the preview cannot be changed: keys go to the question.
  await bench.type("Imp");
  assert.equal(await bench.quickInput.locator("input").first().inputValue(), "Imp");
  assert.equal(await bench.page.locator(".tab.dirty").count(), 0);
  await bench.press("Enter");
  await bench.toast("40 entries").waitFor();
  await bench.page.locator(".tab.active", { hasText: "2024-W01.timesheet" }).waitFor();
  await desk.line("Morning 0").waitFor();
  await bench.picture("import-week");
  assert.equal(desk.seconds()["acme/api"], 20 * 3600);

  await chooseFile(home.at("exports"));
  await bench.toast("nothing in it is new").waitFor();
  assert.equal(desk.seconds()["acme/api"], 20 * 3600);
});
