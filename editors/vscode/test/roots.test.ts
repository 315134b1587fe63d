import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import "./desk/desk.ts";
import type { Numbered } from "../src/event.ts";
import { Line } from "../src/line.ts";

const { factsOf } = await import("../src/roots.ts");

function folder(t: TestContext): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "keeptab-roots-")));
  t.after(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

/** Makes a repository with a commit in `api`. */
function repository(home: string, ...config: string[]): (...words: string[]) => void {
  const git = (...words: string[]): void => {
    const who = ["-c", "user.name=Jane", "-c", "user.email=jane@example.com", ...config];
    execFileSync("git", ["-C", join(home, "api"), ...who, ...words], { stdio: "pipe" });
  };
  mkdirSync(join(home, "api/src"), { recursive: true });
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "Begin");
  return git;
}

test("a folder has no more than its name", async (t) => {
  const home = folder(t);
  repository(home);
  for (const root of [`file://${home}`, `file://${home}/api`, `file://${home}/api/src`, `file://${home}/nowhere`]) {
    assert.deepEqual(await factsOf(root), { root });
  }
});

test("a folder behind a symbolic link has a real path", async (t) => {
  const home = folder(t);
  mkdirSync(join(home, "real"));
  symlinkSync(join(home, "real"), join(home, "link"));
  const root = `file://${home}/link`;
  assert.deepEqual(await factsOf(root), { root, real: `file://${home}/real` });
});

for (const config of ["worktree.useRelativePaths=false", "worktree.useRelativePaths=true"]) {
  test(`a worktree has the main folder of its repository, and what lies in it the counterpart; ${config}`, async (t) => {
    const home = folder(t);
    const git = repository(home, "-c", config);
    git("worktree", "add", "--quiet", join(home, "away/api-feature"));
    mkdirSync(join(home, "away/api-feature/src/deep"), { recursive: true });
    symlinkSync(join(home, "away/api-feature"), join(home, "link"));
    const api = `file://${home}/api`;
    const root = `file://${home}/away/api-feature`;
    assert.deepEqual(await factsOf(root), { root, repository: api });
    assert.deepEqual(await factsOf(`${root}/src/deep`), { root: `${root}/src/deep`, repository: `${api}/src/deep` });
    const link = `file://${home}/link`;
    assert.deepEqual(await factsOf(link), { root: link, real: root, repository: api });
  });
}

test("a submodule, and whatever else is called .git, is no worktree", async (t) => {
  const home = folder(t);
  mkdirSync(join(home, "modules/module"), { recursive: true });
  const texts = {
    module: "gitdir: ../modules/module\n",
    strange: "\0\0\0",
    huge: `gitdir: ${"x".repeat(10_000)}`,
    pipe: undefined,
  };
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(join(home, name));
    if (text === undefined) {
      execFileSync("mkfifo", [join(home, name, ".git")]);
    } else {
      writeFileSync(join(home, name, ".git"), text);
    }
    const root = `file://${home}/${name}`;
    assert.deepEqual(await factsOf(root), { root });
  }
});

test("a folder of another host is not asked", async () => {
  for (const root of ["vscode-remote://ssh-remote%2Bbeta/srv/app", "vscode-vfs://github/acme/api"]) {
    assert.deepEqual(await factsOf(root), { root });
  }
});

test("each host hears of a folder once, before the first event in it, and of events in their order", async () => {
  const heard: string[] = [];
  const asked = (root: string): Promise<{ root: string }> =>
    new Promise((resolve) => {
      setImmediate(resolve, { root });
    });
  const newLine = (): Line =>
    new Line((method, params) => {
      const { roots, events } = params as { roots?: { root: string }[]; events?: Numbered[] };
      heard.push(`${method} ${(roots?.map(({ root }) => root) ?? events?.map(({ seq }) => seq) ?? []).join(" ")}`);
      return Promise.resolve();
    }, asked);
  const event = (seq: number, root?: string): Numbered => ({ seq, at: seq, kind: "edit", ...(root && { root }) });
  const line = newLine();
  line.send([event(1, "a"), event(2, "b"), event(3, "a")]);
  line.send([event(4, "b"), event(5)]);
  line.send([event(6, "c")]);
  await line.sent;
  const next = newLine();
  next.send([event(7, "a")]);
  await next.sent;
  assert.deepEqual(heard, [
    "keeptab/roots a b",
    "keeptab/activity 1 2 3",
    "keeptab/activity 4 5",
    "keeptab/roots c",
    "keeptab/activity 6",
    "keeptab/roots a",
    "keeptab/activity 7",
  ]);
});
