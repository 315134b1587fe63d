/** Tells the person's switch to a tab or a window from one that a page, a program or another extension brings about. */

/** Within so many milliseconds of the making or the end of a tab or window, a switch follows from that. */
export const SETTLING = 1000;

/** A tab, or a window with the tab in it, that came to the front. */
export type Switch = { tab: number; at: number } | { window: number; at: number };

export class Switches {
  #changed = -Infinity;
  #seen: Switch[] = [];

  /** A tab or a window was made or closed. */
  changed(at: number): void {
    this.#changed = at;
    this.#seen = this.#seen.filter((seen) => at - seen.at >= SETTLING);
  }

  came(seen: Switch): void {
    if (seen.at - this.#changed >= SETTLING) {
      this.#seen.push(seen);
    }
  }

  /** Returns when the person last switched to a tab, and forgets all that was seen up to now. */
  take(tab: { id: number; window: number } | undefined): number | undefined {
    const seen = this.#seen.filter((one) => ("tab" in one ? one.tab === tab?.id : one.window === tab?.window));
    this.#seen = [];
    return seen.at(-1)?.at;
  }
}
