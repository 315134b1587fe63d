#!/usr/bin/env node
// Plays the host: answers `initialize`, takes all activity, and writes down every message that it hears.
// KEEPTAB_FAKE_LOG is where; KEEPTAB_FAKE_VERSION is the version that it claims to be; KEEPTAB_FAKE_SAYS is a list of
// messages that it sends at its start.
import { appendFileSync } from "node:fs";

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function hear(message) {
  appendFileSync(process.env.KEEPTAB_FAKE_LOG, `${JSON.stringify(message)}\n`);
  if (message.method === "initialize") {
    const serverInfo = { name: "fake", version: process.env.KEEPTAB_FAKE_VERSION ?? "99.0.0" };
    send({ id: message.id, result: { capabilities: { textDocumentSync: 1 }, serverInfo } });
  } else if (message.method === "initialized") {
    JSON.parse(process.env.KEEPTAB_FAKE_SAYS ?? "[]").forEach(send);
  } else if (message.method === "keeptab/activity") {
    send({ method: "keeptab/taken", params: { seq: message.params.events.at(-1).seq } });
  } else if (message.method === "exit") {
    process.exit(0);
  } else if (message.id !== undefined && message.method) {
    send({ id: message.id, result: null });
  }
}

let heard = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  heard = Buffer.concat([heard, chunk]);
  for (;;) {
    const end = heard.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/.exec(heard.subarray(0, end).toString())?.[1]);
    if (end < 0 || heard.length < end + 4 + length) {
      return;
    }
    hear(JSON.parse(heard.subarray(end + 4, end + 4 + length).toString()));
    heard = heard.subarray(end + 4 + length);
  }
});
process.stdin.on("end", () => process.exit(0));
