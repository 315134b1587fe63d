/** keeptab as a person in VS Code has it: installed, with work for two clients. */

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { Locator } from "playwright-core";

import { tell } from "../remember.ts";
import { Home, type Wish, Workbench, eventually, required } from "../workbench.ts";

/** A zone in which it is about noon now, so that no test passes midnight. */
export const noon = ((): { zone: string; offset: number } => {
  const offset = 12 - new Date().getUTCHours();
  return { zone: `Etc/GMT${offset > 0 ? "-" : "+"}${String(Math.abs(offset))}`, offset };
})();

/** One client and its project. A second costs a euro, so that the smallest step is visible. */
export const config = `[business]
name = "Jane Doe Software"
org = "JDS"
address = ["Hauptstr. 1"]
postcode = "10115"
city = "Berlin"
country = "DE"
vat_id = "DE123456789"
currency = "EUR"
iban = "DE75512108001245126199"
time_zone = "${noon.zone}"
tax = { category = "S", rate = "19" }

[client.acme]
name = "Acme Co"
address = ["Ring 1"]
postcode = "10115"
city = "Berlin"
country = "DE"

[project."acme/api"]
client = "acme"
name = "API development"
rate = "3600.00"
paths = ["~/work/acme/api/**"]
`;

/** The config of a second client, to be appended. */
export const secondClient = `
[client.northwind]
name = "Northwind GmbH"
address = ["Weg 2"]
postcode = "20095"
city = "Hamburg"
country = "DE"

[project."northwind/shop"]
client = "northwind"
name = "Shop"
rate = "3600.00"
paths = ["~/work/northwind/shop/**"]
`;

const workspace = { folders: [{ path: "acme/api" }, { path: "northwind/shop" }] };

/** Past work: its start, its minutes, the file below the home, and its kind. */
export type Stretch = [Date, number, string, ("edit" | "focus")?];

/** Returns a day and time by the clock of {@link noon}: `lastWeek(0, 9, 30)` is last Monday's half past nine. */
export function lastWeek(day: number, hour: number, minute = 0): Date {
  const now = new Date();
  const monday = now.getUTCDate() - ((now.getUTCDay() + 6) % 7) - 7;
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), monday + day, hour - noon.offset, minute));
}

/** Reports past work through a host of its own, one event per minute. */
export async function remember(home: Home, past: Stretch[]): Promise<void> {
  const events = past.flatMap(([start, minutes, file, kind = "edit"]) =>
    Array.from({ length: minutes + 1 }, (_, minute) => ({
      kind,
      at: start.getTime() + minute * 60_000,
      uri: `file://${home.at(file)}`,
      root: `file://${home.at(dirname(file))}`,
    })),
  );
  await tell(required("KEEPTAB_BIN"), home.env(), events);
}

/** The extension without a program inside. */
export const bare = { extensions: [required("KEEPTAB_BARE_VSIX")] };

/** Makes a program called keeptab, on the PATH, that logs its input; it may send messages at its start. */
export function fakeHost(version: string, says: object[] = []): Partial<Wish> & Props {
  const path = join(import.meta.dirname, "fake_host.mjs");
  return {
    ...bare,
    env: { KEEPTAB_FAKE_VERSION: version, KEEPTAB_FAKE_SAYS: JSON.stringify(says) },
    prepare: (home) => {
      home.program("bin/keeptab", `exec ${process.execPath} ${path}`);
    },
  };
}

/** An event as a fake host received it. */
export interface Heard {
  at: number;
  kind: string;
  actor?: string;
  uri?: string;
  root?: string;
  cwd?: string;
}

interface Props {
  config?: string;
  /** Adds to the home before VS Code opens. */
  prepare?: (home: Home) => void;
  past?: Stretch[];
}

/** Makes a home with two folders to work in, and opens VS Code on both, until the test ends. */
export async function open(t: TestContext, wish: Partial<Wish> & Props = {}): Promise<Desk> {
  const home = new Home();
  wish.prepare?.(home);
  home.write("work/acme/api/main.rs", "fn main() {}\n");
  home.write("work/northwind/shop/app.py", "print()\n");
  home.write("work/all.code-workspace", JSON.stringify(workspace));
  if (wish.config !== undefined) {
    home.write("keeptab/keeptab.toml", wish.config);
  }
  if (wish.past) {
    await remember(home, wish.past);
  }
  const extensions = [required("KEEPTAB_VSIX")];
  const env = {
    KEEPTAB_FAKE_LOG: home.at("heard.jsonl"),
    KEEPTAB_MEASURE: home.at("measure.json"),
    ...wish.env,
  };
  const bench = await Workbench.open(home, { folder: "work/all.code-workspace", extensions, ...wish, env });
  t.after(async () => {
    // It is there; its type is not yet.
    if (!("passed" in t && t.passed)) {
      await bench.picture(`failed: ${t.name}`);
    }
    await bench.close();
    home.remove();
  });
  // The palette has no commands of an extension that is not active yet.
  await bench.page.locator('.statusbar-item[id*="keeptab.status"]').waitFor();
  return new Desk(home, bench);
}

