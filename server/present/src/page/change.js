/**
 * Opens a dialog; Escape closes it, and what had the focus has it again.
 *
 * @param {string} title
 * @param {Child[]} children
 * @returns {HTMLDialogElement}
 */
function openDialog(title, ...children) {
  document.querySelector("dialog")?.remove();
  const heading = make("h2", { id: "dialog-title" }, title);
  const dialog = make("dialog", { "aria-labelledby": "dialog-title" }, heading, ...children);
  dialog.addEventListener("close", () => {
    dialog.remove();
  });
  // A click beside it closes it, as people expect.
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * @param {string} label
 * @param {HTMLElement} field
 * @returns {HTMLElement}
 */
function labelled(label, field) {
  return make("label", { class: "field" }, make("span", {}, label), field);
}

/**
 * The projects that time can be given to, by client.
 *
 * @param {string} chosen
 * @param {Child[]} more
 * @returns {HTMLSelectElement}
 */
function projectSelect(chosen, ...more) {
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const { id, client, current, name } of state.shown.projects) {
    if (current || id === chosen) {
      const label = clientName(client);
      const group = groups.get(label) ?? make("optgroup", { label });
      groups.set(label, group);
      group.append(make("option", { value: id, selected: id === chosen }, name === undefined ? id : `${name} · ${id}`));
    }
  }
  return make("select", {}, ...groups.values(), ...more);
}

/**
 * What a block is, and all that can be done to it.
 *
 * @param {Day} day
 * @param {Block} block
 */
function openBlock(day, block) {
  const title = `${date(day.date, SHORT)} · ${timeOf(block)}`;
  const number = block.billed === undefined ? undefined : state.shown.numbers[block.billed];
  if (number !== undefined) {
    const stays = make("p", {}, `Invoice ${number} bills this time, so it stays as it is.`);
    const more = editor ? [] : howTo(["To look at it", `keeptab invoice show ${shell(number)}`]);
    openDialog(title, facts(block), stays, ...more, closing());
  } else if (!editor || block.key === undefined) {
    openDialog(title, facts(block), ...howToChange(day, block), closing());
  } else {
    blockForm(title, day, block, block.key);
  }
}

/**
 * @param {Block} block
 * @returns {HTMLElement}
 */
function facts(block) {
  const { project, note, hint, free } = block;
  return make(
    "dl",
    { class: "facts" },
    make("dt", {}, "Project"),
    make("dd", {}, targetOf(block), " ", idBeside(project)),
    make("dt", {}, "Length"),
    make("dd", {}, time(secondsOf(block))),
    (note ?? hint) !== undefined && make("dt", {}, note === undefined ? "Folder" : "Note"),
    (note ?? hint) !== undefined && make("dd", {}, note ?? hint),
    free && make("dt", {}, "Billing"),
    free && make("dd", {}, "not billable"),
  );
}

/**
 * What changes a line, in a shell.
 *
 * @param {Day} day
 * @param {Block} block
 * @returns {HTMLElement[]}
 */
function howToChange(day, block) {
  const line = `keeptab change ${shell(timeOf(block))} --day ${day.date}`;
  const folder = block.project === undefined && !block.private && block.hint;
  return howTo(
    ["Another project", `${line} --to PROJECT`],
    ...(folder
      ? [/** @type {[string, string]} */ (["The whole folder", `keeptab assign ${shell(folder)} PROJECT`])]
      : []),
    ["A note", `${line} --note 'NOTE'`],
    block.free ? ["Billable", `${line} --billable`] : ["Not billable", `${line} --not-billable`],
    ["No work", `${line} --erase`],
    ["The week as text", `keeptab review ${state.week}`],
  );
}

/** @returns {HTMLElement} */
function closing() {
  const close = make("button", { type: "button" }, "Close");
  close.addEventListener("click", () => {
    close.closest("dialog")?.close();
  });
  return make("div", { class: "actions" }, close);
}

/**
 * @param {string} title
 * @param {Day} day
 * @param {Block} block
 * @param {string} key
 */
