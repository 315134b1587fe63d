/** Numbers activity and keeps it until the host confirms that it is committed. */

import type { Activity, Numbered } from "./event.ts";

/** The maximum number of kept events: hours of work without a host. */
export const LIMIT = 1000;

/** The last sequence number, and the events that no host has confirmed. */
export interface Unsent {
  seq: number;
  events: readonly Numbered[];
}

export class Outbox {
  readonly #keep: (unsent: Unsent) => Promise<void>;
  #unsent: Unsent;
  #send: ((events: readonly Numbered[]) => void) | undefined;
  /** Resolves once all of `#unsent` is stored. */
  #kept: Promise<unknown> = Promise.resolve();

  /** @param keep stores the state that must survive this script */
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

  /** Connects a host and sends it all events that no host has confirmed. */
  connect(send: (events: readonly Numbered[]) => void): void {
    this.#send = send;
    if (this.waiting > 0) {
      this.#tell(this.#unsent.events);
    }
  }

  /** Disconnects the host. */
  disconnect(): void {
    this.#send = undefined;
  }

  /** Drops all events up to `seq`, which are committed. */
  taken(seq: number): void {
    this.#change({ seq: this.#unsent.seq, events: this.#unsent.events.filter((event) => event.seq > seq) });
  }

  #change(unsent: Unsent): void {
    this.#unsent = unsent;
    this.#kept = Promise.all([this.#kept, this.#keep(unsent)]);
  }

  /** A number that a host has received must not be used again, so the events are stored first. */
  #tell(events: readonly Numbered[]): void {
    const send = this.#send;
    this.#kept = this.#kept.then(() => {
      if (send === this.#send) {
        send?.(events);
      }
    });
  }
}
