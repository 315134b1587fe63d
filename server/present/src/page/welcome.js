/**
 * The first day, when there is nothing to see yet: what to do next, and what is done already.
 *
 * @returns {HTMLElement}
 */
function welcome() {
  const { business, projects } = state.shown;
  const steps = [
    {
      done: business !== null,
      title: "Say who you are",
      text: "Your business, your first client and a rate: what an invoice needs. It all stands in one file of yours.",
      action: editor
        ? make("button", { type: "button", class: "primary", click: () => send("init") }, "Set up…")
        : command("keeptab init"),
    },
    {
      done: projects.some(({ current }) => current),
      title: "Name a project and its folders",
      text: "Time goes to a project by the folder that you work in. What no project names is kept as unassigned, never guessed.",
      action: editor
        ? make("button", { type: "button", class: "primary", click: () => send("assign") }, "Assign a folder…")
        : command("keeptab project add acme/api --client acme --rate 95 --path '~/work/acme/api/**'"),
    },
    {
      done: false,
      title: "Work",
      text: "Open a file of the project and type. After the first minutes your day stands here, block by block.",
      action: undefined,
    },
  ];
  const next = steps.findIndex(({ done }) => !done);
  const items = steps.map(({ done, title, text, action }, at) =>
    make(
      "li",
      { class: done ? "done" : at === next ? "next" : "" },
      make("h3", {}, title, done && make("span", { class: "muted" }, " – done")),
      make("p", {}, text),
      at === next && action,
    ),
  );
  return make(
    "section",
    { class: "welcome", "aria-labelledby": "welcome" },
    sketch(),
    make("h2", { id: "welcome" }, "Your week will stand here"),
    make("p", {}, "Nothing was tracked yet. Three steps, and the first takes two minutes:"),
    make("ol", { class: "steps" }, ...items),
  );
}

/** Days and hours of a week that nobody has worked yet: column, top, height, colour. */
const SKETCH = [
  [0, 0, 4, 0],
  [0, 5, 3, 1],
  [1, 1, 5, 0],
  [2, 0, 2, 2],
  [2, 3, 5, 1],
  [3, 2, 6, 0],
  [4, 0, 3, 1],
  [4, 4, 2, 2],
];

/**
 * A week as a drawing.
 *
 * @returns {SVGElement}
 */
function sketch() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 150 72");
  svg.setAttribute("class", "sketch");
  svg.setAttribute("aria-hidden", "true");
  for (const [column = 0, top = 0, height = 0, colour = 0] of SKETCH) {
    const rect = document.createElementNS(space, "rect");
    const place = { x: column * 30 + 2, y: top * 8 + 4, width: 26, height: height * 8 - 2, rx: 3 };
    for (const [name, value] of Object.entries(place)) {
      rect.setAttribute(name, String(value));
    }
    rect.setAttribute("class", `sketch-${String(colour)}`);
    svg.append(rect);
  }
  return svg;
}
