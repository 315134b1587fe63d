/**
 * The document that the dashboard's page shows, as the host writes it.
 * Generated from the host's types: do not edit. CONTRIBUTING.md says how.
 */

/** Time at which agents worked. */
interface Agents {
  /** The start. */
  from: number;
  /** The place of the project. */
  project?: number;
  /** The end. */
  to: number;
}

/** An amount, with exactly the decimals of its currency. */
type Amount = string;

/** A client by its place in the list. */
interface Client {
  /** Its id, as commands take it. */
  id: string;
  /** Its name. */
  name: string;
}

/** A currency of ISO 4217. */
type Currency = string;

/** Seconds of each day, without private time. */
interface Daily {
  /** A Monday. */
  first: string;
  /** The parts of the projects: the place of one, and for each of its days the place and the seconds, one after the other. */
  projects: readonly (readonly [number, readonly number[]])[];
  /** From the first day to today. */
  seconds: readonly number[];
}

/** Time without human work. */
type Gap = readonly [from: number, to: number, told?: Told];

/** The amount per hour in a currency, over all clients that pay in it. */
interface Hourly {
  /** The amount. */
  amount: Amount;
  /** The currency. */
  currency: Currency;
}

/** An invoice or a draft. */
interface Invoice {
  /** The amount with tax. */
  amount?: Amount;
  /** The place of the client. */
  client: number;
  /** The currency of its amounts. */
  currency?: Currency;
  /** Days until it is due; negative once it is past. */
  days?: number;
  /** The due date; a draft has none. */
  due?: string;
  /** The day of issue; a draft has none. */
  issued?: string;
  /** The number, or the name of a draft. */
  name: string;
  /** The amount still owed, if some was paid. */
  open?: Amount;
  /** The state. */
  state: InvoiceState;
  /** The state in the words of `invoice list`. */
  status: string;
}

/** The state of an invoice. */
type InvoiceState =
  /** It has no number yet. */
  | "draft"
  /** It was issued, and something of it is owed. */
  | "owed"
  /** It is owed, and its due date is past. */
  | "overdue"
  /** Nothing of it is owed. */
  | "paid"
  /** A credit note takes it back. */
  | "cancelled"
  /** It is a credit note. */
  | "credit";

/** All invoices. */
interface Invoices {
  /** The clients' credit, by currency. */
  credit?: readonly Money[];
  /** The discounts for early payment that were taken, by currency. */
  discounts?: readonly Money[];
  /** The newest first. */
  list: readonly Invoice[];
  /** The number of settled invoices that are not listed. */
  older: number;
  /** The sums by state, currency and client. */
  sums: readonly StateSum[];
  /** The amounts written off, by currency. */
  writtenOff?: readonly Money[];
}

/** An amount with its currency. */
interface Money {
  /** The amount. */
  amount: Amount;
  /** Its currency. */
  currency: Currency;
}

/** Further fields of a line. Default values are left out: billable, not billed, captured. */
interface More {
  /** The place of the invoice's number. */
  billed?: number;
  /** True if it has its own seconds. */
  entry?: boolean;
  /** True if it is not billable. */
  free?: boolean;
  /** The text shown if there is no note: a folder of unassigned time. */
  hint?: string;
  /** The key that names the line in a change, as long as the line is unchanged. */
  key?: string;
  /** The note. */
  note?: string;
  /** True if it is private. */
  private?: boolean;
  /** Its length, if the clock times do not give it. */
  seconds?: number;
  /** The time as the timesheet shows it, if the clock times do not give it. */
  time?: string;
}

/** A line of the timesheet. */
type PackedBlock = readonly [from: number | null, to: number | null, project: number | null, more?: More];

/** The document that the page shows. Times of a day are seconds by the clock since its midnight. */
interface PackedDashboard {
  /** The name of the business; `None` before `keeptab init`. */
  business: string | null;
  /** The clients, which others name by their place. */
  clients: readonly Client[];
  /** The present clock time, in seconds since today's midnight. */
  clock: number;
  /** The time of each day. */
  days: Daily;
  /** The invoices and drafts. */
  invoices: Invoices;
  /** The instant at which it was made, in epoch milliseconds. */
  madeAt: number;
  /** The numbers of invoices. */
  numbers: readonly string[];
  /** The week with today in it. */
  present: string;
  /** The projects, which others name by their place. */
  projects: readonly Project[];
  /** The name of the time zone, such as `Europe/Berlin`. */
  timeZone: string;
  /** The present day. */
  today: string;
  /** The tools of the weeks. */
  tools: Tools;
  /** Ranges with their rows. The one that was asked for is of the kind `range`. */
  totals: readonly Total[];
  /** The unbilled amounts of all time. */
  unbilled: readonly Money[];
  /** The week to begin with. */
  week: string;
  /** Weeks with their blocks, oldest first. */
  weeks: readonly PackedWeek[];
}

