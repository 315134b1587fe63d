/** What the extension and its host say to each other. The words are PROTOCOL.md's. */

/** A rule on pages, in config order. */
export interface Rule {
  /** The project; null for an ignore rule. */
  project: string | null;
  /** As it stands in the config. */
  glob: string;
  /** It matches where one of them does. */
  expressions: string[];
  /** How long it is up to its first wildcard. */
  prefix: number;
  /** Whether it takes out of its project what it matches. */
  exception: boolean;
}

export interface Project {
  id: string;
  name: string;
}

export interface Status {
  state: "tracking" | "idle" | "paused" | "unassigned" | "error";
  text: string;
  /** A line a project: its time today, then its id. */
  tooltip: string;
  reason?: string | null;
}

/** What pages count for. */
export interface Pages {
  projects: readonly Project[];
  rules: readonly Rule[];
}

/** What the host says. */
export type Told =
  | ({ type: "pages" } & Pages)
  | { type: "status"; status: Status }
  | { type: "taken"; seq: number }
  | { type: "answer"; id: number; ok: boolean; text: string }
  | { type: "trouble"; text: string | null };

/** What the person can ask for. */
export type Wish = "pause" | "resume" | { count: { url: string; project: string } };

/** One event, before it has its number. `focus` says that a page came to the front, and proves no work. */
export type Activity =
  ({ at: number; kind: "visit" | "focus" } & ({ uri: string } | { private: true })) | { at: number; kind: "lock" };
export type Numbered = Activity & { seq: number };

/** What the extension says. */
export type Said =
  | { type: "hello"; source: string }
  | { type: "activity"; events: readonly Numbered[] }
  | { type: "ask"; id: number; wish: Wish };
