// Long tables. Of their rows a window stands in the page, and all others are
// kept aside; those that did not come with the page are loaded once it has
// nothing else to do, or as soon as somebody asks for them. Filtering, sorting
// and what is unlocked go over all rows, wherever they are.

(() => {
  "use strict";

  // A table with more rows than this is long, as it is for the build.
  const WHOLE = 500;
  const AT_ONCE = 100;

  // By the element that holds the rows: all of them in their order, those that
  // the filters let through, from where to where these are shown, and the pieces
  // that are still to be loaded.
  const lists = new Map();
  // What has an id in the rows of a long table, shown or not.
  const named = new Map();

  function listOf(body) {
    let list = lists.get(body);
    if (list === undefined) {
      const rows = [...body.rows];
      list = { body, rows, matching: rows, drawn: null, from: 0, to: AT_ONCE, pieces: [], failed: false, way: wayOf(body) };
      lists.set(body, list);
      remember(body);
    }
    return list;
  }

  function remember(root) {
    if (root.id) named.set(root.id, root);
    for (const element of root.querySelectorAll("[id]")) named.set(element.id, element);
  }

  // ---- What others ask --------------------------------------------------------

  function isLong(body) {
    return lists.has(body);
  }

  // All rows, in their order.
  function of(body) {
    return lists.get(body)?.rows ?? [...body.children];
  }

  // Those that the filters let through.
  function matching(body) {
    return lists.get(body)?.matching ?? [...body.children].filter((row) => !row.hidden);
  }

  // Whether all rows are here, or some are still to be loaded.
  function isWhole(body) {
    return (lists.get(body)?.pieces.length ?? 0) === 0;
  }

  // Takes rows away for good, or what is in them.
  function drop(elements) {
    const gone = new Set(elements);
    for (const list of lists.values()) {
      if (!list.rows.some((row) => gone.has(row))) continue;
      list.rows = list.rows.filter((row) => !gone.has(row));
      list.matching = list.matching.filter((row) => !gone.has(row));
      list.drawn = null;
      paint(list);
    }
    for (const element of gone) element.remove();
  }

  // What a selector finds, in the page and in rows that are kept aside.
  function every(selector) {
    const found = [...document.querySelectorAll(selector)];
    for (const { rows } of lists.values()) {
      for (const row of rows) {
        if (row.isConnected) continue;
        if (row.matches(selector)) found.push(row);
        found.push(...row.querySelectorAll(selector));
      }
    }
    return found;
  }

  function find(id) {
    return document.getElementById(id) ?? named.get(id) ?? null;
  }

  // How many rows the filters let through, as it is said; null where the table is not long.
  function count(body) {
    const list = lists.get(body);
    return list === undefined ? null : figure(list.matching.length) + (list.pieces.length > 0 ? "+" : "");
  }

  function figure(number) {
    return number.toLocaleString("en");
  }

  // Puts rows into another order.
  function arrange(body, rows) {
    const list = lists.get(body);
    if (list === undefined) {
      body.append(...rows);
      return;
    }
    const passing = list.matching.length < list.rows.length ? new Set(list.matching) : null;
    list.rows = rows;
    // In another order, the first are others.
    Object.assign(list, { from: 0, to: AT_ONCE });
    show(body, passing === null ? rows : rows.filter((row) => passing.has(row)));
  }

  // Shows those of the rows that the filters let through.
  function show(body, matching) {
    const list = lists.get(body);
    const same = matching.length === list.matching.length && matching.every((row, at) => row === list.matching[at]);
    list.matching = matching;
    list.drawn = null;
    if (!same) Object.assign(list, { from: 0, to: AT_ONCE });
    paint(list);
  }

  // Draws lines in place of the rows that the filters let through, some of which
  // stand for several of these.
  function draw(body, drawn) {
    const list = lists.get(body);
    list.drawn = drawn;
    paint(list);
  }

  // Shows a row that is not among those shown, or what is in it.
  function reveal(element) {
    for (const list of lists.values()) {
      const at = drawnOf(list).findIndex((row) => row === element || row.contains(element));
      if (at < 0 || (at >= list.from && at < list.to)) continue;
      list.from = Math.max(0, at - 5);
      list.to = list.from + AT_ONCE;
      paint(list);
    }
  }

  // Tables that have grown long by what was unlocked.
  function settle() {
    for (const body of document.querySelectorAll("table[data-long] > tbody")) {
      // A further page is a piece already.
      if (body.closest(".further-rows")) continue;
      if (!lists.has(body) && body.rows.length > WHOLE) paint(listOf(body));
    }
  }

  // ---- The window ---------------------------------------------------------------

  const drawnOf = ({ drawn, matching }) => drawn ?? matching;

  function paint(list) {
    const { body, from, to, pieces, way } = list;
    const lines = drawnOf(list);
    body.replaceChildren(...lines.slice(from, to));
    const last = Math.min(to, lines.length);
    way.more.hidden = last >= lines.length && pieces.length === 0;
    way.every.hidden = way.more.hidden;
    way.earlier.hidden = from === 0;
    way.nav.hidden = way.more.hidden && way.earlier.hidden;
    way.words.replaceChildren(strongroom.words(list.failed ? "rows_failed" : "rows_shown", {
      from: figure(last === 0 ? 0 : from + 1), to: figure(last), all: figure(lines.length) + (pieces.length > 0 ? "+" : ""),
    }));
  }

  // What stands below the rows: in place of the way to further pages, which are
  // for readers without scripts.
  function wayOf(body) {
    const table = body.closest(".table-scroll");
    const known = table.parentElement.querySelector(":scope > .rows-more");
    const nav = known ?? document.createElement("nav");
    nav.className = "rows-more";
    if (known === null) {
      nav.setAttribute("aria-label", strongroom.plainWords("rows_way"));
      table.after(nav);
    }
    const words = document.createElement("span");
    words.className = "rows-place";
    const button = (word, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "plain";
      made.append(strongroom.words(word));
      made.addEventListener("click", () => act(lists.get(body)));
      return made;
    };
    const earlier = button("rows_earlier", (list) => {
      list.from = Math.max(0, list.from - AT_ONCE);
      paint(list);
    });
    const more = button("rows_more", async (list) => {
      await all(body);
      list.to += AT_ONCE;
      paint(list);
    });
    const every = button("rows_every", async (list) => {
      await all(body);
      Object.assign(list, { from: 0, to: drawnOf(list).length });
      paint(list);
    });
    nav.replaceChildren(words, earlier, more, every);
    return { nav, words, earlier, more, every };
  }

  // ---- What did not come with the page ------------------------------------------

  // All rows of a table, or of all tables, are there.
  function all(body) {
    const wanted = body === undefined ? [...lists.values()] : [lists.get(body)];
    return Promise.all(wanted.filter((list) => list?.pieces.length > 0).map((list) => {
      list.loading ??= load(list).finally(() => {
        list.loading = null;
      });
      return list.loading;
    }));
  }

  async function load(list) {
    const rows = [];
    try {
      const coming = list.pieces.map(({ place, version }) => strongroom.load(place, { version }));
      for (const piece of coming) {
        rows.push(...parsed(await piece));
        // A click in between is answered.
        await new Promise((resolve) => setTimeout(resolve));
      }
      list.failed = false;
    } catch {
      // What is there is shown, and that something is missing is said.
      list.failed = true;
      paint(list);
      return;
    }
    strongroom.announce("growing", { body: list.body });
    list.pieces = [];
    const passing = list.matching.length === list.rows.length;
    list.rows = [...list.rows, ...rows];
    if (passing) list.matching = list.rows;
    list.drawn = null;
    paint(list);
    strongroom.announce("grown", { body: list.body });
  }

  // In a <template> nothing loads or runs.
  function parsed(piece) {
    const template = document.createElement("template");
    template.innerHTML = piece.join("");
    remember(template.content);
    return [...template.content.children];
  }

  // ---- Beginning ------------------------------------------------------------------

  for (const mark of document.querySelectorAll("template.rows-beside")) {
    const body = document.getElementById(mark.dataset.rowsOf);
    if (body) listOf(body).pieces.push({ place: mark.dataset.piece, version: mark.dataset.version });
  }
  for (const list of lists.values()) paint(list);

  // A link to a row leads to it wherever it is.
  async function aim() {
    let name;
    try {
      name = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (name === "" || lists.size === 0 || document.getElementById(name)) return;
    await all();
    const element = named.get(name);
    if (element === undefined) return;
    reveal(element);
    // So that the style sheet knows it for the target as well.
    if (element.isConnected) location.replace(location.hash);
  }

  // On paper stand all rows; where some are missing, the words below say so.
  window.addEventListener("beforeprint", () => {
    for (const list of lists.values()) {
      list.resting = { from: list.from, to: list.to };
      Object.assign(list, { from: 0, to: drawnOf(list).length });
      paint(list);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const list of lists.values()) {
      if (list.resting) Object.assign(list, list.resting);
      paint(list);
    }
  });
  window.addEventListener("hashchange", aim);
  window.addEventListener("load", () => {
    const soon = window.requestIdleCallback ?? ((act) => setTimeout(act, 200));
    soon(() => all());
  });
  document.addEventListener("strongroom:placed", settle);
  document.addEventListener("strongroom:language", () => {
    for (const list of lists.values()) paint(list);
  });
  document.addEventListener("DOMContentLoaded", () => {
    settle();
    aim();
  });

  strongroom.join("rows", { isLong, isWhole, of, matching, every, drop, find, count, arrange, show, draw, reveal, remember, all });
})();
