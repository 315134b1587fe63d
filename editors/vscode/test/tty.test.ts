import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { folderOf } from "../src/tty.ts";

test("a terminal is where the shell in front is, whatever the terminal was started with", async (t) => {
  // `script` gives its program a terminal of its own; the shell in it is a child of another process.
  const terminal = spawn("script", ["-qc", "sh -c 'sh; :'", "/dev/null"], {
    env: { SHELL: "/bin/sh", PS1: "" },
    cwd: "/",
  });
  t.after(() => terminal.kill());
  const lines = createInterface(terminal.stdout)[Symbol.asyncIterator]();
  const ask = async (command: string): Promise<number> => {
    terminal.stdin.write(`${command}; echo "outer=$PPID"\n`);
    for (;;) {
      const { value, done } = await lines.next();
      assert.ok(done !== true, "the terminal ended");
      const id = /outer=(\d+)/.exec(value)?.[1];
      if (id !== undefined) {
        return Number(id);
      }
    }
  };
  const outer = await ask("cd /usr/share");
  assert.equal(folderOf(outer), "/usr/share");
  await ask("cd / && d=$(mktemp -d) && cd $d && rmdir $d");
  assert.equal(folderOf(outer), "/", "a folder that was removed is none");
  terminal.stdin.write("exit\n");
  await once(terminal, "exit");
  assert.equal(folderOf(outer), undefined);
});
