/**
 * Distinguishes the person's work from everything else in the editor. Pure: VS Code's events come in as signs, the
 * reported events go out as activity, and the time is an argument.
 *
 * VS Code never says who edited. But a key moves the caret, and VS Code reports that right after the edit: a proof of
 * the person. An edit without such a trace is theirs (an accepted completion, a quick fix) only if it stands alone, in
 * the document in front, within a minute of a proof. Only a proof starts that minute again: an agent that edits, saves
 * and shows progress for hours does not keep the person present.
 */

import { type Activity, type Entity, type Kind, sameEntity } from "./event.ts";
import type { EditCause, Sign } from "./sign.ts";

/** Edits closer than this, in milliseconds, without a trace of a key are not the person's: no person is as quick. */
export const QUIET = 300;
/** Milliseconds for which such edits are held. */
const SETTLE = 1000;
/** Milliseconds after a sign that proves nobody, in which a scroll may be its effect. */
const ECHO = 1000;
/** Milliseconds after which a save counts as given up. */
const SAVE = 10_000;
/** Milliseconds between checks of things that give no sign of their own, such as terminals. */
export const TICK = 30_000;
/** Milliseconds for which the person counts as present after a proof. */
export const PRESENCE = 60_000;
/** Milliseconds between notes of a person who may be looking: in a chat, a webview, a terminal without read times. */
export const LOOK = 60_000;

/** Edits whose author is not known yet. */
interface Held {
  entity: Entity;
  /** The times of the first and the last of them. */
  since: number;
  at: number;
  cause: EditCause;
  /** Their number, without those that keys without a trace may have made. */
  acts: number;
  /** True if something else was at work at the same time. */
  suspect: boolean;
}

interface Save {
  at: number;
  by: "human" | "agent" | "nobody";
}

export class Capture {
  readonly #record: (activity: Activity) => void;
  #focused = false;
  #active = false;
  /** The document in front. */
  #front: Entity | undefined;
  /** True if the document in front is not reported. */
  #silent = false;
  /** The entity at which the person was last seen. */
  #place: Entity;
  /** The time of the last proof of the person. */
  #provedAt = -Infinity;
  /** The time of the last report about the person. */
  #notedAt = -Infinity;
  #held: Held | undefined;
  /** Until this time, edits follow from something else's work, */
  #noisyUntil = 0;
  /** and until this time, scrolls do. */
  #echoUntil = 0;
  readonly #saves = new WeakMap<Entity, Save>();
  /** The time of the last edit by somebody else in each document. */
  readonly #agentAt = new WeakMap<Entity, number>();

  /** @param home the entity of the person until a document is more specific */
  constructor(home: Entity, record: (activity: Activity) => void) {
    this.#place = home;
    this.#record = record;
  }

  /** True if the person may be at this window, so that ticks are useful. */
  get isWatched(): boolean {
    return this.#focused && this.#active;
  }

