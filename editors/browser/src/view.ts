/** The content of the popup, and its requests. */

import type { Host } from "./host.ts";
import type { Project, Status, Wish } from "./protocol.ts";
import { pageOf, type Verdict } from "./rules.ts";

/** The maximum number of parts of a page's path that are offered, each with one part more. */
const PARTS = 3;

export interface View {
  type: "view";
  isConnected: boolean;
  trouble: string | undefined;
  status: Status | undefined;
  projects: readonly Project[];
  /** The sites of rules on which the person has not allowed signs of life. */
  unseen: string[];
  /** Undefined if there is no page that can be counted. */
  page: { address: string; verdict: Verdict | undefined; scopes: string[] } | undefined;
}

export type Wanted = { type: "show"; tab: number | undefined } | { type: "ask"; wish: Wish };

/** @param id the tab; by default the one in front */
export async function view(host: Host, id: number | undefined): Promise<View> {
  const [front] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  const tab = id === undefined ? front : await chrome.tabs.get(id).catch(() => undefined);
  const address = tab?.incognito === false ? pageOf(tab.url) : undefined;
  const { isConnected, trouble, status, projects } = host;
  const page =
    address === undefined ? undefined : { address, verdict: host.rules?.find(address), scopes: scopes(address) };
  const unseen = await ungranted(host.rules?.origins ?? []);
  return { type: "view", isConnected, trouble, status, projects, unseen, page };
}

async function ungranted(origins: string[]): Promise<string[]> {
  const granted = await Promise.all(origins.map((origin) => chrome.permissions.contains({ origins: [origin] })));
  return origins.filter((_origin, index) => granted[index] !== true);
}

/** Returns a page's site and its folders: `https://git.example/`, `https://git.example/acme/` … */
export function scopes(address: string): string[] {
  const { origin, pathname } = new URL(address);
  const parts = pathname.split("/").filter((part) => part !== "");
  const lengths = Array.from({ length: Math.min(parts.length, PARTS) + 1 }, (_, length) => length);
  return lengths.map((length) => [origin, ...parts.slice(0, length), ""].join("/"));
}
