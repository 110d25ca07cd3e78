// The line on home behind which stands what is overdue: how much it is, and the
// three that have been so for longest. Both are made of what is to be seen.

(() => {
  "use strict";

  const list = document.getElementById("due-late");
  if (list === null) return;
  const WORST = 3;
  const place = document.getElementById("due-worst");

  const bare = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

  // What it is and whose; of lines that are folded, how many customers.
  function said(line) {
    const words = document.createElement("span");
    const pieces = [line.querySelector(".due-what > :first-child"), line.querySelector(".due-about")?.lastElementChild];
    pieces.filter((piece) => piece && bare(piece) !== "").forEach((piece, n) => {
      if (n > 0) words.append(" · ");
      for (const node of [...piece.cloneNode(true).childNodes]) words.append(node.nodeName === "A" ? within(node) : node);
    });
    return words;
  }

  // A link's words: the line is a button.
  function within(link) {
    const words = document.createDocumentFragment();
    words.append(...link.childNodes);
    return words;
  }

  function tell() {
    const lines = [...list.children].filter((line) => !line.matches(".due-fold"));
    const isCut = lines.some((line) => "rest" in line.dataset);
    document.getElementById("due-late-count").textContent = `${lines.length}${isCut ? "+" : ""}`;
    const heads = [...list.children].filter((line) => line.dataset.member === undefined);
    place.replaceChildren(...heads.slice(0, WORST).map(said));
  }

  for (const moment of ["placed", "language"]) document.addEventListener(`strongroom:${moment}`, tell);
  tell();
})();
