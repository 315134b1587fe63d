/** Numbers activity and keeps it until the host says that it is committed. */

import type { Activity, Numbered } from "./protocol.ts";

/** Hours of work without a host. */
export const LIMIT = 1000;

/** The last number that was given, and the events that no host has confirmed. */
export interface Unsent {
  seq: number;
  events: readonly Numbered[];
}

export class Outbox {
  readonly #keep: (unsent: Unsent) => Promise<void>;
  #unsent: Unsent;
  #send: ((events: readonly Numbered[]) => void) | undefined;
  /** Fulfilled once all of `#unsent` is kept. */
  #kept: Promise<unknown> = Promise.resolve();

  /** @param keep keeps what outlives this script */
  constructor(keep: (unsent: Unsent) => Promise<void>, unsent: Unsent = { seq: 0, events: [] }) {
    this.#keep = keep;
    this.#unsent = unsent;
  }

  get waiting(): number {
    return this.#unsent.events.length;
  }

  add(activity: Activity): void {
    const event = { seq: this.#unsent.seq + 1, ...activity };
    this.#change({ seq: event.seq, events: [...this.#unsent.events, event].slice(-LIMIT) });
    this.#tell([event]);
  }

  /** A host listens from now on. It is told again what no host has confirmed. */
  connect(send: (events: readonly Numbered[]) => void): void {
    this.#send = send;
    if (this.waiting > 0) {
      this.#tell(this.#unsent.events);
    }
  }

  /** There is no host any more. */
  disconnect(): void {
    this.#send = undefined;
  }

  /** All up to `seq` is committed. */
  taken(seq: number): void {
    this.#change({ seq: this.#unsent.seq, events: this.#unsent.events.filter((event) => event.seq > seq) });
  }

  #change(unsent: Unsent): void {
    this.#unsent = unsent;
    this.#kept = Promise.all([this.#kept, this.#keep(unsent)]);
  }

  /** A number that a host has heard must not be given again: it is kept first. */
  #tell(events: readonly Numbered[]): void {
    const send = this.#send;
    this.#kept = this.#kept.then(() => {
      if (send === this.#send) {
        send?.(events);
      }
    });
  }
}
