/** Checks of the page that tests share, in a browser and in VS Code. */

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

/** Asserts that axe finds nothing serious. */
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

/** Returns the rows of the totals on the page: project, time, billed, amount. A project's id stands beside its name. */
export async function shownTotals(page: Page | Frame): Promise<string[][]> {
  return page.locator(".sums tr.project").evaluateAll((rows) =>
    rows.map((row) => {
      const [head, ...cells] = [...row.children];
      const id = head?.querySelector(".id") ?? head?.querySelector(".label");
      return [id, ...cells.slice(0, 3)].map((cell) => cell?.textContent.trim() ?? "");
    }),
  );
}

/** Returns the same rows from the output of `report --json`. */
export function expectedTotals({ rows, unassignedSeconds }: Report): string[][] {
  const shown = rows.map(({ project, seconds, invoicedSeconds, amount, currency }) => [
    project ?? "",
    time(seconds),
    invoicedSeconds > 0 ? time(invoicedSeconds) : "",
    money(amount, currency),
  ]);
  return unassignedSeconds > 0 ? [...shown, ["unassigned", time(unassignedSeconds), "", ""]] : shown;
}
