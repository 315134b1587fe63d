/** The connection to one host. The host is told of a folder once, before the first event in it. */

import type { Numbered } from "./event.ts";
import type { Root } from "./protocol.ts";

export class Line {
  readonly #notify: (method: string, params: object) => Promise<void>;
  readonly #ask: (root: string) => Promise<Root>;
  readonly #told = new Set<string>();
  #sent: Promise<void> = Promise.resolve();

  constructor(notify: (method: string, params: object) => Promise<void>, ask: (root: string) => Promise<Root>) {
    this.#notify = notify;
    this.#ask = ask;
  }

  /** Resolves once everything sent so far is written. */
  get sent(): Promise<void> {
    return this.#sent;
  }

  readonly send = (events: readonly Numbered[]): void => {
    this.#sent = this.#sent.then(() => this.#send(events)).catch(() => undefined);
  };

  async #send(events: readonly Numbered[]): Promise<void> {
    const roots = new Set(events.map(({ root }) => root).filter((root) => root !== undefined));
    const news = [...roots].filter((root) => !this.#told.has(root));
    if (news.length > 0) {
      await this.#notify("keeptab/roots", { roots: await Promise.all(news.map(this.#ask)) });
      news.forEach((root) => this.#told.add(root));
    }
    await this.#notify("keeptab/activity", { events });
  }
}
