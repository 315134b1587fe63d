/** The messages between the extension and its host, as PROTOCOL.md defines them. */

/** A rule on pages, in config order. */
export interface Rule {
  /** The project; null for an ignore rule. */
  project: string | null;
  /** The glob, as written in the config. */
  glob: string;
  /** Regular expressions; the rule matches if one of them does. */
  expressions: string[];
  /** The length of its text up to the first wildcard. */
  prefix: number;
  /** True if its matches are taken out of its project. */
  exception: boolean;
}

export interface Project {
  id: string;
  name: string;
}

export interface Status {
  state: "tracking" | "idle" | "paused" | "unassigned" | "error";
  text: string;
  /** One line per project: its time today, then its id. */
  tooltip: string;
  reason?: string | null;
}

/** The projects and rules of pages. */
export interface Pages {
  projects: readonly Project[];
  rules: readonly Rule[];
}

/** The messages of the host. */
export type Told =
  | ({ type: "pages" } & Pages)
  | { type: "status"; status: Status }
  | { type: "taken"; seq: number }
  | { type: "answer"; id: number; ok: boolean; text: string }
  | { type: "trouble"; text: string | null };

/** The requests of the person. */
export type Wish = "pause" | "resume" | { count: { url: string; project: string } };

/** An event before it is numbered. `focus` means that a page came to the front, and proves no work. */
export type Activity =
  ({ at: number; kind: "visit" | "focus" } & ({ uri: string } | { private: true })) | { at: number; kind: "lock" };
export type Numbered = Activity & { seq: number };

/** The messages of the extension. */
export type Said =
  | { type: "hello"; source: string }
  | { type: "activity"; events: readonly Numbered[] }
  | { type: "ask"; id: number; wish: Wish };
