/** Which project a page belongs to: the same answer as the host's, so that no other page's address leaves the browser. */

import type { Rule } from "./protocol.ts";

/** A longer address than this, in letters, is no page that anybody names; matching it could take long. */
const LONGEST = 4096;

/** What the rules say of a page. */
export type Verdict = { kind: "project"; project: string; glob: string } | { kind: "private"; glob: string };

/** The address of a page as rules compare it: without query, fragment and credentials. Nothing for what is no page. */
export function pageOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) {
    return undefined;
  }
  const url = new URL(address);
  // Older browsers leave the caret as it is.
  const page = `${url.protocol}//${url.host}${url.pathname.replaceAll("^", "%5E")}`;
  return /^https?:$/.test(url.protocol) && page.length <= LONGEST ? page : undefined;
}

export class Rules {
  readonly #rules: (Rule & { patterns: RegExp[] })[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({ ...rule, patterns: rule.expressions.map((text) => new RegExp(text)) }));
  }

  /** Ignore rules come first, then the longest prefix, then the order in the config. */
  find(page: string): Verdict | undefined {
    const matching = this.#rules.filter(({ patterns }) => patterns.some((pattern) => pattern.test(page)));
    const excepted = new Set(matching.filter((rule) => rule.exception).map((rule) => rule.project));
    const [best] = matching
      .filter((rule) => !rule.exception && !excepted.has(rule.project))
      .sort((one, other) => rank(one) - rank(other) || other.prefix - one.prefix);
    if (!best) {
      return undefined;
    }
    const { project, glob } = best;
    return project === null ? { kind: "private", glob } : { kind: "project", project, glob };
  }
}

function rank(rule: Rule): number {
  return rule.project === null ? 0 : 1;
}
