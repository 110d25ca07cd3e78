// Tables that people sort and filter. Without this script they stand as the
// build ordered them.

(() => {
  "use strict";

  // ---- What a cell says ------------------------------------------------------

  // Its text in the language of the moment.
  function textOf(cell) {
    if (!cell) return "";
    const other = strongroom.language() === "zh" ? ".en" : ".zh";
    if (!cell.querySelector(other)) return cell.textContent.trim();
    const copy = cell.cloneNode(true);
    for (const element of copy.querySelectorAll(other)) element.remove();
    return copy.textContent.trim();
  }

  // What stands for it in a choice: the same in both languages.
  function keyOf(cell) {
    return cell ? (valueOf(cell) ?? cell.textContent).trim() : "";
  }

  // What is said to stand for it: by itself, or by what was laid into it.
  function valueOf(cell) {
    return cell?.dataset.value ?? cell?.firstElementChild?.dataset.value;
  }

  function numberIn(cell) {
    const number = parseFloat(valueOf(cell) ?? cell?.textContent.replace(/[,\s]/g, "") ?? "");
    return Number.isFinite(number) ? number : 0;
  }

  // Puts a text or an element into a place in a cell, and a value to sort by;
  // null empties it.
  function fill(place, value, content = "") {
    const cell = place.closest("td");
    if (value === null) delete cell.dataset.value;
    else cell.dataset.value = value;
    place.replaceChildren(...(value === null ? [] : [content]));
  }

  function sortValue(cell, kind) {
    if (kind === "number" || kind === "money") {
      const number = parseFloat((valueOf(cell) ?? textOf(cell)).replace(/[,\s]/g, ""));
      return Number.isNaN(number) ? null : number;
    }
    if (kind === "date" || kind === "choice") return valueOf(cell) ?? textOf(cell);
    return textOf(cell);
  }

  // Empty cells come last, whichever way the rest is ordered.
  function comparer(kind, direction) {
    const collator = new Intl.Collator(
      strongroom.language() === "zh" ? "zh-u-co-pinyin" : "en", { numeric: true });
    const order = kind === "number" || kind === "money"
      ? (a, b) => a - b
      : kind === "date" ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : collator.compare;
    const empty = (value) => value === null || value === "";
    return (a, b) => (empty(a.value) - empty(b.value))
      || (empty(a.value) ? 0 : direction * order(a.value, b.value))
      || a.place - b.place;
  }

  // ---- Sorting ---------------------------------------------------------------

  // Of each sorted body of a table: the column, the direction, and the rows as
  // they stood. Sealed rows find their places by that order.
  const sorted = new Map();

  function bodyOf(table) {
    return table.tBodies[0];
  }

  function sort(table, column, direction) {
    const tbody = bodyOf(table);
    strongroom.announce("sorting", { body: tbody });
    const state = sorted.get(tbody) ?? { rows: [...tbody.rows] };
    const heads = [...table.tHead.rows[0].cells];
    const kind = heads[column].dataset.kind ?? "text";
    const rows = direction === 0
      ? state.rows
      : state.rows
        .map((row, place) => ({ row, place, value: sortValue(row.cells[column], kind) }))
        .sort(comparer(kind, direction))
        .map(({ row }) => row);
    tbody.append(...rows);
    markRuns(tbody);
    heads.forEach((head, at) => {
      if (at === column && direction !== 0) {
        head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      } else head.removeAttribute("aria-sort");
    });
    if (direction === 0) sorted.delete(tbody);
    else sorted.set(tbody, { ...state, table, column, direction });
    strongroom.announce("sorted", { body: tbody });
  }

  // The order in which a table is shown at first, where its build left that to
  // the browser.
  function lead(table) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    const column = heads.findIndex((head) => head.hasAttribute("data-sorted"));
    if (column >= 0 && !heads[column].hidden && bodyOf(table)) sort(table, column, -1);
  }

  // Up, down, as it stood.
  function turn(table, column) {
    for (const head of table.tHead.rows[0].cells) head.removeAttribute("data-sorted");
    const state = sorted.get(bodyOf(table));
    const next = state?.column !== column ? 1 : state.direction > 0 ? -1 : 0;
    sort(table, column, next);
  }

  function addButtons(table) {
    const row = table.tHead?.rows[0];
    if (!row || !bodyOf(table)) return;
    [...row.cells].forEach((head, column) => {
      if (head.dataset.kind === undefined || head.querySelector(".sort-button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort-button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => turn(table, column));
      head.append(button);
    });
  }

  // Before sealed rows are placed, all rows stand as they stood.
  let resting = [];

  function rest() {
    resting = [...sorted.values()].map(({ table, column, direction }) => ({ table, column, direction }));
    for (const { table, column } of resting) sort(table, column, 0);
  }

  function sortAgain() {
    const again = resting.length > 0 ? resting : [...sorted.values()];
    resting = [];
    for (const { table, column, direction } of again) sort(table, column, direction);
  }

  // ---- Filtering -------------------------------------------------------------

  // A control may stand for several tables of the same columns.
  function tablesOf(control) {
    return (control.dataset.filterFor ?? "").split(" ");
  }

  function controlsOf(id) {
    return [...document.querySelectorAll("[data-filter-for]")].filter((control) => tablesOf(control).includes(id));
  }

  function filter(id) {
    const body = document.getElementById(id);
    if (!body) return;
    const tests = controlsOf(id).filter((control) => control.value.trim() !== "").map((control) => {
      if (control.matches("select")) {
        const column = Number(control.dataset.column);
        return (row) => keyOf(row.cells?.[column]) === control.value;
      }
      const wanted = control.value.normalize("NFKC").toLowerCase().trim().split(/\s+/);
      return (row) => {
        const text = row.textContent.normalize("NFKC").toLowerCase();
        return wanted.every((word) => text.includes(word));
      };
    });
    for (const row of body.children) row.hidden = !tests.every((test) => test(row));
    strongroom.sealed.count();
    sayNone(body);
    markRuns(body);
    strongroom.announce("filtered", { body });
  }

  // Rows of one audience below one another name it once.
  function markRuns(body) {
    let above = "";
    for (const row of body.children) {
      if (row.hidden) continue;
      const name = row.cells?.[0]?.dataset.zhAudience ?? "";
      row.toggleAttribute("data-again", name !== "" && name === above);
      above = name;
    }
  }

  // A table in which nothing is left says so.
  function sayNone(body) {
    const none = body.closest(".table-block")?.querySelector(".table-none");
    if (none) none.hidden = [...body.children].some((row) => !row.hidden);
  }

  // ---- Columns ---------------------------------------------------------------

  // A column in which no row says anything is not shown; unlocking may fill it.
  function trim(table) {
    const heads = table.tHead?.rows[0]?.cells ?? [];
    const rows = [...(bodyOf(table)?.rows ?? [])];
    if (rows.length === 0) return;
    for (let column = 1; column < heads.length; column += 1) {
      const bare = rows.every((row) => says(row.cells[column]) === false);
      heads[column].hidden = bare;
      for (const row of rows) if (row.cells[column]) row.cells[column].hidden = bare;
    }
  }

  function says(cell) {
    return cell !== undefined && (cell.textContent.trim() !== "" || cell.querySelector("img, svg") !== null);
  }

  function trimAll() {
    for (const table of document.querySelectorAll("table[data-table]")) trim(table);
  }

  // The choices are what the cells say, so that a sealed one shows only once
  // it was opened.
  function fillChoices(select) {
    const bodies = tablesOf(select).map((id) => document.getElementById(id)).filter(Boolean);
    const rows = bodies.flatMap((body) => [...body.querySelectorAll(":scope > :not(.due-fold)")]);
    const column = Number(select.dataset.column);
    const choices = new Map();
    for (const row of rows) {
      const cell = row.cells?.[column];
      if (keyOf(cell) !== "") choices.set(keyOf(cell), { label: textOf(cell), rank: Number(valueOf(cell) ?? NaN) });
    }
    const collator = new Intl.Collator(
      strongroom.language() === "zh" ? "zh-u-co-pinyin" : "en", { numeric: true });
    const chosen = select.value;
    const all = new Option(strongroom.plainWords("filter_all"), "");
    // What has a rank stands by it, what has none by its name.
    const options = [...choices]
      .sort(([, a], [, b]) => a.rank - b.rank || collator.compare(a.label, b.label))
      .map(([key, { label }]) => new Option(label, key));
    const control = select.closest(".control");
    if (control) control.hidden = options.length === 0;
    select.replaceChildren(all, ...options);
    select.value = choices.has(chosen) ? chosen : "";
  }

  function filterAgain() {
    const controls = [...document.querySelectorAll("[data-filter-for]")];
    for (const control of controls) if (control.matches("select")) fillChoices(control);
    for (const id of new Set(controls.flatMap(tablesOf))) filter(id);
  }

  // ---- Beginning, and after every change -------------------------------------

  // After something was counted in cells.
  function again() {
    trimAll();
    for (const table of document.querySelectorAll("table[data-table]")) lead(table);
    sortAgain();
    filterAgain();
  }

  function prepare(root) {
    for (const table of root.querySelectorAll("table[data-table]")) addButtons(table);
    if (root.matches?.("table[data-table]")) addButtons(root);
    for (const controls of root.querySelectorAll(".controls[data-needs-script]")) controls.hidden = false;
    if (root.matches?.(".controls[data-needs-script]")) root.hidden = false;
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      if (event.target.dataset?.filterFor !== undefined) tablesOf(event.target).forEach(filter);
    });
  }
  document.addEventListener("strongroom:placing", rest);
  document.addEventListener("strongroom:placed", (event) => {
    for (const root of event.detail.placed) prepare(root);
    trimAll();
    for (const table of document.querySelectorAll("table[data-table]")) if (bodyOf(table)) markRuns(bodyOf(table));
    sortAgain();
    filterAgain();
  });
  document.addEventListener("strongroom:language", () => {
    sortAgain();
    filterAgain();
  });
  // A choice that the browser filled in again after going back still filters.
  window.addEventListener("pageshow", filterAgain);

  strongroom.join("tables", { textOf, valueOf, numberIn, fill, again });
  prepare(document);
  trimAll();
  filterAgain();
})();