function blockForm(title, day, block, key) {
  const chosen = block.project === undefined ? (block.private ? "-" : "?") : projectId(block.project);
  const select = projectSelect(
    chosen,
    make("option", { value: "?", selected: chosen === "?" }, "unassigned"),
    !block.entry && make("option", { value: "-", selected: chosen === "-" }, "private"),
  );
  const note = make("input", {
    type: "text",
    value: block.note ?? "",
    placeholder: block.hint ?? "",
    autocomplete: "off",
  });
  const billable = make("input", { type: "checkbox", checked: !block.free });
  const canSplit = block.from !== undefined && !block.entry;
  // The text of the timesheet: `09:02-10:47`, and `+` before it for an entry.
  const [first = "", last = ""] = (block.from === undefined ? "" : timeOf(block)).replace(/^\+/, "").split("-");
  const start = make("input", { type: "text", class: "clock", value: first });
  const finish = make("input", { type: "text", class: "clock", value: last });
  const whole = make("input", { type: "radio", name: "part", checked: true });
  const later = make("input", { type: "radio", name: "part" });
  const at = make("input", { type: "text", class: "clock", value: middleOf(block), "aria-label": "Split at" });
  at.addEventListener("input", () => {
    later.checked = true;
    update();
  });
  const erase = make("button", { type: "button", class: "danger" }, "Erase");
  function update() {
    erase.disabled = later.checked;
  }
  const part = make(
    "fieldset",
    { class: "part", change: update },
    make("legend", {}, "Change"),
    make("label", {}, whole, " all of it"),
    make("label", {}, later, " only from ", at, " on"),
  );
  const wrong = make("p", { class: "wrong", role: "alert" });

  /** @returns {string[] | undefined} */
  function wanted() {
    const words = [];
    if (select.value !== chosen) {
      words.push(`--to=${select.value}`);
    }
    if (note.value !== (block.note ?? "")) {
      words.push(`--note=${note.value}`);
    }
    if (billable.checked === Boolean(block.free)) {
      words.push(billable.checked ? "--billable" : "--not-billable");
    }
    if (start.value.trim() !== first || finish.value.trim() !== last) {
      if (clockRead(start.value) === undefined || clockRead(finish.value) === undefined) {
        wrong.textContent = "Times are written as 14:30.";
        return undefined;
      }
      if (later.checked) {
        wrong.textContent = "Change the times first, then split.";
        return undefined;
      }
      words.push(`--times=${start.value.trim()}-${finish.value.trim()}`);
    }
    if (!later.checked) {
      return words;
    }
    const seconds = clockRead(at.value);
    if (seconds === undefined) {
      wrong.textContent = "The time to split at is written as 10:30.";
    } else if (words.length === 0) {
      wrong.textContent = "Choose what the later part becomes: another project, a note.";
    } else {
      return [...words, `--split=${at.value.trim()}`];
    }
    return undefined;
  }
  /** @param {string[]} words */
  async function send(...words) {
    try {
      await change("change", key, `--day=${day.date}`, ...words);
      closeTo(day.date, block.from);
    } catch (error) {
      wrong.textContent = sentence(error instanceof Error ? error.message : String(error));
    }
  }
  /** @param {Event} event */
  function save(event) {
    event.preventDefault();
    wrong.textContent = "";
    const words = wanted();
    if (words?.length === 0) {
      closeTo(day.date, block.from);
    } else if (words) {
      void send(...words);
    }
  }
  erase.addEventListener("click", () => void send("--erase"));
  const form = make(
    "form",
    { submit: save },
    labelled("Project", select),
    labelled("Note", note),
    block.from !== undefined && make("div", { class: "pair" }, labelled("From", start), labelled("To", finish)),
    make("label", { class: "check" }, billable, " Billable"),
    canSplit && part,
    wrong,
    make(
      "div",
      { class: "actions" },
      make("button", { type: "submit", class: "primary" }, "Save"),
      erase,
      cancelling(),
    ),
  );
  const dialog = openDialog(title, make("p", { class: "muted" }, time(secondsOf(block))), form);
  dialog.dataset["from"] = String(block.from ?? "");
  select.focus();
}

