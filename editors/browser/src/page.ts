/**
 * Runs in pages that a rule names, and tells now and then when the person last gave a sign of life there. What is pressed
 * or where is not looked at. An event costs one comparison and one number.
 */

/** Milliseconds between two looks, while the page is visible. */
const EVERY = 15_000;
/** The person's own input; pages scroll by themselves too, so scrolling is told by what makes it. */
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"];
const OPTIONS = { capture: true, passive: true };

const scope = globalThis as { keeptab?: boolean };

if (!scope.keeptab) {
  scope.keeptab = true;
  let last = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  const mark = (event: Event): void => {
    if (event.isTrusted) {
      last = event.timeStamp;
    }
  };

  const stop = (): void => {
    scope.keeptab = false;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", begin);
    SIGNS.forEach((sign) => removeEventListener(sign, mark, OPTIONS));
  };

  const tell = (): void => {
    if (last === 0) {
      return;
    }
    const at = Math.round(Date.now() - (performance.now() - last));
    last = 0;
    // Without an answer of yes, nobody wants to know any more: another page, another rule, a new extension.
    try {
      chrome.runtime.sendMessage({ at }).then((go: unknown) => go === true || stop(), stop);
    } catch {
      stop();
    }
  };

  const begin = (): void => {
    clearInterval(timer);
    timer = document.visibilityState === "visible" ? setInterval(tell, EVERY) : undefined;
  };

  SIGNS.forEach((sign) => addEventListener(sign, mark, OPTIONS));
  document.addEventListener("visibilitychange", begin);
  begin();
}
