/**
 * Distinguishes the person's switches to a tab or window from those that a page, a program or an extension causes.
 */

/** A switch within this many milliseconds after a tab or window opened or closed counts as its consequence. */
export const SETTLING = 1000;

/** A tab, or a window with the tab in it, that came to the front. */
export type Switch = { tab: number; at: number } | { window: number; at: number };

export class Switches {
  #changed = -Infinity;
  #seen: Switch[] = [];

  /** Notes that a tab or a window opened or closed. */
  changed(at: number): void {
    this.#changed = at;
    this.#seen = this.#seen.filter((seen) => at - seen.at >= SETTLING);
  }

  came(seen: Switch): void {
    if (seen.at - this.#changed >= SETTLING) {
      this.#seen.push(seen);
    }
  }

  /** Returns the instant of the person's last switch to a tab, and forgets all switches so far. */
  take(tab: { id: number; window: number } | undefined): number | undefined {
    const seen = this.#seen.filter((one) => ("tab" in one ? one.tab === tab?.id : one.window === tab?.window));
    this.#seen = [];
    return seen.at(-1)?.at;
  }
}
