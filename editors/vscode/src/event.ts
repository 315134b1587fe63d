/** What is touched, and what is told of it. The words are PROTOCOL.md's. */

/** What stands for a document on the timeline. */
export interface Entity {
  /** Absent for what names no file: a terminal, an untitled document. */
  readonly uri?: string;
  /** The folder that it belongs to. */
  readonly root?: string;
  /** A terminal's own folder. */
  readonly cwd?: string;
  readonly language?: string;
}

export type Kind = "edit" | "navigate" | "save" | "focus" | "debug" | "task" | "blur";

/** One event of `keeptab/activity`, before it has its number. */
export interface Activity extends Entity {
  /** Epoch milliseconds. */
  at: number;
  kind: Kind;
  /** The person, unless given. */
  actor?: "agent";
}

/** One event of `keeptab/activity` as it is sent. */
export interface Numbered extends Activity {
  seq: number;
}

export function sameEntity(one: Entity | undefined, other: Entity | undefined): boolean {
  return (
    one === other ||
    (one !== undefined &&
      other !== undefined &&
      one.uri === other.uri &&
      one.root === other.root &&
      one.cwd === other.cwd)
  );
}
