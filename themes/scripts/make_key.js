// Making a key in the page. The private part goes into a file that the reader
// saves, and nowhere else; the public part is shown for the archivist.

(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const dialog = byId("unlock-dialog");
  if (!dialog) return;
  const made = byId("unlock-made");

  // The address of the file to save, while the dialog is open.
  let file = null;

  async function make() {
    const identity = await age.generateX25519Identity();
    const recipient = await age.identityToRecipient(identity);
    // As age-keygen writes it, so that stock programs read it.
    const text = [
      `# created: ${new Date().toISOString()}`,
      ...["zh", "en"].map((language) => `# ${strongroom.plainWords("key_note", {}, language)}`),
      `# public key: ${recipient}`,
      identity,
      "",
    ].join("\n");
    drop();
    // The end of the public part tells the files of several keys apart.
    file = {
      name: `strongroom-key-${recipient.slice(-6)}.txt`,
      address: URL.createObjectURL(new Blob([text], { type: "text/plain" })),
    };
    save();
    byId("unlock-made-file").textContent = file.name;
    byId("unlock-public").value = recipient;
    made.hidden = false;
    made.focus();
  }

  function save() {
    if (file === null) return;
    const link = document.createElement("a");
    link.href = file.address;
    link.download = file.name;
    link.click();
  }

  // Leaves nothing of the key in the page.
  function drop() {
    if (file !== null) URL.revokeObjectURL(file.address);
    file = null;
    made.hidden = true;
    byId("unlock-public").value = "";
    byId("unlock-made-file").textContent = "";
    byId("unlock-copied").replaceChildren();
  }

  // Over plain http there is no clipboard object; the old command still copies.
  async function copy() {
    const field = byId("unlock-public");
    field.select();
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      copied = document.execCommand("copy");
    }
    if (copied) byId("unlock-copied").replaceChildren(strongroom.words("copied"));
  }

  dialog.addEventListener("submit", async (event) => {
    if (event.target.dataset.way !== "make") return;
    event.preventDefault();
    try {
      await make();
    } catch {
      strongroom.say(byId("unlock-make-message"), "failed");
    }
  });
  dialog.addEventListener("click", (event) => {
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (action === "save-key") save();
    if (action === "copy-key") copy();
  });
  dialog.addEventListener("close", drop);
})();
