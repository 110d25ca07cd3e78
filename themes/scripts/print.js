// Printing: the page, or one of its records alone. What a print says of itself:
// when it was made, and for whom the page was unlocked. The words stand in the
// page and show on paper alone.

(() => {
  "use strict";

  const ALONE = "printed-alone";

  const two = (number) => String(number).padStart(2, "0");

  function stamp() {
    const now = new Date();
    const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    return `${day} ${two(now.getHours())}:${two(now.getMinutes())}`;
  }

  // Of two languages, the one that is shown.
  const inLanguage = (heading) => heading?.querySelector(`.${document.documentElement.dataset.language}`) ?? heading;

  // What the sheets are about: the page, and the record that is printed alone.
  function subject() {
    const headings = ["main h1", `.${ALONE} h3:not(.visually-hidden)`].map((one) => document.querySelector(one));
    return headings.map((one) => inLanguage(one)?.textContent.trim() ?? "").filter((words) => words !== "").join(" · ");
  }

  window.addEventListener("beforeprint", () => {
    // A sheet that fell out is put back by what its page is about.
    for (const place of document.querySelectorAll(".running-subject")) place.textContent = subject();
    const kept = strongroom.session.read();
    const opened = document.querySelector("[data-unsealed]") !== null;
    // A page that was not unlocked was printed for nobody in particular.
    const key = kept && opened ? "printed_for" : "printed";
    for (const place of document.querySelectorAll(".running-printed")) {
      strongroom.say(place, key, { when: stamp(), name: kept?.name ?? "" });
    }
  });

  // What may have been sealed does not outlast the paper.
  window.addEventListener("afterprint", () => {
    for (const place of document.querySelectorAll(".running-subject")) place.textContent = "";
    choose(null);
  });

  // ---- The page, or a record alone ------------------------------------------

  // The style sheet leaves out what is neither the record nor around it.
  function choose(record) {
    for (const other of document.querySelectorAll(`.${ALONE}`)) other.classList.remove(ALONE);
    record?.classList.add(ALONE);
  }

  async function print(record) {
    // Rows that are still to come belong on paper as well.
    if (record === null) await strongroom.rows.all();
    choose(record);
    window.print();
  }

  function buttonOf() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "print-record";
    button.dataset.action = "print-record";
    button.append(strongroom.words("print_record"));
    for (const language of ["zh", "en"]) button.dataset[`${language}Title`] = strongroom.plainWords("print_record", {}, language);
    button.title = strongroom.plainWords("print_record");
    return button;
  }

  function addButtons(root) {
    for (const meta of root.querySelectorAll(".record > .record-head > .record-meta")) {
      if (!meta.querySelector(".print-record")) meta.querySelector(".permalink").before(buttonOf());
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-action^=print-]");
    if (button?.dataset.action === "print-page") print(null);
    else if (button) print(button.closest(".record"));
  });
  document.addEventListener("strongroom:placed", (event) => {
    for (const root of event.detail.placed) addButtons(root);
  });
  for (const button of document.querySelectorAll('[data-action="print-page"]')) button.hidden = false;
  addButtons(document);
})();
