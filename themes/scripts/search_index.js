// The indexes of the site: one of what is open, and one for each clearance that
// the tab holds. Of each only the shards are read that a query needs.
//
// A shard's address changes with what it holds, so that an old one never stands
// beside a new manifest.

(() => {
  "use strict";
  const { session, load, lists } = strongroom;
  const STAFF = "staff";
  // A beginning that fits more is read no further: more letters say more.
  const MOST_SHARDS = 6;
  const PAGE = 2 ** 21;

  // ---- Reading ---------------------------------------------------------------

  async function unpack(text, identity) {
    const bytes = strongroom.fromBase64(text);
    return strongroom.unpacked(identity === null ? bytes : await strongroom.opener(identity).decrypt(bytes));
  }

  function isHead(head, place, clearance) {
    return head?.strongroom === 1 && head.place === place && head.clearance === clearance;
  }

  const utf8 = new TextDecoder("utf-8", { fatal: true });

  // A shard says first where it belongs.
  async function shard(index, name) {
    if (!index.shards.has(name)) {
      const place = `search/${name}`;
      const answer = load(place).then((text) => unpack(text, index.identity)).then((bytes) => {
        const end = bytes.indexOf(10);
        if (!isHead(JSON.parse(utf8.decode(bytes.subarray(0, end))), place, index.clearance)) {
          throw new Error(`${place}: moved`);
        }
        return bytes.subarray(end + 1);
      });
      index.shards.set(name, answer);
      answer.catch(() => index.shards.delete(name));
    }
    return index.shards.get(name);
  }

  async function manifest(place, clearance, identity) {
    const content = JSON.parse(utf8.decode(await unpack(await load(place, { fresh: true }), identity)));
    if (!isHead(content, place, clearance)) throw new Error(`${place}: moved`);
    const { index } = content;
    let before = "";
    const terms = index.terms.map(([same, rest]) => (before = before.slice(0, same) + rest));
    return {
      clearance, identity, count: index.count, choices: index.choices, sealed: content.sealed ?? [],
      terms, termShards: index.term_shards,
      firsts: index.documents.map(([page, number]) => page * PAGE + number), documentShards: index.document_shards,
      shards: new Map(), decoded: new Map(),
    };
  }

  let open = null;
  const sealed = new Map();

  // Every index that can be read now. One that was made anew meanwhile, and
  // does not open, is left out and told of.
  async function indexes() {
    open ??= manifest("search/open", STAFF, null);
    open.catch(() => (open = null));
    const all = [await open];
    // To an archivist who looks with a reader's eyes all that there is is shown in the clear.
    const held = "shown" in document.body.dataset
      ? all[0].sealed.map((id) => ({ id, identity: null }))
      : session.read()?.clearances ?? [];
    for (const { id, identity } of held.filter(({ id }) => all[0].sealed.includes(id))) {
      if (!sealed.has(id)) sealed.set(id, manifest(`search/${id}`, id, identity).catch(() => null));
    }
    for (const { id } of held) if (sealed.has(id)) all.push(await sealed.get(id));
    return { all: all.filter(Boolean), stale: all.some((one) => one === null) };
  }

  function forget() {
    open = null;
    sealed.clear();
  }

  // ---- Terms -----------------------------------------------------------------

  // Terms stand in the order of their code points, which is not that of
  // JavaScript for what takes two units.
  function compare(one, other) {
    const length = Math.min(one.length, other.length);
    for (let at = 0; at < length; at += 1) {
      let a = one.charCodeAt(at);
      let b = other.charCodeAt(at);
      if (a === b) continue;
      if (a >= 0xd800 && b >= 0xd800) {
        a += a >= 0xe000 ? -0x800 : 0x2000;
        b += b >= 0xe000 ? -0x800 : 0x2000;
      }
      return a - b;
    }
    return one.length - other.length;
  }

  // How many of a sorted list come before `wanted` or are it.
  function upTo(sorted, wanted, order) {
    let low = 0;
    for (let high = sorted.length; low < high;) {
      const middle = (low + high) >> 1;
      if (order(sorted[middle], wanted) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const encoder = new TextEncoder();

  // The documents of a term, or of all that begin with it.
  async function find(index, { term, prefix }) {
    const first = Math.max(0, upTo(index.terms, term, compare) - 1);
    let last = first;
    if (prefix) {
      while (last + 1 < index.terms.length && last - first + 1 < MOST_SHARDS && index.terms[last + 1].startsWith(term)) last += 1;
    }
    const shards = await Promise.all(index.termShards.slice(first, last + 1).map((name) => shard(index, name)));
    const wanted = encoder.encode(term);
    const found = [];
    for (const bytes of shards) {
      lists.scan(bytes, wanted, prefix, (postings, whole) => found.push(lists.listOf(postings, whole, PAGE, index.count)));
    }
    return lists.any(found);
  }

  // ---- Documents -------------------------------------------------------------

  async function documentAt(index, key) {
    const name = index.documentShards[Math.max(0, upTo(index.firsts, key, (one, other) => one - other) - 1)];
    const shardKey = `documents ${name}`;
    if (!index.decoded.has(shardKey)) {
      const { documents } = JSON.parse(utf8.decode(await shard(index, name)));
      index.decoded.set(shardKey, new Map(documents.map(([page, number, document]) => [page * PAGE + number, document])));
    }
    return index.decoded.get(shardKey).get(key);
  }

  // ---- Asking ----------------------------------------------------------------

  // The best documents that hold every term: [[key, worth], …], best first.
  async function candidates(index, words, choices, many) {
    const asked = words.flatMap(({ terms }) => terms)
      .concat(choices.map(([facet, choice]) => ({ term: `\u0001${facet}\u0001${choice}`, prefix: false })));
    return lists.best(lists.every(await Promise.all(asked.map((one) => find(index, one)))), many);
  }

  // Whether the words stand in the document as they were typed, where one of
  // them is of several terms.
  function stands(document, wanted) {
    if (wanted.length === 0) return true;
    const all = [document.title, document.date, ...(document.customer ?? []), ...document.texts.flat()];
    const texts = all.flatMap((words) => (words !== null && typeof words === "object" ? [words.zh, words.en] : [words ?? ""]));
    const text = strongroom.terms.plain(texts.join("\n"));
    return wanted.every((word) => strongroom.terms.holds(text, word));
  }

  // When what was shown can be seen: a page out of sight draws nothing, and is not waited for.
  function painted() {
    return new Promise((go) => {
      requestAnimationFrame(() => setTimeout(go));
      setTimeout(go, 50);
    });
  }

  // How many documents are read before the first of them are shown.
  const FIRST = 6;

  // Up to `most` results, best first: {results, more}. `alive` says whether
  // anybody still wants them; `early` is given the first ones.
  async function ask(typed, choices, most, alive, early = () => {}) {
    const { all, stale } = await indexes();
    const words = strongroom.terms.words(typed);
    if (words.length === 0 && choices.length === 0) return { results: [], more: false, stale, words };
    const found = await Promise.all(all.map((index) => candidates(index, words, choices, 4 * most)));
    if (!alive()) return null;
    const best = found.flatMap((list, n) => list.map(([key, worth]) => ({ index: all[n], key, worth })))
      .sort((one, other) => other.worth - one.worth);
    const wanted = words.filter(({ terms }) => terms.length > 1).map(({ text }) => text);
    const results = new Map();
    const answer = () => {
      // Of equals the newer come first.
      const sorted = [...results.values()].sort((one, other) => Math.round(other.worth) - Math.round(one.worth)
        || (other.document.date ?? "").localeCompare(one.document.date ?? "")
        || (one.document.href < other.document.href ? -1 : 1));
      return { results: sorted.slice(0, most), more: sorted.length > most, stale, words };
    };
    for (let at = 0; at < best.length && results.size <= most;) {
      const lot = best.slice(at, at === 0 ? FIRST : at + most + 4);
      at += lot.length;
      const documents = await Promise.all(lot.map(({ index, key }) => documentAt(index, key)));
      if (!alive()) return null;
      lot.forEach(({ worth, index }, n) => {
        const document = documents[n];
        if (document === undefined || !stands(document, wanted)) return;
        // What only says that a record is there stands where its customer stands, and is no double of it.
        const key = document.type === undefined ? JSON.stringify([document.href, document.texts]) : document.href;
        const known = results.get(key);
        // The fuller one of a record that stands in several indexes.
        if (known && known.document.texts.length >= document.texts.length) known.worth = Math.max(known.worth, worth);
        else results.set(key, { document, worth: Math.max(worth, known?.worth ?? 0), index });
      });
      if (at === FIRST && results.size > 0 && at < best.length) {
        // How many there are is not known yet.
        early({ ...answer(), more: true });
        await painted();
        if (!alive()) return null;
      }
    }
    return answer();
  }

  // What searches can be narrowed by: {type: Map(choice → words), …}.
  async function choices() {
    const { all } = await indexes();
    const found = {};
    for (const index of all) {
      for (const [facet, list] of Object.entries(index.choices)) {
        found[facet] ??= new Map();
        for (const [choice, words] of list) if (!found[facet].has(choice)) found[facet].set(choice, words);
      }
    }
    return found;
  }

  strongroom.join("index", { ask, choices, forget });
})();
