/** The page in an editor that the test stands in for: a drag, and what arrives from the host meanwhile. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";

import { type Shown, launch, openShown } from "./pages.ts";
import { type Year, firstDay } from "./year.ts";

const WEEK = "2026-W43";

let browser: Browser;
let home: Year;
before(async () => {
  browser = await launch();
  home = firstDay(true);
  home.keeptab("add", "acme/api", "2:00", "--day", "2026-10-20", "--at", "09:00");
  home.keeptab("add", "northwind/shop", "1:00", "--day", "2026-10-20", "--at", "13:00");
});
after(async () => {
  await browser.close();
  home.remove();
});

/** Presses the button on the middle of a part, and moves down. */
async function press(page: Page, part: Locator, pixels: number): Promise<{ x: number; y: number }> {
  const box = await part.boundingBox();
  assert.ok(box);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + pixels / 2);
  await page.mouse.move(x, y + pixels);
  return { x, y: y + pixels };
}

/** Lets the page ask for what is new, and answers. */
async function refreshed(shown: Shown): Promise<void> {
  shown.isHeld = true;
  await shown.page.evaluate("void refresh()");
  await shown.release();
}

/** Waits until a marked element is replaced by a page that is drawn anew. */
async function drawnAnew(page: Page): Promise<void> {
  await page.locator("header[data-old]").waitFor({ state: "detached" });
}

async function mark(page: Page): Promise<void> {
  await page.locator("header").evaluate((one) => {
    one.dataset["old"] = "";
  });
}

test("a refresh that arrives during a drag loses nothing of it, and comes after it", async () => {
  const shown = await openShown(browser, home, WEEK);
  const { page } = shown;
  const block = page.locator('.block[data-time="+09:00-11:00"]');
  // The press takes the focus from another block, which ends nothing.
  await page.locator('.block[data-time="+13:00-14:00"]').focus();
  await mark(page);
  await press(page, block, 46);
  await refreshed(shown);
  assert.equal(await page.locator(".marked").textContent(), "10:00–12:00 · 2:00");
  assert.equal(await page.locator("header[data-old]").count(), 1, "nothing is drawn anew during the drag");
  await page.mouse.up();
  await drawnAnew(page);
  await page.locator('.block[data-time="+10:00-12:00"]').waitFor();
  assert.deepEqual(shown.commands(), ["dashboard", "change", "dashboard"]);
  assert.equal(await page.locator("dialog").count(), 0);
  assert.equal(await page.evaluate("getSelection().toString()"), "");
  home.keeptab("undo");
  await page.context().close();
});

test("Escape takes a drag back, and the next click is a click", async () => {
  const shown = await openShown(browser, home, WEEK);
  const { page } = shown;
  const block = page.locator('.block[data-time="+09:00-11:00"]');
  await press(page, block, 92);
  await page.locator(".marked").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".marked").waitFor({ state: "detached" });
  await page.mouse.up();
  assert.deepEqual(shown.commands(), []);
  assert.equal(await page.locator("dialog").count(), 0);
  await block.click();
  await page.getByRole("dialog").waitFor();
  await page.context().close();
});

test("a press that ends unseen holds no refresh back, and drags nothing later", async () => {
  const shown = await openShown(browser, home, WEEK);
  const { page } = shown;
  const block = page.locator('.block[data-time="+09:00-11:00"]');
  for (const end of ["blur", "pointercancel"]) {
    const { x, y } = await press(page, block, 46);
    await mark(page);
    await refreshed(shown);
    assert.equal(await page.locator("header[data-old]").count(), 1, end);
    // The page hears that the pointer or the focus is gone, and of no release.
    await block.evaluate((one, name) => {
      (name === "blur" ? globalThis : one).dispatchEvent(
        name === "blur" ? new Event(name) : new PointerEvent(name, { pointerId: 1, bubbles: true }),
      );
    }, end);
    await drawnAnew(page);
    await page.mouse.move(x, y + 60);
    assert.equal(await page.locator(".marked").count(), 0, end);
    await page.mouse.up();
  }
  // Nothing is heard at all: the pointer comes back without its button.
  await mark(page);
  await page.evaluate("press.held = true; void refresh()");
  assert.equal(await page.locator("header[data-old]").count(), 1);
  await page.mouse.move(300, 300);
  await page.mouse.move(310, 310);
  await drawnAnew(page);
  assert.ok(!shown.commands().includes("change"));
  await page.context().close();
});

test("a drag over empty time asks for its project, and one that is cancelled asks nothing", async () => {
  const shown = await openShown(browser, home, WEEK);
  const { page } = shown;
  const track = page.locator(".track").first();
  await press(page, track, 46);
  await track.dispatchEvent("pointercancel", { pointerId: 1 });
  await page.mouse.up();
  assert.equal(await page.locator("dialog").count(), 0);
  await press(page, track, 46);
  await page.mouse.up();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByLabel("From", { exact: true }).inputValue(), "13:00");
  assert.equal(await dialog.getByLabel("To", { exact: true }).inputValue(), "14:00");
  await page.context().close();
});
