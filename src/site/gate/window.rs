//! Normal text and its windows: the smallest pieces of text that the gate compares.
//!
//! A run of restricted text counts from a weight of 8, where a Han character weighs 2 and any other character 1: four
//! Han or eight others. For each position where text may end there is one *shortest* window of that weight; a run of
//! that weight or more, wherever it begins, contains the shortest window of its own last position. So comparing
//! shortest windows finds every run, however long, and each position costs the same.
//!
//! A window must also hold three different letters or digits. Without that rule the gate would take `--------`,
//! `0000-00-00` or a row of dots for a secret: such text tells nothing and stands in every table. Where the last eight
//! characters hold fewer, the window reaches further back until it has them, up to [`LONGEST`] characters, so that the
//! rule puts off a comparison and does not skip it.

/// The weight from which a run of text counts. No character weighs more than it has bytes, so no run has fewer bytes.
pub const LEAST_WEIGHT: u32 = 8;
/// How many different letters or digits a window holds at least.
const LEAST_VARIETY: usize = 3;
/// The longest window, in characters; text that is poorer than [`LEAST_VARIETY`] over this length is not compared.
pub(super) const LONGEST: usize = 48;
/// How many positions are remembered: a power of two not below [`LONGEST`].
const KEPT: usize = 64;
/// The base of the polynomial hash modulo 2⁶⁴: any odd number without a pattern does.
const BASE: u64 = 0x9E37_79B9_7F4A_7C55;

/// `POWERS[n]` is `BASE` to the power of `n`.
const POWERS: [u64; KEPT] = {
    let mut powers = [1_u64; KEPT];
    let mut n = 1;
    while n < KEPT {
        powers[n] = powers[n - 1].wrapping_mul(BASE);
        n += 1;
    }
    powers
};

/// A window of normal text: its hash, and where it stands, counted in normal characters since the last cut.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) hash: u64,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A character after normalising, with what a window asks of it.
#[derive(Clone, Copy)]
pub(super) struct Normal {
    /// The character, in lower case; white space of any kind is one `' '`.
    pub(super) character: char,
    /// The character as it stood.
    pub(super) original: char,
    weight: u8,
    telling: bool,
}

impl Normal {
    /// What stands between one word and the next.
    pub(super) const BLANK: Self = Self { character: ' ', original: ' ', weight: 1, telling: false };
}

/// Whether a character is Han and so weighs two: the CJK ideographs of Unicode with `々` and `〇`.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}' | '\u{3005}' | '\u{3007}')
}

/// The weight of a text as it stands: Han characters 2, others 1.
pub(super) fn weight(text: &[char]) -> u32 {
    text.iter().map(|&c| if is_han(c) { 2 } else { 1 }).sum()
}

/// Turns text into normal characters: runs of white space become one space (none at the ends), letters become
/// lower-case, invisible joiners and soft hyphens vanish.
#[derive(Default)]
pub(super) struct Normaliser {
    space: bool,
    begun: bool,
}

impl Normaliser {
    /// Forgets what came before: the next character begins a text.
    pub(super) fn cut(&mut self) {
        *self = Self::default();
    }

    /// Hands the normal characters of the next piece of a text to `each`.
    #[inline]
    pub(super) fn feed(&mut self, piece: &str, mut each: impl FnMut(Normal)) {
        for original in piece.chars() {
            let normal = if original.is_ascii() {
                if matches!(original, ' ' | '\t' | '\n' | '\r' | '\x0B' | '\x0C') {
                    self.space = self.begun;
                    continue;
                }
                let character = original.to_ascii_lowercase();
                Normal { character, original, weight: 1, telling: original.is_ascii_alphanumeric() }
            } else if is_han(original) {
                Normal { character: original, original, weight: 2, telling: true }
            } else if original.is_whitespace() {
                self.space = self.begun;
                continue;
            } else if matches!(original, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}') {
                continue;
            } else {
                // One character for one, also where Unicode's lower case is longer: both sides are treated alike.
                let character = original.to_lowercase().next().unwrap_or(original);
                Normal { character, original, weight: 1, telling: original.is_alphanumeric() }
            };
            if self.space {
                self.space = false;
                each(Normal::BLANK);
            }
            self.begun = true;
            each(normal);
        }
    }
}

