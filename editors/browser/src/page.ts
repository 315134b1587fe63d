/**
 * Runs in pages that a rule matches, and reports the person's last sign of life there, at most every 15 seconds. It
 * does not read the keys that are pressed or the position of clicks. An event costs a few comparisons.
 */

/** Milliseconds between two messages. */
const EVERY = 15_000;
/** The person's own input. Pages scroll by themselves too, so scrolling is detected by its input. */
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"];
const OPTIONS = { capture: true, passive: true };

const scope = globalThis as { keeptab?: boolean };

if (!scope.keeptab) {
  scope.keeptab = true;
  let last = 0;
  let told = -EVERY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The position of the pointer on the screen, once it is known. */
  let left: number | undefined;
  let top: number | undefined;

  /**
   * Returns true if the pointer has not moved. Browsers report a move when the page under a resting pointer changes.
   */
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

  /** Forgets the position: the pointer may be anywhere when the page is shown again. */
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
    // Any other answer ends the reports: another page, another rule, or a new extension.
    try {
      chrome.runtime.sendMessage({ at }).then((go: unknown) => go === true || stop(), stop);
    } catch {
      stop();
    }
  };

  SIGNS.forEach((sign) => addEventListener(sign, mark, OPTIONS));
  document.addEventListener("visibilitychange", forget);
}
