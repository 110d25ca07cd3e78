// Sums below columns of money and of quantities: of the rows that the filters let
// through and of what this reader sees in them. No page holds a sum, since it would
// tell what is sealed.

(() => {
  "use strict";

  // Behind the point, as many places as amounts have; sums are reckoned in whole numbers of the last of them.
  const PLACES = 6;
  const AMOUNT = /(-?)(\d[\d,]*)(?:\.(\d+))?\s+([^\s,、]+)/g;

  // What a cell says, by its unit: [[unit, amount, places], …]. It is read once.
  let read = new WeakMap();

  function amountsIn(cell) {
    let known = read.get(cell);
    if (known === undefined) read.set(cell, known = [...englishOf(cell).matchAll(AMOUNT)].map(amountOf));
    return known;
  }

  // In English a unit stands as it was written, whatever it is called in Chinese.
  function englishOf(cell) {
    if (cell.querySelector(".zh") === null) return cell.textContent;
    const copy = cell.cloneNode(true);
    for (const element of copy.querySelectorAll(".zh")) element.remove();
    return copy.textContent;
  }

  function amountOf([, sign, whole, fraction = "", unit]) {
    const amount = BigInt(whole.replaceAll(",", "") + fraction.padEnd(PLACES, "0").slice(0, PLACES));
    return [unit, sign === "" ? amount : -amount, Math.min(fraction.length, PLACES)];
  }

  // {units: Map(unit → {amount, places}), count}: what the rows say in a column, and how many of them say something.
  function summed(rows, column) {
    const units = new Map();
    let count = 0;
    for (const { cells } of rows) {
      const amounts = cells[column] ? amountsIn(cells[column]) : [];
      if (amounts.length > 0) count += 1;
      for (const [unit, amount, places] of amounts) {
        const sum = units.get(unit) ?? { amount: 0n, places: 0 };
        units.set(unit, { amount: sum.amount + amount, places: Math.max(places, sum.places) });
      }
    }
    return { units, count };
  }

  function figure({ amount, places }) {
    const digits = (amount < 0n ? -amount : amount).toString().padStart(PLACES + 1, "0");
    const whole = digits.slice(0, -PLACES).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${amount < 0n ? "-" : ""}${whole}${places > 0 ? `.${digits.slice(-PLACES, places - PLACES || undefined)}` : ""}`;
  }

  // As a value is said in the rows.
  function lineOf(unit, sum) {
    const line = document.createElement("span");
    line.className = "sum";
    if (unit === "CNY") {
      line.append(...[["zh", "元"], ["en", unit]].map(([language, name]) => {
        const said = document.createElement("span");
        said.className = language;
        said.append(`${figure(sum)} ${name}`);
        return said;
      }));
    } else line.append(`${figure(sum)} ${unit}`);
    return line;
  }

  // A row of its own below the others, with a cell for each column.
  function footOf(table, heads) {
    const row = (table.tFoot ?? table.createTFoot()).rows[0] ?? table.tFoot.insertRow();
    if (row.cells.length === 0) {
      const name = document.createElement("th");
      name.scope = "row";
      name.append(strongroom.words("sum"));
      row.append(name);
      while (row.cells.length < heads.length) row.insertCell();
    }
    return row;
  }

  function write(cell, { units, count }, rows) {
    cell.className = "money";
    cell.replaceChildren(...[...units].map(([unit, sum]) => lineOf(unit, sum)));
    // Where some rows say nothing, or nothing to this reader, it is no sum of all of them.
    if (count === 0 || count === rows) return;
    const note = document.createElement("span");
    note.className = "sum-of";
    note.append(strongroom.words("sum_of", { count: String(count), rows: String(rows) }));
    cell.append(note);
  }

  function sum(table) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    const body = table.tBodies[0];
    if (!body || table.closest(".further-rows") || !heads.some((head) => head.hasAttribute("data-sum"))) return;
    const rows = strongroom.rows.matching(body);
    const sums = heads.map((head, column) => (head.hasAttribute("data-sum") ? summed(rows, column) : null));
    // A sum of the rows that came with the page alone would be none.
    if (!strongroom.rows.isWhole(body) || sums.every((one) => !one?.count)) {
      table.deleteTFoot();
      return;
    }
    const foot = footOf(table, heads);
    heads.forEach((head, column) => {
      foot.cells[column].hidden = head.hidden;
      if (sums[column] !== null) write(foot.cells[column], sums[column], rows.length);
    });
  }

  function sumAll() {
    for (const table of document.querySelectorAll("table[data-table]")) sum(table);
  }

  document.addEventListener("strongroom:filtered", ({ detail: { body } }) => sum(body.closest("table")));
  document.addEventListener("strongroom:placed", () => {
    read = new WeakMap();
    sumAll();
  });
  sumAll();
})();
