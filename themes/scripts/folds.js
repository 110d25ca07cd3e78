// Where the same is due of many customers, one week's report of each, one line
// stands for them and opens. What is folded is what is to be seen: the browser
// counts it, and no page does. Without this script every line stands there.

(() => {
  "use strict";

  const FEWEST = 3;
  const AT_ONCE = 3;
  const LISTS = ".due-list, .due-groups tbody";

  const bare = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

  // What a line is known by: the day, the kind and what has to happen. One that
  // is about a record of its own stands by itself.
  function partsOf(line) {
    if (line.cells) {
      const [day, kind, duty, record, customer, who] = line.cells;
      return customer && bare(customer) !== "" && bare(record) === "" ? { day, what: [kind, duty], about: customer, who } : null;
    }
    const [day, what, about, who] = ["day", "what", "about", "who"].map((name) => line.querySelector(`:scope > .due-${name}`));
    return about?.querySelectorAll(":scope > :not(.due-tier)").length === 1 ? { day, what: [what], about, who } : null;
  }

  function keyOf(line, { what }) {
    return JSON.stringify([line.dataset.day, line.dataset.rank, ...what.map(bare)]);
  }

  function unfold(list) {
    for (const fold of list.querySelectorAll(":scope > .due-fold")) fold.remove();
    for (const line of strongroom.rows.of(list)) {
      if (line.dataset.member === undefined) continue;
      delete line.dataset.member;
      line.classList.remove("folded");
    }
  }

  function fold(list) {
    const open = opened.get(list) ?? new Set();
    unfold(list);
    if (list.closest("table")?.querySelector("[aria-sort]")) return;
    const groups = new Map();
    for (const line of strongroom.rows.matching(list)) {
      const parts = partsOf(line);
      if (parts === null) continue;
      const key = keyOf(line, parts);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push({ line, parts });
    }
    // Of a long list only what is to be seen is drawn.
    const drawn = new Map();
    for (const [key, members] of groups) {
      if (members.length < FEWEST) continue;
      const isOpen = open.has(key);
      const head = headOf(list, key, members, isOpen);
      if (!strongroom.rows.isLong(list)) {
        bind(head, members);
        continue;
      }
      for (const { line } of members) drawn.set(line, []);
      drawn.set(members[0].line, [head, ...(isOpen ? members.map(({ line }) => line) : [])]);
    }
    if (drawn.size === 0) return;
    strongroom.rows.draw(list, strongroom.rows.matching(list).flatMap((line) => drawn.get(line) ?? [line]));
  }

  // Which folds of a list are open.
  const opened = new WeakMap();

  function bind(head, members) {
    let last = head;
    members[0].line.before(head);
    for (const { line } of members) {
      last.after(line);
      last = line;
    }
  }

  function headOf(list, key, members, isOpen) {
    const [{ line, parts }] = members;
    const head = document.createElement(line.localName);
    head.className = `${line.className} due-fold`.trim();
    head.dataset.key = key;
    for (const name of ["day", "rank"]) if (line.dataset[name] !== undefined) head.dataset[name] = line.dataset[name];
    head.append(...[...line.children].map((cell) => {
      const copy = document.createElement(cell.localName);
      if (cell.className) copy.className = cell.className;
      copy.hidden = cell.hidden;
      if (cell === parts.day || parts.what.includes(cell)) copy.append(...[...cell.childNodes].map((node) => withoutMarks(node.cloneNode(true))));
      if (cell === parts.about) copy.append(button(list, key, members, isOpen));
      if (cell === parts.who) copy.append(people(members));
      return copy;
    }));
    const tier = parts.about.querySelector(".due-tier");
    if (tier) head.querySelector(".due-about").append(withoutMarks(tier.cloneNode(true)));
    for (const { line: member } of members) {
      member.dataset.member = "";
      member.classList.toggle("folded", !isOpen);
    }
    return head;
  }

  // For whom each line is, it says itself.
  function withoutMarks(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return node;
    for (const element of [node, ...node.querySelectorAll("*")]) {
      for (const name of element.getAttributeNames()) if (name === "id" || name.startsWith("data-")) element.removeAttribute(name);
    }
    return node;
  }

  function button(list, key, members, isOpen) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "due-opens";
    made.setAttribute("aria-expanded", String(isOpen));
    const more = members.some(({ line }) => line.dataset.rest === "group");
    made.append(strongroom.words(more ? "due_fold_more" : "due_fold", { n: String(members.length) }));
    made.addEventListener("click", () => {
      const opens = made.getAttribute("aria-expanded") !== "true";
      made.setAttribute("aria-expanded", String(opens));
      const open = opened.get(list) ?? new Set();
      if (opens) open.add(key);
      else open.delete(key);
      opened.set(list, open);
      for (const { line } of members) line.classList.toggle("folded", !opens);
      if (!strongroom.rows.isLong(list)) return;
      fold(list);
      strongroom.rows.every(".due-fold").find((head) => head.dataset.key === key)?.querySelector("button").focus();
    });
    return made;
  }

  function people(members) {
    const names = [...new Set(members.map(({ parts }) => bare(parts.who)).filter((name) => name !== ""))];
    return names.length > 3 ? "" : strongroom.list(names)[strongroom.language()];
  }

  function all(what) {
    for (const list of document.querySelectorAll(LISTS)) what(list);
  }

  function lists(what) {
    for (const list of document.querySelectorAll(".due-list")) what(list);
  }

  // An entry of the feed that names few records shows them at once.
  function openShort() {
    for (const entry of document.querySelectorAll(".feed-entry > details")) {
      entry.open = entry.querySelectorAll(".feed-record").length <= AT_ONCE;
    }
  }

  // Of what is due in a dossier the first are shown, and the rest to whoever wants it.
  const rests = [...document.querySelectorAll('[data-action="due-rest"]')];

  function shorten(button) {
    const list = document.getElementById(button.getAttribute("aria-controls"));
    list.toggleAttribute("data-short", button.getAttribute("aria-expanded") !== "true");
  }

  for (const button of rests) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
      shorten(button);
    });
    shorten(button);
  }

  // Closed, an entry names the first three customers, and says how many more there are to be seen.
  const NAMED = 3;

  function tellOthers() {
    for (const head of document.querySelectorAll(".feed-head")) {
      head.querySelector(".feed-others")?.remove();
      const left = head.querySelectorAll(":scope > .feed-dossier").length - NAMED;
      if (left <= 0) continue;
      const others = document.createElement("span");
      others.className = "feed-others";
      others.append(strongroom.words("feed_others", { n: String(left) }));
      head.append(others);
    }
  }

  // A table that is sorted by a column shows its rows in that order, unfolded.
  const isList = ({ detail: { body } }) => body.matches(LISTS);
  document.addEventListener("strongroom:sorting", (event) => isList(event) && unfold(event.detail.body));
  for (const moment of ["filtered", "sorted"]) {
    document.addEventListener(`strongroom:${moment}`, (event) => isList(event) && fold(event.detail.body));
  }
  // Tables fold when they are filtered, which each of these does as well.
  for (const moment of ["placed", "language"]) document.addEventListener(`strongroom:${moment}`, () => lists(fold));
  document.addEventListener("strongroom:placing", () => all(unfold));
  document.addEventListener("strongroom:placed", openShort);
  document.addEventListener("strongroom:placed", tellOthers);
  lists(fold);
  openShort();
  tellOthers();
})();
