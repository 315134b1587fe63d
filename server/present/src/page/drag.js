/** Seconds that a drag snaps to. */
const SNAP = 300;
/** Pixels of a block's upper and lower edge that resize it. */
const EDGE = 6;
/** Pixels after which a press is a drag. */
const DRAG = 4;

/**
 * Lets a block be moved with the mouse, or made longer or shorter at an edge. The dialog has the same for keys.
 *
 * @param {HTMLElement} part
 * @param {HTMLElement} track
 * @param {Day} day
 * @param {Block} block
 * @param {Bounds} bounds
 */
function letMove(part, track, day, block, bounds) {
  const [first, last] = [block.from ?? 0, block.to ?? 0];
  part.classList.add("movable");
  part.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") {
      return;
    }
    const box = part.getBoundingClientRect();
    const room = Math.min(EDGE, box.height / 4);
    const isStart = event.clientY - box.top < room;
    const isEnd = box.bottom - event.clientY < room;
    const second = track.getBoundingClientRect().height / (bounds.to - bounds.from);
    const marked = make("span", { class: "marked" });
    let [from, to] = [first, last];
    let isDrag = false;
    part.setPointerCapture(event.pointerId);
    /** @type {(at: number) => number} */
    const snapped = (at) => Math.round(at / SNAP) * SNAP;
    /** @param {PointerEvent} moved */
    const move = (moved) => {
      const pixels = moved.clientY - event.clientY;
      isDrag ||= Math.abs(pixels) > DRAG;
      if (!isDrag) {
        return;
      }
      const by = pixels / second;
      if (isStart) {
        from = Math.min(snapped(first + by), last - SNAP);
      } else if (isEnd) {
        to = Math.max(snapped(last + by), first + SNAP);
      } else {
        from = Math.max(0, snapped(first + by));
        to = from + last - first;
      }
      track.append(marked);
      styled(marked, { "--at": String((from - bounds.from) / 3600), "--long": String((to - from) / 3600) });
      marked.textContent = `${clock(from)}–${clock(to)} · ${time(to - from)}`;
    };
    const end = () => {
      part.removeEventListener("pointermove", move);
      marked.remove();
    };
    part.addEventListener("pointermove", move);
    part.addEventListener("pointercancel", end, { once: true });
    part.addEventListener(
      "pointerup",
      () => {
        end();
        if (!isDrag) {
          return;
        }
        // The click that follows a drag opens nothing.
        part.addEventListener("click", (click) => click.stopImmediatePropagation(), { once: true, capture: true });
        if (from !== first || to !== last) {
          change("change", block.key ?? "", `--day=${day.date}`, `--times=${clock(from)}-${clock(to)}`).catch(sayError);
        }
      },
      { once: true },
    );
  });
}

/**
 * Lets empty time be marked with the mouse, to be counted.
 *
 * @param {HTMLElement} track
 * @param {Day} day
 * @param {Bounds} bounds
 */
function letDrag(track, day, bounds) {
  track.classList.add("draggable");
  track.addEventListener("pointerdown", (event) => {
    if (event.target !== track || event.button !== 0 || event.pointerType === "touch") {
      return;
    }
    const { top, height } = track.getBoundingClientRect();
    /** @type {(y: number) => number} */
    const at = (y) => {
      const share = Math.min(Math.max((y - top) / height, 0), 1);
      return Math.round((bounds.from + share * (bounds.to - bounds.from)) / SNAP) * SNAP;
    };
    const start = at(event.clientY);
    const marked = make("span", { class: "marked" });
    let [from, to] = [start, start];
    track.setPointerCapture(event.pointerId);
    track.append(marked);
    /** @param {PointerEvent} moved */
    const move = (moved) => {
      const now = at(moved.clientY);
      [from, to] = [Math.min(start, now), Math.max(start, now)];
      styled(marked, { "--at": String((from - bounds.from) / 3600), "--long": String((to - from) / 3600) });
      marked.textContent = to > from ? `${clock(from)}–${clock(to)} · ${time(to - from)}` : "";
    };
    const end = () => {
      track.removeEventListener("pointermove", move);
      marked.remove();
    };
    track.addEventListener("pointermove", move);
    track.addEventListener("pointercancel", end, { once: true });
    track.addEventListener(
      "pointerup",
      () => {
        end();
        if (to > from) {
          openGap(day.date, from, to);
        }
      },
      { once: true },
    );
  });
}
