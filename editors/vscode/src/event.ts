/** The entity of a document, and the events about it. */

import type { Event, EventKind } from "./protocol.ts";

/** The entity of a document on the timeline: `uri` is absent without a file, `cwd` is the folder of a terminal. */
export type Entity = Readonly<Pick<Event, "uri" | "root" | "cwd" | "language">>;

/** The kinds of events that VS Code sees. */
export type Kind = Exclude<EventKind, "visit" | "outside" | "suspend" | "lock">;

/** An event before it is numbered. */
export interface Activity extends Entity {
  /** Epoch milliseconds. */
  at: number;
  kind: Kind;
  /** By default the person. */
  actor?: "agent";
}

/** An event as it is sent. */
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
