// The highest of all markings that a page shows, said at its head and on every
// printed sheet. What is still sealed shows none: when something opens, its
// marking counts as well.

(() => {
  "use strict";

  const known = (() => {
    try {
      return JSON.parse(document.querySelector(".running-head")?.dataset.levels ?? "[]");
    } catch {
      return [];
    }
  })();

  // The level alone, without the word before it.
  function levelOf(entry) {
    const copy = entry.cloneNode(true);
    for (const key of copy.querySelectorAll(".plate-key")) key.remove();
    return copy.textContent.trim();
  }

  function highest() {
    const shown = [...document.querySelectorAll(".sheet .plate-level")].map(levelOf).filter((level) => level !== "");
    const rank = (level) => known.findIndex((words) => words.includes(level));
    const top = Math.max(-1, ...shown.map(rank));
    // One that the settings do not name may be any: it is said beside the highest.
    const unknown = shown.filter((level) => rank(level) < 0);
    return [...new Set([...shown.filter((level) => top >= 0 && rank(level) === top), ...unknown])];
  }

  function show() {
    const levels = highest();
    const line = document.getElementById("page-level");
    const head = document.querySelector(".running-marking");
    if (line) {
      line.hidden = levels.length === 0;
      const words = line.querySelector("strong");
      if (words) words.textContent = levels.join("、");
    }
    if (head && levels.length > 0) head.textContent = levels.join("、");
  }

  show();
  document.addEventListener("strongroom:placed", show);
  document.addEventListener("strongroom:grown", show);
})();
