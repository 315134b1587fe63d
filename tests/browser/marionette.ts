/** The protocol that drives Firefox: `[0, id, command, params]` there, `[1, id, error, result]` back. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";

interface Failure {
  error: string;
  message: string;
}

export class Marionette {
  readonly #socket: Socket;
  #heard = Buffer.alloc(0);
  #asked = 0;
  readonly #waiting = new Map<number, { done: (result: unknown) => void; failed: (error: Error) => void }>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#heard = Buffer.concat([this.#heard, chunk]);
      this.#read();
    });
    socket.on("close", () => {
      this.#waiting.forEach(({ failed }) => failed(new Error("Firefox has gone")));
      this.#waiting.clear();
    });
  }

  static async to(port: number): Promise<Marionette> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new Marionette(socket);
  }

  send(command: string, params: object = {}): Promise<unknown> {
    const id = ++this.#asked;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      const body = JSON.stringify([0, id, command, params]);
      this.#socket.write(`${String(Buffer.byteLength(body))}:${body}`);
    });
  }

  /** Reads messages: the length in bytes, a colon, and JSON. */
  #read(): void {
    for (;;) {
      const colon = this.#heard.indexOf(":");
      const end = colon + 1 + Number(this.#heard.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || this.#heard.length < end) {
        return;
      }
      const message = JSON.parse(this.#heard.subarray(colon + 1, end).toString()) as unknown;
      this.#heard = this.#heard.subarray(end);
      // The first message is a greeting.
      if (Array.isArray(message)) {
        const [, id, error, result] = message as [number, number, Failure | null, unknown];
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error) {
          waiting?.failed(new Error(`${error.error}: ${error.message}`));
        } else {
          waiting?.done(result);
        }
      }
    }
  }
}
