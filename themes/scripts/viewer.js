// The viewer: the files of a record, shown in the page one after the other.
//
// What is sealed is opened by the script above and given back as soon as the
// next file is shown or the viewer is closed. What could run script or bring
// its own markup is never shown here, but saved.

(() => {
  "use strict";
  const { page, say } = strongroom;

  const byId = (id) => document.getElementById(id);
  const dialog = byId("viewer");
  if (!dialog) return;
  const stage = byId("viewer-stage");

  const STEP = 1.25;
  const MOST = 8;
  const LEAST = 0.05;
  // Longer texts are cut: a browser lays them out as a whole.
  const LONGEST_TEXT = 1 << 20;

  let files = [];
  let at = 0;
  let asked = 0;
  let shown = null;

  // ---- Which files -----------------------------------------------------------

  const address = (link) => link.dataset.sealedFile ?? link.href;
  const viewable = (link) => strongroom.files.shows(link.dataset.type ?? "") && !link.hasAttribute("download");

  // The files of the record in which a link stands, each once.
  function filesAround(link) {
    const around = link.closest(".record") ?? link.closest("main") ?? document.body;
    const links = new Map();
    for (const one of around.querySelectorAll("a.attachment[data-type]")) {
      if (viewable(one) && !links.has(address(one))) links.set(address(one), one);
    }
    // The one that was chosen takes the focus back, not another that leads to the same file.
    links.set(address(link), link);
    return [...links.values()];
  }

  function open(link) {
    files = filesAround(link);
    at = files.indexOf(link);
    dialog.showModal();
    stage.focus({ preventScroll: true });
    show();
  }

  function go(by) {
    const next = at + by;
    if (next < 0 || next >= files.length) return;
    at = next;
    show();
  }

  // ---- One file --------------------------------------------------------------

  // {url, name, type, read, release} of what a link leads to.
  async function contentOf(link) {
    if (link.dataset.sealedFile !== undefined) {
      const file = await strongroom.files.obtain(link);
      return { ...file, read: async () => file.blob, release: () => strongroom.files.release(link) };
    }
    const { type, name } = link.dataset;
    const read = async () => {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.blob();
    };
    return { url: link.href, type, name, read, release: () => {} };
  }

  function leave() {
    asked += 1;
    stage.replaceChildren();
    stage.removeAttribute("data-shows");
    shown?.release();
    shown = null;
  }

  async function show() {
    leave();
    const mine = asked;
    const link = files[at];
    head(link);
    say(byId("viewer-message"), "viewer_busy", { file: link.dataset.name });
    try {
      const file = await contentOf(link);
      if (mine !== asked) return file.release();
      shown = file;
      const element = await elementOf(file);
      if (mine !== asked) return;
      say(byId("viewer-message"), element === null ? "viewer_cannot" : element.word ?? null, { file: file.name });
      if (element !== null) place(element);
    } catch (error) {
      if (mine !== asked) return;
      const word = error.word === undefined ? "viewer_failed" : error.word ?? null;
      say(byId("viewer-message"), word, { file: link.dataset.name });
    }
    tools();
  }

  // What shows a file: {node, kind}. None where the browser shows no such file.
  async function elementOf(file) {
    const [family] = file.type.split("/");
    if (family === "image") return { node: await picture(file), kind: "picture" };
    if (family === "audio" || family === "video") {
      const node = make(family, { controls: true, src: file.url });
      node.setAttribute("aria-label", file.name);
      return { node, kind: family };
    }
    if (file.type === "text/plain") return text(file);
    if (file.type === "application/pdf" && navigator.pdfViewerEnabled) {
      // The page has a head of its own, and one side bar is enough.
      const src = `${await ofThisPage(file)}#navpanes=0&pagemode=none`;
      return { node: make("iframe", { title: file.name, src }), kind: "paper" };
    }
    return null;
  }

  async function picture(file) {
    const node = make("img", { alt: file.name, src: file.url, draggable: false });
    await node.decode();
    return node;
  }

  // A page may frame what it made itself; of a folder's files it frames the file.
  async function ofThisPage(file) {
    if (file.url.startsWith("blob:") || page.fromFolder) return file.url;
    const url = URL.createObjectURL(new Blob([await file.read()], { type: file.type }));
    const { release } = file;
    file.release = () => {
      URL.revokeObjectURL(url);
      release();
    };
    return url;
  }

  async function text(file) {
    // A folder's files can be shown, and not read.
    if (page.fromFolder && !file.url.startsWith("blob:")) {
      return { node: make("iframe", { title: file.name, src: file.url }), kind: "paper" };
    }
    const blob = await file.read();
    const bytes = await blob.slice(0, LONGEST_TEXT).arrayBuffer();
    const node = make("pre", { textContent: decoded(bytes) });
    return { node, kind: "text", word: blob.size > LONGEST_TEXT ? "viewer_cut" : null };
  }

  // UTF-8, or what Windows in China writes.
  function decoded(bytes) {
    const utf8 = new TextDecoder().decode(bytes);
    const strange = [...utf8.slice(0, 4000)].filter((character) => character === "\uFFFD").length;
    return strange > 2 ? new TextDecoder("gb18030").decode(bytes) : utf8;
  }

  function make(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  // ---- What stands above it --------------------------------------------------

  function head(link) {
    const { name, type, size } = link.dataset;
    byId("viewer-name").textContent = name;
    const kind = name.includes(".") ? name.split(".").pop().toUpperCase() : type;
    byId("viewer-kind").textContent = size === undefined ? kind : `${kind} · ${sizeOf(Number(size))}`;
    say(byId("viewer-of"), files.length > 1 ? "viewer_of" : null, { at: at + 1, all: files.length });
    byId("viewer-marking").replaceChildren(...markingOf(link));
    byId("viewer-scale").textContent = "";
    tools();
  }

  function sizeOf(bytes) {
    return bytes >= 1 << 20 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} kB`;
  }

  // The level of the record's marking, else that of the page's.
  function markingOf(link) {
    const level = link.closest(".record")?.querySelector(".plate-level") ?? document.querySelector(".marking .plate-level");
    return level ? [...level.cloneNode(true).childNodes] : [];
  }

  function tools() {
    const picture = shown !== null && stage.dataset.shows === "picture";
    const printed = picture || stage.dataset.shows === "text";
    for (const button of dialog.querySelectorAll("[data-view]")) {
      const { view } = button.dataset;
      if (["smaller", "larger", "fit", "turn"].includes(view)) button.hidden = !picture;
      if (view === "print") button.hidden = !printed;
      if (view === "save") button.hidden = shown === null;
      if (view === "previous" || view === "next") {
        button.hidden = files.length < 2;
        const end = view === "previous" ? at === 0 : at === files.length - 1;
        button.setAttribute("aria-disabled", String(end));
      }
    }
  }

  // ---- Pictures: as large as fits, or as the reader wants ---------------------

  // `scale` is null while the picture fits.
  let scale = null;
  let turn = 0;

  function place({ node, kind }) {
    stage.dataset.shows = kind;
    scale = null;
    turn = 0;
    if (kind !== "picture") return stage.replaceChildren(node);
    const sheet = make("div", { className: "viewer-sheet" });
    sheet.append(node);
    stage.replaceChildren(sheet);
    draw();
  }

  function fitting(width, height) {
    return Math.min(1, stage.clientWidth / width, stage.clientHeight / height);
  }

  function draw() {
    const sheet = stage.querySelector(".viewer-sheet");
    const image = sheet?.firstElementChild;
    if (!image) return;
    const lying = turn % 180 !== 0;
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const [across, down] = lying ? [height, width] : [width, height];
    const by = scale ?? fitting(across, down);
    Object.assign(sheet.style, { width: `${across * by}px`, height: `${down * by}px` });
    Object.assign(image.style, {
      width: `${width * by}px`,
      height: `${height * by}px`,
      transform: `translate(-50%, -50%) rotate(${turn}deg)`,
    });
    byId("viewer-scale").textContent = `${Math.round(by * 100)}%`;
  }

  // What is in the middle stays there.
  function zoom(by) {
    const sheet = stage.querySelector(".viewer-sheet");
    if (!sheet) return;
    const before = sheet.offsetWidth;
    const middle = [stage.scrollLeft + stage.clientWidth / 2, stage.scrollTop + stage.clientHeight / 2];
    const now = Number.parseFloat(byId("viewer-scale").textContent) / 100;
    scale = Math.min(MOST, Math.max(LEAST, now * by));
    draw();
    const grown = sheet.offsetWidth / before;
    stage.scrollTo(middle[0] * grown - stage.clientWidth / 2, middle[1] * grown - stage.clientHeight / 2);
  }

  function fit() {
    scale = null;
    draw();
  }

  function rotate() {
    turn = (turn + 90) % 360;
    draw();
  }

  // ---- Listening -------------------------------------------------------------

  function save() {
    if (shown === null) return;
    const link = make("a", { href: shown.url, download: shown.name, rel: "noopener" });
    link.click();
  }

  const views = {
    previous: () => go(-1),
    next: () => go(1),
    smaller: () => zoom(1 / STEP),
    larger: () => zoom(STEP),
    fit,
    turn: rotate,
    print: () => window.print(),
    save,
    close: () => dialog.close(),
  };
  const keys = { ArrowLeft: "previous", ArrowRight: "next", "+": "larger", "=": "larger", "-": "smaller", 0: "fit", r: "turn" };

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) return dialog.close();
    views[event.target.closest?.("[data-view]")?.dataset.view]?.();
  });

  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Sound and film have a use of their own for the arrows.
    const playing = event.target.matches("audio, video");
    const view = keys[event.key];
    if (view === undefined || (playing && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    views[view]();
  });

  dialog.addEventListener("close", () => {
    leave();
    say(byId("viewer-message"), null);
    files[at]?.focus();
  });

  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey || stage.dataset.shows !== "picture") return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP);
  }, { passive: false });

  stage.addEventListener("dblclick", () => {
    if (stage.dataset.shows !== "picture") return;
    if (scale === null) zoom(2);
    else fit();
  });

  // A mouse moves what is larger than the window; fingers do it by themselves.
  stage.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons !== 1 || stage.dataset.shows !== "picture") return;
    stage.scrollBy(-event.movementX, -event.movementY);
  });

  addEventListener("resize", draw);
  // A page in the browser's memory holds nothing that was opened.
  addEventListener("pagehide", () => {
    leave();
    dialog.close();
  });

  // Before the script that opens a file in a tab: who holds a key down wants that.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.attachment[data-type]");
    if (!link || !viewable(link) || dialog.contains(link)) return;
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  }, { capture: true });
})();
