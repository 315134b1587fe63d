/** A freelance developer's year: four projects for three clients, weeks and holidays, calls, agents, invoices. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tell } from "../vscode/remember.ts";
import { required } from "../vscode/workbench.ts";

const party = 'address = ["Ring 1"]\npostcode = "1010"\ncity = "Wien"\ncountry = "AT"\nvat_id = "ATU12345678"';

/** The name of a project that would run if anything took it for markup. */
export const EVIL = "<script>alert(1)</script>";

const config = `[business]
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

[tracking]
ignore = ["/home/jane/private/**"]

[client.acme]
name = "Acme Co"
${party}

[client.globex]
name = "Globex"
${party}
currency = "USD"

[client.northwind]
name = "Northwind GmbH"
${party}

[project."acme/api"]
client = "acme"
name = "API development"
budget_hours = 900
rate = "95.00"
paths = ["/work/acme/api/**"]

[project."acme/dashboard"]
client = "acme"
rate = "95.00"
paths = ["/work/acme/dashboard/**"]

[project."northwind/shop"]
client = "northwind"
name = "Shop"
budget_hours = 400
rate = "88.50"
rounding = { increment = "15m" }
paths = ["/work/northwind/**"]

[project."${EVIL}"]
client = "globex"
rate = "110.00"
paths = ["/work/globex/**"]

[project."open-source"]
name = "Open source"
paths = ["/work/oss/**"]
`;

const FILES = [
  "/work/acme/api/src/orders.rs",
  "/work/acme/dashboard/src/chart.ts",
  "/work/northwind/shop/cart.py",
  '/work/globex/it\'s "quoted".js',
  "/work/oss/parser/lib.rs",
  "/scratch/<b>/notes.md",
  "/home/jane/private/diary.md",
];
const WEIGHTS = [0, 0, 0, 1, 1, 2, 2, 0, 3, 1, 2, 4, 0, 5];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

interface Event {
  at: number;
  uri: string;
  actor?: string;
}

