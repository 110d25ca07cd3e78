// What of a page is open to its reader and what is not, in words: at its head
// once somebody has unlocked, and beside the number of rows that a filter left,
// which may be fewer than there are.

(() => {
  "use strict";
  const { session, say } = strongroom;

  const left = () => [...document.querySelectorAll(".sealed-note:not([hidden])")];

  // What an audience is called, as {zh, en}.
  function called(note) {
    const said = (language) => (note.querySelector(`.${language}`) ?? note).textContent.trim();
    return { zh: said("zh"), en: said("en") };
  }

  // ---- At the head of the page ------------------------------------------------

  function stand() {
    const line = document.querySelector(".sealed-standing");
    const audiences = session.read()?.audiences ?? [];
    if (!line || audiences.length === 0) return;
    const names = new Set(audiences.map(({ name }) => name));
    const others = left().filter((note) => !names.has(note.dataset.named));
    const opened = document.querySelector("[data-unsealed]") !== null;
    // What is for the reader and failed to open is told elsewhere.
    const all = left().length === 0;
    say(line, !opened ? "sealed_foreign" : all ? "sealed_all" : "sealed_some", {
      mine: strongroom.list(audiences.map(({ title }) => title)),
    });
    if (others.length === 0) return;
    line.append(" ", strongroom.words("sealed_rest", { others: strongroom.list(others.map(called)) }));
  }

  // ---- Beside a filtered table ------------------------------------------------

  function isFiltered(body) {
    return [...document.querySelectorAll("[data-filter-for]")].some((control) =>
      control.dataset.filterFor.split(" ").includes(body.id) && control.value.trim() !== "");
  }

  function warn(body) {
    const rows = body.closest("table")?.querySelector(":scope > caption > .rows");
    if (!rows) return;
    const known = rows.querySelector(".rows-sealed");
    if (!isFiltered(body) || left().length === 0) {
      known?.remove();
      return;
    }
    const line = known ?? document.createElement("span");
    line.className = "rows-sealed";
    const locked = session.read() === null && document.getElementById("unlock-dialog") !== null;
    const words = locked ? "rows_sealed" : "rows_foreign";
    // A button that is pressed makes the filter's field report a change: it must still be there when it is let go.
    if (line.dataset.says !== words) line.replaceChildren(strongroom.words(words));
    line.dataset.says = words;
    if (known === null) rows.append(line);
  }

  document.addEventListener("strongroom:unlocked", stand);
  document.addEventListener("strongroom:filtered", (event) => warn(event.detail.body));
})();
