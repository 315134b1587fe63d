/**
 * Puts what was seen aside, and has it judged and told a little later: who types waits for no more than a note of it.
 */

import { type Capture, QUIET, TICK } from "./capture.ts";
import type { Outbox } from "./outbox.ts";
import type { Meaning } from "./watch.ts";

/** What is gathered for one message, in milliseconds: a crash of the editor loses no more. */
export const WINDOW = 1000;
/** More than a person can do in that time: what an agent does by the thousand is judged at once. */
const MANY = 1000;

export class Pulse {
  readonly #capture: Capture;
  readonly #outbox: Outbox;
  readonly #look: () => void;
  #noted: Meaning[] = [];
  /** When each was noted, epoch milliseconds. */
  #times: number[] = [];
  #next: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  /** @param look notes at each tick what gives no sign of its own */
  constructor(capture: Capture, outbox: Outbox, look: () => void) {
    this.#capture = capture;
    this.#outbox = outbox;
    this.#look = look;
  }

  /** Happens at each key. */
  readonly note = (meaning: Meaning): void => {
    this.#times.push(Date.now());
    if (this.#noted.push(meaning) >= MANY) {
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
    const wasQuiet = this.#noted.length === 0;
    // Whatever goes wrong with one sign, the next one is heard.
    this.#next = undefined;
    this.#judge();
    this.#capture.see({ is: "time" }, Date.now());
    this.#outbox.flush();
    if (this.#capture.isHolding) {
      this.#next = setTimeout(this.#beat, QUIET);
    } else if (!wasQuiet) {
      this.#next = setTimeout(this.#beat, WINDOW);
    }
    // No timer runs while nobody is there.
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
