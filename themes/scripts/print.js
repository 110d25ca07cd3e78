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
    const kept = strongroom.session.read();
    const opened = document.querySelector("[data-unsealed]") !== null;
    // A page that was not unlocked was printed for nobody in particular.
    const key = kept && opened ? "printed_for" : "printed";
    for (const place of document.querySelectorAll(".running-printed")) {
      strongroom.say(place, key, { when: stamp(), name: kept?.name ?? "" });
    }
  });
})();
