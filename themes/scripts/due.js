// What is due. Sealed lines come with their days alone, so that an envelope
// does not change from day to day: here they find their places. All counts from
// the day on which the site was built.

(() => {
  "use strict";

  const DAY = 86_400_000;
  const built = Date.parse(document.body.dataset.day ?? "");
  // Further away than this, in days, only what its own rule tells is listed.
  const AHEAD = 92;
  const AT_HOME = 30;

  const closenessOf = (element) => Number(element.dataset.closeness ?? 0);

  // Those who may read more than others see a matter otherwise: what others see
  // of it goes.
  function takeAway() {
    const closest = new Map();
    for (const mark of strongroom.rows.every("[data-instead]")) {
      const { instead } = mark.dataset;
      closest.set(instead, Math.max(closest.get(instead) ?? 0, closenessOf(mark)));
    }
    if (closest.size === 0) return;
    const seenCloser = (line) => closenessOf(line) < (closest.get(line.dataset.matter) ?? 0);
    strongroom.rows.drop(strongroom.rows.every("[data-matter]").filter(seenCloser));
  }

  // "overdue", "week" (to Sunday), "month", "next-month" or "later".
  function groupOf(day) {
    const now = new Date(built);
    const sunday = built + (7 - now.getUTCDay()) % 7 * DAY;
    const last = (ahead) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 + ahead, 0);
    if (day < built) return "overdue";
    if (day <= sunday) return "week";
    return day <= last(0) ? "month" : day <= last(1) ? "next-month" : "later";
  }

  function isListed(line, day) {
    const asked = line.closest("[data-due]")?.dataset.due;
    if (day < built || asked === "overdue") return day < built;
    if (asked === "home" && line.dataset.ends !== undefined) return groupOf(day) !== "later";
    const isTold = Date.parse(line.dataset.from) <= built;
    if (asked === "home") return (isTold || groupOf(day) === "week") && day <= built + AT_HOME * DAY;
    return isTold || day <= built + AHEAD * DAY;
  }

  // The list to which a line comes. Home parts what ends from what is to be done.
  function placeOf(line, day) {
    const { into, due } = line.parentElement.dataset;
    if (due !== "home") return into ?? `due-${groupOf(day)}`;
    if (day < built) return "due-late";
    return line.dataset.ends === undefined ? "due" : "due-ends";
  }

  // Those that stand in a list and those that come to it, each before the first
  // that follows it; at once, so that ten thousand lines cost one step each.
  function merged(list, lines) {
    const all = [...strongroom.rows.of(list), ...lines];
    return all.map((line, place) => ({ line, place }))
      .sort((one, other) => follows(one.line, other.line) || one.place - other.place)
      .map(({ line }) => line);
  }

  function distance(day) {
    const days = Math.round((day - built) / DAY);
    const key = days < 0 ? "over_days" : days < 1 ? "today" : days < 2 ? "tomorrow" : "in_days";
    return strongroom.words(`due_${key}`, { days: String(Math.abs(days)) });
  }

  // In a list ordered by tiers the most valuable customers come first; in each,
  // the earliest day.
  const rankOf = (line) => Number(line.dataset.rank ?? Infinity);
  function follows(one, other) {
    const [first, second] = [rankOf(one), rankOf(other)];
    if (first !== second) return first < second ? -1 : 1;
    return one.dataset.day < other.dataset.day ? -1 : one.dataset.day > other.dataset.day ? 1 : 0;
  }

  function settle() {
    takeAway();
    const coming = new Map();
    for (const line of strongroom.rows.every("[data-from]")) {
      const day = Date.parse(line.dataset.day);
      if (!isListed(line, day)) {
        line.remove();
        continue;
      }
      line.removeAttribute("data-from");
      line.querySelector(day < built ? ".due-in-time" : ".due-late")?.remove();
      const far = line.querySelector(".due-distance");
      if (far && far.childNodes.length === 0) far.append(distance(day));
      const into = placeOf(line, day);
      if (!coming.has(into)) coming.set(into, []);
      coming.get(into).push(line);
    }
    for (const [into, lines] of coming) {
      const list = strongroom.rows.find(into);
      if (list) strongroom.rows.arrange(list, merged(list, lines));
    }
    for (const plan of document.querySelectorAll("[data-planned]")) {
      if (Date.parse(plan.dataset.planned) >= built) continue;
      plan.classList.replace("visit-planned", "visit-missed");
      plan.querySelector(".visit-state")?.replaceChildren(strongroom.words("visit_missed"));
    }
    strongroom.sealed?.count();
  }

  // Before anything else that listens: what goes must not be counted.
  for (const moment of ["placed", "grown"]) document.addEventListener(`strongroom:${moment}`, settle, { capture: true });
  settle();
})();
