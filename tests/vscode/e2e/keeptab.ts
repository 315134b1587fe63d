/** keeptab as a person in VS Code has it: installed, with work to do for two clients. */

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { TestContext } from "node:test";

import { Home, type Wish, Workbench, eventually, required } from "../workbench.ts";

/** Two clients, a project each. A second is worth a euro, so that the smallest step is seen. */
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
time_zone = "Europe/Berlin"
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

/** What somebody adds who has got a second client. */
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

interface Props {
  config?: string;
  /** Puts more into the home before VS Code opens. */
  prepare?: (home: Home) => void;
}

/** A home with two folders to work in, and VS Code open on both, until the test ends. */
export async function open(t: TestContext, wish: Partial<Wish> & Props = {}): Promise<Desk> {
  const home = new Home();
  wish.prepare?.(home);
  home.write("work/acme/api/main.rs", "fn main() {}\n");
  home.write("work/northwind/shop/app.py", "print()\n");
  home.write("work/all.code-workspace", JSON.stringify(workspace));
  if (wish.config !== undefined) {
    home.write("keeptab/keeptab.toml", wish.config);
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
  return new Desk(home, bench);
}

export class Desk {
  readonly home: Home;
  readonly bench: Workbench;

  constructor(home: Home, bench: Workbench) {
    this.home = home;
    this.bench = bench;
  }

  /** Runs keeptab in a shell of this person's. */
  keeptab(...words: string[]): string {
    return execFileSync(required("KEEPTAB_BIN"), words, { env: this.home.env(), encoding: "utf8" });
  }

  /** Seconds of all time by project. */
  seconds(): Record<string, number> {
    const report = JSON.parse(this.keeptab("report", "--all", "--json")) as {
      rows: { project: string; seconds: number }[];
      totalSeconds: number;
    };
    const rows = report.rows.map(({ project, seconds }) => [project, seconds] as const);
    return { ...Object.fromEntries(rows), total: report.totalSeconds };
  }

  /** The one host of this window. */
  host(): Promise<number> {
    return eventually("the host", () => {
      const hosts = this.bench.processes("keeptab\0lsp");
      return hosts.length === 1 && hosts[0];
    });
  }

  /** Types for a while, and never saves. */
  async work(seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      await this.bench.page.keyboard.type("const more = less; ", { delay: 60 });
      await this.bench.press("Enter");
    }
  }

  /** The PDFs that were issued. */
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
