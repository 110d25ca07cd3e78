// A dossier as it stood at the end of a day: what the changes up to that day
// left, record by record. It knows what the page shows, so that nothing stands
// in it that is still sealed; that some of it is, is said.

(() => {
  "use strict";
  const box = document.querySelector("[data-as-of]");
  if (!box) return;
  const { history, plainWords, words } = strongroom;
  const { textOf } = strongroom.tables;
  const inBox = (name) => box.querySelector(`[data-as-of-${name}]`);
  // So many records stand open; of more, only their titles.
  const OPEN_RECORDS = 3;

  // ---- What stood ------------------------------------------------------------

  // Of each record its parts, as they were after every change up to that day:
  // path → {parts: part → {change, after}, note}.
  function stood(day) {
    const records = new Map();
    const until = history.commits().filter((commit) => commit.day !== "" && commit.day <= day);
    for (const { records: changed } of until.reverse()) {
      const changes = changed.flatMap(({ path, changes: own }) => own.map((change) => ({ path, ...change })));
      // What goes makes room for what comes in its place by the same commit.
      const goes = ({ root }) => root.matches(".change-removed");
      for (const change of changes.filter(goes)) remove(change, records);
      for (const change of changes.filter((other) => !goes(other))) take(change, records);
    }
    return records;
  }

  function remove({ path, part }, records) {
    if (part === "record") records.delete(path);
    else records.get(path)?.parts.delete(part);
  }

  function take(change, records) {
    const { path, root, part } = change;
    const known = records.get(path);
    // A record is known by its last name all along: one that is met for the
    // first time as it moves came from another dossier.
    const record = known ?? { parts: new Map(), note: root.matches(".change-moved") ? "history_as_of_moved" : null };
    records.set(path, record);
    if (root.matches(".change-broken")) {
      record.note = "history_as_of_broken";
      return;
    }
    if (record.note === "history_as_of_broken") record.note = null;
    if (part === "record") return;
    const after = afterOf(root);
    // An opening that came on its day says nothing new of the day.
    if (after.length === 0) return;
    // Rows come in by batches, which stand beside one another.
    const before = part === "rows" ? record.parts.get(part)?.after ?? [] : [];
    record.parts.set(part, { change, after: [...before, ...after] });
  }

  // What stands since: a text, or a value in the language of the moment.
  function afterOf(root) {
    const text = root.querySelector(".said .after.text");
    if (text) return [text];
    const value = history.saidOf(root, ".after");
    return value ? [value] : [];
  }

  // ---- Showing it ------------------------------------------------------------

  function make(name, className, ...content) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...content);
    return element;
  }

  function valueOf(element) {
    const copy = element.cloneNode(true);
    copy.removeAttribute("hidden");
    copy.removeAttribute("data-clamp");
    return copy;
  }

  function nameOf(change) {
    const label = history.labelOf(change);
    if (!change.part.startsWith("audience:")) return label;
    return plainWords("history_readable", { label });
  }

  function recordHtml(path, record, about, open) {
    const entries = [...record.parts.values()].filter(({ after }) => after.length > 0);
    const texts = entries.filter(({ after }) => after[0].matches(".text"));
    const fields = entries.filter((entry) => !texts.includes(entry));
    const title = textOf(record.parts.get("title")?.after[0]) || about?.title || "";
    const summary = make("summary", "");
    if (path === "dossier") summary.append(make("span", "as-of-title", about?.type || path));
    else {
      if (about?.type) summary.append(make("span", "change-type", about.type));
      summary.append(make("span", "as-of-title", title), make("code", "change-path", path));
    }
    const body = make("div", "");
    if (record.note) body.append(make("p", "as-of-note", words(record.note)));
    if (fields.length > 0) {
      body.append(make("dl", "fields", ...fields.map(({ change, after }) => make("div", "field",
        make("dt", "", nameOf(change)),
        make("dd", "", ...after.flatMap((value, n) => n > 0 ? [make("br"), valueOf(value)] : [valueOf(value)]))))));
    }
    for (const { change, after } of texts) {
      body.append(make("h4", "", history.labelOf(change)), valueOf(after[0]));
    }
    const details = make("details", "as-of-record", summary, body);
    details.dataset.path = path;
    details.open = open;
    return details;
  }

  function show(day) {
    box.hidden = day === "";
    if (day === "") {
      inBox("list").replaceChildren();
      return;
    }
    const { record: wanted, part } = history.chosen;
    const about = history.titles();
    const order = history.collator();
    const key = (path) => `${path === "dossier" ? 0 : 1}${about.get(path)?.type ?? ""}\u0000${path}`;
    const records = [...stood(day)]
      .filter(([path]) => wanted === "" || path === wanted)
      .sort(([a], [b]) => order.compare(key(a), key(b)));
    if (part !== "") {
      for (const [, { parts }] of records) {
        for (const name of [...parts.keys()]) if (!history.isPart(name, part)) parts.delete(name);
      }
    }
    const rest = records.filter(([, { parts, note }]) => parts.size > 0 || (part === "" && note));
    // What was opened stays open when the language changes or sealed parts come in.
    const open = new Set([...box.querySelectorAll("details[open]")].map((details) => details.dataset.path));
    inBox("title").replaceChildren(words("history_as_of_title", { day }));
    inBox("summary").replaceChildren(
      rest.length === 0 ? words("history_as_of_none") : words("history_as_of_count", { count: String(rest.length) }));
    const notes = document.querySelector(".sealed-notes");
    inBox("locked").hidden = !notes || notes.hidden;
    inBox("list").replaceChildren(...rest.map(([path, record]) =>
      recordHtml(path, record, about.get(path), rest.length <= OPEN_RECORDS || open.has(path))));
  }

  inBox("close").addEventListener("click", () => {
    history.choose({ day: "" });
    document.querySelector("[data-history-day]").focus();
  });
  document.addEventListener("strongroom:history", (event) => show(event.detail.day));
})();
