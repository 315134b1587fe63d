/** Watches the page in front and the person's presence, and reports to the host the pages that a rule matches. */

import { Front, type Tab } from "./front.ts";
import { Host } from "./host.ts";
import { keep, recall } from "./memory.ts";
import { Outbox } from "./outbox.ts";
import { Switches } from "./switches.ts";
import { view, type Wanted } from "./view.ts";

/** Seconds without input after which the person counts as away. */
const IDLE = 60;

const popups = new Set<(change: undefined) => void>();
const switches = new Switches();
let looks = 0;
/**
 * A browser starts this script for an event and ends it when it is idle: events wait until the stored state is loaded.
 */
const ready = begin();

async function begin(): Promise<{ front: Front; host: Host }> {
  const kept = await recall();
  const source = kept.source ?? `browser-${crypto.randomUUID().replaceAll("-", "")}`;
  await keep({ source });
  const outbox = new Outbox((unsent) => keep({ unsent }), kept.unsent);
  const front = new Front(
    (activity) => outbox.add(activity),
    (seen) => keep({ seen }),
    kept.seen,
  );
  const host = new Host(
    source,
    outbox,
    (pages) => {
      void keep({ pages });
      if (host.rules) {
        front.rules = host.rules;
      }
      void look(front);
    },
    () => popups.forEach((tell) => tell(undefined)),
    () => popups.size > 0,
  );
  if (kept.pages) {
    host.pages = kept.pages;
  }
  if (host.rules) {
    front.rules = host.rules;
  }
  host.connect();
  front.presence(await chrome.idle.queryState(IDLE), Date.now());
  await look(front);
  return { front, host };
}

/** Finds the active tab of the focused window. */
async function tabInFront(): Promise<Tab | undefined> {
  const window = await chrome.windows.getLastFocused().catch(() => undefined);
  if (window?.id === undefined || !window.focused) {
    return undefined;
  }
  const [tab] = await chrome.tabs.query({ active: true, windowId: window.id });
  return tab && tabOf(tab);
}

function tabOf({ id, windowId, url, incognito }: chrome.tabs.Tab): Tab | undefined {
  return id === undefined ? undefined : { id, window: windowId, url, incognito };
}

async function look(front: Front): Promise<void> {
  const at = Date.now();
  const own = ++looks;
  const tab = await tabInFront();
  // A later call has newer data.
  if (own === looks && front.show(tab, at, switches.take(tab)) && tab) {
    await chrome.scripting
      .executeScript({ target: { tabId: tab.id, allFrames: true }, files: ["page.js"] })
      .catch(() => undefined);
  }
}

async function lookWhenReady(): Promise<void> {
  await look((await ready).front);
}

chrome.tabs.onActivated.addListener(({ tabId }) => {
  switches.came({ tab: tabId, at: Date.now() });
  void lookWhenReady();
});
chrome.windows.onFocusChanged.addListener((window) => {
  switches.came({ window, at: Date.now() });
  void lookWhenReady();
});
for (const changed of [
  chrome.tabs.onCreated,
  chrome.tabs.onRemoved,
  chrome.windows.onCreated,
  chrome.windows.onRemoved,
]) {
  (changed as chrome.events.Event<() => void>).addListener(() => switches.changed(Date.now()));
}
chrome.tabs.onUpdated.addListener((_id, change, tab) => {
  if (tab.active && (change.url !== undefined || change.status !== undefined)) {
    void lookWhenReady();
  }
});
for (const changed of [chrome.permissions.onAdded, chrome.permissions.onRemoved]) {
  changed.addListener(() => {
    popups.forEach((tell) => tell(undefined));
    void lookWhenReady();
  });
}
chrome.idle.setDetectionInterval(IDLE);
chrome.idle.onStateChanged.addListener((state) => {
  const at = Date.now();
  void ready.then(({ front }) => {
    front.presence(state, at);
    return look(front);
  });
});
chrome.alarms.onAlarm.addListener(() => void ready.then(({ host }) => host.connect()));

chrome.runtime.onMessage.addListener((message: { at: number }, sender, answer) => {
  const now = Date.now();
  const tab = sender.tab && tabOf(sender.tab);
  void ready.then(({ front }) => answer(tab !== undefined && front.alive(tab, message.at, now)));
  return true;
});

chrome.runtime.onConnect.addListener((port) => {
  let tab: number | undefined;
  const tell = (): void => void ready.then(({ host }) => view(host, tab)).then((shown) => port.postMessage(shown));
  popups.add(tell);
  port.onDisconnect.addListener(() => popups.delete(tell));
  port.onMessage.addListener((wanted: Wanted) => {
    if (wanted.type === "show") {
      tab = wanted.tab;
      void ready.then(({ host }) => host.connect());
      tell();
    } else {
      void ready
        .then(({ host }) => host.ask(wanted.wish))
        .then((answer) => port.postMessage({ type: "answer", ...answer }));
    }
  });
});
