/** Numbers activity and keeps it, in memory only, until the host says that it is committed. */

import type { Activity, Numbered } from "./protocol.ts";

/** Hours of work without a host. */
export const LIMIT = 1000;

export class Outbox {
  #kept: Numbered[] = [];
  #seq = 0;
  #send: ((events: readonly Numbered[]) => void) | undefined;

  get waiting(): number {
    return this.#kept.length;
  }

  add(activity: Activity): void {
    const event = { seq: ++this.#seq, ...activity };
    this.#kept.push(event);
    if (this.#kept.length > LIMIT) {
      this.#kept.shift();
    }
    this.#send?.([event]);
  }

  /** A host listens from now on. It is told again what no host has confirmed. */
  connect(send: (events: readonly Numbered[]) => void): void {
    this.#send = send;
    if (this.#kept.length > 0) {
      send(this.#kept);
    }
  }

  /** There is no host any more. */
  disconnect(): void {
    this.#send = undefined;
  }

  /** All up to `seq` is committed. */
  taken(seq: number): void {
    this.#kept = this.#kept.filter((event) => event.seq > seq);
  }
}
