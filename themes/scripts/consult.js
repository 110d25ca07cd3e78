// A note on what was consulted, and for what. That somebody could read does not
// say that somebody did; so the reader says it, in an entry that the page
// prepares. Nothing leaves the page by itself: the reader copies the entry,
// saves it, or puts it into a mail.

(() => {
  "use strict";

  const dialog = document.getElementById("consult-dialog");
  if (!dialog) return;
  const form = document.getElementById("consult-form");
  const entry = document.getElementById("consult-entry");
  const said = document.getElementById("consult-said");
  const two = (number) => String(number).padStart(2, "0");
  let from = null;
  let number = "";

  document.documentElement.dataset.consults = "";

  // One button goes from record to record, beside what is pointed at or has the focus.
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain consult-open";
  button.dataset.action = "consult";

  // What a record is called: its dossier and its path, which is its id on the page.
  function nameOf(record) {
    const home = document.querySelector("[data-consult]")?.dataset.consult
      ?? (strongroom.page.address.startsWith("registers/") ? "registers" : "");
    return home === "" ? "" : `${home}/${record.id.replace(/^\//, "")}`;
  }

  function standIn(record) {
    const place = record.querySelector(".record-meta");
    if (!place || button.parentElement === place || nameOf(record) === "") return;
    button.replaceChildren(strongroom.words("consult_open"));
    place.append(button);
  }

  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const record = event.target.closest?.(".record[id]");
      if (record) standIn(record);
    });
  }

  function open(clicked) {
    const now = new Date();
    const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    number = `CY-${day.replaceAll("-", "")}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
    const record = clicked.closest(".record[id]");
    from = clicked;
    form.reset();
    const kept = strongroom.session.read();
    form.elements.person.value = strongroom.inLanguage(kept?.name ?? kept?.reader, strongroom.language());
    form.elements.date.value = day;
    form.elements.documents.value = record ? nameOf(record) : clicked.dataset.consult ?? "";
    strongroom.say(said, null);
    compose();
    dialog.showModal();
    (form.elements.person.value === "" ? form.elements.person : form.elements.purpose).focus();
  }

  // ---- The entry ---------------------------------------------------------------

  // In quotes, in which nothing means anything but two of them in a row.
  const quoted = (text) => `'${text.replace(/\s+/g, " ").trim().replaceAll("'", "''")}'`;

  function compose() {
    const value = (name) => form.elements[name].value;
    const documents = value("documents").split("\n").map((line) => line.trim()).filter((line) => line !== "");
    const lines = [
      "type: consultation", `number: ${number}`, `date: ${value("date")}`, `person: ${quoted(value("person"))}`,
      "documents:", ...documents.map((name) => `  - ${quoted(name)}`), `purpose: ${quoted(value("purpose"))}`,
    ];
    if (value("effect").trim() !== "") lines.push(`effect: ${quoted(value("effect"))}`);
    entry.value = `${lines.join("\n")}\n`;
  }

  const ways = {
    async copy() {
      try {
        // Not there on plain http.
        await navigator.clipboard.writeText(entry.value);
        strongroom.say(said, "consult_copied");
      } catch {
        entry.focus();
        entry.select();
        strongroom.say(said, "consult_select");
      }
    },
    save() {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([entry.value], { type: "application/yaml" }));
      link.download = `${number}.yaml`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      strongroom.say(said, "consult_saved", { file: `registers/consultations/${number}.yaml` });
    },
    mail() {
      const link = document.createElement("a");
      const subject = `${strongroom.plainWords("consult_subject")} ${number}`;
      link.href = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(entry.value.replaceAll("\n", "\r\n"))}`;
      link.click();
    },
  };

  form.addEventListener("input", compose);
  form.addEventListener("submit", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    // What was written about sealed records does not stay in the page.
    form.reset();
    entry.value = "";
    if (from?.isConnected) from.focus();
  });
  document.addEventListener("click", (event) => {
    const opened = event.target.closest?.('[data-action="consult"]');
    if (opened) open(opened);
    const way = event.target.closest?.("[data-consult-way]")?.dataset.consultWay;
    if (!way) return;
    if (!form.checkValidity()) {
      strongroom.say(said, "consult_lacks");
      form.querySelector(":invalid").focus();
      return;
    }
    ways[way]();
  });
})();
