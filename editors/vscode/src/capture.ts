/**
 * Tells the person's work from everything else that happens in the editor. Pure: what VS Code says comes in as signs,
 * what is worth telling goes out as activity, and the time is an argument.
 *
 * VS Code never says who edited. A key moves the caret, and it says so right after the edit: that is the person. An
 * edit without such a trace is the person's (an accepted completion, a quick fix) only if it stands alone, in the
 * document that they look at, in a window in which they pressed something lately.
 */

import { type Activity, type Entity, type Kind, sameEntity } from "./event.ts";
import type { EditCause, Sign } from "./sign.ts";

/** Edits closer than this, in milliseconds, without a trace of a key: no person is as quick. */
export const QUIET = 300;
/** How long edits that come closer than that are held. */
const SETTLE = 1000;
/** A save that takes longer than this was given up. */
const SAVE = 10_000;
/** How often somebody who is seen by the window alone, such as in a terminal, is noted. */
export const TICK = 30_000;
/** The window calls itself active during long progress too, so for no longer than this after a better sign. */
const PRESENCE = 300_000;

/** Edits whose author is not known yet. */
interface Held {
  entity: Entity;
  /** When the first and the last of them were made. */
  since: number;
  at: number;
  growth: number;
  cause: EditCause;
  /** How many there are, not counting what keys without a trace may have done. */
  acts: number;
  /** Something else was at work at the same time. */
  suspect: boolean;
}

interface Save {
  at: number;
  human: boolean;
}

export class Capture {
  readonly #record: (activity: Activity) => void;
  #focused = false;
  #active = false;
  /** The document that is looked at. */
  #front: Entity | undefined;
  /** What the person was last seen at; where the window alone tells of them, that is where they are. */
  #place: Entity;
  #seenAt = 0;
  #held: Held | undefined;
  /** Until then, what is edited and scrolled follows from what something else did. */
  #noisyUntil = 0;
  readonly #saves = new WeakMap<Entity, Save>();

  /** @param home where they are as long as no document says more */
  constructor(home: Entity, record: (activity: Activity) => void) {
    this.#place = home;
    this.#record = record;
  }

  /** Whether somebody is at this window, so that ticks are worth while. */
  get isWatched(): boolean {
    return this.#focused && this.#active;
  }

