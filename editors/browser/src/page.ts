/**
 * Runs in pages that a rule names, and tells at most every 15 seconds when the person last gave a sign of life there. It
 * does not look at what is pressed or where. An event costs a few comparisons.
 */

/** Milliseconds between two messages. */
const EVERY = 15_000;
/** The person's own input; pages scroll by themselves too, so scrolling is told by what makes it. */
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"];
const OPTIONS = { capture: true, passive: true };

const scope = globalThis as { keeptab?: boolean };

if (!scope.keeptab) {
  scope.keeptab = true;
  let last = 0;
  let told = -EVERY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Where the pointer is on the screen, once it has been seen. */
  let left: number | undefined;
  let top: number | undefined;

  /** A browser says by itself that a resting pointer moved, when the page under it is another or lies differently. */
  const rests = ({ screenX, screenY }: PointerEvent): boolean => {
    const isMoved = left !== undefined && (left !== screenX || top !== screenY);
    left = screenX;
    top = screenY;
    return !isMoved;
  };

  const mark = (event: Event): void => {
    if (!event.isTrusted || (event.type === "pointermove" && rests(event as PointerEvent))) {
      return;
    }
    last = event.timeStamp;
    if (last - told >= EVERY) {
      tell();
    }
  };

  /** The pointer may be anywhere when the page is shown again. */
  const forget = (): void => {
    left = undefined;
  };

  const stop = (): void => {
    scope.keeptab = false;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", forget);
    SIGNS.forEach((sign) => removeEventListener(sign, mark, OPTIONS));
  };

  const tell = (): void => {
    const at = Math.round(Date.now() - (performance.now() - last));
    told = last;
    clearTimeout(timer);
    timer = setTimeout(() => last > told && tell(), EVERY);
    // Without an answer of yes, nobody wants to know any more: another page, another rule, a new extension.
    try {
      chrome.runtime.sendMessage({ at }).then((go: unknown) => go === true || stop(), stop);
    } catch {
      stop();
    }
  };

  SIGNS.forEach((sign) => addEventListener(sign, mark, OPTIONS));
  document.addEventListener("visibilitychange", forget);
}
