// What a print says of itself: when it was made, and for whom the page was
// unlocked. The words stand in the page and show on paper alone.

(() => {
  "use strict";

  const two = (number) => String(number).padStart(2, "0");

  function stamp() {
    const now = new Date();
    const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    return `${day} ${two(now.getHours())}:${two(now.getMinutes())}`;
  }

  window.addEventListener("beforeprint", () => {
    // A sheet that fell out is put back by what its page is about.
    const heading = document.querySelector("main h1");
    const subject = heading?.querySelector(`.${document.documentElement.dataset.language}`) ?? heading;
    for (const place of document.querySelectorAll(".running-subject")) {
      place.textContent = subject?.textContent.trim() ?? "";
    }
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
  });
})();
