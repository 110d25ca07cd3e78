// What stands in a shard of terms, and lists of documents: which terms fit, what
// any or all of them have in common. Numbers only, in arrays of numbers: a query
// may go through some hundred thousand of them between two letters typed.
//
// A list is {keys, worth}: the documents in order, and what each is worth.

(() => {
  "use strict";
  const NOTHING = { keys: new Float64Array(), worth: new Float64Array() };
  // What a word is worth where it stands; see Weight in src/search/document.rs.
  const WORTH = [0.4, 1, 2, 4, 3, 5, 7, 9];

  // Calls `found` with the postings of each term of a shard that is `wanted`, or
  // begins with it, and with whether it is the whole of it. Terms stand in the
  // order of their bytes, each as what it shares with the one before and the
  // rest: most are passed over without being put together.
  function scan(bytes, wanted, prefix, found) {
    let at = 0;
    const number = () => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[at];
        at += 1;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    // How many bytes the term has in common with what is wanted.
    let common = 0;
    for (let left = number(); left > 0; left -= 1) {
      const same = number();
      const end = number() + at;
      // One that shares more with the one before than that does with what is wanted comes before it as well.
      if (same <= common) {
        common = same;
        let next = at;
        while (next < end && common < wanted.length && bytes[next] === wanted[common]) {
          next += 1;
          common += 1;
        }
        if (common < wanted.length && next < end && bytes[next] > wanted[common]) return;
      }
      const whole = common === wanted.length && same + (end - at) === wanted.length;
      at = end;
      const to = number() + at;
      if (common === wanted.length) {
        if (!whole && !prefix) return;
        found(bytes.subarray(at, to), whole);
      }
      at = to;
    }
  }

  // The list of one term. `page` is how far the keys of two pages lie apart;
  // `count`, how many documents the index has: what is rare is worth more.
  function listOf(bytes, whole, page, count) {
    // Each document takes a byte at least.
    const keys = new Float64Array(bytes.length);
    const worth = new Float64Array(bytes.length);
    let size = 0;
    let at = 0;
    const number = () => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[at];
        at += 1;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    for (let base = 0; at < bytes.length;) {
      base += number() * page;
      let key = base;
      for (let left = number(); left > 0; left -= 1) {
        const value = number();
        key += Math.floor(value / 8);
        keys[size] = key;
        worth[size] = WORTH[value % 8];
        size += 1;
      }
    }
    const rare = Math.log(1 + count / size) * (whole ? 1 : 0.7);
    for (let n = 0; n < size; n += 1) worth[n] *= rare;
    return { keys: keys.subarray(0, size), worth: worth.subarray(0, size) };
  }

  // What stands in either, as the better of them has it.
  function either(one, other) {
    const keys = new Float64Array(one.keys.length + other.keys.length);
    const worth = new Float64Array(keys.length);
    let size = 0;
    for (let a = 0, b = 0; a < one.keys.length || b < other.keys.length; size += 1) {
      const here = a < one.keys.length ? one.keys[a] : Infinity;
      const there = b < other.keys.length ? other.keys[b] : Infinity;
      keys[size] = Math.min(here, there);
      worth[size] = Math.max(here <= there ? one.worth[a] : 0, there <= here ? other.worth[b] : 0);
      if (here <= there) a += 1;
      if (there <= here) b += 1;
    }
    return { keys: keys.subarray(0, size), worth: worth.subarray(0, size) };
  }

  function any(lists) {
    let round = lists;
    while (round.length > 1) {
      const next = [];
      for (let n = 0; n < round.length; n += 2) next.push(n + 1 < round.length ? either(round[n], round[n + 1]) : round[n]);
      round = next;
    }
    return round[0] ?? NOTHING;
  }

  // What stands in both, worth what it is worth in each together.
  function both(few, many) {
    const keys = new Float64Array(few.keys.length);
    const worth = new Float64Array(few.keys.length);
    let size = 0;
    for (let a = 0, b = 0; a < few.keys.length && b < many.keys.length;) {
      if (few.keys[a] === many.keys[b]) {
        keys[size] = few.keys[a];
        worth[size] = few.worth[a] + many.worth[b];
        size += 1;
        a += 1;
        b += 1;
      } else if (few.keys[a] < many.keys[b]) a += 1;
      else b += 1;
    }
    return { keys: keys.subarray(0, size), worth: worth.subarray(0, size) };
  }

  function every(lists) {
    const [fewest, ...others] = [...lists].sort((one, other) => one.keys.length - other.keys.length);
    return others.reduce(both, fewest ?? NOTHING);
  }

  // [[key, worth], …], best first: about `many`, and of those that are as good as
  // the last of these some more.
  function best({ keys, worth }, many) {
    // Numbers alone are sorted much faster than pairs, and most pairs are not looked at.
    const least = worth.slice().sort().at(-Math.min(many, worth.length)) ?? 0;
    const found = [];
    for (let n = 0; n < keys.length && found.length < 2 * many; n += 1) if (worth[n] > least) found.push([keys[n], worth[n]]);
    for (let n = 0; n < keys.length && found.length < 2 * many; n += 1) if (worth[n] === least) found.push([keys[n], worth[n]]);
    return found.sort((one, other) => other[1] - one[1]);
  }

  strongroom.join("lists", { scan, listOf, any, every, best });
})();
