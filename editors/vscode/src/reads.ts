/**
 * Tells from the times at which a terminal was read that somebody typed into it. Pure.
 *
 * A terminal's input is read when there is some, and output changes nothing about it. But not all input is typed: an
 * extension sends a command as if it were, and a program that has begun asks the terminal what it can do.
 */

/** The kernel writes the time of a read down only if eight seconds have passed since the one before, in milliseconds. */
const STEP = 8000;
/** A command that is sent begins within this time, in milliseconds, whole seconds being all that is known. */
const SENT = 3000;
/** What began longer ago than this has no say in what is looked at now. */
const MEMORY = 120_000;

export class Reads {
  /** When it was read last, as far as is known. */
  #last: number | undefined;
  /** When commands began in it. */
  #began: number[] = [];

  began(at: number): void {
    this.#began = [...this.#began.filter((before) => at - before < MEMORY), at];
  }

  /** Returns when somebody typed, if `readAt`, when it was read, is news and says so. All in epoch milliseconds. */
  look(readAt: number, now: number): number | undefined {
    const before = this.#last;
    this.#last = readAt;
    const isNews = before !== undefined && readAt > before && readAt <= now;
    const isCommand = this.#began.some((began) => readAt > began - SENT && readAt < began + STEP);
    return isNews && !isCommand ? readAt : undefined;
  }

  /** What was read up to now says nothing: nobody was looked for. */
  skip(readAt: number): void {
    this.#last = readAt;
  }
}
