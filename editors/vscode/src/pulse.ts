/**
 * Puts what was seen aside, and has it judged and told a little later: who types waits for no more than a note of it.
 */

import { type Capture, QUIET, TICK } from "./capture.ts";
import type { Outbox } from "./outbox.ts";
import type { Sign } from "./sign.ts";

/** What is gathered for one message, in milliseconds: a crash of the editor loses no more. */
export const WINDOW = 1000;
/** More than a person can do in that time: what an agent does by the thousand is judged at once. */
const MANY = 1000;

export class Pulse {
  readonly #capture: Capture;
  readonly #outbox: Outbox;
  #signs: Sign[] = [];
  /** When each was given, epoch milliseconds. */
  #times: number[] = [];
  #next: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  constructor(capture: Capture, outbox: Outbox) {
    this.#capture = capture;
    this.#outbox = outbox;
  }

  /** Happens at each key. */
  readonly see = (sign: Sign): void => {
    this.#times.push(Date.now());
    if (this.#signs.push(sign) >= MANY) {
      this.#judge();
    }
    // What comes after a quiet time is told as soon as it is known whose it is.
    this.#next ??= setTimeout(this.#beat, QUIET);
  };

  /** All that was seen goes out, held or not. */
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
    const wasQuiet = this.#signs.length === 0;
    this.#judge();
    this.#capture.see({ is: "time" }, Date.now());
    this.#outbox.flush();
    if (this.#capture.isHolding) {
      this.#next = setTimeout(this.#beat, QUIET);
    } else {
      this.#next = wasQuiet ? undefined : setTimeout(this.#beat, WINDOW);
    }
    // No timer runs while nobody is there.
    if (this.#capture.isWatched) {
      this.#tick ??= setTimeout(this.#onTick, TICK);
    }
  };

  readonly #onTick = (): void => {
    this.#tick = undefined;
    this.see({ is: "tick" });
  };

  #judge(): void {
    const [signs, times] = [this.#signs, this.#times];
    this.#signs = [];
    this.#times = [];
    signs.forEach((sign, index) => {
      this.#capture.see(sign, times[index] ?? 0);
    });
  }
}
