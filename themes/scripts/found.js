// Marks on a page what was looked for when a result led here, without changing
// the page: by ranges that the style sheet paints.

(() => {
  "use strict";
  const KEPT = "strongroom:found";
  const MOST = 500;
  let wanted = [];
  let led = false;

  function take() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
      const here = kept && new URL(`${strongroom.page.root}${kept.href}`, location.href);
      if (here && here.pathname === location.pathname && here.hash === location.hash) return kept.wanted;
    } catch {
      // What cannot be read marks nothing.
    }
    return [];
  }

  function target() {
    try {
      const name = decodeURIComponent(location.hash.slice(1));
      return document.getElementById(name) ?? document.getElementsByName(name)[0] ?? null;
    } catch {
      return null;
    }
  }

  // The words in what is shown below an element.
  function rangesIn(element) {
    const ranges = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && ranges.length < MOST) {
      const node = walker.currentNode;
      if (!node.parentElement.checkVisibility?.()) continue;
      for (const [from, to] of strongroom.terms.stretches(node.data, wanted)) {
        const range = new Range();
        range.setStart(node, from);
        range.setEnd(node, to);
        ranges.push(range);
      }
    }
    return ranges;
  }

  function mark() {
    if (wanted.length === 0 || !("highlights" in CSS)) return;
    const around = location.hash === "" ? document.getElementById("content") : target();
    if (around === null) return;
    const ranges = rangesIn(around);
    CSS.highlights.set("found", new Highlight(...ranges));
    if (led || ranges.length === 0) return;
    led = true;
    const place = ranges[0].getBoundingClientRect();
    if (place.top < 0 || place.bottom > innerHeight) {
      ranges[0].startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
    }
  }

  function begin() {
    const taken = take();
    if (taken.length === 0) return;
    wanted = taken;
    led = false;
    mark();
  }

  window.addEventListener("hashchange", begin);
  document.addEventListener("strongroom:placed", mark);
  document.addEventListener("strongroom:language", mark);
  begin();
})();
