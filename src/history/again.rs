//! Words and values that come again in record after record, kept once.

use super::shown::Shown;
use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// More words than any archive's types have between them; beyond it nothing is kept for others.
const WORDS: usize = 4096;

thread_local! {
    static KNOWN: RefCell<HashSet<Arc<str>>> = RefCell::default();
}

/// A word of which there are few, as the name of a field. Of each, a thread keeps one, since a past says it some hundred
/// thousand times.
#[must_use]
pub fn again(word: &str) -> Arc<str> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(word) = known.get(word) {
            return Arc::clone(word);
        }
        let word: Arc<str> = word.into();
        if known.len() < WORDS {
            known.insert(Arc::clone(&word));
        }
        word
    })
}

/// Values on one line, each once: the same amounts, choices and titles stand in many records.
#[derive(Default)]
pub struct Values(HashSet<Same>);

impl Values {
    /// The value, or the one that is known already and says the same in every respect.
    pub fn once(&mut self, shown: &Arc<Shown>) -> Arc<Shown> {
        if !matches!(shown.as_ref(), Shown::Line(_) | Shown::Rows { .. }) {
            return Arc::clone(shown);
        }
        let shown = Same(Arc::clone(shown));
        if let Some(known) = self.0.get(&shown) {
            return Arc::clone(&known.0);
        }
        let kept = Arc::clone(&shown.0);
        self.0.insert(shown);
        kept
    }
}

/// A value by all that it says. Values as such count as the same where pages show them alike, however they are written.
struct Same(Arc<Shown>);

impl Same {
    fn written(&self) -> Option<&str> {
        self.0.line().and_then(|line| line.written.as_deref())
    }
}

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 && self.written() == other.written()
    }
}

impl Eq for Same {}

impl Hash for Same {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0.as_ref() {
            Shown::Line(line) => (&line.zh, &line.en, line.kind, &line.written).hash(state),
            Shown::Rows { first, last, count } => (first, last, count).hash(state),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shown::Line;
    use super::*;
    use crate::record::Kind;

    #[test]
    fn values_that_say_the_same_are_kept_once_and_others_apart() {
        let line = |written: &str, kind| Arc::new(Shown::Line(Line::both("是", "yes", kind).written_as(written)));
        let mut values = Values::default();
        let first = values.once(&line("yes", Kind::YesNo));
        assert!(Arc::ptr_eq(&first, &values.once(&line("yes", Kind::YesNo))));
        assert!(!Arc::ptr_eq(&first, &values.once(&line("是", Kind::YesNo))), "how it is written is history too");
        assert!(!Arc::ptr_eq(&first, &values.once(&line("yes", Kind::Text))));
    }
}
