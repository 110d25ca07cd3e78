// The place to search in: in the dialog that `/` opens on every page, and on
// the page for searching, where what is asked stands in the address.

(() => {
  "use strict";
  const root = document.querySelector("[data-search]");
  if (root === null) return;
  const { page, words: say, plainWords, inLanguage, language } = strongroom;
  const MORE = 20;
  const AROUND = 48;
  const KEPT = "strongroom:found";

  const field = root.querySelector("#search-field");
  const list = root.querySelector(".search-results");
  const state = root.querySelector(".search-state");
  const more = root.querySelector(".search-more");
  const narrow = root.querySelector("[data-narrow]");
  const selects = [...root.querySelectorAll("[data-facet]")];
  const dialog = root.closest("dialog");

  // What is asked is numbered; the results of which question stand, and whose first one is to be opened at once.
  let asked = 0;
  let standing = 0;
  let hurried = 0;
  let most = MORE;
  let shown = null;
  let known = {};

  // ---- Asking ----------------------------------------------------------------

  function chosen() {
    return selects.filter((select) => select.value !== "").map((select) => [select.dataset.facet, select.value]);
  }

  async function ask() {
    asked += 1;
    const turn = asked;
    const typed = field.value;
    const choices = chosen();
    if (typed.trim() === "" && choices.length === 0) {
      shown = null;
      standing = turn;
      list.replaceChildren();
      list.removeAttribute("aria-busy");
      more.hidden = true;
      tell(null);
      return;
    }
    let answer;
    list.setAttribute("aria-busy", "true");
    setTimeout(() => {
      if (turn === asked && standing !== turn) tell("search_busy");
    }, 250);
    try {
      answer = await strongroom.index.ask(typed, choices, most, () => turn === asked, (first) => {
        shown = first;
        stand(turn);
      });
    } catch {
      if (turn === asked) {
        standing = turn;
        list.removeAttribute("aria-busy");
        tell("search_failed");
      }
      return;
    }
    if (answer === null || turn !== asked) return;
    list.removeAttribute("aria-busy");
    shown = answer;
    stand(turn);
  }

  function stand(turn) {
    standing = turn;
    show();
    if (hurried === turn) openFirst();
  }

  function openFirst() {
    hurried = 0;
    list.querySelector("a")?.click();
  }

  function again() {
    most = MORE;
    keep();
    ask();
  }

  // On its own page a search stands in the address.
  function keep() {
    if (dialog !== null) return;
    const query = new URLSearchParams(field.value.trim() === "" ? [] : [["q", field.value]]);
    for (const [facet, choice] of chosen()) query.set(facet, choice);
    const text = query.toString();
    history.replaceState(history.state, "", text === "" ? location.pathname : `?${text}`);
  }

  // ---- Showing ---------------------------------------------------------------

  function tell(key, values) {
    state.replaceChildren(...(key === null ? [] : [say(key, values)]));
  }

  function show() {
    const { results, more: left, stale, words } = shown;
    const wanted = words.map(({ text }) => text);
    list.replaceChildren(...results.map((result) => entry(result, wanted)));
    more.hidden = !left;
    if (results.length === 0) {
      tell(words.length === 0 && chosen().length === 0 ? "search_short" : "search_none");
    } else tell(left ? "search_first" : results.length === 1 ? "search_one" : "search_found", { count: String(results.length) });
    if (strongroom.session.read() === null) state.append(" ", say("search_sealed"));
    if (stale) state.append(" ", say("search_stale"));
  }

  function entry({ document: found, index }, wanted) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "search-result";
    link.href = `${page.root}${found.href}`;
    link.addEventListener("click", () => remember(found.href, wanted));
    const customer = found.customer?.[0];
    // A customer is called by its names, which stand among its texts; what only says that a record is there, by whose
    // it is.
    const title = found.title ?? customer ?? found.texts[0]?.[1] ?? "";
    const head = document.createElement("span");
    head.className = "search-title";
    head.append(...marked(inLanguage(title, language()), wanted));
    const about = document.createElement("span");
    about.className = "search-about";
    const type = known.type?.get(found.type);
    const whose = customer && title !== customer && inLanguage(customer, language());
    const parts = [type && inLanguage(type, language()), whose, found.date];
    parts.filter(Boolean).forEach((part) => {
      const piece = document.createElement("span");
      piece.append(...marked(part, wanted));
      about.append(piece);
    });
    if (index.identity !== null) {
      const seal = document.createElement("span");
      seal.className = "search-sealed";
      seal.append(say("search_opened"));
      about.append(seal);
    }
    link.append(head, about);
    const text = passage(found, title, wanted);
    if (text !== null) link.append(text);
    item.append(link);
    return item;
  }

  // The text of a result in which most of the words stand, from a little before
  // the first of them on.
  function passage(found, title, wanted) {
    let best = null;
    for (const [label, words] of found.texts) {
      if (words === title && found.title === undefined) continue;
      const here = inLanguage(words, language());
      const texts = [here, ...(typeof words === "object" ? Object.values(words) : [])];
      for (const text of new Set(texts)) {
        const plain = strongroom.terms.plain(text);
        const hit = wanted.filter((word) => strongroom.terms.holds(plain, word)).length;
        if (best === null || hit > best.hit) best = { label, text, hit };
      }
    }
    if (best === null || (best.hit === 0 && wanted.length > 0)) return null;
    const line = document.createElement("span");
    line.className = "search-text";
    const label = inLanguage(best.label, language());
    if (label !== "") {
      const name = document.createElement("span");
      name.className = "search-label";
      name.append(label);
      line.append(name, " ");
    }
    const [first] = strongroom.terms.stretches(best.text, wanted);
    const from = first && first[0] > AROUND ? first[0] - AROUND / 2 : 0;
    const cut = best.text.slice(from, from + 4 * AROUND).replace(/\s+/g, " ");
    line.append(from > 0 ? "…" : "", ...marked(cut, wanted), from + 4 * AROUND < best.text.length ? "…" : "");
    return line;
  }

  function marked(text, wanted) {
    const nodes = [];
    let at = 0;
    for (const [from, to] of strongroom.terms.stretches(text, wanted)) {
      if (from > at) nodes.push(text.slice(at, from));
      const mark = document.createElement("mark");
      mark.append(text.slice(from, to));
      nodes.push(mark);
      at = to;
    }
    nodes.push(text.slice(at));
    return nodes;
  }

  // What was looked for is marked on the page that is opened next, in this tab.
  function remember(href, wanted) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ href, wanted }));
    } catch {
      // Then nothing is marked.
    }
    if (dialog?.open) dialog.close();
  }

  // ---- Narrowing down --------------------------------------------------------

  async function offer() {
    try {
      known = await strongroom.index.choices();
    } catch {
      return;
    }
    const collator = new Intl.Collator(language() === "zh" ? "zh-u-co-pinyin" : "en", { numeric: true });
    for (const select of selects) {
      const was = select.value || wished.get(select.dataset.facet) || "";
      const options = [...(known[select.dataset.facet] ?? [])].map(([choice, words]) => [inLanguage(words, language()), choice]);
      options.sort(([one], [other]) => collator.compare(one, other));
      if (select.dataset.facet === "year") options.reverse();
      select.replaceChildren(new Option(plainWords("filter_all"), ""), ...options.map(([label, choice]) => new Option(label, choice)));
      select.value = known[select.dataset.facet]?.has(was) ? was : "";
      select.closest("label").hidden = options.length < 2;
    }
    narrow.hidden = selects.every((select) => select.closest("label").hidden);
    // What can no longer be chosen, since the tab was locked, stands in no address.
    keep();
  }

  // ---- The keyboard ----------------------------------------------------------

  // Down from the field into the results and on; up again at the first.
  function walk(event) {
    // Enter takes what an input method offers.
    if (event.isComposing) return;
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && (at >= 0 || event.target === field)) links[at + 1]?.focus();
    else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] ?? field).focus();
    else if (event.key === "Enter" && event.target === field) {
      // Whoever is faster than the search gets its first result as soon as that is there.
      if (standing === asked) openFirst();
      else hurried = asked;
    }
    else return;
    event.preventDefault();
  }

  function open() {
    if (dialog === null) {
      field.focus();
      field.select();
      return;
    }
    if (!dialog.open) dialog.showModal();
    field.focus();
    field.select();
    offer();
  }

  const isTyping = (element) => element?.matches?.("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!(slash || command) || document.querySelector("dialog[open]:not(#search-dialog)")) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('[data-action="search"]');
    if (!button) return;
    event.preventDefault();
    open();
  });
  root.addEventListener("keydown", walk);
  field.addEventListener("input", again);
  for (const select of selects) select.addEventListener("change", again);
  root.querySelector("[data-more]").addEventListener("click", async () => {
    const at = list.children.length;
    most += MORE;
    await ask();
    list.children[at]?.querySelector("a").focus();
  });
  // A click beside the dialog closes it.
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  // ---- Beginning, and after every change -------------------------------------

  document.addEventListener("strongroom:unlocked", () => {
    if (dialog === null || dialog.open) offer().then(ask);
  });
  document.addEventListener("strongroom:language", () => offer().then(() => shown && show()));

  const wished = new URLSearchParams(dialog === null ? location.search : "");
  for (const element of document.querySelectorAll(".search-page[data-needs-script], [data-action='search'][data-needs-script]")) {
    element.hidden = false;
  }
  if (dialog === null) {
    field.value = wished.get("q") ?? "";
    if (selects.some((select) => wished.has(select.dataset.facet))) narrow.open = true;
    offer().then(ask);
    field.focus();
  }
})();