  /** Whether an edit waits for what comes after it, for {@link QUIET} at most. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  see(sign: Sign, at: number): void {
    if (this.#held && (at - this.#held.at >= QUIET || at - this.#held.since >= SETTLE)) {
      this.#settle();
    }
    switch (sign.is) {
      case "edit":
        return this.#edit(sign.entity, sign.cause, sign.growth, at);
      case "dirty":
        return this.#dirty(sign.entity);
      case "selection":
        return this.#selection(sign.entity, sign.by, at);
      case "scroll":
        return this.#scroll(sign.entity, at);
      case "window":
        return this.#window(sign.focused, sign.active, at);
      case "front":
        return this.#look(sign.entity, at);
      case "willSave":
        return this.#willSave(sign.entity, sign.byHand, at);
      case "saved":
        return this.#saved(sign.entity, at);
      case "terminal":
        return this.#press("navigate", sign.entity, at);
      case "debug":
      case "task":
        return this.#press(sign.is, this.#place, at);
      case "tick":
        return this.#tick(at);
      case "time":
        return;
    }
  }

  #edit(entity: Entity, cause: EditCause, growth: number, at: number): void {
    const isElsewhere = !this.#focused || !sameEntity(entity, this.#front);
    if (isElsewhere || this.#isSaving(entity, at)) {
      this.#noise(at);
      this.#agent(entity, at, growth);
    } else if (cause === "undo" && this.#active) {
      this.#settle();
      this.#human("edit", entity, at, growth);
    } else {
      this.#hold(entity, cause, growth, at);
    }
  }

  #hold(entity: Entity, cause: EditCause, growth: number, at: number): void {
    const acts = cause === "blank" ? 0 : 1;
    const held = this.#held;
    if (held) {
      held.at = at;
      held.growth += growth;
      held.cause = cause;
      held.acts += acts;
    } else {
      this.#held = { entity, since: at, at, growth, cause, acts, suspect: at < this.#noisyUntil };
    }
  }

  /** What makes a document differ from its file does not come from there. */
  #dirty(entity: Entity): void {
    if (this.#held?.cause === "clean" && sameEntity(entity, this.#held.entity)) {
      this.#held.cause = "text";
    }
  }

  /** Something other than the person did something: what is held, and what follows, is probably of the same origin. */
  #noise(at: number): void {
    this.#noisyUntil = at + QUIET;
    if (this.#held) {
      this.#held.suspect = true;
    }
  }

  /** Decides about edits that no key explained. */
  #settle(): void {
    const held = this.#held;
    this.#held = undefined;
    if (!held) {
      return;
    }
    const isPerson = this.#active && !held.suspect && held.acts <= 1 && held.cause !== "clean";
    if (isPerson) {
      this.#human("edit", held.entity, held.at, held.growth);
    } else {
      this.#noisyUntil = Math.max(this.#noisyUntil, held.at + QUIET);
      this.#agent(held.entity, held.at, held.growth);
    }
  }

  /** A key has left its trace: it made the last of the edits that are held. One more may have been a paste. */
  #explain(held: Held): void {
    this.#held = undefined;
    if (held.acts > 2) {
      this.#agent(held.entity, held.since, 0);
    }
    this.#human("edit", held.entity, held.at, held.growth);
  }

  #selection(entity: Entity, by: "keyboard" | "mouse" | "command" | "unknown", at: number): void {
    // Extensions for Vim move the caret by command, and so do jumps; agents do when nobody presses anything.
    const isPerson = by === "keyboard" || by === "mouse" || (by === "command" && this.#active);
    if (!isPerson || !this.#focused || !sameEntity(entity, this.#front)) {
      return;
    }
    if (this.#held) {
      this.#explain(this.#held);
    } else {
      this.#human("navigate", entity, at);
    }
  }

  #scroll(entity: Entity, at: number): void {
    const follows = this.#held !== undefined || at < this.#noisyUntil;
    if (this.#focused && !follows && sameEntity(entity, this.#front)) {
      this.#human("navigate", entity, at);
    }
  }

  #window(focused: boolean, active: boolean, at: number): void {
    const came = focused && !this.#focused;
    const left = !focused && this.#focused;
    const awoke = active && !this.#active;
    if (left || (!active && this.#active)) {
      this.#settle();
    }
    this.#focused = focused;
    this.#active = active;
    if (left) {
      this.#record({ at, kind: "blur" });
    } else if (came) {
      this.#human("focus", this.#place, at);
    } else if (awoke && focused) {
      this.#human("navigate", this.#place, at);
    }
  }

  #look(entity: Entity | undefined, at: number): void {
    if (sameEntity(entity, this.#front)) {
      return;
    }
    this.#settle();
    this.#front = entity;
    this.#place = entity ?? this.#place;
    if (this.isWatched) {
      this.#human("navigate", this.#place, at);
    } else {
      this.#noise(at);
    }
  }

  #willSave(entity: Entity, byHand: boolean, at: number): void {
    this.#saves.set(entity, { at, human: byHand && this.#isPersonAt(entity) });
    // VS Code formats first and tells of the save then.
    if (this.#held && sameEntity(entity, this.#held.entity)) {
      this.#held.suspect = true;
    }
  }

  #saved(entity: Entity, at: number): void {
    const save = this.#saves.get(entity);
    this.#saves.delete(entity);
    if (save?.human) {
      this.#settle();
      this.#human("save", entity, at);
    }
  }

  /** Something that only a press begins, as far as can be told. */
  #press(kind: Kind, entity: Entity, at: number): void {
    if (this.isWatched) {
      this.#human(kind, entity, at);
    }
  }

  #tick(at: number): void {
    if (this.isWatched && at - this.#seenAt < PRESENCE) {
      this.#record({ ...this.#place, at, kind: "navigate" });
    }
  }

  #isPersonAt(entity: Entity): boolean {
    return this.isWatched && sameEntity(entity, this.#front);
  }

  #isSaving(entity: Entity, at: number): boolean {
    const save = this.#saves.get(entity);
    return save !== undefined && at - save.at < SAVE;
  }

  #human(kind: Kind, entity: Entity, at: number, growth = 0): void {
    this.#place = entity;
    this.#seenAt = at;
    this.#record({ ...entity, at, kind, ...lines(growth) });
  }

  #agent(entity: Entity, at: number, growth: number): void {
    this.#record({ ...entity, at, kind: "edit", actor: "agent", ...lines(growth) });
  }
}

function lines(growth: number): { added?: number; removed?: number } {
  if (growth === 0) {
    return {};
  }
  return growth > 0 ? { added: growth } : { removed: -growth };
}
