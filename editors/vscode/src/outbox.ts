/** Numbers activity, sends it in batches, and keeps it until the host confirms that it is committed. */

import { type Activity, type Numbered, sameEntity } from "./event.ts";

/** The maximum number of kept events: days of work without a host. */
export const LIMIT = 100_000;
/** Events per message when a new host gets the events that the last one may not have stored. */
const BATCH = 1000;

export class Outbox {
  /** Activity that is not numbered yet. */
  #gathered: Activity[] = [];
  /** The agents' part of it: any number of documents, one event each. */
  readonly #agents = new Map<string, Activity>();
  /** The person's last event, if more of the same may join it: never the first, which shows when they came. */
  #joinable: Activity | undefined;
  #last: Activity | undefined;
  #kept: Numbered[] = [];
  #seq = 0;
  #send: ((events: readonly Numbered[]) => void) | undefined;
  #onFull: (() => void) | undefined;

  /** @param onFull called once, when the oldest activity has to be dropped */
  constructor(onFull: () => void) {
    this.#onFull = onFull;
  }

  get waiting(): number {
    return this.#gathered.length + this.#kept.length;
  }

  add(activity: Activity): void {
    if (activity.actor === "agent") {
      this.#addAgent(activity);
    } else {
      this.#addHuman(activity);
    }
  }

  #addHuman(activity: Activity): void {
    if (this.#joinable && isAlike(this.#joinable, activity)) {
      join(this.#joinable, activity);
      return;
    }
    this.#gathered.push(activity);
    this.#joinable = this.#last && isAlike(this.#last, activity) ? activity : undefined;
    this.#last = activity;
  }

  #addAgent(activity: Activity): void {
    const key = `${activity.kind} ${activity.uri ?? ""} ${activity.root ?? ""} ${activity.cwd ?? ""}`;
    const known = this.#agents.get(key);
    if (known) {
      join(known, activity);
    } else {
      this.#agents.set(key, activity);
      this.#gathered.push(activity);
    }
  }

  /** Sends the gathered activity. */
  flush(): void {
    const batch = this.#gathered.map((activity) => ({ seq: ++this.#seq, ...activity }));
    this.#gathered = [];
    this.#joinable = undefined;
    this.#agents.clear();
    this.#kept.push(...batch);
    if (this.#kept.length > LIMIT) {
      this.#kept = this.#kept.slice(-LIMIT);
      this.#onFull?.();
      this.#onFull = undefined;
    }
    if (batch.length > 0) {
      this.#send?.(batch);
    }
  }

  /** Connects a host and sends it all events that no host has confirmed. */
  connect(send: (events: readonly Numbered[]) => void): void {
    this.#send = send;
    for (let from = 0; from < this.#kept.length; from += BATCH) {
      send(this.#kept.slice(from, from + BATCH));
    }
  }

  /** Disconnects the host. */
  disconnect(): void {
    this.#send = undefined;
  }

  /** Drops all events up to `seq`, which are committed. */
  taken(seq: number): void {
    const next = this.#kept.findIndex((event) => event.seq > seq);
    this.#kept = next === -1 ? [] : this.#kept.slice(next);
  }
}

function isAlike(one: Activity, other: Activity): boolean {
  return sameEntity(one, other) && (one.kind === other.kind || (isWork(one) && isWork(other)));
}

/** Returns true for edits and moves, which alternate. */
function isWork(activity: Activity): boolean {
  return activity.kind === "edit" || activity.kind === "navigate";
}

/** Joins two events into the first, at the time of the later. */
function join(one: Activity, later: Activity): void {
  one.at = later.at;
  one.kind = one.kind === "edit" ? "edit" : later.kind;
}
