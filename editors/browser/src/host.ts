/** Keeps a connection to the program `keeptab`, and retries if there is none. */

import type { Outbox } from "./outbox.ts";
import type { Pages, Project, Said, Status, Told, Wish } from "./protocol.ts";
import { Rules } from "./rules.ts";

/** The name of the native messaging host. */
const NAME = "io.github.keeptab";
/** Seconds before each retry; the last one repeats. */
const BACKOFF = [1, 5, 30, 60] as const;
/** From this many seconds on, a retry is scheduled by an alarm: the browser may end this script meanwhile. */
const LONG = 30;

export class Host {
  readonly #source: string;
  readonly #outbox: Outbox;
  readonly #onChange: () => void;
  readonly #onPages: (pages: Pages) => void;
  readonly #isWatched: () => boolean;
  #port: chrome.runtime.Port | undefined;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  readonly #waiting = new Map<number, (answer: { ok: boolean; text: string }) => void>();

  /** Set while there is a host. */
  isConnected = false;
  trouble: string | undefined;
  status: Status | undefined;
  projects: readonly Project[] = [];
  rules: Rules | undefined;

  /**
   * @param source the id of this browser while it runs, so that an event sent twice counts once
   * @param onPages called with each new set of rules, before onChange
   * @param onChange called after each message of the host
   * @param isWatched true if the popup is open, so that a retry should come soon
   */
  constructor(
    source: string,
    outbox: Outbox,
    onPages: (pages: Pages) => void,
    onChange: () => void,
    isWatched: () => boolean,
  ) {
    this.#source = source;
    this.#outbox = outbox;
    this.#onPages = onPages;
    this.#onChange = onChange;
    this.#isWatched = isWatched;
  }

  /** The projects and rules of pages, from the latest host. */
  set pages({ projects, rules }: Pages) {
    this.projects = projects;
    this.rules = new Rules(rules);
  }

  /** The number of events that no host has confirmed. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  connect(): void {
    if (this.#port) {
      return;
    }
    clearTimeout(this.#timer);
    const port = chrome.runtime.connectNative(NAME);
    this.#port = port;
    port.onMessage.addListener((told: Told) => {
      this.#hear(told);
    });
    port.onDisconnect.addListener(() => this.#lost(chrome.runtime.lastError?.message));
    this.#say({ type: "hello", source: this.#source });
  }

  ask(wish: Wish): Promise<{ ok: boolean; text: string }> {
    if (!this.isConnected) {
      return Promise.resolve({ ok: false, text: "keeptab does not answer" });
    }
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#say({ type: "ask", id, wish });
    });
  }

  #say(said: Said): void {
    this.#port?.postMessage(said);
  }

  #hear(told: Told): void {
    if (!this.isConnected) {
      this.isConnected = true;
      this.#tries = 0;
      this.trouble = undefined;
      this.#outbox.connect((events) => this.#say({ type: "activity", events }));
    }
    switch (told.type) {
      case "pages":
        this.pages = told;
        this.#onPages({ projects: told.projects, rules: told.rules });
        break;
      case "status":
        this.status = told.status;
        break;
      case "taken":
        this.#outbox.taken(told.seq);
        return;
      case "trouble":
        this.trouble = told.text ?? undefined;
        break;
      case "answer":
        this.#waiting.get(told.id)?.(told);
        this.#waiting.delete(told.id);
        return;
    }
    this.#onChange();
  }

  #lost(reason = "the program ended"): void {
    this.#port = undefined;
    this.isConnected = false;
    this.#outbox.disconnect();
    this.trouble = reason;
    for (const resolve of this.#waiting.values()) {
      resolve({ ok: false, text: reason });
    }
    this.#waiting.clear();
    const tries = this.#isWatched() ? 0 : this.#tries++;
    const pause = BACKOFF[Math.min(tries, BACKOFF.length - 1)] ?? LONG;
    if (pause < LONG) {
      this.#timer = setTimeout(() => this.connect(), pause * 1000);
    } else {
      void chrome.alarms.create("connect", { delayInMinutes: pause / 60 });
    }
    this.#onChange();
  }
}
