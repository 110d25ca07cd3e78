// Where one is in a dossier: the contents mark the section that is being read,
// and a bar at the head of the window says whose dossier it is as soon as its
// heading has gone by. The bar repeats what the page shows, and nothing else.

(() => {
  "use strict";

  const bar = document.querySelector(".dossier-bar");
  const heading = document.getElementById("heading");
  const contents = document.getElementById("toc");
  if (!bar || !heading || !contents) return;

  const place = (name) => bar.querySelector(`.bar-${name}`);

  // ---- Whose dossier ----------------------------------------------------------

  // Short names are not translated: where the name is said in another language, it stands itself.
  function called() {
    const name = strongroom.tables.textOf(heading);
    if (strongroom.language() !== "zh") return name;
    const short = document.querySelector('#identity .field[data-field="short_names"] dd');
    return short?.firstChild?.textContent.trim() || name;
  }

  function fill() {
    place("name").textContent = called();
    // The highest level of the page, which its head says as well.
    place("marking").textContent = document.querySelector("#page-level:not([hidden]) strong")?.textContent ?? "";
    show();
  }

  let above = false;

  function show() {
    bar.hidden = !above || place("name").textContent === "";
  }

  new IntersectionObserver((entries) => {
    const { isIntersecting, boundingClientRect } = entries.at(-1);
    above = !isIntersecting && boundingClientRect.bottom <= 0;
    show();
  }).observe(heading);

  // ---- Which section ----------------------------------------------------------

  // The section is read that crosses this line, in parts of the window's height.
  const LINE = 0.25;

  const sections = () => [...document.querySelectorAll("#groups > .group[id]")];

  function current() {
    const all = sections();
    const end = Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight - 1;
    // At the end of the page stand several, the last of which never come up to the line.
    if (end) return all.find((section) => section.matches(":target") && inSight(section)) ?? all.at(-1);
    return all.findLast((section) => section.getBoundingClientRect().top <= innerHeight * LINE);
  }

  function inSight(section) {
    const { top, bottom } = section.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  }

  function mark() {
    const section = current();
    const wanted = section ? `#${section.id}` : "";
    for (const link of contents.querySelectorAll("a")) {
      if (link.getAttribute("href") !== wanted) {
        link.removeAttribute("aria-current");
        continue;
      }
      if (link.getAttribute("aria-current") === "location") continue;
      link.setAttribute("aria-current", "location");
      follow(link);
    }
    place("section").replaceChildren(...(section ? [...section.querySelector("h2").cloneNode(true).childNodes] : []));
    place("section").querySelector(".copy-link")?.remove();
  }

  // Contents that are longer than the window slide along.
  function follow(link) {
    const frame = contents.parentElement;
    const { top, bottom } = link.getBoundingClientRect();
    const edges = frame.getBoundingClientRect();
    if (top < edges.top) frame.scrollTop -= edges.top - top;
    else if (bottom > edges.bottom) frame.scrollTop += bottom - edges.bottom;
  }

  const line = new IntersectionObserver(mark, { rootMargin: `${-LINE * 100}% 0px ${(LINE - 1) * 100}% 0px` });

  function watch() {
    for (const section of sections()) line.observe(section);
    mark();
  }

  document.addEventListener("scrollend", mark);
  window.addEventListener("hashchange", mark);
  document.addEventListener("strongroom:placed", () => {
    fill();
    watch();
  });
  document.addEventListener("strongroom:language", fill);
  fill();
  watch();
})();
