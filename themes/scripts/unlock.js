// Unlocking: from a key, or a name and a passphrase, to the reader's keyring,
// and from there to the identities of the reader's clearances, which the tab
// keeps. The reader's own key is dropped as soon as the keyring is open.

(() => {
  "use strict";
  const { page, session, say } = strongroom;

  const byId = (id) => document.getElementById(id);
  const dialog = byId("unlock-dialog");
  // In a bundle everything is open, and there is nothing to unlock.
  if (!dialog) return;
  let busy = null;

  // Something a person can be told: `word` names the message.
  class Refusal extends Error {
    constructor(word) {
      super(word);
      this.word = word;
    }
  }

  // ---- From what was given to a keyring --------------------------------------

  // All private keys in a text, such as a key file. Forgives line breaks, blanks
  // and full-width letters, which mail programs and input methods put in.
  function keysIn(text) {
    const plain = text.normalize("NFKC")
      .replace(/[\u200b-\u200d\u2060\ufeff]/g, "")
      .replace(/[\u2010-\u2015\u2212]/g, "-")
      .toUpperCase();
    const keys = plain.match(/AGE-SECRET-KEY-(?:PQ-)?1(?:\s*[02-9AC-HJ-NP-Z]){58}/g);
    if (keys) return keys.map((key) => key.replace(/\s/g, ""));
    if (/AGE-SECRET-KEY/.test(plain)) throw new Refusal("garbled_key");
    if (/BEGIN AGE ENCRYPTED FILE|AGE-ENCRYPTION\.ORG\/V1/.test(plain)) throw new Refusal("wrapped_key");
    if (/OPENSSH PRIVATE KEY|^SSH-|RSA PRIVATE KEY/m.test(plain)) throw new Refusal("ssh_key");
    if (/\bAGE1(?:\s*[02-9AC-HJ-NP-Z]){20}/.test(plain)) throw new Refusal("public_key");
    throw new Refusal("no_key");
  }

  async function fetchSealed(place, missing) {
    try {
      return await strongroom.load(place, { fresh: true });
    } catch (error) {
      throw new Refusal(error.reason === "unreachable" ? "unreachable" : missing);
    }
  }

  // The keyring of one private key.
  async function keyringOf(key) {
    let recipient;
    try {
      recipient = await age.identityToRecipient(key);
    } catch {
      throw new Refusal("garbled_key");
    }
    const place = `keys/${strongroom.letters(`${page.salt}\n${recipient}`)}`;
    const sealed = await fetchSealed(place, "opens_nothing");
    let keyring;
    try {
      keyring = await strongroom.openJson(sealed, key);
    } catch {
      throw new Refusal("keyring_refused");
    }
    if (keyring?.strongroom !== 1 || keyring.place !== place || !Array.isArray(keyring.clearances)) {
      throw new Refusal("keyring_refused");
    }
    if (keyring.clearances.length === 0) throw new Refusal("opens_nothing");
    return keyring;
  }

  // The first of several keys that opens something.
  async function keyringOfAny(keys) {
    let refusal = new Refusal("no_key");
    for (const key of keys) {
      try {
        return await keyringOf(key);
      } catch (error) {
        refusal = error;
      } finally {
        strongroom.forget(key);
      }
    }
    throw refusal;
  }

  // A passphrase as the program makes it, however it was typed: 16 characters
  // in groups of four, small letters, no i, l and o.
  function canonical(typed) {
    const plain = typed.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .replace(/[\s\u2010-\u2015\u2212-]/g, "")
      .toLowerCase().replace(/o/g, "0").replace(/[il]/g, "1");
    return /^[0-9a-hjkmnp-tv-z]{16}$/.test(plain) ? plain.match(/.{4}/g).join("-") : typed.trim();
  }

  // The text of the identity file that a reader's passphrase opens.
  async function unwrap(name, passphrase, signal) {
    // `Li Wei` for `li-wei` is forgiven.
    const spellings = new Set([name, name.toLowerCase().replace(/\s+/g, "-")]);
    let sealed;
    for (const spelling of spellings) {
      const place = `keys/${strongroom.letters(`${page.salt}\nname\n${spelling}`)}`;
      try {
        sealed = await fetchSealed(place, "name_unknown");
        break;
      } catch (error) {
        if (error.word !== "name_unknown") throw error;
      }
    }
    if (sealed === undefined) throw new Refusal("name_unknown");
    let file;
    try {
      file = age.armor.decode(sealed);
    } catch {
      throw new Refusal("keyring_refused");
    }
    // As typed, and as an input method set to half width would have given it.
    for (const attempt of new Set([canonical(passphrase), passphrase, passphrase.normalize("NFKC").trim()])) {
      const bytes = await age.openWithPassphrase(file, attempt, signal);
      if (bytes === null) continue;
      const text = new TextDecoder().decode(bytes);
      bytes.fill(0);
      return text;
    }
    throw new Refusal("passphrase_wrong");
  }

  // ---- The ways in the dialog ------------------------------------------------

  const MOST_BYTES_OF_A_KEY_FILE = 65536;

  const ways = {
    async file(form) {
      const [file] = form.elements.file.files;
      if (!file) throw new Refusal("no_file");
      if (file.size > MOST_BYTES_OF_A_KEY_FILE) throw new Refusal("no_key");
      return keysIn(await file.text());
    },
    async text(form) {
      return keysIn(form.elements.text.value);
    },
    async passphrase(form, signal) {
      const name = form.elements.name.value.normalize("NFC").trim();
      const passphrase = form.elements.passphrase.value;
      if (name === "" || passphrase === "") throw new Refusal("no_name");
      return keysIn(await unwrap(name, passphrase, signal));
    },
  };

  async function submit(form) {
    if (busy) return;
    const way = form.dataset.way;
    const message = form.querySelector(".unlock-message");
    const field = form.querySelector("input, textarea");
    const { signal } = busy = new AbortController();
    say(message, null);
    field?.removeAttribute("aria-invalid");
    dialog.setAttribute("aria-busy", "true");
    tell(way === "passphrase" ? "busy_passphrase" : "busy");
    let keyring;
    try {
      keyring = await keyringOfAny(await ways[way](form, signal));
    } catch (error) {
      if (signal.aborted) return;
      say(message, error instanceof Refusal ? error.word : "failed");
      field?.setAttribute("aria-invalid", "true");
      (error.word === "passphrase_wrong" ? form.elements.passphrase : field)?.focus();
    } finally {
      busy = null;
      dialog.removeAttribute("aria-busy");
      tell(null);
    }
    if (keyring === undefined || signal.aborted) return;
    dialog.close();
    await enter(keyring);
  }

  // A key is taken wherever in the dialog it is pasted; fields take their own.
  document.addEventListener("paste", (event) => {
    if (!dialog.open || event.target.matches?.("input:not([type=file]), textarea")) return;
    const text = event.clipboardData?.getData("text") ?? "";
    if (!/AGE-SECRET-KEY/i.test(text.normalize("NFKC"))) return;
    event.preventDefault();
    const form = dialog.querySelector('form[data-way="text"]');
    form.closest("details").open = true;
    form.elements.text.value = text;
    submit(form);
  });

  function tell(key) {
    byId("unlock-busy").replaceChildren(...(key === null ? [] : [strongroom.words(key)]));
  }

  // No secret stays in a field.
  function emptyForms() {
    for (const form of dialog.querySelectorAll("form")) {
      form.reset();
      say(form.querySelector(".unlock-message"), null);
    }
    byId("unlock-passphrase").type = "password";
  }

  function openDialog() {
    if (session.read() || dialog.open) return;
    byId("unlock-exposed").hidden = !page.exposed;
    dialog.showModal();
    const way = dialog.querySelector("details[open]") ?? dialog.querySelector("details");
    way.open = true;
    way.querySelector("form :is(input, textarea, button)").focus();
  }

  // ---- Unlocked, and locked --------------------------------------------------

  async function enter(keyring) {
    const now = Date.now();
    const content = {
      reader: keyring.reader,
      name: keyring.name,
      audiences: keyring.audiences ?? [],
      clearances: keyring.clearances.map(({ id, title, identity }) => ({ id, title, identity })),
      opened_at: now,
      last_active: now,
    };
    const kept = session.write(content);
    await show(content);
    // Not scrolling: the address may have led the reader to what has just opened.
    byId("unlock-state").focus({ preventScroll: true });
    if (!kept) notify("not_kept");
  }

  async function show(content) {
    const { clearances } = content;
    const state = (word) => byId("unlock-state").replaceChildren(
      strongroom.words(word, { name: content.name ?? content.reader }));
    state("state");
    for (const place of document.querySelectorAll("[data-unlocked-for]")) {
      place.replaceChildren(strongroom.words("state", { name: content.name ?? content.reader }));
    }
    for (const button of document.querySelectorAll('[data-action="unlock"]')) button.hidden = true;
    for (const button of document.querySelectorAll('[data-action="lock"]')) button.hidden = false;
    document.documentElement.dataset.unlocked = "";
    shown = true;
    strongroom.idle.watch(lock);
    const result = await strongroom.sealed.open(clearances);
    strongroom.announce("unlocked", { clearances: clearances.map(({ id }) => id) });
    if (result === null) return;
    // Who sees nothing new is told that this is no failure.
    if (result.sealed > 0 && [result.opened, result.refused, result.stale, result.absent].every((ids) => ids.length === 0)) state("state_none");
    strongroom.sealed.report(result);
  }

  let shown = false;

  // `why` is "idle" where nobody asked for it. The page is loaded anew, since
  // what was opened stands all over it; the reason outlives that in the history
  // entry, which holds no secret and belongs to this tab.
  function lock(why) {
    session.clear();
    history.replaceState(why === "idle" ? { locked: "idle" } : null, "");
    document.body.hidden = true;
    location.reload();
  }

  function notify(key) {
    const notice = byId("unlock-notice");
    say(notice.querySelector(".unlock-notice-text"), key);
    notice.hidden = key === null;
  }

  // Opens the page with what the tab keeps, unless that has been left alone too long.
  function resume() {
    const kept = session.read();
    if (kept === null) {
      if (shown) lock();
      return;
    }
    if (strongroom.idle.over(kept)) lock("idle");
    else if (!shown) show(kept);
  }

  // ---- Listening -------------------------------------------------------------

  const actions = {
    unlock: openDialog,
    lock: () => lock(),
    "close-dialog": (button) => button.closest("dialog").close(),
    "close-notice": () => notify(null),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-action]");
    actions[button?.dataset.action]?.(button);
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.dataset.way in ways) submit(event.target);
  });
  dialog.addEventListener("change", (event) => {
    const { target } = event;
    if (target.name === "file" && target.files.length > 0) submit(target.form);
    if (target.name === "show") byId("unlock-passphrase").type = target.checked ? "text" : "password";
  });
  dialog.addEventListener("close", () => {
    busy?.abort();
    emptyForms();
  });
  // A page that comes back from the browser's memory shows what it showed; the
  // tab may have been locked, or unlocked, since.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) resume();
  });

  for (const element of document.querySelectorAll(".unlock[data-needs-script], .sealed-hint, .due-locked")) element.hidden = false;
  if (history.state?.locked === "idle" && !session.read()) {
    history.replaceState(null, "");
    notify("idle");
  }
  // The scripts below this one join first.
  document.addEventListener("DOMContentLoaded", resume);

  strongroom.join("unlock", { openDialog, lock, notify });
})();
