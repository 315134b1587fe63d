/** The extension's verdict equals the host's, for any rules and addresses. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import type { Told } from "../../../editors/browser/src/protocol.ts";
import { pageOf, Rules } from "../../../editors/browser/src/rules.ts";
import { required } from "../home.ts";

const SEED = Number(process.env["KEEPTAB_SEED"] ?? Date.now() % 1_000_000);
const CONFIGS = 40;
const URLS = 200;

/** Returns a source of numbers, the same for the same seed: mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const hosts = [
  "a.example",
  "A.Example",
  "x.a.example",
  "b\u00fccher.example",
  "xn--bcher-kva.example",
  "localhost:3000",
  "[::1]:80",
];
const parts = [
  "acme",
  "Acme",
  "api",
  "a b",
  "\u00e4",
  "%C3%A4",
  "x.y",
  "a+b",
  "a-b",
  "~x",
  "(1)",
  "$",
  "a&b",
  "^",
  "|",
  "a'b",
  "a]b",
];
const globHosts = [...hosts, "*.a.example", "*", "localhost:*", "{a,b}.example", "a.example:443", "?.a.example"];
const globParts = [
  ...parts.filter((part) => !/[\]]/.test(part)),
  "*",
  "**",
  "a*",
  "[!a]cme",
  "{acme,api}",
  "?pi",
  "[a-z]pi",
];

function generate(seed: number): { config: string; urls: string[] } {
  const below = random(seed);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const path = (from: string[]): string => Array.from({ length: below(4) }, () => `/${one(from)}`).join("");
  const glob = (): string =>
    `${one(["http", "https", "{http,https}", "*"])}://${one(globHosts)}${path(globParts)}${one(["", "/**", "/", "/*"])}`;
  const list = (most: number, mark: () => string): string =>
    JSON.stringify(Array.from({ length: below(most) }, () => `${mark()}${glob()}`));
  const projects = ["one", "two", "three"].map(
    (id) => `[project.${id}]\nurls = ${list(5, () => (below(5) === 0 ? "!" : ""))}\n`,
  );
  const config = `[tracking]\nignore = ${list(3, () => "")}\n${projects.join("")}`;
  const scheme = (): string => one(["http", "https", "HTTP", "ftp", "file"]);
  const urls = Array.from(
    { length: URLS },
    () =>
      `${scheme()}://${one(["", "", "me:pw@"])}${one(hosts)}${path(parts)}${one(["", "/", "?q=1", "#x", "/../acme"])}`,
  );
  return { config, urls };
}

/** Returns the rules that the host sends to the extension. */
async function pages(env: Record<string, string>): Promise<Told & { type: "pages" }> {
  const id = "pabbcbojmnokebkanfedgnkjhhebmpfn";
  const host = spawn(required("KEEPTAB_BIN"), ["browser-host", `chrome-extension://${id}/`], {
    env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const body = Buffer.from(JSON.stringify({ type: "hello", source: "browser-0123456789abcdef" }));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  host.stdin.write(Buffer.concat([head, body]));
  let heard = Buffer.alloc(0);
  for await (const chunk of host.stdout) {
    heard = Buffer.concat([heard, chunk as Buffer]);
    while (heard.length >= 4 && heard.length >= 4 + heard.readUInt32LE()) {
      const length = heard.readUInt32LE();
      const told = JSON.parse(heard.subarray(4, 4 + length).toString()) as Told;
      heard = heard.subarray(4 + length);
      if (told.type === "pages") {
        host.stdin.end();
        return told;
      }
    }
  }
  throw new Error("the host told no rules");
}

/** Returns the host's own verdicts on addresses. */
async function explained(env: Record<string, string>, urls: string[]): Promise<(string | undefined)[]> {
  const host: ChildProcess = spawn(required("KEEPTAB_BIN"), ["lsp"], { env, stdio: ["pipe", "pipe", "ignore"] });
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    host.stdin?.write(`Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
  };
  const ask = (): void => {
    send({ method: "initialized", params: {} });
    urls.forEach((url, index) => {
      send({
        id: index + 1,
        method: "workspace/executeCommand",
        params: { command: "keeptab.explain", arguments: [url] },
      });
    });
  };
  const answers = new Map<number, string | undefined>();
  const ended = once(host, "close");
  let heard = Buffer.alloc(0);
  host.stdout?.on("data", (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(heard.subarray(0, 64).toString("latin1"));
      const start = head?.[0].length ?? 0;
      const end = start + Number(head?.[1]);
      if (!head || heard.length < end) {
        return;
      }
      const message = JSON.parse(heard.subarray(start, end).toString()) as {
        id?: number;
        method?: string;
        result?: { data?: { private: boolean; project: string | null } };
        error?: { message: string };
      };
      heard = heard.subarray(end);
      if (message.id === undefined || message.method !== undefined) {
        continue;
      }
      if (message.id === 0) {
        // Requests before the answer to `initialize` are refused.
        ask();
        continue;
      }
      assert.equal(message.error?.message, undefined);
      if (message.id > urls.length) {
        send({ method: "exit" });
        continue;
      }
      const data = message.result?.data;
      answers.set(message.id, data?.private ? "private" : (data?.project ?? undefined));
      if (answers.size === urls.length) {
        send({ id: urls.length + 1, method: "shutdown" });
      }
    }
  });
  send({ id: 0, method: "initialize", params: { capabilities: {}, initializationOptions: { activity: "plugin" } } });
  await ended;
  return urls.map((_, index) => answers.get(index + 1));
}

test(`the browser decides as the host does (KEEPTAB_SEED=${String(SEED)})`, async (t) => {
  let named = 0;
  for (let round = 0; round < CONFIGS; round++) {
    const { config, urls } = generate(SEED + round);
    const home = mkdtempSync(join(tmpdir(), "keeptab-rules-"));
    const env = { HOME: home, KEEPTAB_HOME: home };
    writeFileSync(join(home, "keeptab.toml"), config);
    const rules = new Rules((await pages(env)).rules);
    // The browser handles only web pages.
    const web = urls.filter((url) => pageOf(url) !== undefined);
    const expected = await explained(env, web);
    rmSync(home, { recursive: true });
    web.forEach((url, index) => {
      const found = rules.find(pageOf(url) ?? "");
      const answer = found?.kind === "private" ? "private" : found?.project;
      assert.equal(answer, expected[index], `${url} by\n${config}`);
      named += answer === undefined ? 0 : 1;
    });
  }
  t.diagnostic(`${String(named)} addresses were named by a rule`);
  assert.ok(named > CONFIGS);
});
