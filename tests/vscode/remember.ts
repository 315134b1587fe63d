/** Past work: the events that a host receives from an editor. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** An event before it is numbered. */
export interface Past {
  at: number;
  uri: string;
  kind?: string;
  root?: string;
}

/** Events per message. */
const BATCH = 2000;

/**
 * Reports all events through a host of its own, as edits by default, and returns when they are committed and the host
 * has ended. A host that is told to end earlier commits only what it can in a second.
 */
export async function tell(program: string, env: Record<string, string>, events: readonly Past[]): Promise<void> {
  const host = spawn(program, ["lsp"], { env, stdio: ["pipe", "pipe", "inherit"] });
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    host.stdin.write(`Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
  };
  const ended = once(host, "exit");
  const committed = taken(host.stdout, events.length);
  send({ id: 1, method: "initialize", params: { capabilities: {}, initializationOptions: { activity: "plugin" } } });
  send({ method: "initialized", params: {} });
  const numbered = events.map((event, index) => ({ seq: index + 1, kind: "edit", ...event }));
  for (let first = 0; first < numbered.length; first += BATCH) {
    send({ method: "keeptab/activity", params: { events: numbered.slice(first, first + BATCH) } });
  }
  await Promise.race([committed, ended]);
  send({ id: 2, method: "shutdown" });
  send({ method: "exit" });
  host.stdout.resume();
  await ended;
}

/** Waits until the host has committed all events up to a number. */
function taken(stdout: Readable, last: number): Promise<void> {
  return new Promise((resolve) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-4000);
      const numbers = [
        ...said.matchAll(/"keeptab\/taken"[^}]*"seq":(\d+)/g),
        ...said.matchAll(/"seq":(\d+)[^}]*\}[^}]*"keeptab\/taken"/g),
      ];
      if (numbers.some(([, seq]) => Number(seq) >= last)) {
        stdout.off("data", hear);
        resolve();
      }
    };
    stdout.on("data", hear);
  });
}
