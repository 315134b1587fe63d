/** The entity of a document, and the events about it, as PROTOCOL.md defines them. */

/** The entity of a document on the timeline. */
export interface Entity {
  /** Absent without a file: a terminal, an untitled document. */
  readonly uri?: string;
  /** The workspace folder. */
  readonly root?: string;
  /** The folder of a terminal. */
  readonly cwd?: string;
  readonly language?: string;
}

export type Kind = "edit" | "navigate" | "save" | "focus" | "debug" | "task" | "blur";

/** An event of `keeptab/activity`, before it is numbered. */
export interface Activity extends Entity {
  /** Epoch milliseconds. */
  at: number;
  kind: Kind;
  /** By default the person. */
  actor?: "agent";
}

/** An event of `keeptab/activity` as it is sent. */
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
