import assert from "node:assert/strict";
import { test } from "node:test";

import { documentOf } from "./desk/desk.ts";
import { TextDocumentSaveReason, known, signals, window } from "./desk/vscode.ts";

const { saveByHand } = await import("../src/refresh.ts");

/** Saves the document in front, and counts how often VS Code is asked; each time it saves for the reason that is next. */
async function asked(document: ReturnType<typeof documentOf> | undefined, ...reasons: number[]): Promise<number> {
  let count = 0;
  known["workbench.action.files.save"] = () => {
    const reason = reasons[count];
    count += 1;
    if (reason !== undefined) {
      signals["onWillSaveTextDocument"]?.fire({ document, reason });
    }
  };
  window.activeTextEditor = document && { document };
  await saveByHand();
  return count;
}

test("a save by hand is asked for again after an automatic one, unless there is no file", async () => {
  const { AfterDelay, Manual } = TextDocumentSaveReason;
  const sheet = documentOf("file:///week.timesheet");
  assert.equal(await asked(sheet, Manual), 1);
  assert.equal(await asked(sheet, AfterDelay, Manual), 2);
  // A new document asks for its name, and the person may give none.
  assert.equal(await asked(documentOf("untitled:Untitled-1")), 1);
  assert.equal(await asked(undefined), 1);
});
