/**
 * Detects typing into a terminal from the times at which it was read. Pure.
 *
 * A terminal's input is read when there is some, and output does not change that time. But not all input is typed: an
 * extension sends a command as if it were typed, and a program that starts asks the terminal for its features.
 */

/** The kernel records the time of a read only if eight seconds have passed since the last record, in milliseconds. */
const STEP = 8000;
/** A sent command begins within this time, in milliseconds; read times are known in whole seconds only. */
const SENT = 3000;
/** Milliseconds after which the start of a command is forgotten. */
const MEMORY = 120_000;

export class Reads {
  /** The last known read time. */
  #last: number | undefined;
  /** The times at which commands began. */
  #began: number[] = [];

  began(at: number): void {
    this.#began = [...this.#began.filter((before) => at - before < MEMORY), at];
  }

  /**
   * Returns the time of typing: `readAt`, the time of the read, if it is new and not that of a command. All in epoch
   * milliseconds.
   */
  look(readAt: number, now: number): number | undefined {
    const before = this.#last;
    this.#last = readAt;
    const isNews = before !== undefined && readAt > before && readAt <= now;
    const isCommand = this.#began.some((began) => readAt > began - SENT && readAt < began + STEP);
    return isNews && !isCommand ? readAt : undefined;
  }

  /** Ignores reads up to now, which were not evaluated. */
  skip(readAt: number): void {
    this.#last = readAt;
  }
}
