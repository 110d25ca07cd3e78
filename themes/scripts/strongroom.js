// The ground of the site's scripts: the global `strongroom`, files that hand
// themselves over, words from the page, and what the tab keeps while unlocked.
//
// Nothing here needs fetch, modules or a secure context, so that it works over
// plain http and from a folder as well.

(() => {
  "use strict";

  const body = document.body;
  const page = Object.freeze({
    root: body.dataset.root ?? "",
    address: body.dataset.page ?? "",
    salt: body.dataset.salt ?? "",
    fromFolder: location.protocol === "file:",
    // http to another machine: whoever sits on the line can replace the scripts.
    exposed: location.protocol === "http:" && !window.isSecureContext,
  });

  // ---- Files that hand themselves over --------------------------------------

  // What `load` failed for: "missing" (the site has no such file) or
  // "unreachable" (the server did not answer).
  class LoadError extends Error {
    constructor(reason, place) {
      super(`${place}: ${reason}`);
      this.reason = reason;
    }
  }

  const waiting = new Map();
  const delivered = new Map();

  // Called by the files of the site that carry data. What nobody asked for is dropped.
  function deliver(place, content) {
    if (waiting.has(place)) delivered.set(place, content);
  }

  // The content of PLACE.js. `fresh` passes by every cache, for what a rebuild
  // of the site changes while people have the page open; `version` passes by
  // what a cache holds of another version.
  function load(place, { fresh = false, version = "" } = {}) {
    if (!/^[\w-]+(\/[\w-]+)*$/.test(place)) return Promise.reject(new LoadError("missing", place));
    let answer = waiting.get(place);
    if (answer === undefined) {
      answer = add(place, fresh ? String(Date.now()) : version).finally(() => {
        waiting.delete(place);
        delivered.delete(place);
      });
      waiting.set(place, answer);
    }
    return answer;
  }

  function add(place, version) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const address = `${page.root}${place}.js`;
      script.src = version !== "" && !page.fromFolder ? `${address}?${version}` : address;
      script.onload = () => {
        script.remove();
        if (delivered.has(place)) resolve(delivered.get(place));
        else reject(new LoadError("missing", place));
      };
      script.onerror = async () => {
        script.remove();
        reject(new LoadError(await whyMissing(script.src), place));
      };
      document.head.append(script);
    });
  }

  // A script that fails does not say why; the server does.
  async function whyMissing(address) {
    if (page.fromFolder) return "missing";
    try {
      const answer = await fetch(address, { method: "HEAD", cache: "no-store" });
      return answer.status >= 500 ? "unreachable" : "missing";
    } catch {
      return "unreachable";
    }
  }

  // ---- Words -----------------------------------------------------------------

  function language() {
    return document.documentElement.dataset.language === "en" ? "en" : "zh";
  }

  // `value` is a text, or a text in two languages.
  function inLanguage(value, which) {
    if (value === null || typeof value !== "object") return String(value ?? "");
    return value[which] ?? value.zh ?? value.en ?? "";
  }

  // The words that a page holds in its <template class="words">, as nodes in
  // both languages. {name} in them becomes values.name.
  function words(key, values = {}) {
    const fragment = document.createDocumentFragment();
    fragment.append(...(wordsElement(key)?.cloneNode(true).childNodes ?? []));
    const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const { one } = node.parentElement?.dataset ?? {};
      // Of one thing it may be said otherwise; how many there are stands in the first place of the words.
      if (one !== undefined) {
        const [, first] = /\{(\w+)\}/.exec(one) ?? [];
        if (Object.hasOwn(values, first ?? "") && String(values[first]) === "1") node.data = one;
        delete node.parentElement.dataset.one;
      }
      const which = node.parentElement?.closest("[lang]")?.lang ?? language();
      node.data = node.data.replace(/\{(\w+)\}/g, (whole, name) =>
        Object.hasOwn(values, name) ? inLanguage(values[name], which) : whole);
    }
    return fragment;
  }

  // The same in one language, for attributes, <option> and files.
  function plainWords(key, values = {}, which = language()) {
    const fragment = words(key, values);
    for (const element of fragment.querySelectorAll(which === "zh" ? ".en" : ".zh")) element.remove();
    return fragment.textContent.trim();
  }

  function wordsElement(key) {
    for (const template of document.querySelectorAll("template.words")) {
      const found = template.content.querySelector(`[data-word="${CSS.escape(key)}"]`);
      if (found) return found;
    }
    return null;
  }

  // Writes words into an element, or empties and hides it where key is null.
  function say(element, key, values) {
    if (!element) return;
    element.replaceChildren(...(key === null ? [] : [words(key, values)]));
    element.hidden = key === null;
  }

  // A list as {zh, en}: 财务、销售 and Finance, Sales.
  function list(values) {
    return {
      zh: values.map((value) => inLanguage(value, "zh")).join("、"),
      en: values.map((value) => inLanguage(value, "en")).join(", "),
    };
  }

  // ---- What the tab keeps while unlocked -------------------------------------

  // {reader, name, audiences: [{name, title}], clearances: [{id, title, identity}], opened_at, last_active};
  // times in milliseconds. Never the reader's own key.
  const shelf = `strongroom:${page.salt}`;

  const session = Object.freeze({
    read() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(shelf));
        return Array.isArray(kept?.clearances) ? kept : null;
      } catch {
        return null;
      }
    },
    // Answers whether the browser kept it.
    write(content) {
      try {
        sessionStorage.setItem(shelf, JSON.stringify(content));
        return true;
      } catch {
        return false;
      }
    },
    clear() {
      try {
        sessionStorage.removeItem(shelf);
      } catch {
        // A browser that keeps nothing has nothing to remove.
      }
    },
  });

  // ---- Opening what is sealed ------------------------------------------------

  function fromBase64(text) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
  }

  const openers = new Map();

  function opener(identity) {
    if (!openers.has(identity)) {
      const decrypter = new age.Decrypter();
      decrypter.addIdentity(identity);
      openers.set(identity, decrypter);
    }
    return openers.get(identity);
  }

  // A key that is used once is not kept in memory afterwards.
  function forget(identity) {
    openers.delete(identity);
  }

  // The bytes of an armored age file. Throws where the identity does not open it.
  async function openArmored(text, identity) {
    return opener(identity).decrypt(age.armor.decode(text));
  }

  // The JSON in an armored age file. The bytes are wiped; what JavaScript has
  // made into text cannot be.
  async function openJson(text, identity) {
    const bytes = await openArmored(text, identity);
    let plain = bytes;
    try {
      plain = await unpacked(bytes);
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
    } finally {
      bytes.fill(0);
      plain.fill(0);
    }
  }

  // What is long was packed before it was sealed: a gzip file, as which no JSON begins.
  async function unpacked(bytes) {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
    const { readable, writable } = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    // What goes wrong is told by the reader.
    writer.write(bytes).catch(() => {});
    writer.close().catch(() => {});
    const pieces = [];
    let length = 0;
    for (const reader = readable.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.length;
    }
    if (pieces.length === 1) return pieces[0];
    const plain = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      plain.set(piece, at);
      piece.fill(0);
      at += piece.length;
    }
    return plain;
  }

  // A name that says nothing: the first 16 bytes of SHA-256, a letter a nibble,
  // 'k' to 'z', so that it is never taken for a number or a word.
  function letters(text) {
    let name = "";
    for (const byte of age.sha256(new TextEncoder().encode(text)).subarray(0, 16)) {
      name += String.fromCharCode(107 + (byte >> 4), 107 + (byte & 15));
    }
    return name;
  }

  // Every other script joins here: `strongroom.join("tables", {...})`.
  const strongroom = {
    join(name, room) {
      Object.defineProperty(strongroom, name, { value: Object.freeze(room), enumerable: true });
    },
    announce(what, detail) {
      document.dispatchEvent(new CustomEvent(`strongroom:${what}`, { detail }));
    },
  };
  const floor = {
    page, deliver, load, language, inLanguage, words, plainWords, say, list,
    session, fromBase64, opener, forget, openArmored, openJson, unpacked, letters,
  };
  for (const [name, room] of Object.entries(floor)) {
    Object.defineProperty(strongroom, name, { value: room, enumerable: true });
  }
  Object.defineProperty(window, "strongroom", { value: strongroom });
})();
