/**
 * Keeps what must outlive this script: browsers end it when it rests, and start it anew with the next event. It stays in
 * the browser's own memory (`storage.session`), is on no disk, and is gone with the browser.
 */

import type { Seen } from "./front.ts";
import type { Unsent } from "./outbox.ts";
import type { Pages } from "./protocol.ts";

export interface Kept {
  /** Names this browser to the host while the browser runs. */
  source: string;
  unsent: Unsent;
  /** The rules, so that pages are judged while there is no host. */
  pages: Pages;
  seen: Seen;
}

/** Returns what an earlier run of this script kept. */
export function recall(): Promise<Partial<Kept>> {
  return chrome.storage.session.get<Partial<Kept>>().catch(() => ({}));
}

/** Keeps a part; it is kept once the promise is fulfilled. Where the browser has no room, this script goes on without. */
export function keep(part: Partial<Kept>): Promise<void> {
  return chrome.storage.session.set(part).catch(() => undefined);
}
