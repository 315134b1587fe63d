/** Decides what is told: the page in front of the person, while the person is there. No browser is needed to read it. */

import type { Activity } from "./protocol.ts";
import { pageOf, type Rules } from "./rules.ts";

/** More of the same within so many milliseconds proves nothing new. */
export const PAUSE = 5000;
/** A sign of life is at most this old, in milliseconds; a page that says otherwise is wrong. */
const OLDEST = 60_000;

/** The active tab of the focused window. */
export interface Tab {
  id: number;
  url: string | undefined;
  incognito: boolean;
}

export type Presence = "active" | "idle" | "locked";

export class Front {
  readonly #add: (activity: Activity) => void;
  #rules: Rules | undefined;
  #tab: Tab | undefined;
  #presence: Presence = "active";
  #last: { page: string; at: number } | undefined;

  constructor(add: (activity: Activity) => void) {
    this.#add = add;
  }

  /** @returns whether somebody should tell of signs of life in this tab */
  show(tab: Tab | undefined, at: number): boolean {
    this.#tab = tab;
    return this.#tell(at);
  }

  /** The person gave a sign of life in a tab. */
  alive(tab: number, at: number, now: number): boolean {
    return tab === this.#tab?.id && this.#tell(Math.min(Math.max(at, now - OLDEST), now));
  }

  set rules(rules: Rules) {
    this.#rules = rules;
  }

  presence(presence: Presence, at: number): void {
    const was = this.#presence;
    this.#presence = presence;
    if (presence === "locked" && was !== "locked") {
      this.#add({ at, kind: "lock" });
    }
  }

  #tell(at: number): boolean {
    const tab = this.#presence === "active" && this.#tab?.incognito === false ? this.#tab : undefined;
    const page = pageOf(tab?.url);
    const verdict = page === undefined ? undefined : this.#rules?.find(page);
    if (page === undefined || !verdict) {
      this.#last = undefined;
      return false;
    }
    // One private page is like the other.
    const name = verdict.kind === "private" ? "" : page;
    if (this.#last?.page !== name || at - this.#last.at >= PAUSE) {
      this.#last = { page: name, at };
      this.#add(name === "" ? { at, kind: "visit", private: true } : { at, kind: "visit", uri: page });
    }
    return verdict.kind === "project";
  }
}
