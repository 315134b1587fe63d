/** What the tests look for on the page, in a browser of its own or in VS Code. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  impact: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Asserts that axe finds nothing that is serious. */
export async function isAccessible(page: Page | Frame, where: string): Promise<void> {
  await page.evaluate(axe);
  const found: Violation[] = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)",
  );
  const serious = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join("\n")}`,
  );
  assert.equal(told.join("\n"), "", `axe, ${where}`);
}

export interface Row {
  client: string | null;
  project?: string;
  seconds: number;
  invoicedSeconds: number;
  amount: string | null;
  currency: string | null;
}

export interface Report {
  rows: Row[];
  unassignedSeconds: number;
  totalSeconds: number;
}

export function time(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, "0")}`;
}

export function money(amount: string | null, currency: string | null): string {
  return amount === null || currency === null
    ? ""
    : `${currency} ${amount.replace(/\B(?=(\d{3})+(?!\d)(?=\.|$))/g, ",")}`;
}

/** The rows of the totals as they stand on the page: project, time, billed, amount. */
export async function shownTotals(page: Page | Frame): Promise<string[][]> {
  return page.locator(".sums tr.project").evaluateAll((rows) =>
    rows.map((row) => {
      // What stands beside a project's id is its name.
      const [head, ...cells] = [...row.children].map((cell) => cell.cloneNode(true) as HTMLElement);
      head?.querySelectorAll(".more, button").forEach((more) => {
        more.remove();
      });
      return [head, ...cells.slice(0, 3)].map((cell) => cell?.textContent.trim() ?? "");
    }),
  );
}

/** The same rows from what `report --json` says. */
export function expectedTotals({ rows, unassignedSeconds }: Report): string[][] {
  const shown = rows.map(({ project, seconds, invoicedSeconds, amount, currency }) => [
    project ?? "",
    time(seconds),
    invoicedSeconds > 0 ? time(invoicedSeconds) : "",
    money(amount, currency),
  ]);
  return unassignedSeconds > 0 ? [...shown, ["unassigned", time(unassignedSeconds), "", ""]] : shown;
}
