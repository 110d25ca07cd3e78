//! Whom words mean that stand in records: audiences of the settings, everybody, or people by what they are called.

use super::archive::Archive;
use crate::access::{Reader, STAFF};

/// Whether a reader is called so: in Chinese, in English, or by the name of the reader's file.
#[must_use]
pub fn is_reader(reader: &Reader, word: &str) -> bool {
    let word = word.trim();
    let names = [reader.zh.as_deref(), reader.en.as_deref(), Some(reader.name.as_str())];
    names.into_iter().flatten().any(|name| name.trim().eq_ignore_ascii_case(word))
}

impl Archive {
    /// The readers whom words mean, who have not left, in the order of their files and nobody twice. `staff` means all
    /// of them.
    #[must_use]
    pub fn meant<W: AsRef<str>>(&self, words: &[W]) -> Vec<&Reader> {
        let is = |reader: &Reader, word: &str| {
            self.settings.audiences.has(word.trim(), &reader.name) || is_reader(reader, word)
        };
        let present = self.readers.iter().filter(|reader| reader.until.is_none_or(|until| until >= self.day));
        present.filter(|reader| words.iter().any(|word| is(reader, word.as_ref()))).collect()
    }

    /// Whether a word means anybody that there could be.
    #[must_use]
    pub fn means_somebody(&self, word: &str) -> bool {
        let word = word.trim();
        word == STAFF
            || self.settings.audiences.get(word).is_some()
            || self.readers.iter().any(|reader| is_reader(reader, word))
    }
}
