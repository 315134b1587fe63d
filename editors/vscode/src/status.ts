/** Shows the host's latest status in the status bar. */

import * as vscode from "vscode";

import { plain } from "./plain.ts";
import type { Status } from "./protocol.ts";
import { type Link, tooltip } from "./say.ts";

const icons = {
  tracking: "$(watch)",
  idle: "$(clock)",
  paused: "$(debug-pause)",
  unassigned: "$(question)",
  error: "$(error)",
};
/** In place of the state's, but for an error. */
const timing = "$(call-outgoing)";

export class StatusBar implements vscode.Disposable {
  #item: vscode.StatusBarItem;
  #away: vscode.StatusBarItem;
  #status: Status | undefined;
  #isAttended = false;
  readonly #settings: vscode.Disposable;

  constructor() {
    [this.#item, this.#away] = newItems();
    this.#settings = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("keeptab.statusBar")) {
        this.#item.dispose();
        this.#away.dispose();
        [this.#item, this.#away] = newItems();
        this.#draw();
      }
    });
    this.#draw();
  }

  get isPaused(): boolean {
    return this.#status?.state === "paused";
  }

  /** True once there is a business or a project, and before the host has said anything. */
  get isSetUp(): boolean {
    return this.#status?.setUp !== false;
  }

  /** Time in front of this window that one key counts, by the clock. */
  get attended(): string | undefined {
    const away = this.#status?.away;
    return away?.attended === true ? `${away.from}-${away.to}` : undefined;
  }

  readonly show = (status: Status): void => {
    this.#status = status;
    this.#draw();
  };

  /** Shows that there is no host. */
  fail(reason: string): void {
    this.show({
      state: "error",
      text: "keeptab: off",
      tooltip: "No time is tracked.",
      reason,
      client: null,
      project: null,
      timer: null,
      todaySeconds: 0,
      projectTodaySeconds: 0,
      unbilled: [],
      budget: null,
      away: null,
      setUp: true,
    });
  }

  #draw(): void {
    const item = this.#item;
    const status = this.#status;
    const words = status ? [status.text, ...extras(status)].map(plain).join(" · ") : "keeptab";
    item.text = `${status ? iconOf(status) : "$(watch)"} ${words}`;
    item.command = "keeptab.menu";
    // A config that is broken is to be mended, not begun.
    if (!this.isSetUp && !status?.reason) {
      item.text = "$(rocket) Set up Keeptab";
      item.command = "keeptab.setUp";
    }
    const shown = status && tooltip(status.reason ?? "", status.tooltip, links(status, this.isSetUp));
    item.tooltip = shown ?? "keeptab is starting";
    const isBroken = status?.state === "error";
    const hasReason = status?.reason !== undefined && status.reason !== null;
    item.backgroundColor = isBroken
      ? new vscode.ThemeColor("statusBarItem.errorBackground")
      : hasReason
        ? new vscode.ThemeColor("statusBarItem.warningBackground")
        : undefined;
    item.show();
    this.#drawAway(status?.away);
  }

  #drawAway(away: Status["away"] | undefined): void {
    const isAttended = away?.attended === true;
    if (isAttended !== this.#isAttended) {
      this.#isAttended = isAttended;
      // Turns the key binding on and off.
      void vscode.commands.executeCommand("setContext", "keeptab.attended", isAttended);
    }
    if (!away) {
      this.#away.hide();
      return;
    }
    const length = hours(away.seconds);
    const span = `from ${away.from} to ${away.to}`;
    if (isAttended) {
      this.#away.text = `$(coffee) ${length} in this window: count it`;
      this.#away.tooltip = `This window was in front all the while, ${span}, and nobody was seen to work. Click to count it to what was in front.`;
      this.#away.command = "keeptab.countAttended";
    } else {
      this.#away.text = `$(coffee) Away ${length}: count it to…`;
      this.#away.tooltip = `Nobody was seen ${span}. Was it a call? Click to count it to a project.`;
      this.#away.command = "keeptab.countAway";
    }
    this.#away.show();
  }

  dispose(): void {
    this.#settings.dispose();
    this.#item.dispose();
    this.#away.dispose();
  }
}

function iconOf(status: Status): string {
  return status.timer && status.state !== "error" ? timing : icons[status.state];
}

/** Returns what can be done next, as the status says it. */
function links(status: Status, isSetUp: boolean): Link[] {
  if (status.state === "error") {
    return [{ label: "Show Log", command: "keeptab.showLog" }];
  }
  if (!isSetUp) {
    return status.reason ? [] : [{ label: "Set Up…", command: "keeptab.setUp" }];
  }
  return [
    { label: "Review This Week", command: "keeptab.reviewThisWeek" },
    { label: "Dashboard", command: "keeptab.showDashboard" },
    status.timer
      ? { label: "Stop Timer", command: "keeptab.stopTimer" }
      : { label: "Start Timer…", command: "keeptab.startTimer" },
    ...(status.unbilled.length > 0 ? [{ label: "Create Invoice…", command: "keeptab.createInvoice" }] : []),
  ];
}

/** The items for the time and for time away, so that each can be hidden on its own. */
function newItems(): [vscode.StatusBarItem, vscode.StatusBarItem] {
  const isRight = vscode.workspace.getConfiguration("keeptab.statusBar").get("alignment") === "right";
  const side = isRight ? vscode.StatusBarAlignment.Right : vscode.StatusBarAlignment.Left;
  const first = isRight ? 100 : 0;
  const item = vscode.window.createStatusBarItem("keeptab.status", side, first);
  item.name = "Keeptab";
  item.command = "keeptab.menu";
  const away = vscode.window.createStatusBarItem("keeptab.away", side, first - 1);
  away.name = "Keeptab: Gap";
  return [item, away];
}

/** Returns the day's total if it is more than the project's, and money if it is wanted. */
function extras(status: Status): string[] {
  const total = status.state === "tracking" && minutes(status.todaySeconds) > minutes(status.projectTodaySeconds);
  const wantsMoney = vscode.workspace.getConfiguration("keeptab.statusBar").get<boolean>("unbilled", false);
  return [
    ...(total ? [`${hours(status.todaySeconds)} today`] : []),
    ...(wantsMoney ? status.unbilled.map(({ amount, currency }) => `${currency} ${amount}`) : []),
  ];
}

function minutes(seconds: number): number {
  return Math.floor(seconds / 60);
}

function hours(seconds: number): string {
  return `${String(Math.floor(seconds / 3600))}:${String(minutes(seconds) % 60).padStart(2, "0")}`;
}