/** Returns a source of numbers, the same each time. */
function dice(): (below: number) => number {
  let state = 20_261_125;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function events(now: number): Event[] {
  const throwDice = dice();
  const all: Event[] = [];
  const work = (from: number, minutes: number, file: number, actor?: string): number => {
    for (let minute = 0; minute <= minutes; minute += 3) {
      const uri = `file://${encodeURI(FILES[file] ?? "")}`;
      all.push({ at: from + minute * MINUTE, uri, ...(actor === undefined ? {} : { actor }) });
    }
    return from + minutes * MINUTE;
  };
  const today = Math.floor(now / DAY) * DAY;
  for (let back = 364; back >= 0; back -= 1) {
    const day = today - back * DAY;
    const weekday = new Date(day).getUTCDay();
    const isHoliday = back > 110 && back < 124;
    if (isHoliday || weekday === 0 || (weekday === 6 && throwDice(5) > 0)) {
      continue;
    }
    let at = day + (7 * 60 + throwDice(50)) * MINUTE;
    const end = day + (weekday === 6 ? 11 : 15 + throwDice(2)) * 60 * MINUTE;
    let lunch = day + (11 * 60 + throwDice(40)) * MINUTE;
    while (at < end) {
      at = work(at, 30 + throwDice(110), WEIGHTS[throwDice(WEIGHTS.length)] ?? 0);
      if (at > lunch) {
        at += (40 + throwDice(30)) * MINUTE;
        lunch = Infinity;
      } else if (throwDice(4) === 0) {
        if (throwDice(2) === 0) {
          work(at + 5 * MINUTE, 12, 0, "agent");
        }
        at += (16 + throwDice(25)) * MINUTE;
      }
    }
    if (throwDice(9) === 0) {
      work(end + 190 * MINUTE, 30, 6);
    }
  }
  return all.filter((event) => event.at < now).sort((one, other) => one.at - other.at);
}

/** Some days that are over: a Tuesday, the Tuesday after it, and the Wednesday then. */
export interface PastDays {
  /** The three days. */
  days: [string, string, string];
  /** The week of the first, and that of the others. */
  weeks: [string, string];
  /** The Monday after them. */
  next: string;
}

/** Returns the newest such days of one month whose week is over. */
export function pastDays(): PastDays {
  const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const weekday = (at: number): number => (new Date(at).getUTCDay() + 6) % 7;
  const today = Math.floor(Date.now() / DAY) * DAY;
  let next = today - weekday(today) * DAY;
  while (date(next - 13 * DAY).slice(0, 7) !== date(next - 5 * DAY).slice(0, 7)) {
    next -= 7 * DAY;
  }
  // A week belongs to the year of its Thursday.
  const week = (tuesday: number): string => {
    const year = date(tuesday + 2 * DAY).slice(0, 4);
    const number = 1 + Math.floor((tuesday + 2 * DAY - Date.parse(`${year}-01-01`)) / (7 * DAY));
    return `${year}-W${String(number).padStart(2, "0")}`;
  };
  const [one, other] = [next - 13 * DAY, next - 6 * DAY];
  return { days: [date(one), date(other), date(other + DAY)], weeks: [week(one), week(other)], next: date(next) };
}

/** The folder of `KEEPTAB_HOME`, and a shell in it. */
export class Year {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  keeptab(...words: string[]): string {
    const env = { HOME: this.home, KEEPTAB_HOME: this.home, PATH: "/usr/bin:/bin" };
    return execFileSync(required("KEEPTAB_BIN"), words, { env, encoding: "utf8", maxBuffer: 1 << 26 });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Makes a home without any work; with a config or without, and with more tables in it. */
export function firstDay(withConfig: boolean, more: string[] = []): Year {
  const home = mkdtempSync(join(tmpdir(), "keeptab-first-"));
  if (withConfig) {
    writeFileSync(join(home, "keeptab.toml"), [config, ...more].join("\n\n"));
  }
  return new Year(home);
}

/** Works for a year, through the real host. */
export async function year(): Promise<Year> {
  const { home, keeptab } = ((one) => ({ home: one.home, keeptab: one.keeptab.bind(one) }))(firstDay(true));
  mkdirSync(join(home, "work"), { recursive: true });
  const now = Date.now();
  const env = { HOME: home, KEEPTAB_HOME: home, PATH: "/usr/bin:/bin" };
  await tell(required("KEEPTAB_BIN"), env, events(now));

  const date = (back: number): string => new Date(now - back * DAY).toISOString().slice(0, 10);
  keeptab("add", "acme/api", "0:45", "--day", date(7), "--note", "call with Sam about the </script> tag");
  keeptab("add", "northwind/shop", "1:30", "--day", date(8), "--at", "19:00", "--note", "release evening");
  // The first days of past months; each month is billed on the third of the next.
  const months = [5, 4, 3, 2, 1].map((back) => {
    const first = new Date(now);
    first.setUTCDate(1);
    first.setUTCMonth(first.getUTCMonth() - back);
    const issued = new Date(first);
    issued.setUTCMonth(issued.getUTCMonth() + 1, 3);
    return [first.toISOString().slice(0, 7), issued.toISOString().slice(0, 10)] as const;
  });
  for (const [month, day] of months.filter(([, day]) => day <= date(0))) {
    for (const client of ["acme", "northwind", "globex"]) {
      keeptab("invoice", "issue", client, "--month", month, "--date", day);
    }
  }
  keeptab("invoice", "draft", "northwind");
  // The invoices of the first months are paid.
  const list = JSON.parse(keeptab("invoice", "list", "--json")) as { number: string | null }[];
  for (const { number } of list.filter((invoice) => invoice.number !== null).slice(0, -5)) {
    keeptab("invoice", "pay", number ?? "");
  }
  return new Year(home);
}
