/** Decides which events of the page in front are reported. Needs no browser. */

import type { Activity } from "./event.ts";
import { pageOf, type Rules, type Verdict } from "./rules.ts";

/** Further signs of the same page within this many milliseconds are not reported. */
export const PAUSE = 5000;
/** The person counts as present for this many milliseconds after a sign of life. */
export const ALIVE = 60_000;

/** The click that brings a window to the front may come this many milliseconds before its focus event. */
const EARLY = 1000;

/** The active tab of the focused window. */
export interface Tab {
  id: number;
  window: number;
  url: string | undefined;
  incognito: boolean;
}

export type Presence = "active" | "idle" | "locked";

/** The state so far. A page is its address, or "" if it is private or no rule matches it. */
export interface Seen {
  presence: Presence;
  /** The tab in front, its page, and the instant since which it is in front. */
  spot?: { tab: number; page: string; since: number } | undefined;
  /** The last sign of life, and its tab. */
  life?: { tab: number; at: number } | undefined;
  /** The last report to the host; undefined once something else is in front. */
  told?: { target: string | null; page: string; at: number; kind: "visit" | "focus" } | undefined;
}

/** A page as it is reported, with its project; null if it is private. */
interface Found {
  page: string;
  target: string | null;
}

export class Front {
  readonly #add: (activity: Activity) => void;
  readonly #keep: (seen: Seen) => unknown;
  #seen: Seen;
  #rules: Rules | undefined;

  /** @param keep stores the state that must survive this script */
  constructor(add: (activity: Activity) => void, keep: (seen: Seen) => unknown, seen: Seen = { presence: "active" }) {
    this.#add = add;
    this.#keep = keep;
    this.#seen = seen;
  }

  set rules(rules: Rules) {
    this.#rules = rules;
  }

  /**
   * Handles a change of the tab in front, or of its page.
   * @param act the instant at which the person switched to it, if they did
   * @returns true if signs of life in this tab should be reported
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
   * Handles a sign of life in a page at `at`. A page cannot date it into the future or far back.
   * @returns true if further signs are useful
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
    // All private pages are reported alike.
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
