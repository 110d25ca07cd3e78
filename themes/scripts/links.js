// The address of a single thing, to be copied: of a record, field, section, row
// or change. One link for all of them stands beside what is pointed at, so that
// a page of a thousand fields holds no thousand links; from the links that are
// always there the arrow keys lead it from thing to thing.

(() => {
  "use strict";

  const THINGS = ".group[id], .record[id], .field[id], .section[id], .records tr[id], .commit[id], .change[id]";
  const FIXED = "a.permalink, a.commit-time";
  // Beside what in a thing the link stands.
  const BESIDE = [
    [".group", ".group-head > h2"], [".record", ".record-meta"], [".field", ":scope > dt"],
    [".section", ":scope > :is(h2, h3, h4, h5, h6)"], ["tr", ":scope > *"], [".commit", ".commit-head"],
    [".change", ":scope > .said"],
  ];

  const link = document.createElement("a");
  link.className = "permalink copy-link";
  let thing = null;

  const label = document.createElement("span");
  label.className = "visually-hidden";
  const sign = document.createElement("span");
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = "§";

  // What was done stands at the foot of the window, where it moves nothing.
  const desk = document.createElement("div");
  desk.className = "copy-desk";
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const field = document.createElement("input");
  field.type = "text";
  field.readOnly = true;
  field.hidden = true;
  desk.append(said, field);
  document.body.append(desk);
  let from = null;
  let timer = 0;

  function addressOf(id) {
    // A fragment may hold slashes; a reader of plain text would end it at much else.
    const name = id.split("/").map((part) => encodeURIComponent(part)).join("/");
    return `${location.href.split("#")[0]}#${name}`;
  }

  function besideIn(element) {
    const [, inside] = BESIDE.find(([kind]) => element.matches(kind)) ?? [];
    return inside === undefined ? null : element.querySelector(inside);
  }

  // Whether a link of its own leads to it already.
  const fixedIn = (element) => element.matches(".record, .commit")
    ? element.querySelector(FIXED) : null;

  function standBeside(element) {
    if (element === thing && link.isConnected) return true;
    const place = besideIn(element);
    if (!place) return false;
    thing = element;
    link.href = addressOf(element.id).slice(location.href.split("#")[0].length);
    label.replaceChildren(strongroom.words("link_copy"));
    link.replaceChildren(sign, label);
    link.title = strongroom.plainWords("link_copy");
    place.append(link);
    return true;
  }

  function goAway() {
    thing = null;
    link.remove();
  }

  document.addEventListener("pointerover", (event) => {
    if (link === document.activeElement || event.target === link) return;
    const over = event.target.closest?.(THINGS);
    if (!over) goAway();
    else if (fixedIn(over) || !standBeside(over)) goAway();
  });
  link.addEventListener("blur", () => {
    // What is taken out of the page while it is looked at must not lose the click that led here.
    setTimeout(() => link !== document.activeElement && !link.matches(":hover") && goAway());
  });

  // From thing to thing, in the order of the page, by the arrow keys.
  document.addEventListener("keydown", (event) => {
    const here = event.target.closest?.(FIXED);
    if (!here || !["ArrowDown", "ArrowUp"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    const things = [...document.querySelectorAll(THINGS)].filter((one) => one.checkVisibility() && besideIn(one));
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = things.indexOf(here === link ? thing : here.closest(THINGS));
    const next = things[at + step];
    if (at < 0 || !next) return;
    event.preventDefault();
    const fixed = fixedIn(next);
    if (fixed) fixed.focus();
    else if (standBeside(next)) link.focus();
  });

  // ---- Copying -----------------------------------------------------------------

  function tell(key) {
    clearTimeout(timer);
    strongroom.say(said, key);
    said.hidden = false;
    desk.dataset.shown = "";
    if (field.hidden) timer = setTimeout(quiet, 4000);
  }

  function quiet() {
    clearTimeout(timer);
    delete desk.dataset.shown;
    said.replaceChildren();
    field.hidden = true;
  }

  async function copy(element, clicked) {
    const address = addressOf(element.id);
    from = clicked;
    field.hidden = true;
    try {
      // Not there on plain http.
      await navigator.clipboard.writeText(address);
      tell("link_copied");
    } catch {
      field.value = address;
      field.setAttribute("aria-label", strongroom.plainWords("link_address"));
      field.hidden = false;
      tell("link_select");
      field.focus();
      field.select();
    }
  }

  document.addEventListener("click", (event) => {
    const clicked = event.target.closest?.(FIXED);
    if (!clicked || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const element = clicked === link ? thing : clicked.closest(THINGS);
    if (!element?.id) return;
    event.preventDefault();
    history.replaceState(null, "", addressOf(element.id));
    copy(element, clicked);
  });

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key !== "Enter") return;
    const back = from?.isConnected ? from : thing && fixedIn(thing);
    quiet();
    back?.focus();
  });
  field.addEventListener("blur", () => !field.hidden && quiet());

  // ---- Where an address leads ------------------------------------------------

  // What is opened as the page comes stands above its place as well, and moves it: until somebody moves the page, it
  // stays where its address leads.
  let moved = false;
  for (const moment of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    window.addEventListener(moment, () => (moved = true), { once: true, passive: true });
  }

  document.addEventListener("strongroom:placed", () => {
    if (moved || location.hash.length < 2) return;
    try {
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    } catch {
      // An address that says nothing leads nowhere.
    }
  });
})();
