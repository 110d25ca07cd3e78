// Dashboards: of several accounts of one thing the reader sees the first, and
// what no page may know is counted here, from what is to be seen.

(() => {
  "use strict";

  // ---- Accounts for several groups of readers ----------------------------------

  // The account that was made of most stands first. The others were made for
  // those who may read less: the style sheet hides them, and where nothing more
  // is to be placed they go, so that nothing counts or finds them.
  function settle() {
    countDays();
    for (const holder of strongroom.rows.every(".first")) {
      while (holder.childElementCount > 1) holder.lastElementChild.remove();
    }
    for (const list of strongroom.rows.every(".signs, .standing-list")) settleSigns(list);
  }

  // In a list the accounts of one matter stand one after the other.
  function settleSigns(list) {
    const known = new Set();
    for (const line of [...list.querySelectorAll(":scope > [data-matter]")]) {
      const again = known.has(line.dataset.matter);
      known.add(line.dataset.matter);
      if (again || line.matches(".no-sign") || !isOn(line)) line.remove();
    }
    if (list.childElementCount > 0) return;
    if (list.matches(".signs")) list.closest("tr, .signs-of").remove();
    else if (known.size > 0) list.parentElement.remove();
  }

  // ---- Days --------------------------------------------------------------------

  // What is sealed comes with its days alone, so that an envelope does not
  // change from day to day. All counts from the day on which the site was built.
  const DAY = 86_400_000;
  const built = Date.parse(document.body.dataset.day ?? "");
  const EXPIRED = "◐";
  const daysSince = (day) => Math.round((built - Date.parse(day)) / DAY);

  function isOn(line) {
    const { first, last } = line.dataset;
    return (first === undefined || daysSince(first) >= 0) && (last === undefined || !(daysSince(last) > 0));
  }

  function countDays() {
    for (const place of strongroom.rows.every("[data-since]:empty")) {
      const days = daysSince(place.dataset.since);
      if (place.dataset.days === "age") place.textContent = days;
      if (place.dataset.days === "overdue" && days > 0) {
        place.className = "overdue";
        place.textContent = days;
      }
      if (place.dataset.days === "state") {
        place.className = days > 0 ? "tag tag-warn" : "tag";
        place.append(strongroom.words(days > 0 ? "state_stale" : "state_fresh"));
      }
    }
    for (const place of strongroom.rows.every("[data-until]:empty")) {
      const days = daysSince(place.dataset.until);
      place.append(strongroom.words(days > 0 ? "sign_past" : "sign_left", { n: String(Math.abs(days)) }));
    }
    for (const mark of strongroom.rows.every(".mark-there[data-ends]")) {
      if (daysSince(mark.dataset.ends) <= 0) continue;
      mark.classList.replace("mark-there", "mark-expired");
      mark.querySelector(".sign").textContent = EXPIRED;
      mark.querySelector(".visually-hidden").replaceChildren(strongroom.words("expired"));
    }
    for (const place of strongroom.rows.every("[data-missed]")) {
      place.querySelector(daysSince(place.dataset.missed) > 0 ? ".week-gap" : ".week-missing").remove();
      place.removeAttribute("data-missed");
    }
    // Of a record that changed on several days the first mention will do.
    for (const list of document.querySelectorAll(".digest-line")) {
      const known = new Set();
      for (const record of [...list.querySelectorAll("[data-record]")]) {
        const { changed, record: name } = record.dataset;
        if (known.has(name) || (changed !== undefined && daysSince(changed) > 6)) record.remove();
        else known.add(name);
      }
      if (known.size === 0) list.remove();
    }
    for (const list of document.querySelectorAll(".digest-list:empty:not(:has(~ .digest-none))")) list.closest(".digest-block").remove();
  }

  // ---- Numbers in cells --------------------------------------------------------

  const { fill, numberIn, valueOf } = strongroom.tables;

  // The places of one kind, each with its row.
  function places(what) {
    return strongroom.rows.every(`[data-counted="${what}"]`)
      .map((place) => ({ place, row: place.closest("tr") }));
  }

  // ---- Completeness ------------------------------------------------------------

  function score() {
    for (const { place, row } of places("score")) {
      const there = row.querySelectorAll(".mark-there").length;
      const all = there + row.querySelectorAll(".mark-missing, .mark-expired").length;
      if (all === 0) fill(place, null);
      else fill(place, there / all, `${there}/${all}`);
    }
  }

  // Below the matrix: how many of the customers to be seen have each thing.
  function cover() {
    const table = document.getElementById("completeness")?.closest("table");
    if (!table) return;
    const rows = strongroom.rows.matching(table.tBodies[0]);
    const foot = table.tFoot ?? table.createTFoot();
    const line = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.append(strongroom.words("coverage"));
    line.append(head);
    [...table.tHead.rows[0].cells].slice(1).forEach((top, at) => {
      const cell = line.insertCell();
      cell.hidden = top.hidden;
      const marks = rows.map((row) => row.cells[at + 1]).filter((cell) => cell?.querySelector(".mark"));
      if (marks.length === 0) return;
      cell.className = "mark-cell";
      const there = marks.filter((cell) => cell.querySelector(".mark-there, .mark-beyond")).length;
      const expired = marks.filter((cell) => cell.querySelector(".mark-expired")).length;
      cell.textContent = `${there}/${rows.length}` + (expired > 0 ? ` ${EXPIRED}${expired}` : "");
    });
    foot.replaceChildren(line);
  }

  // ---- Signs -------------------------------------------------------------------

  function countSigns() {
    for (const { place, row } of places("signs")) {
      const count = row.querySelectorAll(".sign").length;
      fill(place, count, String(count));
    }
  }

  // ---- The worklist ------------------------------------------------------------

  // The tier's weight, times (1 + months that its review is late), times (1 +
  // things that it lacks or that are overdue in it), less the weight itself: so
  // where nothing is to be done it comes to nothing.
  function prioritise() {
    const all = places("priority");
    const ranks = all.map(({ row }) => valueOf(row.cells[1])).filter((rank) => rank !== undefined).map(Number);
    const lowest = Math.max(0, ...ranks);
    for (const { place, row } of all) {
      const rank = valueOf(row.cells[1]);
      const weight = rank === undefined ? 1 : lowest - Number(rank) + 1;
      const late = numberIn(row.querySelector(".stale"));
      const matters = row.querySelectorAll(".lack, .late-matter").length;
      const priority = weight * ((1 + late / 30) * (1 + matters) - 1);
      fill(place, priority === 0 ? null : priority, priority.toFixed(1));
    }
  }

  // ---- When --------------------------------------------------------------------

  function reckon() {
    score();
    countSigns();
    prioritise();
    strongroom.effort.weigh(places("share").map(({ row }) => row));
    strongroom.tables.again();
  }

  const here = document.getElementById("dashboard") !== null;
  if (document.querySelector("script.envelope") === null) settle();
  // Before anything else that listens: what goes must not be sorted or counted.
  for (const moment of ["placed", "grown"]) document.addEventListener(`strongroom:${moment}`, settle, { capture: true });
  if (here) {
    document.addEventListener("strongroom:filtered", cover);
    for (const moment of ["placed", "grown", "language"]) document.addEventListener(`strongroom:${moment}`, reckon);
    reckon();
  }
})();