interface Report {
  rows: { day: string; project: string; seconds: number }[];
  unassignedSeconds: number;
  totalSeconds: number;
}

export class Desk {
  readonly home: Home;
  readonly bench: Workbench;

  constructor(home: Home, bench: Workbench) {
    this.home = home;
    this.bench = bench;
  }

  /** Runs keeptab in a shell of the person. */
  keeptab(...words: string[]): string {
    return execFileSync(required("KEEPTAB_BIN"), words, { env: this.home.env(), encoding: "utf8" });
  }

  /** Returns the seconds of all time, or of a week, by project. */
  seconds(week?: string): Record<string, number> {
    const report = this.#report(...(week === undefined ? ["--all"] : ["--week", week]));
    const rows = report.rows.map(({ project, seconds }) => [project, seconds] as const);
    return { ...Object.fromEntries(rows), unassigned: report.unassignedSeconds, total: report.totalSeconds };
  }

  /** Returns the weeks that have time. */
  weeks(): string[] {
    return this.#report("--all", "--by", "week").rows.map(({ day }) => day);
  }

  /** Returns the events that a fake host received. */
  heard(): Heard[] {
    interface Message {
      method?: string;
      params?: { events?: Heard[] };
    }
    const lines = this.home.read("heard.jsonl").split("\n").filter(Boolean);
    return lines
      .map((line) => JSON.parse(line) as Message)
      .flatMap(({ method, params }) => (method === "keeptab/activity" ? (params?.events ?? []) : []));
  }

  /** Waits until a host receives an event. */
  hears(what: string, isIt: (event: Heard) => boolean): Promise<Heard> {
    return eventually(what, () => this.heard().find(isIt));
  }

  #report(...words: string[]): Report {
    return JSON.parse(this.keeptab("report", "--json", ...words)) as Report;
  }

  /** Returns the only host of this window. */
  host(): Promise<number> {
    return eventually("the host", () => {
      const hosts = this.bench.processes("keeptab\0lsp");
      return hosts.length === 1 && hosts[0];
    });
  }

  /** Types for a while without saving. */
  async work(seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      await this.bench.page.keyboard.type("const more = less; ", { delay: 60 });
      await this.bench.press("Enter");
    }
  }

  /** Waits for a timesheet, with everything above and beside its lines: the lines move when that appears. */
  async sheet(): Promise<void> {
    await this.bench.page.locator(".tab.active", { hasText: ".timesheet" }).waitFor();
    await this.bench.page.locator(".codelens-decoration", { hasText: "Create invoice" }).first().waitFor();
  }

  /** Returns a line of the timesheet in front. */
  line(text: string | RegExp): Locator {
    return this.bench.page.locator(".editor-instance .view-line", { hasText: text }).first();
  }

  /** Replaces the project in a line of the timesheet. */
  async overwrite(line: string | RegExp, project: string, text: string): Promise<void> {
    await this.line(line).locator("span > span", { hasText: project }).first().dblclick();
    await this.bench.page.keyboard.type(text, { delay: 30 });
  }

  /** Gives a line of the timesheet another project: types its first letters, then accepts the proposal. */
  async retag(line: string | RegExp, from: string, to: string): Promise<void> {
    await this.overwrite(line, from, to.slice(0, 6));
    const proposed = this.bench.page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: to });
    await proposed.waitFor();
    await this.bench.press("Enter");
    await proposed.waitFor({ state: "hidden" });
  }

  /** Returns the PDFs of issued invoices. */
  invoices(): string[] {
    try {
      return readdirSync(this.home.at("keeptab/invoices"))
        .filter((name) => /^JDS-.*\.pdf$/.test(name))
        .map((name) => this.home.at(`keeptab/invoices/${name}`));
    } catch {
      return [];
    }
  }

  wordsOf(pdf: string): string {
    return execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" });
  }
}
