/** The same tests in a real Firefox, where the extension's script is an event page. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "../fox.ts";
import { eventually } from "../home.ts";

test("a page is weak until a sign of life, and other pages and private windows are told to nobody", async (t) => {
  const { fox, home } = await open(t);
  await home.host();
  // If its start took a minute, Firefox reports the person as idle until there was input.
  await fox.read(home.at("git.example", "/acme/1?token=classified"));
  await fox.goto(home.at("news.example", "/classified"));
  await fox.open(home.at("api.docs.example", "/2"));
  await eventually("the page in front", () => home.heartbeats("focus")["http://api.docs.example/2"] === 1);
  await home.visited("http://git.example/acme/1");
  await fox.move(() => home.heartbeats()["http://api.docs.example/2"] === 1);
  assert.equal(await fox.own("return extension.policy.privateBrowsingAllowed"), false);
  assert.deepEqual(home.holds("keeptab", "classified"), []);
  assert.deepEqual(home.holds("keeptab", "news.example"), []);
});

test("a page that goes on by itself under a resting pointer counts for a minute after the last sign", async (t) => {
  const { fox, home } = await open(t);
  await home.host();
  await fox.read(home.at("git.example", "/acme/read"));
  await fox.goto(home.at("git.example", "/acme/refresh/0"));
  await fox.point([200, 200], [210, 210]);
  const last = Date.now();
  // A page lasts two seconds, so these take more than a minute.
  await eventually("more than a minute of pages", () => home.asked.includes("/acme/refresh/36"), 120_000);
  assert.ok(Date.now() - last > 70_000);
  const visits = home.kept().filter(({ kind }) => kind === "visit");
  const late = visits.filter(({ at }) => Date.parse(at) > last + 60_000);
  t.diagnostic(`${String(visits.length)} visits`);
  assert.deepEqual(late, []);
  assert.ok(visits.length > 3);
});

test("what was seen without a host outlives the event page, is on no disk, and counts once", async (t) => {
  const { fox, home } = await open(t);
  await home.host();
  await fox.read(home.at("git.example", "/acme/1"));
  const find = home.hide(".mozilla/native-messaging-hosts");
  home.hosts().forEach((host) => process.kill(host, "SIGKILL"));
  for (const turn of [2, 3, 4]) {
    await fox.goto(home.at("git.example", `/acme/${String(turn)}`));
    await fox.point([100 + turn, 100], [200 + turn, 200], [300, 100 + turn]);
    // Firefox ends the script half a minute after its last event, not while it still handles one.
    await fox.stores(home.at("git.example", `/acme/${String(turn)}`));
    await fox.rest();
  }
  find();
  await fox.read(home.at("git.example", "/acme/5"));
  const all = [1, 2, 3, 4, 5].map((turn) => `http://git.example/acme/${String(turn)}`);
  await home.visited(...all);
  const kept = home.kept();
  const [source = "", ...others] = new Set(kept.map((event) => event.source));
  assert.deepEqual(others, []);
  assert.equal(new Set(kept.map(({ seq }) => seq)).size, kept.length);
  await fox.leave();
  assert.deepEqual(home.holds("profile", source), []);
});
