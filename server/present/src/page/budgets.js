/** Percent of a budget from which on it is said to be nearly used. */
const NEARLY = 80;

/**
 * What is used of the hours that were agreed, the most used first; nothing where none were.
 *
 * @returns {HTMLElement | undefined}
 */
function budgets() {
  const all = state.shown.totals.find(({ kind }) => kind === "all");
  const used = state.shown.projects.flatMap(({ budget }, place) => {
    const own = all?.projects.filter((sum) => sum.project === place) ?? [];
    return budget === undefined || !isShown(place)
      ? []
      : [{ place, budget, used: sumUp(own, ({ seconds }) => seconds) }];
  });
  if (used.length === 0) {
    return undefined;
  }
  used.sort((one, other) => other.used / Math.max(other.budget, 1) - one.used / Math.max(one.budget, 1));
  const heading = make("div", { class: "head" }, make("h2", { id: "budgets" }, "Budgets"));
  const list = make("ul", {}, ...used.map(({ place, budget, used: own }) => budgetItem(place, budget, own)));
  return make("section", { class: "budgets", "aria-labelledby": "budgets" }, heading, list);
}

/**
 * @param {number} place
 * @param {number} budget
 * @param {number} used
 * @returns {HTMLElement}
 */
function budgetItem(place, budget, used) {
  const percent = Math.floor((100 * used) / Math.max(budget, 1));
  const isOver = used > budget;
  const whole = Math.max(used, budget, 1);
  const pieces = [
    styled(make("span", {}), { width: `${String((100 * Math.min(used, budget)) / whole)}%` }),
    isOver && styled(make("span", { class: "beyond" }), { width: `${String((100 * (used - budget)) / whole)}%` }),
  ];
  const rest = isOver ? `${time(used - budget)} over the budget` : `${time(budget - used)} left`;
  const words = `${rest}${percent >= NEARLY ? `, ${String(percent)} % used` : ""}`;
  return make(
    "li",
    { class: isOver ? "over" : percent >= NEARLY ? "nearly" : "" },
    make(
      "span",
      { class: "name" },
      coloured(make("span", { class: "swatch" }), place),
      make("span", {}, projectName(place)),
      make("span", { class: "used" }, `${time(used)} of ${time(budget)}`),
    ),
    coloured(make("span", { class: "bar", "aria-hidden": "true" }, ...pieces.filter(isThere)), place),
    make("span", { class: "rest" }, words),
  );
}
