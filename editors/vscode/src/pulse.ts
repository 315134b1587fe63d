/**
 * Queues signs, and evaluates and reports them a little later: a key waits only for the queueing.
 */

import { type Capture, QUIET, TICK } from "./capture.ts";
import type { Outbox } from "./outbox.ts";
import type { Meaning } from "./watch.ts";

/** Milliseconds between messages: a crash of the editor loses at most the activity of this time. */
export const WINDOW = 1000;
/** More signs than a person can cause in that time: a flood of an agent's is evaluated at once. */
const MANY = 1000;

export class Pulse {
  readonly #capture: Capture;
  readonly #outbox: Outbox;
  readonly #look: () => void;
  #noted: Meaning[] = [];
  /** The time of each, in epoch milliseconds. */
  #times: number[] = [];
  #next: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  /** @param look called at each tick, notes the things that give no sign of their own */
  constructor(capture: Capture, outbox: Outbox, look: () => void) {
    this.#capture = capture;
    this.#outbox = outbox;
    this.#look = look;
  }

  /** Called at each key. */
  readonly note = (meaning: Meaning): void => {
    this.#times.push(Date.now());
    if (this.#noted.push(meaning) >= MANY) {
      this.#judge();
    }
    // The first sign after a quiet time is reported as soon as its author is known.
    this.#next ??= setTimeout(this.#beat, QUIET);
  };

  /** Sends all activity, held or not. */
  flush(): void {
    this.#judge();
    this.#capture.see({ is: "time" }, Infinity);
    this.#outbox.flush();
  }

  dispose(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#tick);
  }

  readonly #beat = (): void => {
    const wasQuiet = this.#noted.length === 0;
    // An error in one sign must not stop the next.
    this.#next = undefined;
    this.#judge();
    this.#capture.see({ is: "time" }, Date.now());
    this.#outbox.flush();
    if (this.#capture.isHolding) {
      this.#next = setTimeout(this.#beat, QUIET);
    } else if (!wasQuiet) {
      this.#next = setTimeout(this.#beat, WINDOW);
    }
    // No timer runs while the person is away.
    if (this.#capture.isWatched) {
      this.#tick ??= setTimeout(this.#onTick, TICK);
    }
  };

  readonly #onTick = (): void => {
    this.#tick = undefined;
    this.#look();
    this.note(() => ({ is: "tick" }));
  };

  #judge(): void {
    const [noted, times] = [this.#noted, this.#times];
    this.#noted = [];
    this.#times = [];
    noted.forEach((meaning, index) => {
      const sign = meaning();
      if (sign) {
        this.#capture.see(sign, times[index] ?? 0);
      }
    });
  }
}
