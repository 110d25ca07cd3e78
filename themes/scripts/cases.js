// The library of fault cases, searched by what is seen of a fault. What is
// searched is what stands in the page, so that a sealed case is found once it
// was opened and by nobody else.

(() => {
  "use strict";
  const form = document.getElementById("case-search");
  const list = document.getElementById("cases");
  if (!form || !list) return;
  const field = document.getElementById("case-words");
  const status = document.getElementById("case-count");
  const { textOf } = strongroom.tables;

  // ---- Words -------------------------------------------------------------------

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const HAN = /\p{Script=Han}/u;
  const LETTER = /[\p{L}\p{N}]/u;

  // Runs of Chinese and words of other scripts, each a term by itself.
  function termsOf(text) {
    return plain(text).match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? [];
  }

  function pairsOf(term) {
    const signs = [...term];
    return signs.slice(1).map((sign, at) => signs[at] + sign);
  }

  // How well a term is found in a text: 1 as it stands, less where half or more
  // of its pairs of characters are, 0 otherwise. Other scripts are found by the
  // beginnings of their words.
  function found(term, text) {
    if (!HAN.test(term)) {
      for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
        if (at === 0 || HAN.test(text[at - 1]) || !LETTER.test(text[at - 1])) return 1;
      }
      return 0;
    }
    if (text.includes(term)) return 1;
    const pairs = pairsOf(term);
    if (pairs.length < 2) return 0;
    const share = pairs.filter((pair) => text.includes(pair)).length / pairs.length;
    return share >= 0.5 ? share / 2 : 0;
  }

  // Every term must be found somewhere in a case; where it counts most, counts.
  function scoreOf(article, terms) {
    const fields = [...article.querySelectorAll("[data-weight]")]
      .map((part) => ({ text: plain(part.textContent), weight: Number(part.dataset.weight) }));
    let sum = 0;
    for (const term of terms) {
      const best = Math.max(0, ...fields.map(({ text, weight }) => weight * found(term, text)));
      if (best === 0) return 0;
      sum += best;
    }
    return sum;
  }

  // ---- Choices -----------------------------------------------------------------

  function valuesOf(article, name) {
    const value = article.querySelector(`[data-field="${name}"] .case-value`);
    if (!value) return [];
    const items = [...value.querySelectorAll("li")];
    return (items.length > 0 ? items : [value]).map((item) => ({ key: item.textContent.trim(), label: textOf(item) }));
  }

  function fillChoices() {
    for (const select of form.querySelectorAll("[data-case-choice]")) {
      const choices = new Map();
      for (const article of list.children) {
        for (const { key, label } of valuesOf(article, select.dataset.caseChoice)) choices.set(key, label);
      }
      const chosen = select.value;
      const collator = new Intl.Collator(strongroom.language() === "zh" ? "zh-u-co-pinyin" : "en");
      const options = [...choices].sort(([, a], [, b]) => collator.compare(a, b)).map(([key, label]) => new Option(label, key));
      select.replaceChildren(new Option(strongroom.plainWords("filter_all"), ""), ...options);
      select.value = choices.has(chosen) ? chosen : "";
      select.closest(".control").hidden = choices.size === 0;
    }
  }

  // ---- The search --------------------------------------------------------------

  // The cases as the build ordered them: sealed ones find their places by that.
  let resting = [...list.children];

  function rest() {
    list.append(...resting.filter((article) => article.isConnected));
  }

  function search() {
    const terms = termsOf(field.value);
    const choices = [...form.querySelectorAll("[data-case-choice]")].filter(({ value }) => value !== "");
    const chosen = (article) => choices.every(({ value, dataset }) =>
      valuesOf(article, dataset.caseChoice).some(({ key }) => key === value));
    const results = resting.map((article, place) => ({
      article, place, score: chosen(article) ? (terms.length === 0 ? 1 : scoreOf(article, terms)) : 0,
    }));
    for (const { article, score } of results) article.hidden = score === 0;
    const ordered = [...results].sort((a, b) => b.score - a.score || a.place - b.place).map(({ article }) => article);
    if (ordered.some((article, at) => list.children[at] !== article)) list.append(...ordered);
    const shown = results.filter(({ score }) => score > 0).length;
    const asked = terms.length > 0 || choices.length > 0;
    const key = shown === 0 ? "cases_none" : asked ? "cases_found" : "cases_all";
    status.replaceChildren(strongroom.words(key, { count: String(shown), all: String(resting.length) }));
    highlight(terms);
  }

  // Marks what was found, where the browser can without touching the text.
  function highlight(terms) {
    if (!window.CSS?.highlights) return;
    const ranges = [];
    for (const part of list.querySelectorAll(".case:not([hidden]) [data-weight]")) {
      const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const text = node.data.toLowerCase();
        const wanted = terms.flatMap((term) => (text.includes(term) || !HAN.test(term) ? [term] : pairsOf(term)));
        for (const term of wanted) {
          for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length)) {
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, Math.min(at + term.length, node.data.length));
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("case-found", new Highlight(...ranges));
  }

  function again() {
    fillChoices();
    search();
  }

  // ---- Keys --------------------------------------------------------------------

  const results = () => [...list.children].filter((article) => !article.hidden);

  function step(by) {
    const all = results();
    const at = all.indexOf(document.activeElement?.closest(".case"));
    const next = at < 0 ? 0 : at + by;
    if (next < 0) field.focus();
    else all[Math.min(next, all.length - 1)]?.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results()[0]?.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.isComposing) return;
    event.preventDefault();
    results()[0]?.focus();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") field.focus();
  });
  for (const kind of ["input", "change"]) form.addEventListener(kind, search);
  form.addEventListener("reset", () => setTimeout(() => {
    search();
    field.focus();
  }));

  document.addEventListener("strongroom:placing", rest);
  document.addEventListener("strongroom:placed", () => {
    resting = [...list.children];
    again();
  });
  document.addEventListener("strongroom:language", again);
  window.addEventListener("pageshow", again);
  for (const element of document.querySelectorAll(".case-search [data-needs-script]")) element.hidden = false;
  again();
})();