  /** True if an edit waits for the signs after it, for {@link QUIET} at most. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  see(sign: Sign, at: number): void {
    if (this.#held && (at - this.#held.at >= QUIET || at - this.#held.since >= SETTLE)) {
      this.#settle();
    }
    switch (sign.is) {
      case "edit":
        return this.#edit(sign.entity, sign.cause, at);
      case "fed":
        return this.#echo(at);
      case "dirty":
        return this.#dirty(sign.entity);
      case "selection":
        return this.#selection(sign.entity, sign.by, at);
      case "scroll":
        return this.#scroll(sign.entity, at);
      case "window":
        return this.#window(sign.focused, sign.active, at);
      case "front":
        return this.#look(sign.entity, sign.silent === true, at);
      case "willSave":
        return this.#willSave(sign.entity, sign.byHand, at);
      case "saved":
        return this.#saved(sign.entity, at);
      case "terminal":
        return this.#terminal(sign.entity, at);
      case "read":
        return this.#prove("navigate", sign.entity, sign.readAt);
      case "debug":
      case "task":
        return this.#begin(sign.is, at);
      case "tick":
        return this.#tick(at);
      case "time":
        return;
    }
  }

  #edit(entity: Entity, cause: EditCause, at: number): void {
    const isElsewhere = !this.#focused || !sameEntity(entity, this.#front);
    if (isElsewhere || this.#isSaving(entity, at)) {
      this.#noise(at);
      this.#agent("edit", entity, at);
    } else if (cause === "undo") {
      this.#settle();
      this.#prove("edit", entity, at);
    } else {
      this.#hold(entity, cause, at);
    }
  }

  #hold(entity: Entity, cause: EditCause, at: number): void {
    const acts = cause === "blank" ? 0 : 1;
    const held = this.#held;
    if (held) {
      held.at = at;
      held.cause = cause;
      held.acts += acts;
    } else {
      this.#held = { entity, since: at, at, cause, acts, suspect: at < this.#noisyUntil };
    }
  }

  /** An edit that makes a document differ from its file does not come from the file. */
  #dirty(entity: Entity): void {
    if (this.#held?.cause === "clean" && sameEntity(entity, this.#held.entity)) {
      this.#held.cause = "text";
    }
  }

  /**
   * Notes that something other than the person acted: held edits and the next ones are probably of the same origin.
   */
  #noise(at: number): void {
    this.#noisyUntil = at + QUIET;
    if (this.#held) {
      this.#held.suspect = true;
    }
  }

  /** Notes a sign that proves nobody, and may scroll. */
  #echo(at: number): void {
    this.#echoUntil = Math.max(this.#echoUntil, at + ECHO);
  }

  /** Decides about edits that no key explained. */
  #settle(): void {
    const held = this.#held;
    this.#held = undefined;
    if (!held) {
      return;
    }
    if (this.#isPresent(held.at) && !held.suspect && held.acts <= 1 && held.cause !== "clean") {
      this.#human("edit", held.entity, held.at);
    } else {
      this.#noisyUntil = Math.max(this.#noisyUntil, held.at + QUIET);
      this.#agent("edit", held.entity, held.at);
    }
  }

  /** A caret was moved: its mover made the last of the held edits. One more may have been a paste. */
  #explain(held: Held): void {
    this.#held = undefined;
    if (held.acts > 2) {
      this.#agent("edit", held.entity, held.since);
    }
  }

  #selection(entity: Entity, by: "keyboard" | "mouse" | "command" | "unknown", at: number): void {
    if (!this.#focused || !sameEntity(entity, this.#front)) {
      return;
    }
    const held = this.#held;
    if (by === "keyboard" || by === "mouse") {
      if (held) {
        this.#explain(held);
      }
      this.#prove(held ? "edit" : "navigate", entity, held?.at ?? at);
    } else if (by === "command" && this.#isPresent(at)) {
      // Extensions for Vim move the caret by command; so do jumps, and agents.
      if (held) {
        this.#explain(held);
      }
      this.#human(held ? "edit" : "navigate", entity, held?.at ?? at);
    } else {
      this.#echo(at);
    }
  }

  #scroll(entity: Entity, at: number): void {
    const follows = this.#held !== undefined || at < this.#echoUntil;
    if (this.#focused && !follows && sameEntity(entity, this.#front)) {
      this.#prove("navigate", entity, at);
    }
  }

  #window(focused: boolean, active: boolean, at: number): void {
    const came = focused && !this.#focused;
    const left = !focused && this.#focused;
    if (left || (!active && this.#active)) {
      this.#settle();
    }
    this.#focused = focused;
    this.#active = active;
    if (left) {
      this.#record({ at, kind: "blur" });
    } else if (came) {
      this.#focus(this.#place, at);
    }
  }

  #look(entity: Entity | undefined, silent: boolean, at: number): void {
    if (sameEntity(entity, this.#front) && silent === this.#silent) {
      return;
    }
    this.#settle();
    this.#echo(at);
    this.#front = entity;
    this.#silent = silent;
    if (this.isWatched) {
      this.#focus(entity ?? this.#place, at);
    } else {
      this.#place = this.#folded(entity ?? this.#place);
      this.#noise(at);
    }
  }

  #terminal(entity: Entity, at: number): void {
    this.#echo(at);
    if (this.isWatched) {
      this.#focus(entity, at);
    }
  }

  #willSave(entity: Entity, byHand: boolean, at: number): void {
    this.#saves.set(entity, { at, by: byHand ? this.#saver(entity, at) : "nobody" });
    // VS Code formats first, and then reports the save.
    if (this.#held && sameEntity(entity, this.#held.entity)) {
      this.#held.suspect = true;
    }
  }

  /** Returns the author of a save. Documents saved together, behind the one in front, were counted when edited. */
  #saver(entity: Entity, at: number): Save["by"] {
    if (!this.#isPresent(at) || (this.#agentAt.get(entity) ?? -Infinity) > this.#provedAt) {
      return "agent";
    }
    return sameEntity(entity, this.#front) ? "human" : "nobody";
  }

  #saved(entity: Entity, at: number): void {
    const save = this.#saves.get(entity);
    this.#saves.delete(entity);
    this.#echo(at);
    if (save?.by === "human") {
      this.#settle();
      this.#human("save", entity, save.at);
    } else if (save?.by === "agent") {
      this.#agent("save", entity, at);
    }
  }

  /** A debugger step or the start of a task: the effect of a press, or of an agent. */
  #begin(kind: Kind, at: number): void {
    if (this.#isPresent(at)) {
      this.#human(kind, this.#place, at);
    } else {
      this.#agent(kind, this.#place, at);
    }
  }

  #tick(at: number): void {
    if (this.isWatched && at - this.#notedAt >= LOOK) {
      this.#focus(this.#place, at);
    }
  }

  #isPresent(at: number): boolean {
    return this.isWatched && at - this.#provedAt < PRESENCE;
  }

  #isSaving(entity: Entity, at: number): boolean {
    const save = this.#saves.get(entity);
    return save !== undefined && at - save.at < SAVE;
  }

  /** An act in which the person was seen. */
  #prove(kind: Kind, entity: Entity, at: number): void {
    this.#provedAt = Math.max(this.#provedAt, at);
    this.#tell(kind, entity, at);
  }

  /** An act that is the person's because they are present: it proves nothing, and may scroll. */
  #human(kind: Kind, entity: Entity, at: number): void {
    this.#echo(at);
    this.#tell(kind, entity, at);
  }

  /** The person came to look, or may be looking. */
  #focus(entity: Entity, at: number): void {
    if (this.#silent) {
      this.#place = this.#folded(entity);
    } else {
      this.#tell("focus", entity, at);
    }
  }

  #tell(kind: Kind, entity: Entity, at: number): void {
    this.#place = this.#folded(entity);
    this.#notedAt = Math.max(this.#notedAt, at);
    this.#record({ ...this.#place, at, kind });
  }

  #agent(kind: Kind, entity: Entity, at: number): void {
    this.#echo(at);
    if (kind === "edit") {
      this.#agentAt.set(entity, at);
    }
    this.#record({ ...this.#folded(entity), at, kind, actor: "agent" });
  }

  /** An entity without a folder, such as a search in a window with several, gets the folder of the work before. */
  #folded(entity: Entity): Entity {
    const { root, cwd } = this.#place;
    if (entity.uri !== undefined || entity.root !== undefined || root === undefined) {
      return entity;
    }
    return { ...entity, root, ...(cwd !== undefined && { cwd }) };
  }
}
