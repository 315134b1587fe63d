import type { Entity } from "./event.ts";

/** What VS Code says has happened, in signs that leave out how it says it. */
export type Sign =
  /** `active`: something was pressed in the window within the last minute or so, or a long task shows progress. */
  | { is: "window"; focused: boolean; active: boolean }
  /** Another document or tab is looked at; none where it has no document. `silent`: nothing is told of it. */
  | { is: "front"; entity: Entity | undefined; silent?: boolean }
  | { is: "edit"; entity: Entity; cause: EditCause }
  /** Text came into a document that only programs write, such as output. */
  | { is: "fed" }
  /** A document that was clean differs from its file now. */
  | { is: "dirty"; entity: Entity }
  | { is: "selection"; entity: Entity; by: "keyboard" | "mouse" | "command" | "unknown" }
  | { is: "scroll"; entity: Entity }
  /** `byHand` is false for an auto-save. */
  | { is: "willSave"; entity: Entity; byHand: boolean }
  | { is: "saved"; entity: Entity }
  /** A terminal came to the front, or a command began in the one that is there. */
  | { is: "terminal"; entity: Entity }
  /** Somebody typed into a terminal, `readAt` being when it was read, in epoch milliseconds. */
  | { is: "read"; entity: Entity; readAt: number }
  | { is: "debug" }
  | { is: "task" }
  /** Time went on: for what is held, */
  | { is: "time" }
  /** and for somebody of whom there is no other sign. */
  | { is: "tick" };

/**
 * `blank` takes text away or breaks lines, as keys do that leave no trace: Delete, Backspace, Enter. `clean` is the
 * first edit after a save, or the file as another program left it.
 */
export type EditCause = "text" | "blank" | "undo" | "clean";
