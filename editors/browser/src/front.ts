/** Decides what is told of the page in front. No browser is needed to read it. */

import type { Activity } from "./protocol.ts";
import { pageOf, type Rules, type Verdict } from "./rules.ts";

/** More of the same within so many milliseconds proves nothing new. */
export const PAUSE = 5000;
/** So many milliseconds after a sign of life the person is still there. */
export const ALIVE = 60_000;

/** So many milliseconds the click that brings a window to the front may come before its focus is told. */
const EARLY = 1000;

/** The active tab of the focused window. */
export interface Tab {
  id: number;
  window: number;
  url: string | undefined;
  incognito: boolean;
}

export type Presence = "active" | "idle" | "locked";

/** What was seen so far. A page is its address, or "" where it is private or no rule names it. */
export interface Seen {
  presence: Presence;
  /** The tab in front, its page, and since when it is in front. */
  spot?: { tab: number; page: string; since: number } | undefined;
  /** The last sign of life, and the tab in which it was given. */
  life?: { tab: number; at: number } | undefined;
  /** What the host was told last; nothing once something else is in front. */
  told?: { target: string | null; page: string; at: number; kind: "visit" | "focus" } | undefined;
}

/** A page as it is told, and the project that it counts for; null where it is private. */
interface Found {
  page: string;
  target: string | null;
}

export class Front {
  readonly #add: (activity: Activity) => void;
  readonly #keep: (seen: Seen) => unknown;
  #seen: Seen;
  #rules: Rules | undefined;

  /** @param keep keeps what outlives this script */
  constructor(add: (activity: Activity) => void, keep: (seen: Seen) => unknown, seen: Seen = { presence: "active" }) {
    this.#add = add;
    this.#keep = keep;
    this.#seen = seen;
  }

  set rules(rules: Rules) {
    this.#rules = rules;
  }

  /**
   * Something may be in front that was not, or its page may be another.
   * @param act when the person switched to it, if it was the person who did
   * @returns whether somebody should tell of signs of life in this tab
   */
  show(shown: Tab | undefined, at: number, act?: number): boolean {
    const tab = shown?.incognito === false ? shown : undefined;
    const found = this.#find(tab);
    const was = this.#seen.spot;
    const isSameTab = tab !== undefined && was?.tab === tab.id;
    const page = found?.page ?? "";
    this.#see({
      spot: tab && { tab: tab.id, page, since: isSameTab ? Math.min(was.since, at) : at },
      ...(tab && act !== undefined ? { life: { tab: tab.id, at: act } } : {}),
    });
    if (!found || this.#seen.presence !== "active") {
      this.#see({ told: undefined });
    } else if (isSameTab && was.page !== page && this.#isAlive(tab.id, at)) {
      this.#tell("visit", found, at);
    } else if (this.#seen.told?.target !== found.target) {
      this.#tell("focus", found, at);
    }
    return found !== undefined;
  }

  /**
   * The person gave a sign of life in a page at `at`. No page can date it into the future or far back.
   * @returns whether more such signs are of use
   */
  alive(tab: Tab, at: number, now: number): boolean {
    const { spot, presence } = this.#seen;
    const found = tab.incognito ? undefined : this.#find(tab);
    if (!found || spot?.tab !== tab.id || presence === "locked") {
      return false;
    }
    const given = Math.min(at, now);
    if (given >= Math.min(spot.since, now) - EARLY && given >= now - ALIVE) {
      this.#see({ presence: "active", spot: { ...spot, page: found.page }, life: { tab: tab.id, at: given } });
      this.#tell("visit", found, given);
    }
    return true;
  }

  presence(presence: Presence, at: number): void {
    if (presence === "locked" && this.#seen.presence !== "locked") {
      this.#add({ at, kind: "lock" });
      this.#see({ life: undefined });
    }
    this.#see({ presence });
  }

  #find(tab: Tab | undefined): Found | undefined {
    const page = pageOf(tab?.url);
    const verdict: Verdict | undefined = page === undefined ? undefined : this.#rules?.find(page);
    if (page === undefined || !verdict) {
      return undefined;
    }
    // One private page is like the other.
    return verdict.kind === "private" ? { page: "", target: null } : { page, target: verdict.project };
  }

  #isAlive(tab: number, at: number): boolean {
    const { life } = this.#seen;
    return life?.tab === tab && at >= life.at && at - life.at <= ALIVE;
  }

  #tell(kind: "visit" | "focus", { page, target }: Found, at: number): void {
    const { told } = this.#seen;
    if (told?.kind === kind && told.page === page && told.target === target && Math.abs(at - told.at) < PAUSE) {
      return;
    }
    this.#see({ told: { target, page, at, kind } });
    this.#add(target === null ? { at, kind, private: true } : { at, kind, uri: page });
  }

  #see(seen: Partial<Seen>): void {
    this.#seen = { ...this.#seen, ...seen };
    this.#keep(this.#seen);
  }
}
