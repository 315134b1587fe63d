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
   * The sites of the projects' rules, as browsers ask for them: `https://git.example/*`. A rule whose site has wildcards that
   * no such pattern can say stands for all sites. Ports are left out, since Firefox knows none.
   */
  get origins(): string[] {
    const named = this.#rules.filter(({ project, exception }) => project !== null && !exception);
    return [...new Set(named.map(({ glob }) => originOf(glob)))];
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
