/**
 * The messages between keeptab's host and its plugins; PROTOCOL.md says how they are used.
 * Generated from the host's types: do not edit. CONTRIBUTING.md says how.
 */

/** The actor behind a heartbeat. */
export type Actor =
  /** The person's own input. */
  | "human"
  /** A coding agent, a formatter, a checkout: any change not made by the person's own input. */
  | "agent";

/** An amount, with exactly the decimals of its currency. */
export type Amount = string;

/** The time that a project has used of its budget, in all. */
export interface Budget {
  /** The time agreed. */
  agreedSeconds: number;
  /** The used share in per cent, rounded down. */
  percent: number;
  /** The project. */
  project: ProjectId;
  /** The time used, billed or not. */
  usedSeconds: number;
}

/** The answer of a command. A command that asks first answers null, and tells its outcome later. */
export interface CommandAnswer {
  /** The output of the command with `--json`; `keeptab schema` has its types. */
  data?: unknown;
  /** A file to open in the place of a text. */
  path?: string;
  /** The answer as the shell prints it, for clients that show text alone. */
  text?: string;
  /** The change that was made. */
  told?: Told;
}

/** A currency of ISO 4217. */
export type Currency = string;

/** An event of `keeptab/activity`. */
export interface Event {
  /** The actor. Default: the person. */
  actor?: Actor;
  /** Epoch milliseconds. Default: the present. */
  at?: number;
  /** The folder of work without a file, such as a terminal's own. */
  cwd?: string;
  /** The kind of the event. */
  kind: EventKind;
  /** The language of the file. */
  language?: string;
  /** True to keep the instant alone. */
  private?: boolean;
  /** The workspace root. */
  root?: string;
  /** Its number, from 1. It rises within a source and is never used twice. */
  seq: number;
  /** The file or page. Without it, the folder decides: `cwd`, else `root`. */
  uri?: string;
}

/** The kind of an event. */
export type EventKind =
  /** A change of text. */
  | "edit"
  /** A move of the cursor or the view by the person, or a switch to a file. */
  | "navigate"
  /** A file was saved. */
  | "save"
  /** The window is in front. Counts no time. */
  | "focus"
  /** A step of the debugger. */
  | "debug"
  /** A task began or ended. */
  | "task"
  /** A page was read. */
  | "visit"
  /** A file changed outside of editors. */
  | "outside"
  /** The window went to the back. Proves nothing. */
  | "blur"
  /** The machine slept: a boundary. */
  | "suspend"
  /** The screen was locked: a boundary. */
  | "lock";

/** Time without human work. */
export interface Gap {
  /** True if a window was in front all the while: human heartbeats are never further apart than the idle timeout, and no boundary parts them. */
  attended: boolean;
  /** The start by the clock of the day, such as `12:10`. */
  from: string;
  /** The length in seconds. */
  seconds: number;
  /** The end, in the same form. */
  to: string;
}

/** A question: the params of `keeptab/input`. */
export interface Input {
  /** The question. */
  prompt: string;
  /** The title. */
  title: string;
  /** The proposed answer. */
  value: string;
}

/** One item of a choice. */
export interface Item {
  /** The text beside the label. */
  detail: string;
  /** The label. */
  label: string;
  /** The answer if this item is chosen. */
  value: string;
}

/** An amount with its currency. */
export interface Money {
  /** The amount. */
  amount: Amount;
  /** Its currency. */
  currency: Currency;
}

/** The params of `keeptab/offer`. */
export interface Offer {
  /** The name of the button. */
  action: string;
  /** The command that does it, such as `keeptab.assign`. */
  command: string;
  /** A sentence about what the user may want to do. */
  text: string;
  /** The words of the command. */
  words: readonly string[];
}

/** A choice: the params of `keeptab/pick`. */
export interface Pick {
  /** A PDF to look at meanwhile. */
  document?: string;
  /** The choices. */
  items: readonly Item[];
  /** The text in the empty field. */
  placeholder: string;
  /** The title. */
  title: string;
}

/** The id of a project: the text of its table in the config, `acme/api`. */
export type ProjectId = string;

/** The names of a workspace root: an entry of `keeptab/roots`. Each is a URI or an absolute path. */
export interface Root {
  /** Its path without symbolic links. */
  real?: string;
  /** In a git worktree: its counterpart in the main working tree of the repository. */
  repository?: string;
  /** The root as events name it. */
  root: string;
}

/** The state of time tracking. */
export type State =
  /** Time runs for a project. */
  | "tracking"
  /** No heartbeat came for longer than the idle timeout. */
  | "idle"
  /** The person paused it. */
  | "paused"
  /** Time runs for no project, or is private. */
  | "unassigned"
  /** An error. */
  | "error";

/** The status bar's contents: `keeptab/status`. */
export interface Status {
  /** Idle time with work after it that ended within the last hour: a call, perhaps. Null if the person called it a break. */
  away: Gap | null;
  /** The project's budget, if it has one. */
  budget: Budget | null;
  /** The client of the project in front. */
  client: string | null;
  /** The project in front. */
  project: ProjectId | null;
  /** The time today of the project in front. */
  projectTodaySeconds: number;
  /** The reason for the state, if it needs one. */
  reason: string | null;
  /** False before there is a business or a project. */
  setUp: boolean;
  /** The state of time tracking. */
  state: State;
  /** The text of the bar. */
  text: string;
  /** The timer that runs by hand. */
  timer: Timed | null;
  /** The time today, of all projects. */
  todaySeconds: number;
  /** The details, in words. */
  tooltip: string;
  /** The money that is not billed yet, by currency. */
  unbilled: readonly Money[];
}

/** The params of `keeptab/taken`. */
export interface Taken {
  /** The number of the last committed event of this source. */
  seq: number;
}

/** A running timer. */
export interface Timed {
  /** The start by the clock of the day on which it lies, such as `09:10`. */
  from: string;
  /** The description of the work. */
  note: string | null;
  /** The project. */
  project: ProjectId;
}

/** The params of `keeptab/told`. */
export interface Told {
  /** The files that were written. */
  files?: readonly string[];
  /** A sentence. Further lines say more, or the whole is a table. */
  text: string;
  /** The command that takes it back, such as `keeptab.undo`. */
  undo?: string;
}
