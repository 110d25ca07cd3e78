// Added by `strongroom serve` to the pages it shows, and to no page that is published: loads the page anew when the
// site was built again, and shows a bar while the last build has errors.
(function () {
  "use strict";

  var source = new URL(document.currentScript.src);
  var mine = source.searchParams.get("build");
  var bar = null;

  function show(words) {
    if (!words) {
      if (bar) bar.remove();
      bar = null;
      return;
    }
    if (!bar) {
      bar = document.createElement("div");
      bar.setAttribute("role", "alert");
      // Set through the object model, which the policy allows, unlike a style attribute in the page.
      bar.style.cssText =
        "position:fixed;inset:auto 0 0 0;z-index:2147483647;padding:0.75rem 1rem;max-height:40vh;overflow:auto;" +
        "background:#7f1d1d;color:#fff;font:0.875rem/1.5 monospace;white-space:pre-wrap";
      document.body.append(bar);
    }
    bar.textContent = words;
  }

  var events = new EventSource(new URL("events", source));
  events.onmessage = function (event) {
    var state = JSON.parse(event.data);
    if (state.build !== mine) {
      events.close();
      location.reload();
      return;
    }
    show(state.failure);
  };
})();
