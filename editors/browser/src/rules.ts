/**
 * The project of a page, by the same algorithm as in the host, so that no other page's address leaves the browser.
 */

import type { Rule } from "./protocol.ts";

/** Longer addresses, in characters, count as no page: nobody names them, and matching could take long. */
const LONGEST = 4096;

/** The verdict of the rules on a page. */
export type Verdict = { kind: "project"; project: string; glob: string } | { kind: "private"; glob: string };

/**
 * Returns a page's address as rules compare it, without query, fragment and credentials; undefined if it is not a
 * page.
 */
export function pageOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) {
    return undefined;
  }
  const url = new URL(address);
  // Older browsers do not encode the caret.
  const page = `${url.protocol}//${url.host}${url.pathname.replaceAll("^", "%5E")}`;
  return /^https?:$/.test(url.protocol) && page.length <= LONGEST ? page : undefined;
}

function originOf(glob: string): string {
  const [, scheme = "*", site = "*"] = /^(?:(https?):|[^/]*:)?(?:\/\/)?([^/]*)/.exec(glob) ?? [];
  const [, wild = "", name = ""] = /^(\*\.)?([^*?[\]{}!]+)$/.exec(site.replace(/:[\d*]+$/, "")) ?? [];
  const host = name !== "" && URL.canParse(`http://${name}`) ? wild + new URL(`http://${name}`).hostname : "*";
  return `${scheme}://${host}/*`;
}

export class Rules {
  readonly #rules: (Rule & { patterns: RegExp[] })[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({ ...rule, patterns: rule.expressions.map((text) => new RegExp(text)) }));
  }

  /**
   * The sites of the projects' rules as match patterns: `https://git.example/*`. If a site has wildcards that no such
   * pattern can express, it stands for all sites. Ports are left out, since Firefox does not support them.
   */
  get origins(): string[] {
    const named = this.#rules.filter(({ project, exception }) => project !== null && !exception);
    return [...new Set(named.map(({ glob }) => originOf(glob)))];
  }

  /** Returns the verdict. Ignore rules come first, then the longest prefix, then the order in the config. */
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