/** A civil day. All times are seconds by the clock since its midnight. */
interface PackedDay {
  /** The work of agents. */
  agents?: readonly Agents[];
  /** The lines of the timesheet. */
  blocks?: readonly PackedBlock[];
  /** The day. */
  date: string;
  /** Time between blocks without human work, longer than the idle timeout. */
  gaps?: readonly Gap[];
  /** All of its time except private time. */
  seconds: number;
}

/** A question to answer before billing. */
type PackedDoubt = readonly [text: string, day: number, from: number, to: number, about: string, time?: string];

/** A week. */
interface PackedWeek {
  /** All of its days. */
  days: readonly PackedDay[];
  /** The questions to answer before billing. */
  doubts?: readonly PackedDoubt[];
  /** The first day. */
  first: string;
  /** The last day. */
  last: string;
  /** All of its time except private time. */
  seconds: number;
  /** Its unbilled amounts, by currency. */
  unbilled: readonly Money[];
  /** Its name, such as `2026-W47`. */
  week: string;
}

/** A project by its place in the list. */
interface Project {
  /** The agreed seconds in all. */
  budget?: number;
  /** The place of its client. */
  client?: number;
  /** Counted from 0; from the number of colours on, striped. */
  colour: number;
  /** True if it is in the config, so that time can be given to it. */
  current: boolean;
  /** Its id, as commands take it. */
  id: ProjectId;
  /** Its name, if that is not its id. */
  name?: string;
}

/** The id of a project: the text of its table in the config, `acme/api`. */
type ProjectId = string;

/** The invoices of a client in one state and currency. */
interface StateSum {
  /** The sum of their amounts. */
  amount: Amount;
  /** The place of the client. */
  client: number;
  /** The number of invoices. */
  count: number;
  /** The currency. */
  currency: Currency;
  /** Their state. */
  state: InvoiceState;
}

/** A row: a client's or a project's. */
interface Sum {
  /** The worth of the billable time. */
  amount?: Amount;
  /** The billable seconds. */
  billable?: number;
  /** The place of the client. */
  client?: number;
  /** The currency of its amounts. */
  currency?: Currency;
  /** The amount of an hour of all its time, also of time that is not billable; left out in weeks, of which there are many. */
  hourly?: Amount;
  /** The billed seconds. */
  invoiced?: number;
  /** The place of the project. */
  project?: number;
  /** All of its time. */
  seconds: number;
  /** The unbilled part of the amount. */
  unbilled?: Amount;
}

/** The length and text of a span in an hour that comes twice, which the clock's seconds do not give. */
interface Told {
  /** The length. */
  seconds: number;
  /** As the timesheet shows it. */
  time: string;
}

/** The time of one editor, language and project. */
interface Tool {
  /** `vscode`, `nvim`, `browser`, `lsp`, or the name of the import. */
  editor: string;
  /** The language that the editor reports. */
  language?: string;
  /** The place of the project. */
  project?: number;
  /** The length. */
  seconds: number;
}

/** The captured time of some days by tool, before corrections, without private time. */
interface Tools {
  /** The first day. */
  from: string;
  /** The time by editor, language and project. */
  rows: readonly Tool[];
  /** The last day. */
  to: string;
}

/** The totals of a range. */
interface Total {
  /** A row for each client. */
  clients: readonly Sum[];
  /** The first day; null for all time without any. */
  from: string | null;
  /** The effective rates, by currency. */
  hourly?: readonly Hourly[];
  /** `week`, `month`, `year`, `all` or `range`. */
  kind: string;
  /** As the shell takes it, such as `2026-W47`. */
  name: string;
  /** Private time, which no row has. */
  privateSeconds: number;
  /** A row for each project. */
  projects: readonly Sum[];
  /** The last day. */
  to: string | null;
  /** All time except private time. */
  totalSeconds: number;
  /** Time without a project. */
  unassignedSeconds: number;
}
