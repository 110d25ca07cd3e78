// Opens the envelopes at the end of the page, and those that stand beside it,
// and puts what they hold where it belongs. An envelope that says it belongs
// elsewhere is refused as a whole.

(() => {
  "use strict";
  const { page, say } = strongroom;

  let done = false;

  // Opens what the clearances allow. Once a page: locking loads it anew.
  // Answers {opened, refused, stale, absent, homeless}: ids of clearances, and
  // how many parts found no place.
  async function open(clearances) {
    if (done) return null;
    done = true;
    const held = new Map(clearances.map((clearance) => [clearance.id, clearance]));
    const envelopes = [...document.querySelectorAll('script.envelope[type="application/age"]')]
      .filter((envelope) => held.has(envelope.dataset.clearance));

    const results = await Promise.all(envelopes.map(async (envelope) => {
      const id = envelope.dataset.clearance;
      let content;
      let armored = envelope.textContent;
      const { beside, version } = envelope.dataset;
      try {
        if (beside !== undefined) armored = await strongroom.load(beside, { version });
      } catch (error) {
        return { id, state: error.reason === "unreachable" ? "absent" : "stale" };
      }
      try {
        content = await strongroom.openJson(armored, held.get(id).identity);
      } catch {
        // This clearance has another key by now, or the page has: one of the two is older.
        return { id, state: "stale" };
      }
      if (content?.strongroom !== 1 || content.page !== page.address || content.clearance !== id
          || !Array.isArray(content.parts)) {
        return { id, state: "refused" };
      }
      return { id, state: "opened", content };
    }));

    const inState = (state) => results.filter((result) => result.state === state);
    const opened = inState("opened");
    if (opened.length > 0) await strongroom.rows.all();
    strongroom.announce("placing");
    const { placed, homeless } = placeAll(opened);
    // A page sealed as a whole says so in its title, and its parts need not.
    name(placed, held, opened.find(({ content }) => content.title)?.id ?? null);
    finish(opened, placed, held);
    return {
      sealed: document.querySelectorAll("script.envelope").length,
      opened: opened.map((result) => result.id),
      refused: inState("refused").map((result) => result.id),
      stale: inState("stale").map((result) => result.id),
      absent: inState("absent").map((result) => result.id),
      homeless,
    };
  }

  // ---- Placing ---------------------------------------------------------------

  // Parts go into parts of other envelopes: round after round, until a round
  // places nothing.
  function placeAll(opened) {
    const placed = [];
    const beds = new Map();
    let rest = opened.flatMap(({ id, content }) => content.parts.map((part) => ({ id, part })));
    for (let before = -1; rest.length !== before;) {
      before = rest.length;
      rest = rest.filter(({ id, part }) => !place(id, part, beds, placed));
    }
    for (const [body, bed] of beds) if (bed.long) strongroom.rows.arrange(body, bed.rows());
    return { placed, homeless: rest.length };
  }

  // Answers whether the part has its place now.
  function place(id, part, beds, placed) {
    if (part.makes && strongroom.rows.find(part.makes)) return true;
    let into = strongroom.rows.find(part.into);
    for (const step of part.path ?? []) into = into && bedOf(into, beds).originals[step];
    if (!into) return false;
    const bed = bedOf(into, beds);
    if (!Number.isInteger(part.at) || part.at < 0 || part.at > bed.originals.length) return false;
    const root = parse(part.html);
    if (root === null) return false;

    root.dataset.unsealed = id;
    root.dataset.at = part.at;
    const order = Number(part.order) || 0;
    root.dataset.order = order;
    const slot = bed.slot(part.at);
    // Equal orders keep the order in which they came.
    let low = 0;
    for (let high = slot.length; low < high;) {
      const middle = (low + high) >> 1;
      if (Number(slot[middle].dataset.order) <= order) low = middle + 1;
      else high = middle;
    }
    if (!bed.long) into.insertBefore(root, slot[low] ?? bed.originals[part.at] ?? null);
    if (bed.long || !into.isConnected) strongroom.rows.remember(root);
    slot.splice(low, 0, root);
    placed.push({ root, id, shell: isShell(root, part.makes) });
    return true;
  }

  // Whether it says nothing of its own: an empty frame that several clearances
  // bring, or a line of contents.
  function isShell(root, makes) {
    if (!makes) return false;
    if (root.id === makes) return root.matches("li") || root.childElementCount === 0;
    return root.querySelector(`[id="${CSS.escape(makes)}"]`)?.childElementCount === 0;
  }

  // The children that an element had from the start, and what was put before
  // each. Made once per element, so that a thousand rows cost a thousand steps.
  function bedOf(element, beds) {
    let bed = beds.get(element);
    if (bed === undefined) {
      const slots = new Map();
      const slot = (at) => {
        if (!slots.has(at)) slots.set(at, []);
        return slots.get(at);
      };
      const originals = [];
      for (const child of strongroom.rows.of(element)) {
        if (child.dataset.unsealed === undefined) originals.push(child);
        else slot(Number(child.dataset.at)).push(child);
      }
      // The rows of a long table are put in their order all at once.
      const rows = () => [...originals, null].flatMap((row, at) => [...(slots.get(at) ?? []), ...(row ? [row] : [])]);
      bed = { originals, slot, rows, long: strongroom.rows.isLong(element) };
      beds.set(element, bed);
    }
    return bed;
  }

  // One root element, parsed in a <template>: there nothing loads or runs, and
  // a <tr> or <td> may stand alone.
  function parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const { children } = template.content;
    if (children.length !== 1) return null;
    const root = document.importNode(children[0], true);
    for (const link of [root, ...root.querySelectorAll("a[href], area[href]")]) {
      if (link.matches("a[href], area[href]")) guard(link);
    }
    return root;
  }

  // Another site must not learn which page, or that a sealed one, led to it.
  function guard(link) {
    if (/^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(link.getAttribute("href"))) {
      link.rel = "noreferrer noopener";
    }
  }

  // ---- Whose it is -----------------------------------------------------------

  // Names the clearance on what was opened, once: not again on what stands in a
  // part of the same clearance. A frame that says nothing is named after what is
  // in it, where that has one name.
  function name(placed, held, whole) {
    const known = new Map(placed.map((entry) => [entry.root, entry]));
    for (const entry of placed) {
      entry.outer = known.get(entry.root.parentElement?.closest("[data-unsealed]"));
      entry.within = new Set();
    }
    // What is inside was placed after what is around it.
    for (const entry of [...placed].reverse()) {
      if (entry.shell) entry.id = entry.within.size === 1 ? [...entry.within][0] : null;
      if (entry.shell && entry.within.size === 0) continue;
      entry.outer?.within.add(entry.id);
    }
    for (const entry of placed) {
      const { root } = entry;
      const around = nameAround(entry.outer) ?? (root.parentElement?.matches("h1") ? null : whole);
      if (entry.id === null || entry.id === around) continue;
      const title = held.get(entry.id)?.title ?? entry.id;
      root.dataset.audience = "";
      const bearer = bearerIn(root) ?? root;
      for (const language of ["zh", "en"]) {
        const words = strongroom.inLanguage(title, language);
        bearer.dataset[`${language}Audience`] = words;
        // What is too small for the word says it when pointed at.
        root.dataset[`${language}Title`] = words;
      }
    }
  }

  // Which element of a part the name follows: its label or its heading.
  const BEARERS = [
    ["tr", ":scope > *"], [".field", "dt"], [".group", "h2"], [".record", "h3:not(.visually-hidden), .record-meta"],
    [".section", ":scope > :is(h2, h3, h4, h5, h6):first-child"], [".table-block", ".rows"],
    [".attachments-block, .original", "h4"], [".series", "summary"],
    [".commit", ".commit-head"], [".message", ".message-summary"], [".change", ":scope > .said"],
    [".course-record", "h3"], [".course, .course-body", ".course-label"], [".feed-entry", ".feed-when"],
  ];

  function bearerIn(root) {
    const [, inside] = BEARERS.find(([kind]) => root.matches(kind)) ?? [];
    return inside === undefined ? null : root.querySelector(inside);
  }

  function nameAround(entry) {
    for (let around = entry; around; around = around.outer) if (around.id !== null) return around.id;
    return null;
  }

  // ---- Afterwards ------------------------------------------------------------

  function finish(opened, placed, held) {
    const ids = new Set(opened.map(({ id }) => id));
    for (const { content } of opened) {
      if (typeof content.title === "string" && content.title !== "") document.title = content.title;
    }
    // An audience is named as long as something that names it stays sealed; but not to those who belong to it: what
    // stays sealed to them asks for another one as well. What failed to open is named to them all the same.
    const mine = new Set((strongroom.session.read()?.audiences ?? []).map(({ name }) => name));
    for (const note of document.querySelectorAll(".sealed-note")) {
      const left = note.dataset.clearance.split(" ").filter((id) => !ids.has(id));
      note.hidden = left.length === 0 || (mine.has(note.dataset.named) && !left.some((id) => held.has(id)));
    }
    for (const notes of document.querySelectorAll(".sealed-notes")) {
      notes.hidden = [...notes.querySelectorAll(".sealed-note")].every((note) => note.hidden);
    }
    count();
    const roots = placed.map(({ root }) => root);
    strongroom.announce("placed", { placed: roots });
    const target = aimedAt();
    if (target) strongroom.rows.reveal(target);
    // At once: a gentle scroll is cut short by pictures that come in on the way.
    if (target && roots.some((root) => root.contains(target))) target.scrollIntoView({ behavior: "instant" });
  }

  function aimedAt() {
    try {
      const name = decodeURIComponent(location.hash.slice(1));
      // A record that was renamed is found by its old name as well.
      return strongroom.rows.find(name) ?? document.getElementsByName(name)[0] ?? null;
    } catch {
      return null;
    }
  }

  // Counts what is to be seen: sealed rows once opened, not those filtered away.
  function count() {
    for (const place of document.querySelectorAll(".count[data-count-of]")) {
      const counted = document.getElementById(place.dataset.countOf);
      if (!counted) continue;
      // What says that a sealed record exists is not one of them, and no drawing is.
      const seen = strongroom.rows.count(counted) ?? String([...counted.children].filter((child) => !child.hidden && !child.matches(".abstract, .topologies, .trend, .due-fold")).length);
      if (place.textContent !== seen) place.textContent = seen;
    }
  }

  // Says on the page what was not opened and why; silent where all is well.
  function report({ refused, stale, absent, homeless }) {
    const notice = document.getElementById("unlock-notice");
    const text = notice?.querySelector(".unlock-notice-text");
    const troubles = { refused: refused.length, stale: stale.length, absent: absent.length, homeless };
    const [key, count] = Object.entries(troubles).find(([, number]) => number > 0) ?? [null];
    if (!notice || key === null) return;
    say(text, key, { count: String(count) });
    notice.hidden = false;
  }

  strongroom.join("sealed", { open, count, report });
})();