/** @returns {HTMLElement} */
function cancelling() {
  const cancel = make("button", { type: "button", class: "quiet" }, "Cancel");
  cancel.addEventListener("click", () => {
    cancel.closest("dialog")?.close();
  });
  return cancel;
}

/**
 * The middle of a block to five minutes.
 *
 * @param {Block} block
 * @returns {string}
 */
function middleOf({ from = 0, to = 0, time: told }) {
  const middle = Math.round((from + to) / 2 / SNAP) * SNAP;
  const pass = /b-.*b$/.test(told ?? "") ? "b" : "";
  return clock(middle > from && middle < to ? middle : Math.ceil((from + to) / 120) * 60) + pass;
}

/**
 * Closes the dialog and goes to what is in that place by now: the block that was left is drawn anew.
 *
 * @param {string} day
 * @param {number | undefined} from
 */
function closeTo(day, from) {
  document.querySelector("dialog")?.close();
  const all = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll(".calendar button.block, .calendar button.gap")
  );
  const here = [...all].filter((one) => one.dataset["day"] === day);
  const next = here.find((one) => Number(one.dataset["from"] ?? -1) >= (from ?? 0)) ?? here.at(-1) ?? all[0];
  if (next) {
    all.forEach((one) => one.setAttribute("tabindex", one === next ? "0" : "-1"));
    next.focus();
  }
}

/**
 * Counts time that was not counted, or says that it was a break.
 *
 * @param {string} day
 * @param {number} from
 * @param {number} to
 * @param {string} [told] As the timesheet shows it, where the seconds do not say that.
 */
function openGap(day, from, to, told) {
  const [first = clock(from), last = clock(to)] = told?.split("-") ?? [];
  if (!editor) {
    const line = `keeptab away ${first}-${last}`;
    const commands = howTo(
      ["It was work", `${line} PROJECT --day ${day}`],
      ["It was a break", `${line} --break --day ${day}`],
    );
    openDialog(`${date(day, SHORT)} · ${first}-${last}`, ...commands, closing());
    return;
  }
  const days = make(
    "select",
    {},
    ...(weekShown()?.days ?? []).map((one) => {
      const label = date(one.date, SHORT);
      return make("option", { value: one.date, selected: one.date === day }, label);
    }),
  );
  const start = make("input", { type: "text", class: "clock", value: first });
  const end = make("input", { type: "text", class: "clock", value: last });
  const select = projectSelect(likely(day, from));
  const wrong = make("p", { class: "wrong", role: "alert" });
  /** @param {string[]} words */
  async function send(...words) {
    const times = [clockRead(start.value), clockRead(end.value)];
    if (times.includes(undefined)) {
      wrong.textContent = "Times are written as 14:30.";
      return;
    }
    try {
      await change("away", `${start.value.trim()}-${end.value.trim()}`, `--day=${days.value}`, ...words);
      closeTo(days.value, times[0]);
    } catch (error) {
      wrong.textContent = sentence(error instanceof Error ? error.message : String(error));
    }
  }
  const pause = make("button", { type: "button" }, "It was a break");
  pause.addEventListener("click", () => void send("--break"));
  /** @param {Event} event */
  const save = (event) => {
    event.preventDefault();
    void send("--", select.value);
  };
  const form = make(
    "form",
    { submit: save },
    labelled("Day", days),
    make("div", { class: "pair" }, labelled("From", start), labelled("To", end)),
    labelled("Project", select),
    wrong,
    make(
      "div",
      { class: "actions" },
      make("button", { type: "submit", class: "primary" }, "Count it"),
      pause,
      cancelling(),
    ),
  );
  const hint = "What is counted already stays as it is; only the time between is added.";
  openDialog("Add time", make("p", { class: "muted" }, hint), form);
  select.focus();
}

/**
 * The project of what lies before a time of a day.
 *
 * @param {string} day
 * @param {number} from
 * @returns {string}
 */
function likely(day, from) {
  const blocks = weekShown()?.days.find((one) => one.date === day)?.blocks ?? [];
  const before = blocks.findLast((block) => block.project !== undefined && (block.from ?? Infinity) < from);
  return before?.project === undefined ? "" : projectId(before.project);
}