/// Follows a text character by character and knows the shortest window that ends at each.
pub(super) struct Windows {
    count: usize,
    hash: u64,
    /// The hash of all before a position, for the last positions.
    before: [u64; KEPT],
    weights: [u8; KEPT],
    /// The start of the shortest stretch of enough weight, and its weight.
    start: usize,
    weight: u32,
    /// The last different telling characters, latest first, with the position after each one's last place.
    recent: [(char, usize); LEAST_VARIETY],
}

impl Windows {
    pub(super) fn new() -> Self {
        Windows {
            count: 0,
            hash: 0,
            before: [0; KEPT],
            weights: [0; KEPT],
            start: 0,
            weight: 0,
            recent: [('\0', 0); LEAST_VARIETY],
        }
    }

    /// Begins a new text; no window reaches across.
    pub(super) fn cut(&mut self) {
        self.count = 0;
        self.hash = 0;
        self.start = 0;
        self.weight = 0;
        self.recent = [('\0', 0); LEAST_VARIETY];
    }

    /// Takes the next character; gives the shortest window that ends with it, if there is one.
    #[inline]
    pub(super) fn push(&mut self, normal: Normal) -> Option<Window> {
        let at = self.count % KEPT;
        self.before[at] = self.hash;
        self.weights[at] = normal.weight;
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(normal.character)));
        self.weight += u32::from(normal.weight);
        self.count += 1;
        if normal.telling {
            let now = (normal.character, self.count);
            let [first, second, _] = self.recent;
            self.recent = if first.0 == normal.character {
                [now, second, self.recent[2]]
            } else if second.0 == normal.character {
                [now, first, self.recent[2]]
            } else {
                [now, first, second]
            };
        }
        loop {
            let lighter = self.weight - u32::from(self.weights[self.start % KEPT]);
            if lighter < LEAST_WEIGHT {
                break;
            }
            self.weight = lighter;
            self.start += 1;
        }
        let after_third = self.recent[2].1;
        if self.weight < LEAST_WEIGHT || after_third == 0 {
            return None;
        }
        let start = self.start.min(after_third - 1);
        let length = self.count - start;
        if length > LONGEST {
            return None;
        }
        let hash = self.hash.wrapping_sub(self.before[start % KEPT].wrapping_mul(POWERS[length % KEPT]));
        Some(Window { hash: mixed(hash), start, end: self.count })
    }
}

/// Spreads a polynomial hash over all its bits: its low ones know only the low bits of the characters.
#[inline]
fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    hash ^ (hash >> 32)
}

/// A hash of a whole normal text, by the same polynomial.
pub(super) fn hash_of(text: &[char]) -> u64 {
    mixed(text.iter().fold(1, |hash: u64, &c| hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(c)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows_of(text: &str) -> Vec<String> {
        let (mut normaliser, mut windows) = (Normaliser::default(), Windows::new());
        let (mut kept, mut found) = (Vec::new(), Vec::new());
        normaliser.feed(text, |normal| {
            kept.push(normal.character);
            if let Some(window) = windows.push(normal) {
                found.push(kept[window.start..window.end].iter().collect());
            }
        });
        found
    }

    #[test]
    fn four_han_or_eight_others_make_a_window() {
        assert_eq!(windows_of("甲乙丙"), Vec::<String>::new());
        assert_eq!(windows_of("甲乙丙丁戊"), ["甲乙丙丁", "乙丙丁戊"]);
        assert_eq!(windows_of("abcdefg"), Vec::<String>::new());
        assert_eq!(windows_of("ABCDefgh"), ["abcdefgh"]);
        assert_eq!(windows_of("甲 \n\t 乙ab 丙"), ["甲 乙ab ", " 乙ab 丙"]);
    }

    #[test]
    fn a_window_reaches_back_until_it_tells_something() {
        assert_eq!(windows_of("0000-00-00"), Vec::<String>::new());
        assert_eq!(windows_of("ab----------c"), ["ab----------c"]);
        assert!(windows_of(&format!("ab{}c", "-".repeat(60))).is_empty());
    }

    #[test]
    fn equal_windows_have_equal_hashes_wherever_they_stand() {
        let hashes = |text: &str| {
            let (mut normaliser, mut windows) = (Normaliser::default(), Windows::new());
            let mut found = Vec::new();
            normaliser.feed(text, |normal| found.extend(windows.push(normal).map(|window| window.hash)));
            found
        };
        let alone = hashes("秘密报告");
        assert_eq!(alone.len(), 1);
        assert!(hashes("很长的一段前言，然后是秘密报告以及后文").contains(&alone[0]));
        assert!(!hashes("很长的一段前言，然后是秘密 报告以及后文").contains(&alone[0]));
    }
}
