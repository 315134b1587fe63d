/**
 * What is used of the hours that were agreed; nothing where none were.
 *
 * @returns {HTMLElement | undefined}
 */
function budgets() {
  const all = state.shown.totals.find(({ kind }) => kind === "all");
  const items = state.shown.projects.flatMap((project, place) => {
    if (project.budget === undefined) {
      return [];
    }
    const own = all?.projects.filter((sum) => sum.project === place) ?? [];
    const used = sumUp(own, ({ seconds }) => seconds);
    const left = project.budget - used;
    const words = `${time(used)} of ${time(project.budget)}`;
    const share = `${String(Math.min((100 * used) / Math.max(project.budget, 1), 100))}%`;
    return make(
      "li",
      {},
      make(
        "span",
        { class: "name" },
        coloured(make("span", { class: "swatch" }), place),
        project.id,
        make("span", { class: "used" }, words),
      ),
      coloured(
        make("span", { class: "bar", "aria-hidden": "true" }, styled(make("span", {}), { width: share })),
        place,
      ),
      make("span", { class: left < 0 ? "over" : "muted" }, left < 0 ? `${time(-left)} over` : `${time(left)} left`),
    );
  });
  if (items.length === 0) {
    return undefined;
  }
  const heading = make("div", { class: "head" }, make("h2", { id: "budgets" }, "Budgets"));
  return make("section", { class: "budgets", "aria-labelledby": "budgets" }, heading, make("ul", {}, ...items));
}
