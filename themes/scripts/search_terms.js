// What people type, taken apart by the rules of src/search/terms.rs: pairs of
// characters that are written without blanks, and words of letters and digits.

(() => {
  "use strict";
  const LONGEST = 40;
  const PACKED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}";
  const RUNS = new RegExp(`[${PACKED}]+|[[\\p{Alphabetic}\\p{N}]--[${PACKED}]]+`, "gv");
  const IS_PACKED = new RegExp(`^[${PACKED}]`, "u");

  // What stands between the pieces of a number: HT-2024-009 is found as HT2024009
  // as well, and so from each of its pieces on.
  const LETTER = `[[\\p{Alphabetic}\\p{N}]--[${PACKED}]]`;
  const JOINTS = new RegExp(`(?<=${LETTER})[\\-\\/_\u2010-\u2015\u2212](?=${LETTER})`, "gv");

  // Text as it is compared.
  function plain(text) {
    return text.normalize("NFKC").toLowerCase().replace(/(?<=\d),(?=\d{3}(?!\d))/g, "");
  }

  // The same, with the place in the text for each of its letters: [plain, places].
  function mapped(text) {
    const whole = plain(text);
    // Nearly every text is as long as it is plain, letter by letter.
    if (whole.length === text.length) return [whole, null];
    let out = "";
    const places = [];
    let at = 0;
    for (const character of text) {
      const comma = /[,，]/.test(character) && /\d$/.test(out) && /^\d{3}(?!\d)/.test(plain(text.slice(at + 1, at + 5)));
      const made = comma ? "" : plain(character);
      for (let n = 0; n < made.length; n += 1) places.push(at);
      out += made;
      at += character.length;
    }
    places.push(text.length);
    return [out, places];
  }

  function termsOf(run) {
    const letters = [...run];
    if (!IS_PACKED.test(run)) return [{ term: letters.slice(0, LONGEST).join(""), prefix: true }];
    if (letters.length === 1) return [{ term: run, prefix: true }];
    return letters.slice(1).map((letter, n) => ({ term: letters[n] + letter, prefix: false }));
  }

  // Words that must all be found: {text, terms: [{term, prefix}]}. Where a word
  // is of several terms, these must stand together as `text` has them.
  function words(typed) {
    return plain(typed).split(/\s+/).map((text) => ({
      text: text.replace(/^[^\p{Alphabetic}\p{N}]+|[^\p{Alphabetic}\p{N}]+$/gu, ""),
      terms: [...text.matchAll(RUNS)].flatMap(([run]) => termsOf(run)),
    })).filter(({ terms }) => terms.length > 0);
  }

  const hasDigit = (word) => /\p{N}/u.test(word);

  // Whether a text holds a word, both of them plain; a number may be joined otherwise.
  function holds(text, word) {
    return text.includes(word) || (hasDigit(word) && text.replace(JOINTS, "").includes(word.replace(JOINTS, "")));
  }

  // A text without its joints, and the place in it of each letter that is left.
  function unjoined(text) {
    const joints = new Set([...text.matchAll(JOINTS)].map(({ index }) => index));
    const places = [...Array(text.length).keys()].filter((at) => !joints.has(at));
    return { text: places.map((at) => text[at]).join(""), places };
  }

  // Where a word stands in a text, both of them plain: the places of its first
  // letter and of its last.
  function* standing(text, word) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) yield [at, at + word.length - 1];
  }

  function* occurrences(text, word) {
    yield* standing(text, word);
    if (!hasDigit(word) || text.search(JOINTS) < 0) return;
    const bare = unjoined(text);
    for (const [first, last] of standing(bare.text, word.replace(JOINTS, ""))) yield [bare.places[first], bare.places[last]];
  }

  // A word of letters is found from its beginning on, one of digits also behind letters.
  function isWithin(before, word) {
    return (/^\d/.test(word) ? /\p{N}/u : /[\p{Alphabetic}\p{N}]/u).test(before) && !IS_PACKED.test(before);
  }

  // The stretches of a text where words stand: [[from, to], …], in order, none
  // over another.
  function stretches(text, wanted) {
    const [made, places] = mapped(text);
    const found = [];
    for (const word of wanted.filter((one) => one !== "")) {
      for (const [at, last] of occurrences(made, word)) {
        if (!IS_PACKED.test(word) && isWithin(made[at - 1] ?? "", word)) continue;
        found.push(places === null ? [at, last] : [places[at], places[last]]);
      }
    }
    found.sort((one, other) => one[0] - other[0]);
    const apart = [];
    for (const [from, last] of found) {
      const to = last + ([...text.slice(last)][0]?.length ?? 1);
      const before = apart.at(-1);
      if (before && from < before[1]) before[1] = Math.max(to, before[1]);
      else apart.push([from, to]);
    }
    return apart;
  }

  strongroom.join("terms", { plain, words, holds, stretches });
})();
