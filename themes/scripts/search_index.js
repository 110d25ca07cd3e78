// The indexes of the site: one of what is open, and one for each clearance that
// the tab holds. Of each only the shards are read that a query needs.
//
// A shard's address changes with what it holds, so that an old one never stands
// beside a new manifest.

(() => {
  "use strict";
  const { session, load } = strongroom;
  const STAFF = "staff";
  // A beginning that fits more is read no further: more letters say more.
  const MOST_SHARDS = 6;
  const PAGE = 2 ** 21;

  // ---- Reading ---------------------------------------------------------------

  async function unpack(text, identity) {
    let bytes = strongroom.fromBase64(text);
    if (identity !== null) bytes = await strongroom.opener(identity).decrypt(bytes);
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
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

  function reader(bytes) {
    let at = 0;
    return {
      number() {
        let number = 0;
        for (let scale = 1; ; scale *= 128) {
          const byte = bytes[at];
          at += 1;
          number += (byte & 127) * scale;
          if (byte < 128) return number;
        }
      },
      take(length) {
        at += length;
        return bytes.subarray(at - length, at);
      },
      get done() {
        return at >= bytes.length;
      },
    };
  }

  // {terms, postings}: the terms of a shard in order, and the bytes of each.
  async function termsIn(index, name) {
    if (!index.decoded.has(name)) {
      const from = reader(await shard(index, name));
      const terms = [];
      const postings = [];
      let before = new Uint8Array(256);
      for (let left = from.number(); left > 0; left -= 1) {
        const same = from.number();
        const rest = from.take(from.number());
        if (same + rest.length > before.length) {
          const larger = new Uint8Array(2 * (same + rest.length));
          larger.set(before);
          before = larger;
        }
        before.set(rest, same);
        terms.push(utf8.decode(before.subarray(0, same + rest.length)));
        postings.push(from.take(from.number()));
      }
      index.decoded.set(name, { terms, postings });
    }
    return index.decoded.get(name);
  }

  // {keys, weights}: the documents of a term in order.
  function documentsOf(bytes) {
    const from = reader(bytes);
    const keys = [];
    const weights = [];
    let page = 0;
    while (!from.done) {
      page += from.number();
      let document = 0;
      for (let left = from.number(); left > 0; left -= 1) {
        const number = from.number();
        document += Math.floor(number / 8);
        keys.push(page * PAGE + document);
        weights.push(number % 8);
      }
    }
    return { keys, weights };
  }

  // The documents of a term, or of all that begin with it: {keys, worth}.
  async function find(index, { term, prefix }) {
    const first = Math.max(0, upTo(index.terms, term, compare) - 1);
    let last = first;
    if (prefix) {
      while (last + 1 < index.terms.length && last - first + 1 < MOST_SHARDS && index.terms[last + 1].startsWith(term)) last += 1;
    }
    const shards = await Promise.all(index.termShards.slice(first, last + 1).map((name) => termsIn(index, name)));
    const lists = [];
    for (const { terms, postings } of shards) {
      const from = upTo(terms, term, (one, other) => (compare(one, other) < 0 ? -1 : 1));
      for (let at = from; at < terms.length; at += 1) {
        if (prefix ? !terms[at].startsWith(term) : terms[at] !== term) break;
        lists.push({ ...documentsOf(postings[at]), whole: terms[at] === term });
      }
    }
    return joined(lists, index.count);
  }

  // What a word is worth where it stands; see Weight in src/search/document.rs.
  const WORTH = [0.4, 1, 2, 4, 3, 5, 7, 9];

  // One list of several, with what each document is worth by it.
  function joined(lists, count) {
    const worth = new Map();
    for (const { keys, weights, whole } of lists) {
      const rare = Math.log(1 + count / keys.length) * (whole ? 1 : 0.7);
      keys.forEach((key, n) => {
        const value = rare * WORTH[weights[n]];
        if (!(worth.get(key) >= value)) worth.set(key, value);
      });
    }
    return worth;
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

  // The best documents that hold every term: [[key, worth], …], best first, about
  // as many as are asked for and all that are as good as the last of them.
  async function candidates(index, words, choices, many) {
    const asked = words.flatMap(({ terms }) => terms)
      .concat(choices.map(([facet, choice]) => ({ term: `\u0001${facet}\u0001${choice}`, prefix: false })));
    const lists = await Promise.all(asked.map((one) => find(index, one)));
    lists.sort((one, other) => one.size - other.size);
    const [fewest, ...others] = lists;
    const keys = [];
    const worths = [];
    for (const [key, worth] of fewest ?? []) {
      let sum = worth;
      for (const other of others) sum += other.get(key) ?? NaN;
      if (sum === sum) {
        keys.push(key);
        worths.push(sum);
      }
    }
    // Numbers alone are sorted much faster than pairs, and most pairs are not looked at.
    const least = Float64Array.from(worths).sort().at(-Math.min(many, worths.length)) ?? 0;
    const best = [];
    for (let n = 0; n < keys.length && best.length < 2 * many; n += 1) if (worths[n] > least) best.push([keys[n], worths[n]]);
    for (let n = 0; n < keys.length && best.length < 2 * many; n += 1) if (worths[n] === least) best.push([keys[n], worths[n]]);
    return best.sort((one, other) => other[1] - one[1]);
  }

  // Whether the words stand in the document as they were typed, where one of
  // them is of several terms.
  function stands(document, wanted) {
    if (wanted.length === 0) return true;
    const all = [document.title, document.date, ...(document.customer ?? []), ...document.texts.flat()];
    const texts = all.flatMap((words) => (words !== null && typeof words === "object" ? [words.zh, words.en] : [words ?? ""]));
    const text = strongroom.terms.plain(texts.join("\n"));
    return wanted.every((word) => text.includes(word));
  }

  // How many documents are read before the first of them are shown.
  const FIRST = 6;

  // Up to `most` results, best first: {results, more}. `alive` says whether
  // anybody still wants them; `early` is given the first ones.
  async function ask(typed, choices, most, alive, early = () => {}) {
    const { all, stale } = await indexes();
    const words = strongroom.terms.words(typed);
    if (words.length === 0 && choices.length === 0) return { results: [], more: false, stale, words };
    const lists = await Promise.all(all.map((index) => candidates(index, words, choices, 4 * most)));
    if (!alive()) return null;
    const best = lists.flatMap((list, n) => list.map(([key, worth]) => ({ index: all[n], key, worth })))
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
      // How many there are is not known yet.
      if (at === FIRST && results.size > 0 && at < best.length) early({ ...answer(), more: true });
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
