//! Text as the terms by which it is found: words of letters and digits, and pairs of Chinese characters.
//!
//! `themes/scripts/search_terms.js` takes what people type apart by the same rules; `tests/browser` holds the two
//! against each other.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Longer words are cut to this many characters, here and in the browser.
const LONGEST: usize = 40;

/// Numbers of more pieces are paths or lists, and joined pieces shorter than this say too little.
const MOST_PIECES: usize = 5;
const SHORTEST: usize = 4;

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

/// Hands on what people type for a number that is written in pieces, as `HT-2024-009` or `F2026-008` is: the pieces
/// joined, from each of them on, and without the letters that a piece begins with. Days and months are written alike
/// everywhere, and are left out.
pub fn each_number(plain: &str, mut each: impl FnMut(&str)) {
    let digit = |c: char| c.is_ascii_digit();
    let belongs = |c: char| is_joint(c) || (c.is_alphanumeric() && !is_packed(c));
    for run in plain.split(|c| !belongs(c)).filter(|run| run.contains(digit)) {
        let pieces: Vec<&str> = run.split(is_joint).collect();
        for number in pieces.split(|piece| piece.is_empty()) {
            if number.len() > MOST_PIECES || is_day(number) {
                continue;
            }
            for (at, piece) in number.iter().enumerate() {
                let joined = number.get(at..).unwrap_or_default().concat();
                let letters = piece.find(digit).filter(|letters| *letters > 0);
                let bare = letters.and_then(|letters| joined.get(letters..));
                let whole = Some(joined.as_str()).filter(|_| at + 1 < number.len());
                let said = |term: &&str| term.contains(digit) && (SHORTEST..=LONGEST).contains(&term.chars().count());
                whole.into_iter().chain(bare).filter(said).for_each(&mut each);
            }
        }
    }
}

/// What stands between the pieces of a number: hyphens of all kinds, slashes and low lines.
fn is_joint(c: char) -> bool {
    matches!(c, '-' | '/' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether pieces are a day, a month or a week.
fn is_day(pieces: &[&str]) -> bool {
    let digits = |piece: &str, most: usize| piece.len() <= most && piece.bytes().all(|c| c.is_ascii_digit());
    match pieces {
        [year, rest @ ..] if year.len() == 4 && digits(year, 4) => {
            rest.len() <= 2 && rest.iter().all(|piece| digits(piece.strip_prefix('w').unwrap_or(piece), 2))
        }
        _ => false,
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

    fn numbers_of(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        each_number(&plain(text), |term| found.push(term.to_owned()));
        found
    }

    #[test]
    fn a_number_in_pieces_is_found_without_what_stands_between_them() {
        assert_eq!(numbers_of("合同 HT-2024-009 号"), ["ht2024009", "2024009"]);
        assert_eq!(numbers_of("ＨＴ－２０２４／００９；ODF\u{2011}7"), ["ht2024009", "2024009", "odf7"]);
        assert_eq!(numbers_of("F-2026-1-a"), ["f20261a", "20261a"]);
        assert_eq!(numbers_of("F2026-008"), ["f2026008", "2026008"]);
        assert_eq!(numbers_of("HT2024009 no7 7no12345"), ["2024009"]);
    }

    #[test]
    fn days_words_and_lists_are_no_numbers_in_pieces() {
        for text in ["2026-03-15", "2026/3", "2026-W07", "hydro-power", "3/4", "a--2024", "1-2-3-4-5-6", "云-溪", ""]
        {
            assert_eq!(numbers_of(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn endless_words_are_cut() {
        assert_eq!(terms_of(&"a".repeat(200)), ["a".repeat(LONGEST)]);
    }
}
