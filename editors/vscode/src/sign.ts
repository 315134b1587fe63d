import type { Entity } from "./event.ts";

/** VS Code's events, reduced to signs. */
export type Sign =
  /**
   * `active`: the person pressed something in the window within the last minute or so, or a long task shows progress.
   */
  | { is: "window"; focused: boolean; active: boolean }
  /** Another document or tab came to the front; undefined without a document. `silent`: it is not reported. */
  | { is: "front"; entity: Entity | undefined; silent?: boolean }
  | { is: "edit"; entity: Entity; cause: EditCause }
  /** Text came into a document that only programs write, such as output. */
  | { is: "fed" }
  /** A clean document now differs from its file. */
  | { is: "dirty"; entity: Entity }
  | { is: "selection"; entity: Entity; by: "keyboard" | "mouse" | "command" | "unknown" }
  | { is: "scroll"; entity: Entity }
  /** `byHand` is false for an auto-save. */
  | { is: "willSave"; entity: Entity; byHand: boolean }
  | { is: "saved"; entity: Entity }
  /** A terminal came to the front, or a command began in the one in front. */
  | { is: "terminal"; entity: Entity }
  /** Somebody typed into a terminal; `readAt` is the time of the read, in epoch milliseconds. */
  | { is: "read"; entity: Entity; readAt: number }
  | { is: "debug" }
  | { is: "task" }
  /** Time passed: for held edits, */
  | { is: "time" }
  /** and for a person who gives no other sign. */
  | { is: "tick" };

/**
 * `blank` removes text or breaks lines, as keys do that leave no trace: Delete, Backspace, Enter. `clean` is the first
 * edit after a save, or a reload after another program wrote the file.
 */
export type EditCause = "text" | "blank" | "undo" | "clean";
