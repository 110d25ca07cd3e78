//! Text as the terms by which it is found: words of letters and digits, and pairs of Chinese characters.
//!
//! `themes/scripts/search_terms.js` takes what people type apart by the same rules; `tests/browser` holds the two
//! against each other.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Longer words are cut to this many characters, here and in the browser.
const LONGEST: usize = 40;

/// Text as it is compared: compatibility forms made plain (NFKC), in small letters, without the commas and thin spaces
/// that stand between digits.
#[must_use]
pub fn plain(text: &str) -> String {
    let normal = if text.is_ascii() {
        text.to_lowercase()
    } else {
        ComposingNormalizerBorrowed::new_nfkc().normalize(text).to_lowercase()
    };
    if !normal.contains(',') {
        return normal;
    }
    let bytes = normal.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let between = |at: usize| digit(at.checked_sub(1)) && digit(Some(at + 1)) && !digit(Some(at + 4));
    let grouped = |at: usize| between(at) && digit(Some(at + 2)) && digit(Some(at + 3));
    normal.char_indices().filter(|(at, c)| !(*c == ',' && grouped(*at))).map(|(_, c)| c).collect()
}

/// The terms of a text, in order.
#[must_use]
pub fn terms_of(text: &str) -> Vec<String> {
    let (plain, mut found) = (plain(text), Vec::new());
    each_term(&plain, |term| found.push(term.to_owned()));
    found
}

/// Whether a character is written without blanks between words: Han characters, kana and hangul.
#[must_use]
pub fn is_packed(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Hands on each term of a text that is [`plain`]. A packed character that stands alone is a term by itself.
pub fn each_term<'t>(plain: &'t str, mut each: impl FnMut(&'t str)) {
    let mut rest = plain;
    while let Some(first) = rest.chars().next() {
        let belongs: fn(char) -> bool = match first {
            c if is_packed(c) => is_packed,
            c if c.is_alphanumeric() => |c| c.is_alphanumeric() && !is_packed(c),
            _ => |c| !c.is_alphanumeric() && !is_packed(c),
        };
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        if is_packed(first) {
            pairs(run, &mut each);
        } else if first.is_alphanumeric() {
            let cut = run.char_indices().nth(LONGEST).map_or(run.len(), |(at, _)| at);
            each(run.get(..cut).unwrap_or(run));
        }
    }
}

/// Hands on the last character of each run of packed ones in a text that is [`plain`]: with it and the pairs every
/// character begins a term.
pub fn each_ending<'t>(plain: &'t str, mut each: impl FnMut(&'t str)) {
    for run in plain.split(|c| !is_packed(c)) {
        let last = run.char_indices().next_back().map_or(0, |(at, _)| at);
        if last > 0 {
            each(run.get(last..).unwrap_or(run));
        }
    }
}

fn pairs<'t>(run: &'t str, each: &mut impl FnMut(&'t str)) {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    if let [start, end] = starts.as_slice() {
        each(run.get(*start..*end).unwrap_or(run));
    }
    for pair in starts.windows(3) {
        if let [start, _, end] = pair {
            each(run.get(*start..*end).unwrap_or(run));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_found_by_pairs_and_other_writing_by_words() {
        assert_eq!(
            terms_of("云溪水电 Yunxi Hydro-Power, 2024-017"),
            ["云溪", "溪水", "水电", "yunxi", "hydro", "power", "2024", "017"]
        );
        assert_eq!(terms_of("是。否"), ["是", "否"]);
        assert_eq!(terms_of("第3条"), ["第", "3", "条"]);
    }

    #[test]
    fn ways_of_writing_the_same_are_the_same() {
        assert_eq!(terms_of("ＡＢＣ　１２３"), ["abc", "123"]);
        assert_eq!(terms_of("1,280,000 CNY"), ["1280000", "cny"]);
        assert_eq!(terms_of("1,2 and 3,45"), ["1", "2", "and", "3", "45"]);
        assert_eq!(terms_of("１，２８０，０００"), ["1280000"]);
    }

    #[test]
    fn every_chinese_character_begins_a_term() {
        let mut found = Vec::new();
        each_ending("轴承（云溪）是 a", |term| found.push(term));
        assert_eq!(found, ["承", "溪"]);
    }

    #[test]
    fn endless_words_are_cut() {
        assert_eq!(terms_of(&"a".repeat(200)), ["a".repeat(LONGEST)]);
    }
}
