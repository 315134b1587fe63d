/**
 * Tells the person's work from everything else that happens in the editor. Pure: what VS Code says comes in as signs,
 * what is worth telling goes out as activity, and the time is an argument.
 *
 * VS Code never says who edited. A key moves the caret, and it says so right after the edit: that proves the person. An
 * edit without such a trace is theirs (an accepted completion, a quick fix) only if it stands alone, in the document
 * that they look at, within a minute of a proof. Nothing but a proof begins that minute anew: an agent that edits, saves
 * and shows progress for hours does not keep the person there.
 */

import { type Activity, type Entity, type Kind, sameEntity } from "./event.ts";
import type { EditCause, Sign } from "./sign.ts";

/** Edits closer than this, in milliseconds, without a trace of a key: no person is as quick. */
export const QUIET = 300;
/** How long edits that come closer than that are held. */
const SETTLE = 1000;
/** A scroll this soon after something that proves nobody may be its doing. */
const ECHO = 1000;
/** A save that takes longer than this was given up. */
const SAVE = 10_000;
/** How often there is a look at what gives no sign of its own, such as a terminal. */
export const TICK = 30_000;
/** How long somebody is there after a proof of them. */
export const PRESENCE = 60_000;
/** How often somebody is noted who may be looking: in a chat, a webview, a terminal that cannot be asked. */
export const LOOK = 60_000;

/** Edits whose author is not known yet. */
interface Held {
  entity: Entity;
  /** When the first and the last of them were made. */
  since: number;
  at: number;
  cause: EditCause;
  /** How many there are, not counting what keys without a trace may have done. */
  acts: number;
  /** Something else was at work at the same time. */
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
  /** The document that is looked at. */
  #front: Entity | undefined;
  /** Nothing is told of what is looked at. */
  #silent = false;
  /** What the person was last seen at, or looked at. */
  #place: Entity;
  /** The last proof of the person. */
  #provedAt = -Infinity;
  /** The last word about where the person is. */
  #notedAt = -Infinity;
  #held: Held | undefined;
  /** Until then, what is edited follows from what something else did, */
  #noisyUntil = 0;
  /** and what is scrolled. */
  #echoUntil = 0;
  readonly #saves = new WeakMap<Entity, Save>();
  /** The last edit of somebody else's in each document. */
  readonly #agentAt = new WeakMap<Entity, number>();

  /** @param home where they are as long as no document says more */
  constructor(home: Entity, record: (activity: Activity) => void) {
    this.#place = home;
    this.#record = record;
  }

  /** Whether somebody may be at this window, so that ticks are worth while. */
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

  /** Something happened that proves nobody, and may scroll. */
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

  /** A caret was moved: whoever did it made the last of the edits that are held. One more may have been a paste. */
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
      // Extensions for Vim move the caret by command, and so do jumps; and so do agents.
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
    // VS Code formats first and tells of the save then.
    if (this.#held && sameEntity(entity, this.#held.entity)) {
      this.#held.suspect = true;
    }
  }

  /** Of several documents that the person saves at once, those behind were counted when they were edited. */
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

  /** A debugger steps, a task begins: what a press begins, or an agent. */
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

  /** An act of which the person was seen. */
  #prove(kind: Kind, entity: Entity, at: number): void {
    this.#provedAt = Math.max(this.#provedAt, at);
    this.#tell(kind, entity, at);
  }

  /** An act that is the person's because they are there: it proves nothing, and may scroll. */
  #human(kind: Kind, entity: Entity, at: number): void {
    this.#echo(at);
    this.#tell(kind, entity, at);
  }

  /** Somebody came to look, or may be looking. */
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

  /** What has no folder, such as a search in a window with several, belongs to that of the work before. */
  #folded(entity: Entity): Entity {
    const { root, cwd } = this.#place;
    if (entity.uri !== undefined || entity.root !== undefined || root === undefined) {
      return entity;
    }
    return { ...entity, root, ...(cwd !== undefined && { cwd }) };
  }
}
