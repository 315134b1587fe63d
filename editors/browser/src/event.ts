/** The events of a browser. */

/** An event before it is numbered. `focus` means that a page came to the front, and proves no work. */
export type Activity =
  ({ at: number; kind: "visit" | "focus" } & ({ uri: string } | { private: true })) | { at: number; kind: "lock" };

/** An event as it is sent. */
export type Numbered = Activity & { seq: number };
