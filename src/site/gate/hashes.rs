//! From texts to the hashes of their windows.
//!
//! Whoever takes the hashes takes them as a set: which there are, not how often. So a text that was hashed a moment ago
//! is passed over. What stands on every page, most of a page's bytes, is hashed about once.

use super::layers::Sink;
use super::window::{LEAST_WEIGHT, Normal, Normaliser, Windows};

/// How many texts are remembered, a power of two, and how long they are at most, in bytes.
const REMEMBERED: usize = 1 << 12;
const LONGEST: usize = 1 << 10;

/// A worker's text in the making, and its state.
pub(super) struct Texts<T> {
    pub(super) state: T,
    /// The flow since it was cut. What stands beside it is hashed by itself, at once.
    flow: String,
    normaliser: Normaliser,
    windows: Windows,
    /// Whether texts are taken with a blank before and after them: they are words by themselves, which stand so in others.
    apart: bool,
    /// Texts that were hashed, each in the one place where it may stand.
    seen: Vec<String>,
}

impl<T> Texts<T> {
    pub(super) fn new(state: T, apart: bool) -> Self {
        let seen = vec![String::new(); REMEMBERED];
        let (normaliser, windows) = (Normaliser::default(), Windows::new());
        Texts { state, flow: String::new(), normaliser, windows, apart, seen }
    }

    /// Whether a text was hashed a moment ago, and if not, remembers it as one that is.
    fn was_hashed(&mut self, text: &str) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        let place = place_of(text.as_bytes()) % REMEMBERED;
        let known = &mut self.seen[place];
        if known == text {
            return true;
        }
        known.clear();
        known.push_str(text);
        false
    }

    fn hash(&mut self, text: &str, mut each: impl FnMut(&mut T, u64)) {
        let blanks = if self.apart { 2 } else { 0 };
        if text.len() + blanks < LEAST_WEIGHT as usize || self.was_hashed(text) {
            return;
        }
        let Texts { state, normaliser, windows, apart, .. } = self;
        normaliser.cut();
        windows.cut();
        let mut push = |normal| {
            if let Some(window) = windows.push(normal) {
                each(state, window.hash);
            }
        };
        if *apart {
            push(Normal::BLANK);
        }
        normaliser.feed(text, &mut push);
        if *apart {
            push(Normal::BLANK);
        }
    }
}

/// Where a text is remembered, by its length and three of its stretches: for texts that are to be told apart, not for
/// ones that somebody made to meet.
fn place_of(text: &[u8]) -> usize {
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C55;
    let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let middle = text.get(text.len() / 2..).and_then(<[u8]>::first_chunk);
    let words = [text.len() as u64, word(text.first_chunk()), word(middle), word(text.last_chunk())];
    let hash = words.iter().fold(0, |hash: u64, word| (hash ^ word).wrapping_mul(SPREAD).rotate_left(31));
    (hash.wrapping_mul(SPREAD) >> 40) as usize
}

/// A sink that calls `each` with every window's hash at least once.
pub(super) struct Hashes<'a, T, F> {
    pub(super) texts: &'a mut Texts<T>,
    pub(super) each: F,
}

impl<T, F: Fn(&mut T, u64)> Sink for Hashes<'_, T, F> {
    fn flow(&mut self, piece: &str) {
        self.texts.flow.push_str(piece);
    }
    fn cut(&mut self) {
        let mut flow = std::mem::take(&mut self.texts.flow);
        self.texts.hash(&flow, &self.each);
        flow.clear();
        self.texts.flow = flow;
    }
    fn aside(&mut self, _: &'static str, text: &str) {
        self.texts.hash(text, &self.each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn hashes(texts: &mut Texts<BTreeSet<u64>>, fed: impl FnOnce(&mut dyn FnMut(Option<&str>))) -> BTreeSet<u64> {
        texts.state.clear();
        let mut sink = Hashes { texts, each: |found: &mut BTreeSet<u64>, hash| _ = found.insert(hash) };
        fed(&mut |piece| match piece {
            Some(piece) => sink.flow(piece),
            None => sink.cut(),
        });
        sink.cut();
        texts.state.clone()
    }

    #[test]
    fn a_text_in_pieces_is_the_text_and_beside_it_stands_another() {
        let mut texts = Texts::new(BTreeSet::new(), false);
        let whole = hashes(&mut texts, |feed| feed(Some("内部底价为每兆一百二十元")));
        assert_eq!(whole.len(), 9);
        let mut others = Texts::new(BTreeSet::new(), false);
        let pieces = hashes(&mut others, |feed| {
            ["内部", "底价为每", "兆一百二十元"].map(|p| feed(Some(p))).into_iter().collect()
        });
        assert_eq!(whole, pieces);
    }

    #[test]
    fn a_text_is_passed_over_only_where_it_was_hashed() {
        let mut texts = Texts::new(BTreeSet::new(), false);
        for n in 0..3 * REMEMBERED {
            let text = format!("an invented text, the {n}th of many");
            assert!(!hashes(&mut texts, |feed| feed(Some(&text))).is_empty(), "{text}");
            assert!(hashes(&mut texts, |feed| feed(Some(&text))).is_empty(), "{text}");
        }
    }
}
