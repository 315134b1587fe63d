/** Replays recorded signs, and sums up the decisions of the capture rules. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Capture, QUIET } from "../src/capture.ts";
import type { Activity, Entity } from "../src/event.ts";
import type { Sign } from "../src/sign.ts";

export type Stamped = Sign & { at: number };

/** Returns a scene of `scenes/`: recorded in real VS Code by tests/vscode/record.ts. */
export function scene(name: string): Stamped[] {
  const text = readFileSync(join(import.meta.dirname, "scenes", `${name}.jsonl`), "utf8");
  const lines = text.split("\n").filter((line) => line.includes('"is"'));
  return identified(lines.map((line) => JSON.parse(line) as Stamped));
}

/** Gives each document one entity, as in the editor. */
function identified(signs: Stamped[]): Stamped[] {
  const known = new Map<string, Entity>();
  return signs.map((sign) => {
    if (!("entity" in sign) || !sign.entity) {
      return sign;
    }
    const key = JSON.stringify(sign.entity);
    const entity = known.get(key) ?? sign.entity;
    known.set(key, entity);
    return { ...sign, entity };
  });
}

export function activities(signs: Stamped[]): Activity[] {
  const told: Activity[] = [];
  const capture = new Capture({}, (activity) => told.push(activity));
  let at = 0;
  for (const sign of signs) {
    // Earlier signs are not part of the scene, and the clock advances where nothing happens.
    const isBefore = sign.at < at || (at === 0 && (sign.is === "front" || sign.is === "window"));
    if (!isBefore && capture.isHolding && sign.at - at >= QUIET) {
      capture.see({ is: "time" }, at + QUIET);
    }
    at = Math.max(at, sign.at);
    capture.see(sign, at);
  }
  capture.see({ is: "time" }, at + QUIET);
  return told;
}

/**
 * Returns lines such as `human edit main.ts`, each once in the order of its first, without the focus at the start.
 */
export function summary(signs: Stamped[]): string[] {
  const lines = activities(signs)
    .filter(({ kind }) => kind !== "focus")
    .map(({ actor, kind, uri, root }) => `${actor ?? "human"} ${kind} ${name(uri ?? root)}`);
  return [...new Set(lines)];
}

export function count(signs: Stamped[], actor: "human" | "agent"): number {
  return activities(signs).filter((activity) => (activity.actor ?? "human") === actor && activity.kind !== "focus")
    .length;
}

function name(uri = ""): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}
