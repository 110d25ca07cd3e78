// Sealed attachments and pictures: fetched, opened, unpacked, and shown or
// offered for saving. What a file is, is taken from inside the seal.

(() => {
  "use strict";
  const { page, session } = strongroom;
  const byId = (id) => document.getElementById(id);

  // What may open as a document of this site's origin: nothing that can run
  // script or bring its own markup. Everything else is saved, never opened.
  const SHOWN = /^(application\/pdf|image\/(png|jpeg|gif|webp|avif|bmp)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/;

  class FileError extends Error {
    constructor(word) {
      super(word);
      this.word = word;
    }
  }

  // ---- From an address to a file ---------------------------------------------

  // What is open at the moment, by place: the file, and how many need it.
  const held = new Map();

  // {url, name, type, blob} of the sealed file that an element names, to be
  // given back by `release` once it is no longer needed.
  function obtain(element) {
    const place = element.dataset.sealedFile;
    let one = held.get(place);
    if (one === undefined) {
      one = { answer: unpack(element), holders: 0 };
      held.set(place, one);
      one.answer.catch(() => held.delete(place));
    }
    one.holders += 1;
    return one.answer;
  }

  // What nobody needs any more is opened anew when somebody asks for it again.
  function release(element) {
    const place = element.dataset.sealedFile;
    const one = held.get(place);
    if (one === undefined) return;
    one.holders -= 1;
    if (one.holders > 0) return;
    held.delete(place);
    one.answer.then(({ url }) => URL.revokeObjectURL(url), () => {});
  }

  async function unpack(element) {
    const { sealedFile: place, clearance: id } = element.dataset;
    const clearance = session.read()?.clearances.find((one) => one.id === id);
    if (clearance === undefined) throw new FileError("file_locked");
    const sealed = await fetchSealed(place, element);
    let files;
    let label;
    try {
      const opened = await strongroom.opener(clearance.identity).decrypt(sealed);
      const bytes = opened instanceof Uint8Array
        ? opened
        : new Uint8Array(await new Response(opened).arrayBuffer());
      files = strongroom.tar.read(bytes);
      label = JSON.parse(new TextDecoder().decode(files[0].bytes));
    } catch {
      throw new FileError("file_failed");
    }
    // In this order: what it is, the file, padding.
    const [head, file] = files;
    if (head.name !== "strongroom.json" || label?.strongroom !== 1 || label.place !== place
        || label.clearance !== id || file === undefined) {
      throw new FileError("file_failed");
    }
    const type = SHOWN.test(label.type) ? label.type : "application/octet-stream";
    const blob = new Blob([file.bytes], { type: type === "text/plain" ? "text/plain;charset=utf-8" : type });
    return { url: URL.createObjectURL(blob), name: String(label.name), type, blob };
  }

  // The sealed bytes, or a stream of them.
  async function fetchSealed(place, element) {
    if (!page.fromFolder) {
      try {
        const answer = await fetch(`${page.root}${place}.age`, { cache: "no-cache" });
        if (answer.ok && answer.body) return answer.body;
      } catch {
        throw new FileError("file_missing");
      }
      // Some servers refuse names that they do not know, such as .age.
    }
    try {
      return strongroom.fromBase64(await strongroom.load(place));
    } catch {
      // From a folder a page cannot read a file that is too large for a script.
      if (page.fromFolder && element.matches("a")) return pick(place, element.dataset.name ?? place);
      throw new FileError("file_missing");
    }
  }

  // Asks the reader for the file. Closing the dialog is a refusal without words.
  function pick(place, name) {
    const dialog = byId("file-dialog");
    const input = byId("file-pick");
    strongroom.say(byId("file-which"), "file_which", { place: `${place}.age`, file: name });
    input.value = "";
    dialog.showModal();
    input.focus();
    return new Promise((resolve, reject) => {
      let chosen = null;
      input.onchange = () => {
        [chosen] = input.files;
        dialog.close();
      };
      dialog.onclose = () => (chosen ? resolve(chosen.stream()) : reject(new FileError(null)));
    });
  }

  // ---- Attachments -----------------------------------------------------------

  // How long a file that went to another tab or into a folder is kept for that.
  const GIVEN = 60_000;

  // Whether a file of this type can be shown in a page.
  const shows = (type) => SHOWN.test(type);

  async function open(link) {
    if (link.getAttribute("aria-busy") === "true") return;
    const told = messageBeside(link);
    const values = { file: link.dataset.name ?? link.textContent };
    link.setAttribute("aria-busy", "true");
    strongroom.say(told, "file_busy", values);
    try {
      const file = await obtain(link);
      strongroom.say(told, null);
      give(file, link.hasAttribute("download") || link.dataset.download !== undefined);
      setTimeout(() => release(link), GIVEN);
    } catch (error) {
      const word = error instanceof FileError ? error.word : "file_failed";
      strongroom.say(told, word, values);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  function give({ url, name, type }, save) {
    const link = document.createElement("a");
    link.href = url;
    if (save || !SHOWN.test(type)) link.download = name;
    else link.target = "_blank";
    // Without an opener the new tab gets no copy of what this one keeps.
    link.rel = "noopener noreferrer";
    link.click();
  }

  function messageBeside(element) {
    const next = element.nextElementSibling;
    if (next?.classList.contains("file-message")) return next;
    const message = document.createElement("span");
    message.className = "file-message";
    message.setAttribute("role", "status");
    message.dataset.unsealed = "";
    element.after(message);
    return message;
  }

  // The viewer takes what it can show, unless the reader asks for a tab.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-sealed-file]");
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    open(link);
  });

  // ---- Pictures, sound and film in opened text -------------------------------

  // A few at a time, so that a page full of scans stays quick to the touch, and
  // only what is near to what the reader sees.
  const AT_ONCE = 3;
  const NEAR = "600px";
  const MEDIA = ["img", "audio", "video"].map((tag) => `${tag}[data-sealed-file]:not([src])`).join();
  const queue = [];
  let working = 0;

  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      queue.push(target);
      if (working < AT_ONCE) work();
    }
  }, { rootMargin: NEAR });

  async function work() {
    working += 1;
    for (let element = queue.shift(); element; element = queue.shift()) await showOne(element);
    working -= 1;
  }

  function showMedia(roots) {
    for (const root of roots) {
      if (root.matches(MEDIA)) near.observe(root);
      for (const element of root.querySelectorAll(MEDIA)) near.observe(element);
    }
  }

  async function showOne(element) {
    const picture = element.matches("img");
    // A thumbnail stands in for nothing: where it fails, the kind of file is told in its place.
    const told = element.matches(".attachment-thumb") ? null : messageBeside(element);
    try {
      const { url, type } = await obtain(element);
      const family = picture ? "image/" : element.matches("audio") ? "audio/" : "video/";
      if (!type.startsWith(family)) throw new FileError("image_failed");
      element.src = url;
      // A picture that is drawn needs its file no longer; sound and film are read as they go on.
      if (picture) await element.decode().finally(() => release(element));
      strongroom.say(told, null);
    } catch {
      if (told === null) element.remove();
      else strongroom.say(told, "image_failed");
    }
  }

  document.addEventListener("strongroom:placed", (event) => showMedia(event.detail.placed));

  strongroom.join("files", { obtain, release, shows });
})();
