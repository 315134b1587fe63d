/** Seconds that a drag snaps to. */
const SNAP = 300;
/** Pixels of a block's upper and lower edge that resize it. */
const EDGE = 6;
/** Pixels after which a press is a drag. */
const DRAG = 4;

/**
 * Follows a press of the mouse until it ends. `end` gets true where the button was released, and false where Escape, a lost
 * pointer or a window without focus took the drag away.
 *
 * @param {HTMLElement} element
 * @param {PointerEvent} press
 * @param {(moved: PointerEvent) => void} move
 * @param {(isReleased: boolean) => void} end
 */
function follow(element, press, move, end) {
  const over = new AbortController();
  const { signal } = over;
  /** @param {boolean} isReleased */
  const finish = (isReleased) => {
    over.abort();
    end(isReleased);
  };
  /** @type {(name: "pointermove" | "pointerup" | "pointercancel" | "lostpointercapture", then: (event: PointerEvent) => void) => void} */
  const on = (name, then) => {
    element.addEventListener(name, (event) => event.pointerId === press.pointerId && then(event), { signal });
  };
  element.setPointerCapture(press.pointerId);
  // A pointer that moves without a button was released where nobody saw it.
  on("pointermove", (moved) => (moved.buttons === 0 ? finish(false) : move(moved)));
  on("pointerup", () => finish(true));
  on("pointercancel", () => finish(false));
  on("lostpointercapture", () => finish(false));
  addEventListener("blur", () => finish(false), { signal });
  addEventListener("keydown", ({ key }) => key === "Escape" && finish(false), { signal, capture: true });
}

/**
 * Lets the click that follows a drag do nothing. One that follows another press, or a key, is not that click.
 *
 * @param {HTMLElement} part
 */
function dropClick(part) {
  const over = new AbortController();
  const { signal } = over;
  const drop = (/** @type {Event} */ click) => {
    click.stopImmediatePropagation();
    over.abort();
  };
  part.addEventListener("click", drop, { signal, capture: true });
  for (const name of ["pointerdown", "keydown"]) {
    addEventListener(name, () => over.abort(), { signal, capture: true });
  }
}

/**
 * The stretch that a drag marks.
 *
 * @param {HTMLElement} track
 * @param {Axis} axis
 * @returns {{ show: (from: number, to: number) => void, remove: () => void }}
 */
function marker(track, axis) {
  const marked = make("span", { class: "marked" });
  return {
    show(from, to) {
      track.append(placed(marked, axis, from, to));
      marked.textContent = to > from ? `${clock(from)}–${clock(to)} · ${time(to - from)}` : "";
    },
    remove() {
      marked.remove();
    },
  };
}

/** @param {PointerEvent} event */
function isDraggable(event) {
  return event.button === 0 && event.pointerType !== "touch";
}

/** @type {(at: number) => number} */
const snapped = (at) => Math.round(at / SNAP) * SNAP;

/**
 * Lets a block be moved with the mouse, or made longer or shorter at an edge. The dialog has the same for keys.
 *
 * @param {HTMLElement} part
 * @param {HTMLElement} track
 * @param {Day} day
 * @param {Block} block
 * @param {Axis} axis
 */
function letMove(part, track, day, block, axis) {
  const [first, last] = [block.from ?? 0, block.to ?? 0];
  part.classList.add("movable");
  part.addEventListener("pointerdown", (event) => {
    if (!isDraggable(event)) {
      return;
    }
    const box = part.getBoundingClientRect();
    const room = Math.min(EDGE, box.height / 4);
    const isStart = event.clientY - box.top < room;
    const isEnd = box.bottom - event.clientY < room;
    const hour = track.getBoundingClientRect().height / axis.height;
    const marked = marker(track, axis);
    let [from, to] = [first, last];
    let isDrag = false;
    /** @param {PointerEvent} moved */
    const move = (moved) => {
      const pixels = moved.clientY - event.clientY;
      isDrag ||= Math.abs(pixels) > DRAG;
      if (!isDrag) {
        return;
      }
      /** @type {(at: number) => number} */
      const later = (at) => snapped(timeAt(axis, heightAt(axis, at) + pixels / hour));
      if (isStart) {
        from = Math.min(later(first), last - SNAP);
      } else if (isEnd) {
        to = Math.max(later(last), first + SNAP);
      } else {
        from = Math.max(0, later(first));
        to = from + last - first;
      }
      marked.show(from, to);
    };
    follow(part, event, move, (isReleased) => {
      marked.remove();
      if (isDrag) {
        dropClick(part);
      }
      if (isReleased && isDrag && (from !== first || to !== last)) {
        change("change", block.key ?? "", `--day=${day.date}`, `--times=${clock(from)}-${clock(to)}`).catch(sayError);
      }
    });
  });
}

/**
 * Lets empty time be marked with the mouse, to be counted.
 *
 * @param {HTMLElement} track
 * @param {Day} day
 * @param {Axis} axis
 */
function letDrag(track, day, axis) {
  track.classList.add("draggable");
  track.addEventListener("pointerdown", (event) => {
    if (event.target !== track || !isDraggable(event)) {
      return;
    }
    const { top, height } = track.getBoundingClientRect();
    /** @type {(y: number) => number} */
    const at = (y) => snapped(timeAt(axis, (Math.min(Math.max(y - top, 0), height) / height) * axis.height));
    const start = at(event.clientY);
    const marked = marker(track, axis);
    let [from, to] = [start, start];
    /** @param {PointerEvent} moved */
    const move = (moved) => {
      const now = at(moved.clientY);
      [from, to] = [Math.min(start, now), Math.max(start, now)];
      marked.show(from, to);
    };
    follow(track, event, move, (isReleased) => {
      marked.remove();
      if (isReleased && to > from) {
        openGap(day.date, from, to);
      }
    });
  });
}
