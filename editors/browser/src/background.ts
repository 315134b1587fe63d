/** Sees which page is in front and tells the host, if a rule names it. */

import { Front, type Tab } from "./front.ts";
import { Host } from "./host.ts";
import { Outbox } from "./outbox.ts";
import { view, type Wanted } from "./view.ts";

/** Seconds without any input after which nobody is there. */
const IDLE = 60;

const outbox = new Outbox();
const front = new Front((activity) => outbox.add(activity));
const popups = new Set<(change: undefined) => void>();
const host = new Host(outbox, () => {
  if (host.rules && host.rules !== known) {
    known = host.rules;
    front.rules = host.rules;
    void look();
  }
  popups.forEach((tell) => tell(undefined));
});
let known = host.rules;
let looks = 0;

/** Finds the active tab of the focused window. */
async function tabInFront(): Promise<Tab | undefined> {
  const window = await chrome.windows.getLastFocused().catch(() => undefined);
  if (window?.id === undefined || !window.focused) {
    return undefined;
  }
  const [tab] = await chrome.tabs.query({ active: true, windowId: window.id });
  return tab?.id === undefined ? undefined : { id: tab.id, url: tab.url, incognito: tab.incognito };
}

async function look(): Promise<void> {
  const at = Date.now();
  const own = ++looks;
  const tab = await tabInFront();
  // What was asked for later knows better.
  if (own === looks && front.show(tab, at) && tab) {
    await chrome.scripting
      .executeScript({ target: { tabId: tab.id, allFrames: true }, files: ["page.js"] })
      .catch(() => undefined);
  }
}

chrome.tabs.onActivated.addListener(() => void look());
chrome.tabs.onUpdated.addListener((_id, change, tab) => {
  if (tab.active && (change.url !== undefined || change.status !== undefined)) {
    void look();
  }
});
chrome.windows.onFocusChanged.addListener(() => void look());
chrome.idle.setDetectionInterval(IDLE);
chrome.idle.onStateChanged.addListener((state) => {
  front.presence(state, Date.now());
  void look();
});
chrome.alarms.onAlarm.addListener(() => host.connect());

chrome.runtime.onMessage.addListener((message: { at: number }, sender, answer) => {
  answer(sender.tab?.id !== undefined && front.alive(sender.tab.id, message.at, Date.now()));
});

chrome.runtime.onConnect.addListener((port) => {
  let tab: number | undefined;
  const tell = (): void => void view(host, tab).then((shown) => port.postMessage(shown));
  popups.add(tell);
  port.onDisconnect.addListener(() => popups.delete(tell));
  port.onMessage.addListener((wanted: Wanted) => {
    if (wanted.type === "show") {
      tab = wanted.tab;
      host.connect();
      tell();
    } else {
      void host.ask(wanted.wish).then((answer) => port.postMessage({ type: "answer", ...answer }));
    }
  });
});

host.connect();
void chrome.idle.queryState(IDLE).then((state) => {
  front.presence(state, Date.now());
  return look();
});
