// Locks the tab after a time without input: `data-idle` of <body>, in seconds.

(() => {
  "use strict";
  const { session } = strongroom;

  const given = Number(document.body.dataset.idle);
  const MILLISECONDS = (given > 0 ? given : 900) * 1000;
  // How much later than the input it may be written down for the next page.
  const GRAIN = Math.min(5000, MILLISECONDS / 10);

  let lock = null;
  let timer = 0;
  let active = 0;
  let written = 0;

  function over(kept) {
    return !(Date.now() - kept.last_active < MILLISECONDS);
  }

  function write() {
    const kept = session.read();
    if (kept === null) return;
    written = active;
    session.write({ ...kept, last_active: active });
  }

  function stir() {
    const now = Date.now();
    // A computer that slept comes back with an input: too late counts first.
    if (now - active >= MILLISECONDS) return lock("idle");
    active = now;
    if (now - written > GRAIN) write();
  }

  function check() {
    const left = active + MILLISECONDS - Date.now();
    if (left <= 0) return lock("idle");
    clearTimeout(timer);
    timer = setTimeout(check, left);
  }

  // Begins to watch. To be on a new page of the site counts as input.
  function watch(then) {
    if (lock !== null) return;
    lock = then;
    active = Date.now();
    write();
    check();
    for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"]) {
      addEventListener(kind, stir, { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") check();
      else write();
    });
    addEventListener("pagehide", write);
  }

  strongroom.join("idle", { watch, over });
})();
