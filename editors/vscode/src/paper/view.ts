/** Draws a PDF inside a webview. */

/// <reference lib="dom" />

import * as pdf from "pdfjs-dist/legacy/build/pdf.mjs";
// On this page's own thread: a webview may not start a worker from a file, and an invoice is small.
import "pdfjs-dist/legacy/build/pdf.worker.mjs";

/** Screen pixels per point of the paper. */
const SCALE = 1.5;

async function draw(data: Uint8Array): Promise<void> {
  const paper = await pdf.getDocument({ data }).promise;
  const pages = Array.from({ length: paper.numPages }, (_, index) => paper.getPage(index + 1));
  document.body.replaceChildren();
  for (const page of await Promise.all(pages)) {
    const canvas = document.createElement("canvas");
    const viewport = page.getViewport({ scale: SCALE * devicePixelRatio });
    canvas.width = viewport.width;
    canvas.height = viewport.height;
    canvas.style.width = `${String(viewport.width / devicePixelRatio)}px`;
    await page.render({ canvas, viewport }).promise;
    document.body.append(canvas);
  }
}

addEventListener("message", (event: MessageEvent<{ bytes: string }>) => {
  void draw(Uint8Array.from(atob(event.data.bytes), (letter) => letter.charCodeAt(0)));
});
acquireVsCodeApi().postMessage("ready");

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };
