import assert from "node:assert/strict";
import { test } from "node:test";

import type { Rule } from "../src/protocol.ts";
import { pageOf, Rules } from "../src/rules.ts";
import { scopes } from "../src/view.ts";

test("the address of a page is what rules compare", () => {
  const pages: [string | undefined, string | undefined][] = [
    ["https://me:pw@GIT.example:443/a/../b?q=1#x", "https://git.example/b"],
    ["http://localhost:3000", "http://localhost:3000/"],
    ["https://b\u00fccher.example/\u00e4", "https://xn--bcher-kva.example/%C3%A4"],
    ["http://[::1]:80/a b", "http://[::1]/a%20b"],
    ["chrome://newtab/", undefined],
    ["view-source:https://git.example/", undefined],
    ["about:blank", undefined],
    ["javascript:1", undefined],
    ["https://", undefined],
    ["", undefined],
    [undefined, undefined],
    [`https://git.example/${"a".repeat(5000)}`, undefined],
  ];
  for (const [address, page] of pages) {
    assert.equal(pageOf(address), page, address);
  }
});

test("rules ask for their sites and for no others, unless no pattern of a browser says which", () => {
  const sites: [glob: string, origin: string][] = [
    ["https://git.example/acme/**", "https://git.example/*"],
    ["https://GIT.example/other", "https://git.example/*"],
    ["http://localhost:3000/**", "http://localhost/*"],
    ["http://localhost:*/**", "http://localhost/*"],
    ["https://*.acme.example/**", "https://*.acme.example/*"],
    ["*://acme.example/**", "*://acme.example/*"],
    ["http://b\u00fccher.example/**", "http://xn--bcher-kva.example/*"],
    ["https://{a,b}.example/**", "https://*/*"],
    ["https://**/acme", "https://*/*"],
    ["https://git*.example/", "https://*/*"],
    ["http://[[]::1]/x", "http://*/*"],
    ["**", "*://*/*"],
  ];
  const rule = { project: "acme", expressions: [], prefix: 0, exception: false };
  for (const [glob, origin] of sites) {
    assert.deepEqual(new Rules([{ ...rule, glob }]).origins, [origin], glob);
  }
  const rules = [
    { ...rule, glob: "https://a.example/1" },
    { ...rule, glob: "https://a.example/2", exception: true },
    { ...rule, glob: "https://bank.example/**", project: null },
    { ...rule, glob: "https://a.example/3", project: "other" },
  ];
  assert.deepEqual(new Rules(rules).origins, ["https://a.example/*"]);
});

test("ignore comes first, then the longest prefix, then the order; an exception is its own project's", () => {
  const rule = (project: string | null, expression: string, prefix: number, exception = false): Rule => ({
    project,
    glob: expression,
    expressions: [expression],
    prefix,
    exception,
  });
  const rules = new Rules([
    rule("a", "/x", 5),
    rule("b", "/x", 9),
    rule("c", "/x", 9),
    rule(null, "/x/secret", 1),
    rule("b", "/x/play", 1, true),
    rule(null, "/x/secret/open", 1, true),
  ]);
  const project = (page: string): string | undefined => {
    const found = rules.find(page);
    return found?.kind === "project" ? found.project : found?.kind;
  };
  assert.equal(project("/x"), "b");
  assert.equal(project("/x/play"), "c");
  assert.equal(project("/x/secret"), "private");
  assert.equal(project("/x/secret/open"), "b");
  assert.equal(project("/y"), undefined);
});

test("what can be counted is the site and the folders that the page is in", () => {
  assert.deepEqual(scopes("https://git.example/acme/api/pulls/7"), [
    "https://git.example/",
    "https://git.example/acme/",
    "https://git.example/acme/api/",
    "https://git.example/acme/api/pulls/",
  ]);
  assert.deepEqual(scopes("http://localhost:3000/"), ["http://localhost:3000/"]);
});
