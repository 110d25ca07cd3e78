//! What an author wrote both restricted and openly: the gate must let it pass, so `check` warns of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use super::layers::{Sink, read_source};
use super::window::{Normaliser, hash_of, weight};
use super::{Corpus, Text, each_number};

/// The weight from which a sentence counts: eight Han characters or sixteen others. Shorter ones are set phrases.
const LEAST_WEIGHT: u32 = 16;

/// The sentences of one restricted source that also stand in open text.
#[derive(Clone, PartialEq, Eq)]
pub struct BothWays {
    /// The restricted source.
    pub source: u32,
    /// The first open source that holds the first of them.
    pub open_source: u32,
    /// The first of them, as compared: lower case, white space in one.
    pub sentence: String,
    /// How many of the source's sentences stand in open text.
    pub count: usize,
}

impl std::fmt::Debug for BothWays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BothWays({}, open in {}, {} sentences)", self.source, self.open_source, self.count)
    }
}

/// Finds whole sentences, lines and table cells of restricted text, of a weight of 16 or more, that stand in open text
/// as whole sentences, lines or cells too. One result for each restricted source, by its number.
pub fn written_both_ways(restricted: &dyn Corpus, open: &dyn Corpus) -> Vec<BothWays> {
    let hashes = each_number(restricted.batches(), Vec::new, |hashes, batch| {
        restricted.batch(batch, &mut |text| sentences(&text, |sentence| hashes.push(hash_of(sentence))));
        hashes.sort_unstable();
        hashes.dedup();
    });
    // For each restricted sentence the lowest open source that holds it.
    let found: HashMap<u64, Mutex<Option<u32>>> =
        hashes.into_iter().flatten().map(|hash| (hash, Mutex::new(None))).collect();
    each_number(
        open.batches(),
        || (),
        |(), batch| {
            open.batch(batch, &mut |text| {
                sentences(&text, |sentence| {
                    if let Some(Ok(mut lowest)) = found.get(&hash_of(sentence)).map(Mutex::lock) {
                        *lowest = Some(lowest.map_or(text.source, |known| known.min(text.source)));
                    }
                });
            });
        },
    );
    let found: HashMap<u64, u32> =
        found.into_iter().filter_map(|(hash, source)| Some((hash, source.into_inner().ok().flatten()?))).collect();
    let mut both = BTreeMap::<u32, BothWays>::new();
    for batch in 0..restricted.batches() {
        restricted.batch(batch, &mut |text| {
            sentences(&text, |sentence| {
                let Some(open_source) = found.get(&hash_of(sentence)).copied() else { return };
                let first =
                    || BothWays { source: text.source, open_source, sentence: sentence.iter().collect(), count: 0 };
                both.entry(text.source).or_insert_with(first).count += 1;
            });
        });
    }
    both.into_values().collect()
}

/// Hands on each sentence, line and table cell of a text that has enough weight, in normal characters.
fn sentences(text: &Text<'_>, each: impl FnMut(&[char])) {
    let mut splitter = Splitter { each, flow: String::new(), first: true };
    read_source(text, false, &mut splitter);
}

struct Splitter<F> {
    each: F,
    flow: String,
    first: bool,
}

impl<F: FnMut(&[char])> Splitter<F> {
    fn split(&mut self, text: &str) {
        let mut from = 0;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let ends = match character {
                '\n' | '\r' | '|' | '。' | '！' | '？' | '；' => true,
                '.' | '!' | '?' | ';' => characters.peek().is_none_or(|(_, next)| next.is_whitespace()),
                _ => false,
            };
            if ends {
                self.sentence(text.get(from..at).unwrap_or(""));
                from = at + character.len_utf8();
            }
        }
        self.sentence(text.get(from..).unwrap_or(""));
    }

    fn sentence(&mut self, text: &str) {
        if text.len() < LEAST_WEIGHT as usize {
            return;
        }
        let mut sentence = Vec::with_capacity(text.len() / 2);
        Normaliser::default().feed(text.trim_start_matches(['#', '-', '*', '>', ' ', '\t']), |normal| {
            sentence.push(normal.character);
        });
        if weight(&sentence) >= LEAST_WEIGHT {
            (self.each)(&sentence);
        }
    }
}

impl<F: FnMut(&[char])> Sink for Splitter<F> {
    fn flow(&mut self, piece: &str) {
        self.flow.push_str(piece);
    }
    fn cut(&mut self) {
        let flow = std::mem::take(&mut self.flow);
        self.split(&flow);
    }
    fn aside(&mut self, _: &'static str, text: &str) {
        // A source comes as it stands first, then with its encodings undone; its sentences count once.
        if std::mem::take(&mut self.first) {
            self.split(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Form;
    use super::*;

    fn text(source: u32, text: &str) -> Text<'_> {
        Text { source, text, form: Form::Plain }
    }

    #[test]
    fn sentences_written_both_ways_are_named_once_for_each_source() {
        let restricted = vec![
            text(1, "本年度续签价格下调百分之十五。客户已口头同意新的价格条款。短句。"),
            text(2, "只在密封处的一句很长的说明文字。"),
            text(3, "- Same  Line as the open one\n"),
        ];
        let open = vec![
            text(10, "前言。客户已口头同意新的价格条款。本年度续签价格下调百分之十五！短句。"),
            text(11, "# same line AS the open one"),
            text(9, "客户已口头同意新的价格条款"),
        ];
        let both = written_both_ways(&restricted, &open);
        let short: Vec<_> = both.iter().map(|b| (b.source, b.open_source, b.sentence.as_str(), b.count)).collect();
        assert_eq!(short, [(1, 10, "本年度续签价格下调百分之十五", 2), (3, 11, "same line as the open one", 1)]);
    }
}
