// What dossiers cost against what customers bring: shares, sums and the curve of
// revenue, reckoned from what the reader sees.

(() => {
  "use strict";
  const { fill, numberIn, valueOf } = strongroom.tables;
  const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;

  // A number of bytes as people say it.
  function size(bytes) {
    return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
  }

  // What is stored of a dossier: of all pieces that the reader sees.
  function store(row) {
    const place = row.querySelector('[data-counted="storage"]');
    const sum = (key) => [...row.querySelectorAll(`[data-${key}]`)]
      .reduce((all, piece) => all + Number(piece.dataset[key]), 0);
    const [files, text] = [sum("files"), sum("text")];
    place.title = ["files", "text"]
      .map((key) => `${strongroom.plainWords(`effort_${key}`)} ${size(key === "files" ? files : text)}`).join(" · ");
    fill(place, files + text || null, size(files + text));
    return files + text;
  }

  // How far apart the shares of effort and of revenue may lie.
  const TWICE = 2;

  function weigh(all) {
    const rows = all.map((row) => ({
      row,
      amount: row.querySelector("[data-currency]"),
      share: row.querySelector('[data-counted="share"]'),
      weight: row.querySelector('[data-counted="weight"]'),
      balance: row.querySelector('[data-counted="balance"]'),
    }));
    if (rows.length === 0) return;
    for (const entry of rows) {
      entry.currency = entry.amount?.dataset.currency ?? null;
      entry.revenue = entry.amount ? numberIn(entry.amount.closest("td")) : 0;
      const cells = [...entry.row.cells];
      const at = cells.indexOf(entry.share.closest("td"));
      const [records, changes, visits, hours] = cells.slice(at + 1).map(numberIn);
      Object.assign(entry, { records, changes, visits, hours, stored: store(entry.row) });
    }
    // Hours where somebody wrote them down, else what was changed and visited.
    const written = rows.some(({ hours }) => hours > 0);
    for (const entry of rows) entry.effort = written ? entry.hours : entry.changes + entry.visits;
    const effort = rows.reduce((sum, entry) => sum + entry.effort, 0);
    const revenue = new Map();
    for (const { currency, revenue: amount } of rows) {
      if (currency !== null) revenue.set(currency, (revenue.get(currency) ?? 0) + amount);
    }
    for (const entry of rows) {
      entry.ofEffort = effort > 0 ? entry.effort / effort : null;
      entry.ofRevenue = entry.currency === null ? null : entry.revenue / revenue.get(entry.currency);
      entry.ratio = entry.ofRevenue > 0 && entry.ofEffort !== null ? entry.ofEffort / entry.ofRevenue : null;
      fill(entry.share, entry.ofRevenue, entry.ofRevenue === null ? "" : percent(entry.ofRevenue));
      fill(entry.weight, entry.ofEffort, entry.ofEffort === null ? "" : percent(entry.ofEffort));
      judge(entry);
    }
    tiers(rows);
    pareto(rows, revenue);
  }

  function judge({ balance, ratio }) {
    if (ratio === null) {
      fill(balance, null);
      return;
    }
    const key = ratio >= TWICE ? "over" : ratio <= 1 / TWICE ? "under" : "even";
    const tag = document.createElement("span");
    tag.className = key === "even" ? "tag" : "tag tag-warn";
    tag.append(strongroom.words(`effort_${key}`));
    fill(balance, key, tag);
  }

  // A table of the tiers: how many customers, what they bring, what they take.
  function tiers(rows) {
    const holder = document.getElementById("effort-tiers");
    if (!holder) return;
    const sums = new Map();
    for (const entry of rows) {
      const rank = valueOf(entry.row.cells[1]);
      if (rank === undefined) continue;
      const sum = sums.get(rank) ?? { customers: 0, share: 0, weight: 0, stored: 0, known: false };
      sum.customers += 1;
      sum.share += entry.ofRevenue ?? 0;
      sum.weight += entry.ofEffort ?? 0;
      sum.stored += entry.stored;
      sum.known ||= entry.ofRevenue !== null;
      sums.set(rank, sum);
    }
    const currencies = new Set(rows.map(({ currency }) => currency).filter((currency) => currency !== null));
    const one = currencies.size <= 1;
    const table = document.createElement("table");
    table.className = "data";
    const caption = table.createCaption();
    caption.append(strongroom.words("effort_by_tier"));
    const head = table.createTHead().insertRow();
    const heads = ["customers", "storage", "weight", ...(one ? ["share", "ratio"] : [])];
    for (const key of ["", ...heads]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      if (key !== "") {
        cell.dataset.kind = "number";
        cell.append(strongroom.words(`effort_${key}`));
      }
      head.append(cell);
    }
    const body = table.createTBody();
    for (const [rank, sum] of [...sums].sort(([a], [b]) => Number(a) - Number(b))) {
      const line = body.insertRow();
      const name = document.createElement("th");
      name.scope = "row";
      name.append(strongroom.words(`tier_${rank}`));
      line.append(name);
      const texts = [sum.customers, size(sum.stored), percent(sum.weight)];
      if (one) {
        texts.push(sum.known ? percent(sum.share) : "");
        texts.push(sum.share > 0 ? (sum.weight / sum.share).toFixed(1) : "");
      }
      for (const text of texts) {
        const cell = line.insertCell();
        cell.className = "number";
        cell.textContent = text;
      }
    }
    // Its heads are longer than a telephone is wide.
    const slide = document.createElement("div");
    slide.className = "table-scroll";
    slide.tabIndex = 0;
    slide.append(table);
    holder.replaceChildren(...(sums.size > 0 ? [slide] : []));
  }

  // ---- The curve of revenue ----------------------------------------------------

  const SVG = "http://www.w3.org/2000/svg";

  function draw(name, attributes, ...inside) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }

  // Customers from the largest on: a bar for each one's share, a line for the
  // share of all up to there. A picture for each currency.
  function pareto(rows, totals) {
    const holder = document.getElementById("effort-pareto");
    if (!holder) return;
    holder.replaceChildren(...[...totals].flatMap(([currency, total]) => {
      const paying = rows.filter((entry) => entry.currency === currency && entry.revenue > 0)
        .sort((a, b) => b.revenue - a.revenue);
      return paying.length < 2 ? [] : [curve(paying, currency, total)];
    }));
  }

  function curve(paying, currency, total) {
    const [width, height, left, top, foot] = [720, 220, 40, 14, 24];
    const [across, down] = [width - left - 8, height - top - foot];
    const y = (share) => (top + down * (1 - share)).toFixed(1);
    const svg = draw("svg", { class: "chart pareto", viewBox: `0 0 ${width} ${height}`, role: "img" });
    const title = strongroom.plainWords("effort_pareto");
    svg.append(draw("title", {}, `${title} (${currency})`));
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      svg.append(draw("path", { class: share === 0 ? "chart-axis" : "chart-grid", d: `M${left} ${y(share)}H${width - 8}` }));
      svg.append(draw("text", { class: "chart-label", x: left - 6, y: Number(y(share)) + 4, "text-anchor": "end" }, `${100 * share}%`));
    }
    const step = across / paying.length;
    let sum = 0;
    const line = paying.map(({ row, revenue }, n) => {
      const share = revenue / total;
      sum += share;
      const name = strongroom.tables.textOf(row.cells[0]);
      const bar = draw("rect", {
        class: "pareto-bar", x: (left + n * step + step * 0.15).toFixed(1), y: y(share),
        width: (step * 0.7).toFixed(1), height: (down * share).toFixed(1),
      }, draw("title", {}, `${name}: ${percent(share)}`));
      svg.append(bar);
      return `${n === 0 ? "M" : "L"}${(left + (n + 0.5) * step).toFixed(1)} ${y(sum)}`;
    });
    svg.append(draw("path", { class: "chart-line", d: line.join("") }));
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.append(strongroom.words("effort_pareto"), ` (${currency})`);
    figure.className = "pareto-figure";
    figure.append(caption, svg);
    return figure;
  }

  strongroom.join("effort", { weigh });
})();
