// The history page: choosing by record, part, person and year, folding away
// what came in by the dozen, cutting off long texts. Without this script the
// page stands as the build wrote it, in full.
//
// Nothing is put between parts that may still be sealed: those find their
// places by counting children. What the script adds stands at the end.

(() => {
  "use strict";
  const page = document.querySelector(".history");
  if (!page) return;
  const { plainWords, words } = strongroom;
  const { textOf } = strongroom.tables;
  const byData = (name) => page.querySelector(`[data-${name}]`);
  // A commit that brings more records than this shows a line for each.
  const MANY_RECORDS = 3;
  // More values of a series than this are a line as well.
  const MANY_ROWS = 6;
  // In widths of a Latin letter; a Han character has two.
  const LONG_TEXT = 440;

  // ---- What the page holds ---------------------------------------------------

  // [{root, day, person, records: [{root, path, changes: [{root, part}]}]}],
  // newest first, with everything that is open by now.
  let commits = [];

  function read() {
    commits = [...document.querySelectorAll("#timeline > .commit")].map((root) => ({
      root,
      day: root.dataset.day ?? "",
      person: root.dataset.person ?? "",
      records: [...root.querySelectorAll(".change-record")].map((record) => {
        const changes = [...record.querySelectorAll(".change")].map((change) => ({
          root: change,
          part: change.dataset.part ?? "",
        }));
        const path = changes[0]?.root.dataset.record ?? textOf(record.querySelector(".change-path"));
        return { root: record, path, changes };
      }),
    }));
  }

  // Parts that every record may have and that are called alike everywhere.
  const CALLED = new Map([
    ["record", "history_itself"],
    ["rows", "history_rows_part"],
    ["audience", "history_audience"],
    ["opening", "history_opening"],
    ["group", "history_group"],
    ["text:#0", "history_text"],
  ]);

  // Something of what a change says, in the language of the moment. What came
  // with its record is one line for both languages.
  function saidOf(root, what) {
    return root.querySelector(`.said > .${strongroom.language()} ${what}, .said > ${what}`);
  }

  // What a change calls its part.
  function labelOf(change) {
    const { root, part } = change;
    if (CALLED.has(part)) return plainWords(CALLED.get(part));
    const label = textOf(saidOf(root, ".change-label")) || part.replace(/^\w+:/, "");
    // In the middle of a sentence an English name begins small.
    return part.startsWith("field:") ? label.slice(0, 1).toUpperCase() + label.slice(1) : label;
  }

  // A part as it is chosen by: the elements of a list and the rows of a series
  // are one choice, and so are a part and who may read it.
  function choiceOf(whole) {
    const part = whole.replace(/^audience:/, "");
    if (/^(field|cell):/.test(part)) return part.replace(/\.?(\[.*)?$/s, "");
    return part.replace(/^(text:.*)#\d+$/s, "$1");
  }

  function choiceLabel(change) {
    const label = labelOf(change);
    const element = /\[(.*)\]$/s.exec(change.part)?.[1];
    if (element === undefined || !label.startsWith(element)) return label;
    return label.slice(element.length).replace(/^(的|’s|[\s·])+/, "") || label;
  }

  // `field:contacts` means its members as well.
  function isPart(part, wanted) {
    const choice = choiceOf(part);
    return part === wanted || choice === wanted || choice.startsWith(`${wanted}.`);
  }

  // Of each record its type and title, as the newest commit that tells them has them.
  function titles() {
    const known = new Map();
    for (const { records } of commits) {
      for (const { root, path } of records) {
        const about = known.get(path) ?? { path, type: "", title: "" };
        about.type ||= textOf(root.querySelector(".change-type"));
        about.title ||= textOf(root.querySelector(".change-title"));
        known.set(path, about);
      }
    }
    return known;
  }

  function collator() {
    return new Intl.Collator(strongroom.language() === "zh" ? "zh-u-co-pinyin" : "en", { numeric: true });
  }

  // ---- What is chosen, and the address that says so ---------------------------

  const KEYS = ["record", "part", "person", "year", "day"];
  const chosen = Object.fromEntries(KEYS.map((key) => [key, ""]));

  // `#record=contracts/2024-017&part=field:amount`; an address without "=" leads
  // to a commit and chooses nothing.
  function readAddress() {
    if (!location.hash.includes("=")) return;
    const said = new URLSearchParams(location.hash.slice(1));
    for (const key of KEYS) chosen[key] = said.get(key) ?? "";
    if (!/^\d{4}-\d{2}-\d{2}$/.test(chosen.day)) chosen.day = "";
  }

  function writeAddress() {
    const plain = (text) => encodeURIComponent(text).replace(/%(2F|3A)/g, decodeURIComponent);
    const said = KEYS.filter((key) => chosen[key] !== "").map((key) => `${key}=${plain(chosen[key])}`);
    if (said.length === 0 && !location.hash.includes("=")) return;
    const address = said.length > 0 ? `#${said.join("&")}` : location.pathname + location.search;
    try {
      window.history.replaceState(window.history.state, "", address);
    } catch {
      // Then the address says nothing, and the page works all the same.
    }
  }

  // ---- The choices -------------------------------------------------------------

  function selectOf(key) {
    return page.querySelector(`[data-history-filter="${key}"]`);
  }

  // `groups`: [[label or "", [[value, text], …]], …]
  function fill(key, groups) {
    const select = selectOf(key);
    const options = groups.flatMap(([, list]) => list);
    const elements = groups.filter(([, list]) => list.length > 0).flatMap(([label, list]) => {
      const made = list.map(([value, text]) => new Option(text, value));
      if (label === "") return made;
      const group = document.createElement("optgroup");
      group.label = label;
      group.append(...made);
      return [group];
    });
    const wanted = chosen[key];
    // An address may name what is still sealed: it stays chosen, and shows nothing yet.
    if (wanted !== "" && !options.some(([value]) => value === wanted)) {
      elements.push(new Option(wanted.replace(/^\w+:/, ""), wanted));
    }
    select.replaceChildren(new Option(plainWords("filter_all"), ""), ...elements);
    select.value = wanted;
    select.closest(".control").hidden = options.length < 2 && wanted === "";
  }

  function fillAll() {
    const order = collator();
    const about = [...titles().values()].sort((a, b) => order.compare(a.path, b.path));
    const types = new Map();
    const own = about.filter(({ path }) => path === "dossier");
    for (const { path, type, title } of about.filter((record) => !own.includes(record))) {
      if (!types.has(type)) types.set(type, []);
      types.get(type).push([path, title === "" || title === path ? path : `${title} · ${path}`]);
    }
    const byType = [...types].sort(([a], [b]) => order.compare(a, b));
    fill("record", [["", own.map(({ path, type }) => [path, type || path])], ...byType]);

    const kinds = { record: new Map(), field: new Map(), text: new Map(), file: new Map(), cell: new Map() };
    for (const { records } of commits) {
      for (const { path, changes } of records) {
        if (chosen.record !== "" && path !== chosen.record) continue;
        for (const change of changes) {
          const part = change.part.replace(/^audience:/, "");
          const kind = /^(record$|text:|file:|cell:|rows$)/.exec(part)?.[0].replace(":", "") ?? "field";
          const choices = kinds[kind === "rows" ? "cell" : kind];
          const choice = choiceOf(change.part);
          if (!choices.has(choice)) choices.set(choice, choiceLabel(change));
        }
      }
    }
    // Two fields of one label are told apart by their names.
    const sorted = (choices) => {
      const labels = [...choices.values()];
      return [...choices]
        .map(([choice, label]) => [choice, labels.indexOf(label) === labels.lastIndexOf(label)
          ? label : `${label} (${choice.replace(/^\w+:/, "")})`])
        .sort(([, a], [, b]) => order.compare(a, b));
    };
    fill("part", [
      ["", sorted(kinds.record)],
      [plainWords("history_fields"), sorted(kinds.field)],
      [plainWords("history_texts"), sorted(kinds.text)],
      [plainWords("history_cells"), sorted(kinds.cell)],
      [plainWords("history_files"), sorted(kinds.file)],
    ]);

    const once = (values) => [...new Set(values)].filter((value) => value !== "");
    const people = once(commits.map(({ person }) => person)).sort(order.compare);
    const years = once(commits.map(({ day }) => day.slice(0, 4))).sort().reverse();
    fill("person", [["", people.map((person) => [person, person])]]);
    fill("year", [["", years.map((year) => [year, year])]]);

    const days = commits.map(({ day }) => day).filter((day) => day !== "").sort();
    const input = byData("history-day");
    if (days.length > 0) input.min = days[0];
    input.value = chosen.day;
  }

  // ---- Showing what was chosen ---------------------------------------------------

  function apply() {
    const { record: path, part, person, year } = chosen;
    const narrow = path !== "" || part !== "";
    let shownChanges = 0;
    let shownCommits = 0;
    for (const commit of commits) {
      const here = (person === "" || commit.person === person) && (year === "" || commit.day.startsWith(year));
      let any = false;
      for (const record of commit.records) {
        const wanted = here && (path === "" || record.path === path);
        let shown = 0;
        for (const change of record.changes) {
          change.root.hidden = !wanted || (part !== "" && !isPart(change.part, part));
          if (!change.root.hidden) shown += 1;
        }
        record.root.hidden = !wanted || (narrow && shown === 0);
        any ||= !record.root.hidden;
        shownChanges += shown;
        markRuns(record);
      }
      // A commit whose message alone is open stays, until something narrower is asked for.
      commit.root.hidden = !here || (narrow && !any);
      if (!commit.root.hidden) shownCommits += 1;
      foldAll(commit, narrow);
    }
    filterCourses(path, part);
    page.querySelector(".history-none").hidden = commits.length === 0 || shownCommits > 0;
    byData("history-count").replaceChildren(
      words("history_counted", { changes: String(shownChanges), commits: String(shownCommits) }));
    const options = [...page.querySelectorAll("[data-history-filter]")]
      .flatMap((select) => (select.value === "" ? [] : [select.selectedOptions[0].text]));
    byData("history-clear").hidden = options.length === 0;
    byData("history-chosen").replaceChildren(
      ...(options.length > 0 ? [words("history_chosen", { chosen: options.join(" · ") })] : []));
    turnFoldButton();
  }

  // Values over time are of a record and a part, and of no one person or year.
  function filterCourses(path, part) {
    for (const course of page.querySelectorAll(".course")) {
      const [record, key] = course.id.replace(/^course\//, "").split(/\/\/(.*)/s);
      course.hidden = (path !== "" && record !== path) || (part !== "" && !isPart(key ?? "", part));
    }
    let any = false;
    for (const record of page.querySelectorAll(".course-record")) {
      record.hidden = record.querySelector(".course:not([hidden])") === null;
      any ||= !record.hidden;
    }
    page.querySelector(".history-courses").hidden = !any;
  }

  // A course knows its record by the path; its title stands among the changes.
  function nameCourses() {
    const known = titles();
    for (const head of page.querySelectorAll(".course-record > h3")) {
      const path = textOf(head.querySelector("code"));
      const about = known.get(path);
      const title = path === "dossier" ? about?.type : about?.title;
      if (!title || title === path) continue;
      const name = head.querySelector(".course-title") ?? document.createElement("span");
      name.className = "course-title";
      name.textContent = title;
      head.append(name);
    }
  }

  // Below one another, parts of one audience name it once.
  function markRuns({ root, changes }) {
    let above = root.querySelector(".change-title")?.dataset.zhAudience ?? "";
    for (const change of changes) {
      if (change.root.hidden) continue;
      const said = change.root.querySelector(":scope > .said");
      const name = said?.dataset.zhAudience ?? change.root.dataset.zhAudience ?? "";
      change.root.toggleAttribute("data-again", name !== "" && name === above);
      above = name;
    }
  }

  // ---- Folding ---------------------------------------------------------------------

  // What somebody asked for, by record: true is open.
  const asked = new WeakMap();

  // A record that came or went with this commit, values and all.
  function foldable({ changes }) {
    return changes.length > 1 && changes.some(({ root, part }) =>
      part === "record" && root.matches(".change-added, .change-removed"));
  }

  // Rows of a series, which come by the dozen.
  function isRows({ changes }) {
    return changes.length > MANY_ROWS
      && changes.every(({ root, part }) => part.startsWith("cell:") && root.matches(".change-added"));
  }

  function foldAll(commit, narrow) {
    for (const record of commit.records.filter(isRows)) {
      fold(record, asked.get(record.root) ?? narrow);
    }
    const folding = commit.records.filter(foldable);
    for (const record of folding) {
      const open = asked.get(record.root) ?? (narrow || folding.length <= MANY_RECORDS);
      fold(record, open);
    }
  }

  function fold(record, open) {
    const { root } = record;
    const count = record.changes.filter((change) => change.part !== "record" && !change.root.hidden).length;
    let button = root.querySelector(":scope > .fold");
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "fold";
      button.addEventListener("click", () => {
        asked.set(root, root.dataset.fold === "closed");
        apply();
      });
      root.append(button);
    }
    button.hidden = count === 0;
    button.setAttribute("aria-expanded", String(open));
    button.replaceChildren(words("history_entries", { count: String(count) }));
    root.dataset.fold = open ? "open" : "closed";
  }

  function shownFolds() {
    return [...page.querySelectorAll(".change-record[data-fold]:not([hidden])")]
      .filter((root) => root.closest(".commit:not([hidden])"));
  }

  function turnFoldButton() {
    const button = byData("history-fold");
    const folds = shownFolds();
    const closed = folds.some((root) => root.dataset.fold === "closed");
    button.hidden = folds.length < 2;
    button.replaceChildren(words(closed ? "history_unfold" : "history_fold"));
    button.dataset.opens = closed ? "yes" : "no";
  }

  // ---- Long texts ------------------------------------------------------------------

  function isLong(text) {
    let width = 0;
    for (const sign of text.textContent) width += sign > "\u2e7f" ? 2 : 1;
    return width > LONG_TEXT || text.childElementCount > 6;
  }

  function clampLong() {
    for (const text of page.querySelectorAll(".said > :is(.after.text, .sentences):not([data-clamp])")) {
      text.dataset.clamp = "none";
      if (!isLong(text)) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "clamp";
      const turn = (closed) => {
        text.dataset.clamp = closed ? "closed" : "open";
        button.setAttribute("aria-expanded", String(!closed));
        button.replaceChildren(words(closed ? "history_more" : "history_less"));
      };
      button.addEventListener("click", () => turn(text.dataset.clamp === "open"));
      text.after(button);
      turn(true);
    }
  }

  // ---- Beginning, and after every change --------------------------------------------

  function again() {
    read();
    clampLong();
    fillAll();
    nameCourses();
    apply();
    strongroom.announce("history", { day: chosen.day });
  }

  function choose(values) {
    Object.assign(chosen, values);
    writeAddress();
    fillAll();
    apply();
    strongroom.announce("history", { day: chosen.day });
  }

  page.addEventListener("change", ({ target }) => {
    const key = target.dataset.historyFilter;
    // Another record has other parts.
    if (key === "record") choose({ record: target.value, part: "" });
    else if (key !== undefined) choose({ [key]: target.value });
    else if (target.matches("[data-history-day]")) choose({ day: target.value });
  });
  byData("history-clear").addEventListener("click", () => {
    choose({ record: "", part: "", person: "", year: "" });
    selectOf("record").focus();
  });
  byData("history-fold").addEventListener("click", ({ currentTarget }) => {
    for (const root of shownFolds()) asked.set(root, currentTarget.dataset.opens === "yes");
    apply();
  });
  window.addEventListener("hashchange", () => {
    readAddress();
    again();
  });
  document.addEventListener("strongroom:placed", again);
  document.addEventListener("strongroom:language", again);
  // A choice that the browser filled in again after going back is not taken for one.
  window.addEventListener("pageshow", again);

  strongroom.join("history", { commits: () => commits, titles, labelOf, saidOf, isPart, chosen, choose, collator });
  readAddress();
  document.addEventListener("DOMContentLoaded", again);
})();
