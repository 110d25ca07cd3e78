// The language of the interface: which of two spans the styles show, and the
// attributes that exist in two languages. The choice is a preference, no secret,
// and so may outlive the tab.

(() => {
  "use strict";
  const KEPT = "strongroom:language";
  const TAGS = { zh: "zh-CN", en: "en" };
  const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt", "label"];
  const html = document.documentElement;

  function kept() {
    try {
      return localStorage.getItem(KEPT);
    } catch {
      return null;
    }
  }

  function keep(language) {
    try {
      localStorage.setItem(KEPT, language);
    } catch {
      // Then the next page opens in the site's own language.
    }
  }

  // Attributes below `root` (an element or the document) in the present language.
  function translate(root) {
    const language = html.dataset.language;
    for (const name of ATTRIBUTES) {
      const source = `data-${language}-${name}`;
      const found = [...root.querySelectorAll(`[${source}]`)];
      if (root instanceof Element && root.hasAttribute(source)) found.push(root);
      for (const element of found) element.setAttribute(name, element.getAttribute(source));
    }
  }

  function show(language) {
    html.dataset.language = language;
    html.lang = TAGS[language];
    translate(document);
    document.dispatchEvent(new CustomEvent("strongroom:language", { detail: { language } }));
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('[data-action="language"]')) return;
    const language = html.dataset.language === "zh" ? "en" : "zh";
    keep(language);
    show(language);
  });

  document.addEventListener("strongroom:placed", (event) => {
    for (const root of event.detail.placed) translate(root);
  });

  for (const element of document.querySelectorAll('[data-action="language"][hidden]')) {
    element.hidden = false;
  }
  const wanted = kept();
  if (Object.hasOwn(TAGS, wanted) && wanted !== html.dataset.language) show(wanted);
})();
