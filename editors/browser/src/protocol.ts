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

/** An amount with its currency. */
export interface Money {
  /** The amount. */
  amount: Amount;
  /** Its currency. */
  currency: Currency;
}

/** The parts of the config that a browser needs. */
export interface Pages {
  /** The projects that can be chosen. */
  projects: readonly Project[];
  /** The rules, in config order. */
  rules: readonly Rule[];
}

/** A project by name. */
export interface Project {
  /** The id. */
  id: ProjectId;
  /** The name. */
  name: string;
}

/** The id of a project: the text of its table in the config, `acme/api`. */
export type ProjectId = string;

/** A rule on pages, with regular expressions in the place of its glob. */
export interface Rule {
  /** True if it excludes its matches from the project. */
  exception: boolean;
  /** Regular expressions; the glob matches if one of them does. */
  expressions: readonly string[];
  /** The glob as written in the config. */
  glob: string;
  /** The length of the glob up to its first wildcard: the longest wins. */
  prefix: number;
  /** The project; null for an ignore rule. */
  project: ProjectId | null;
}

/** A message of the extension. */
export type Said =
  /** Once and first. */
  | {
      type: "hello";
      /** The name of this browser while it runs: `browser-` and 8 to 32 hexadecimal digits. */
      source: string;
    }
  /** Events in the browser. */
  | {
      type: "activity";
      /** The events, in the order of their numbers. */
      events: readonly Event[];
    }
  /** A request of the person. */
  | {
      type: "ask";
      /** The number of the request. */
      id: number;
      /** The request. */
      wish: Wish;
    };

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

/** A running timer. */
export interface Timed {
  /** The start by the clock of the day on which it lies, such as `09:10`. */
  from: string;
  /** The description of the work. */
  note: string | null;
  /** The project. */
  project: ProjectId;
}

/** A message to the extension. */
export type Told =
  /** The rules on pages; sent at the beginning and whenever they change. */
  | (Pages & {
      type: "pages";
    })
  /** The status, as editors get it. */
  | {
      type: "status";
      /** The status. */
      status: Status;
    }
  /** All events up to a number are committed. */
  | {
      type: "taken";
      /** The number of the last committed event. */
      seq: number;
    }
  /** The answer to a request. */
  | {
      type: "answer";
      /** The number of the request. */
      id: number;
      /** False if the request failed. */
      ok: boolean;
      /** A sentence. */
      text: string;
    }
  /** The present problem, in words; null if there is none. */
  | {
      type: "trouble";
      /** The problem. */
      text: string | null;
    };

/** A request of the person in the popup. */
export type Wish =
  /** Stop tracking in all editors and browsers. */
  | "pause"
  /** Go on. */
  | "resume"
  /** Count a page, with all below it, for a project. */
  | {
      count: {
        /** The project's id. */
        project: string;
        /** The page. */
        url: string;
      };
    };
