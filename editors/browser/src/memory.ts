/**
 * Stores the state that must survive this script: browsers end it when it is idle, and start it again for the next
 * event. The state stays in the browser's memory (`storage.session`), is on no disk, and ends with the browser.
 */

import type { Seen } from "./front.ts";
import type { Unsent } from "./outbox.ts";
import type { Pages } from "./protocol.ts";

export interface Kept {
  /** The id of this browser for the host, while the browser runs. */
  source: string;
  unsent: Unsent;
  /** The rules, so that pages can be judged while there is no host. */
  pages: Pages;
  seen: Seen;
}

/** Returns the state that an earlier run of this script stored. */
export function recall(): Promise<Partial<Kept>> {
  return chrome.storage.session.get<Partial<Kept>>().catch(() => ({}));
}

/**
 * Stores a part of the state, and resolves when it is stored. If the browser has no room, this script continues
 * without.
 */
export function keep(part: Partial<Kept>): Promise<void> {
  return chrome.storage.session.set(part).catch(() => undefined);
}
