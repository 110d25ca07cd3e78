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

  function comparer(kind) {
    if (kind === "number" || kind === "money") return (a, b) => a - b;
    if (kind === "date") return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    const collator = new Intl.Collator(
      strongroom.language() === "zh" ? "zh-u-co-pinyin" : "en", { numeric: true });
    return collator.compare;
  }

  // What the rows of long tables say is read once. It is forgotten where
  // something comes in.
  let memory = new WeakMap();
  let rankings = new WeakMap();

  function forget() {
    memory = new WeakMap();
    rankings = new WeakMap();
  }

  function recall(row, key, read) {
    let known = memory.get(row);
    if (known === undefined) memory.set(row, known = new Map());
    let value = known.get(key);
    if (value === undefined) known.set(key, value = read(row));
    return value;
  }

  function readerOf(body) {
    return strongroom.rows.isLong(body) ? recall : (row, key, read) => read(row);
  }

  // A number for each value of a column, by which it is ordered: what a thousand
  // rows say alike is compared once. Empty cells have none.
  function ranking(body, rows, column, kind) {
    const key = `${column} ${strongroom.language()}`;
    let known = rankings.get(body);
    if (known === undefined) rankings.set(body, known = new Map());
    if (known.has(key) && strongroom.rows.isLong(body)) return known.get(key);
    const read = readerOf(body);
    const values = rows.map((row) => read(row, `sort ${key}`, ({ cells }) => sortValue(cells[column], kind)));
    const compare = comparer(kind);
    const ranks = new Map();
    let rank = 0;
    let before;
    for (const value of [...new Set(values)].filter((value) => value !== null && value !== "").sort(compare)) {
      if (before !== undefined && compare(before, value) !== 0) rank += 1;
      ranks.set(value, rank);
      before = value;
    }
    const made = new Map(rows.map((row, at) => [row, ranks.get(values[at])]));
    known.set(key, made);
    return made;
  }

  // Empty cells come last, whichever way the rest is ordered.
  function ordered(body, rows, column, kind, direction) {
    const ranks = ranking(body, rows, column, kind);
    const ranked = rows.map((row) => ({ row, rank: ranks.get(row) }));
    ranked.sort((a, b) => (a.rank === undefined) - (b.rank === undefined)
      || (a.rank === undefined ? 0 : direction * (a.rank - b.rank)));
    return ranked.map(({ row }) => row);
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
    const state = sorted.get(tbody) ?? { rows: strongroom.rows.of(tbody) };
    const heads = [...table.tHead.rows[0].cells];
    const standing = byNames(tbody, state.rows, heads);
    const kind = heads[column]?.dataset.kind ?? "text";
    const rows = direction === 0 ? standing : ordered(tbody, standing, column, kind, direction);
    strongroom.rows.arrange(tbody, rows);
    markRuns(tbody);
    heads.forEach((head, at) => {
      if (at === column && direction !== 0) {
        head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      } else head.removeAttribute("aria-sort");
    });
    if (rows === state.rows) sorted.delete(tbody);
    else sorted.set(tbody, { ...state, table, column, direction });
    strongroom.announce("sorted", { body: tbody });
  }

  // Rows that stand by the names of customers, which the build orders by pinyin:
  // in English by the English ones.
  function byNames(body, rows, heads) {
    const column = heads.findIndex((head) => head.hasAttribute("data-names"));
    return column < 0 || strongroom.language() === "zh" ? rows : ordered(body, rows, column, "text", 1);
  }

  // The order in which a table is shown at first, where its build left that to
  // the browser: the highest first, or the lowest.
  function lead(table) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    const column = heads.findIndex((head) => head.hasAttribute("data-sorted"));
    if (column >= 0 && !heads[column].hidden && bodyOf(table)) {
      sort(table, column, heads[column].dataset.sorted === "rising" ? 1 : -1);
    }
  }

  // Up, down, as it stood.
  function turn(table, column) {
    for (const head of table.tHead.rows[0].cells) head.removeAttribute("data-sorted");
    const state = sorted.get(bodyOf(table));
    const next = state?.column !== column || state.direction === 0 ? 1 : state.direction > 0 ? -1 : 0;
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
    resting = [...sorted.values()];
    for (const [body, { rows }] of sorted) {
      strongroom.announce("sorting", { body });
      strongroom.rows.arrange(body, rows);
    }
    sorted.clear();
  }

  // Those that somebody sorted, and those that another language orders otherwise.
  function sortAgain() {
    const again = resting.length > 0 ? resting : [...sorted.values()];
    resting = [];
    for (const { table, column, direction } of again) sort(table, column, direction);
    for (const head of document.querySelectorAll("table[data-table] > thead [data-names]")) {
      const table = head.closest("table");
      const body = bodyOf(table);
      if (body && !sorted.has(body) && strongroom.language() !== "zh" && !table.closest(".further-rows")) sort(table, -1, 0);
    }
  }

  // ---- Filtering -------------------------------------------------------------

  // A control may stand for several tables of the same columns.
  function tablesOf(control) {
    return (control.dataset.filterFor ?? "").split(" ");
  }

  function controlsOf(id) {
    return [...document.querySelectorAll("[data-filter-for]")].filter((control) => tablesOf(control).includes(id));
  }

  // What is searched of a row: all that it says, in both languages.
  function bare({ textContent }) {
    return textContent.normalize("NFKC").toLowerCase();
  }

  function filter(id) {
    const body = document.getElementById(id);
    if (!body) return;
    const read = readerOf(body);
    const tests = controlsOf(id).filter((control) => control.value.trim() !== "").map((control) => {
      const { value } = control;
      if (control.matches("select")) {
        const column = Number(control.dataset.column);
        const key = `key ${column}`;
        return (row) => read(row, key, ({ cells }) => keyOf(cells?.[column])) === value;
      }
      const wanted = value.normalize("NFKC").toLowerCase().trim().split(/\s+/);
      return (row) => {
        const text = read(row, "text", bare);
        return wanted.every((word) => text.includes(word));
      };
    });
    const passes = (row) => tests.every((test) => test(row));
    if (strongroom.rows.isLong(body)) {
      const rows = strongroom.rows.of(body);
      strongroom.rows.show(body, tests.length === 0 ? rows : rows.filter(passes));
      strongroom.rows.all(body);
    } else {
      for (const row of body.children) row.hidden = !passes(row);
    }
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
    const body = bodyOf(table);
    const rows = body ? strongroom.rows.of(body) : [];
    if (rows.length === 0) return;
    for (let column = 1; column < heads.length; column += 1) {
      const bare = rows.every((row) => says(row.cells[column]) === false);
      heads[column].hidden = bare;
      for (const { cells } of rows) if (cells[column] && cells[column].hidden !== bare) cells[column].hidden = bare;
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
    const column = Number(select.dataset.column);
    const choices = new Map();
    for (const body of bodies) {
      const read = readerOf(body);
      for (const row of strongroom.rows.of(body)) {
        if (row.matches(".due-fold")) continue;
        const key = read(row, `key ${column}`, ({ cells }) => keyOf(cells?.[column]));
        if (key === "" || (choices.has(key) && strongroom.rows.isLong(body))) continue;
        const cell = row.cells[column];
        choices.set(key, { label: textOf(cell), rank: Number(valueOf(cell) ?? NaN) });
      }
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

  // ---- Long tables -------------------------------------------------------------

  // Rows came in that were not there: they find their places among the others.
  function grown(body) {
    forget();
    const table = body.closest("table");
    trim(table);
    sortAgain();
    for (const control of controlsOf(body.id)) if (control.matches("select")) fillChoices(control);
    filter(body.id);
    warm(table, 0);
  }

  function warmAll() {
    for (const table of document.querySelectorAll("table[data-long]")) warm(table, 0);
  }

  // Reads the columns while nobody waits for them.
  function warm(table, column) {
    const body = bodyOf(table);
    const head = table.tHead.rows[0].cells[column];
    if (!head || !strongroom.rows.isLong(body)) return;
    const soon = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));
    soon(() => {
      const rows = strongroom.rows.of(body);
      if (column === 0) for (const row of rows) recall(row, "text", bare);
      ranking(body, rows, column, head.dataset.kind ?? "text");
      warm(table, column + 1);
    });
  }

  // ---- Beginning, and after every change -------------------------------------

  // After something was counted in cells.
  function again() {
    forget();
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
  document.addEventListener("strongroom:growing", rest);
  document.addEventListener("strongroom:grown", (event) => grown(event.detail.body));
  document.addEventListener("strongroom:placed", (event) => {
    forget();
    for (const root of event.detail.placed) prepare(root);
    trimAll();
    for (const table of document.querySelectorAll("table[data-table]")) if (bodyOf(table)) markRuns(bodyOf(table));
    sortAgain();
    filterAgain();
    warmAll();
  });
  document.addEventListener("strongroom:language", () => {
    sortAgain();
    filterAgain();
    warmAll();
  });
  // A choice that the browser filled in again after going back still filters.
  window.addEventListener("pageshow", filterAgain);

  strongroom.join("tables", { textOf, valueOf, numberIn, fill, again });
  prepare(document);
  trimAll();
  sortAgain();
  filterAgain();
})();
