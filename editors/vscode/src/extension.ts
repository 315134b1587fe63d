/**
 * keeptab tracks working time from inside the editor. This extension sees the person at work and shows what the host
 * says; everything that counts, decides or remembers is in the host.
 */

import * as vscode from "vscode";

import { Capture, QUIET, TICK } from "./capture.ts";
import { registerCommands } from "./commands.ts";
import { registerDashboard } from "./dashboard.ts";
import { entityOfFolder } from "./entity.ts";
import { Host } from "./host.ts";
import { Outbox } from "./outbox.ts";
import { usePaper } from "./paper.ts";
import { provideTexts } from "./reply.ts";
import type { Sign } from "./sign.ts";
import { StatusBar } from "./status.ts";
import { watch } from "./watch.ts";

let leave: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): void {
  usePaper(context.extensionUri);
  const log = vscode.window.createOutputChannel("Keeptab", { log: true });
  const status = new StatusBar();
  const outbox = new Outbox(() => {
    log.warn("too much waits for the host: the oldest activity is dropped");
  });
  const host = new Host(context.extensionPath, outbox, status, log);
  const capture = new Capture(entityOfFolder(), (activity) => {
    outbox.add(activity);
  });
  context.subscriptions.push(
    log,
    status,
    registerCommands(context.extension, host, status, log),
    registerDashboard(host),
    provideTexts(),
    watchInto(capture),
  );
  // The person's first key must not wait for the host's first word.
  setImmediate(() => void host.start());
  leave = async () => {
    capture.see({ is: "time" }, Infinity);
    outbox.dispose();
    await host.stop();
  };
}

export async function deactivate(): Promise<void> {
  await leave?.();
}

/** Stamps what VS Code says, and lets time go on where that says something. */
function watchInto(capture: Capture): vscode.Disposable {
  let ticking: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;
  function see(sign: Sign): void {
    capture.see(sign, Date.now());
    if (capture.isHolding) {
      settling ??= setTimeout(settle, QUIET);
    }
    // No timer runs while nobody is there.
    if (capture.isWatched) {
      ticking ??= setTimeout(tick, TICK);
    }
  }
  function settle(): void {
    settling = undefined;
    see({ is: "time" });
  }
  function tick(): void {
    ticking = undefined;
    see({ is: "tick" });
  }
  return vscode.Disposable.from(watch(see), {
    dispose: () => {
      clearTimeout(ticking);
      clearTimeout(settling);
    },
  });
}
