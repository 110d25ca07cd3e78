// Added by `strongroom serve` to the pages it shows, and to no page that is published: loads the page anew when what it
// shows was saved, and shows what is wrong with the archive while it is. The panel stands below the page, which ends
// above it, so that no text lies under it for good; it folds to one line.
(function () {
  "use strict";

  var source = new URL(document.currentScript.src);
  var mine = source.searchParams.get("build");
  var round = Number(source.searchParams.get("round"));
  var root = new URL("..", source).pathname;
  var here = decodeURIComponent(location.pathname.slice(root.length));
  if (here === "" || here.endsWith("/")) here += "index.html";
  var html = document.documentElement;
  var panel = null;
  var folded = {};

  function element(name, attributes, children) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { if (child) made.append(child); });
    return made;
  }

  // Words of the interface in both languages, of which the style shows that of the page.
  function word(words, key) {
    return element("span", { class: "strongroom-words" }, [
      element("span", { class: "zh", lang: "zh-CN" }, [words.zh[key]]),
      element("span", { class: "en", lang: "en" }, [words.en[key]])
    ]);
  }

  // What the program says, in Chinese too where there are words for it.
  function told(said, key) {
    var english = element("span", { class: "en", lang: "en" }, [said[key]]);
    if (!said[key + "_zh"]) return element("span", { lang: "en" }, [said[key]]);
    var chinese = element("span", { class: "zh", lang: "zh-CN" }, [said[key + "_zh"]]);
    return element("span", { class: "strongroom-words" }, [chinese, english]);
  }

  function excerpt(spot) {
    if (spot.marked === undefined) return null;
    return element("pre", { class: "strongroom-excerpt", tabindex: "0" }, [
      element("code", {}, [spot.before, element("mark", {}, [spot.marked || "\u00a0"]), spot.after])
    ]);
  }

  function finding(words, said) {
    if (said.more) return element("li", {}, [element("p", {}, ["+" + said.more + " · ", word(words, "serve.more")])]);
    return element("li", { class: "strongroom-" + said.severity }, [
      element("p", { class: "strongroom-message" }, [
        element("strong", {}, [word(words, "severity." + said.severity)]), " ",
        told(said, "message"), " ",
        element("code", { class: "strongroom-code" }, [said.code])
      ]),
      said.place ? element("p", { class: "strongroom-place" }, [element("code", {}, [said.place])]) : null,
      excerpt(said),
      said.remedy ? element("p", { class: "strongroom-remedy" }, [
        word(words, "serve.remedy"), " ", told(said, "remedy")
      ]) : null
    ].concat(said.related.map(function (other) {
      return element("div", { class: "strongroom-related" }, [
        element("p", {}, [told(other, "message"), " ", element("code", {}, [other.place])]),
        excerpt(other)
      ]);
    })));
  }

  function list(words, key, findings, open) {
    var count = findings.reduce(function (sum, said) { return sum + (said.more || 1); }, 0);
    var summary = element("summary", {}, [word(words, key), element("span", { class: "strongroom-count" }, [String(count)])]);
    var details = element("details", {}, [summary, element("ul", {}, findings.map(finding.bind(null, words)))]);
    details.open = key in folded ? !folded[key] : open;
    details.addEventListener("toggle", function () { folded[key] = !details.open; });
    return details;
  }

  // Whether a picture can be drawn is seen when it is asked for; where it cannot, its tile says what the file is.
  function withoutPicture(image) {
    if (image.matches && image.matches("img.attachment-thumb")) image.remove();
  }
  document.addEventListener("error", function (event) { withoutPicture(event.target); }, true);
  document.querySelectorAll("img.attachment-thumb[src]").forEach(function (image) {
    if (image.complete && image.naturalWidth === 0) withoutPicture(image);
  });

  // Regions that are spoken are there before anything stands in them.
  function ready() {
    if (panel) return;
    panel = element("aside", { id: "strongroom-panel" }, [
      element("div", { role: "alert", class: "strongroom-errors" }),
      element("div", { role: "status", class: "strongroom-remarks" })
    ]);
    document.body.append(panel);
    if (window.ResizeObserver) new ResizeObserver(makeRoom).observe(panel);
  }

  function makeRoom() {
    var height = panel.hidden ? "" : panel.offsetHeight + "px";
    document.body.style.paddingBlockEnd = height;
    html.style.scrollPaddingBlockEnd = height;
  }

  function fill(region, content) {
    region.replaceChildren.apply(region, content);
    region.hidden = content.length === 0;
  }

  function show(state) {
    ready();
    var language = html.dataset.language === "en" ? "en" : "zh";
    panel.setAttribute("aria-label", state.words[language]["serve.panel"]);
    fill(panel.firstChild, state.errors.length ? [list(state.words, "serve.errors", state.errors, true)] : []);
    var remarks = state.remarks.length ? [list(state.words, "serve.remarks", state.remarks, false)] : [];
    if (state.rereading) remarks.unshift(element("p", { class: "strongroom-rereading" }, [word(state.words, "serve.rereading")]));
    fill(panel.lastChild, remarks);
    panel.hidden = !state.errors.length && !remarks.length;
    makeRoom();
  }

  // The page of an archive that never was without errors since the server began.
  function wait(state) {
    var waiting = document.getElementById("strongroom-waiting");
    if (!waiting) return;
    html.dataset.language = state.language;
    html.lang = state.language === "en" ? "en" : "zh-CN";
    if (waiting.firstChild) return;
    waiting.append(
      element("h1", {}, [word(state.words, "serve.waiting")]),
      element("p", {}, [word(state.words, "serve.waiting.text")])
    );
  }

  var events = new EventSource(new URL("events", source));
  events.onmessage = function (event) {
    var state = JSON.parse(event.data);
    if (state.build !== mine || (state.round > round && state.again.indexOf(here) !== -1)) {
      events.close();
      location.reload();
      return;
    }
    wait(state);
    show(state);
  };
})();
