//! The words of the interface: one file a language, which an archive may override word by word.

use super::html::Html;
use crate::finding::{Code, Finding};
use crate::text::Source;
use crate::text::yaml;
use std::collections::BTreeMap;

/// A file of words that is not a flat map of texts.
pub const BROKEN_WORDS: Code = Code("broken-words");

/// The words of both languages.
#[derive(Clone, Debug, Default)]
pub struct Words {
    zh: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
}

impl Words {
    /// Reads a file of words over those that are there.
    pub fn add(&mut self, language: &str, source: &Source, findings: &mut Vec<Finding>) {
        let root = match yaml::parse(source, 0..source.text().len()) {
            Ok(root) => root,
            Err(mut errors) => {
                findings.append(&mut errors);
                return;
            }
        };
        let words = if language == "zh" { &mut self.zh } else { &mut self.en };
        for entry in root.entries().unwrap_or_default() {
            match entry.value.text() {
                Some(text) => {
                    words.insert(entry.key.clone(), text.to_owned());
                }
                None => findings.push(source.error(
                    BROKEN_WORDS,
                    entry.value.range.clone(),
                    "a word of the interface must be text",
                    "write `key: text`",
                )),
            }
        }
    }

    /// A word in one language; the key itself where it is missing, which a test keeps from happening.
    #[must_use]
    pub fn plain<'a>(&'a self, key: &'a str, language: &str) -> &'a str {
        let (first, second) = if language == "zh" { (&self.zh, &self.en) } else { (&self.en, &self.zh) };
        first.get(key).or_else(|| second.get(key)).map_or(key, String::as_str)
    }

    /// A word in both languages, as HTML.
    #[must_use]
    pub fn html(&self, key: &str) -> Html {
        Html::both(self.plain(key, "zh"), self.plain(key, "en"))
    }

    /// A sentence of both languages with what stands in its places, written `{name}`. `fill` gives the content of a
    /// place in a language; a place that it does not know stays empty.
    #[must_use]
    pub fn sentence(&self, key: &str, fill: impl Fn(&str, &str) -> Html) -> Html {
        let one = |language: &str| {
            let mut pieces = Vec::new();
            let mut rest = self.plain(key, language);
            while let Some((before, (name, after))) =
                rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
            {
                pieces.push(Html::text(before));
                pieces.push(fill(name, language));
                rest = after;
            }
            pieces.push(Html::text(rest));
            Html::element("span", &[("class", language), ("lang", language)], &Html::joined(pieces))
        };
        Html::joined([one("zh"), one("en")])
    }

    /// A number of something, as `10 years`.
    #[must_use]
    pub fn counted(&self, key: &str, number: &str, language: &str) -> String {
        let plural = if language == "en" && number != "1" { "s" } else { "" };
        format!("{number} {}{plural}", self.plain(key, language))
    }

    /// Whether a language has the word.
    #[must_use]
    pub fn has(&self, key: &str, language: &str) -> bool {
        if language == "zh" { self.zh.contains_key(key) } else { self.en.contains_key(key) }
    }

    /// Every text, for what the gate takes for words of the interface.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.zh.values().chain(self.en.values()).map(String::as_str)
    }

    /// The keys of a language.
    pub fn keys(&self, language: &str) -> impl Iterator<Item = &str> {
        if language == "zh" { self.zh.keys() } else { self.en.keys() }.map(String::as_str)
    }
}
