//! The words of the interface: one file a language, which an archive may override word by word.

use super::html::Html;
use crate::finding::{Code, Finding};
use crate::text::Source;
use crate::text::yaml::{self, Content, Node};
use std::collections::BTreeMap;

/// A file of words that is not a flat map of texts.
pub const BROKEN_WORDS: Code = Code("broken-words");

/// The words of both languages.
#[derive(Clone, Debug, Default)]
pub struct Words {
    zh: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
    /// What is said of one, in a language in which that is said otherwise than of several.
    one: BTreeMap<(&'static str, String), String>,
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
        let (language, words) = if language == "zh" { ("zh", &mut self.zh) } else { ("en", &mut self.en) };
        for entry in root.entries().unwrap_or_default() {
            let Some((one, other)) = forms(&entry.value) else {
                let remedy =
                    "write `key: text`, or `key: {one: text, other: text}` where one is said otherwise than several";
                let message = "a word of the interface must be text";
                findings.push(source.error(BROKEN_WORDS, entry.value.range.clone(), message, remedy));
                continue;
            };
            words.insert(entry.key.clone(), other.to_owned());
            let key = (language, entry.key.clone());
            match one {
                Some(one) => self.one.insert(key, one.to_owned()),
                None => self.one.remove(&key),
            };
        }
    }

    /// A word as it is said of so many, in one language.
    #[must_use]
    pub fn of_number<'a>(&'a self, key: &'a str, number: &str, language: &str) -> &'a str {
        let one = |language| self.one.get(&(language, key.to_owned()));
        let of_one = match language {
            _ if number != "1" => None,
            "zh" => one("zh"),
            _ => one("en"),
        };
        of_one.map_or_else(|| self.plain(key, language), String::as_str)
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
        let in_language = |language: &'static str| {
            // The browser says it of one where it counts one.
            let one = self.one.get(&(language, key.to_owned())).map_or("", String::as_str);
            let attributes = [("class", language), ("lang", language), ("data-one", one)];
            Html::element("span", &attributes, &Html::text(self.plain(key, language)))
        };
        let (zh, en) = (self.plain(key, "zh"), self.plain(key, "en"));
        if zh == en { Html::text(zh) } else { Html::joined([in_language("zh"), in_language("en")]) }
    }

    /// A sentence of both languages with what stands in its places, written `{name}`. `fill` gives the content of a
    /// place in a language; a place that it does not know stays empty.
    #[must_use]
    pub fn sentence(&self, key: &str, fill: impl Fn(&str, &str) -> Html) -> Html {
        self.sentence_of(key, "", fill)
    }

    /// The same as it is said of so many.
    #[must_use]
    pub fn sentence_of(&self, key: &str, number: &str, fill: impl Fn(&str, &str) -> Html) -> Html {
        let one = |language: &str| {
            let mut pieces = Vec::new();
            let mut rest = self.of_number(key, number, language);
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
        format!("{number} {}", self.of_number(key, number, language))
    }

    /// Whether a language has the word.
    #[must_use]
    pub fn has(&self, key: &str, language: &str) -> bool {
        if language == "zh" { self.zh.contains_key(key) } else { self.en.contains_key(key) }
    }

    /// Every text, for what the gate takes for words of the interface.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.zh.values().chain(self.en.values()).chain(self.one.values()).map(String::as_str)
    }

    /// The keys of a language.
    pub fn keys(&self, language: &str) -> impl Iterator<Item = &str> {
        if language == "zh" { self.zh.keys() } else { self.en.keys() }.map(String::as_str)
    }
}

/// What a word says of one, where that is said otherwise, and what it says of several.
fn forms(node: &Node) -> Option<(Option<&str>, &str)> {
    if !matches!(node.content, Content::Map(_)) {
        return node.text().map(|text| (None, text));
    }
    let known = node.entries()?.iter().all(|entry| matches!(entry.key.as_str(), "one" | "other"));
    let form = |key: &str| node.get(key).and_then(|entry| entry.value.text());
    if known { Some((form("one"), form("other")?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(zh: &str, en: &str) -> (Words, Vec<Finding>) {
        let (mut words, mut findings) = (Words::default(), Vec::new());
        for (language, text) in [("zh", zh), ("en", en)] {
            words.add(language, &Source::decode("words", text.as_bytes()).unwrap(), &mut findings);
        }
        (words, findings)
    }

    #[test]
    fn one_is_said_otherwise_than_several_where_the_language_does() {
        let (words, findings) = words("left: 还有 {n} 天", "left: {one: \"{n} day left\", other: \"{n} days left\"}");
        assert!(findings.is_empty());
        assert_eq!(words.of_number("left", "1", "en"), "{n} day left");
        assert_eq!(words.of_number("left", "11", "en"), "{n} days left");
        assert_eq!(words.of_number("left", "1", "zh"), "还有 {n} 天");
        assert!(words.html("left").as_str().contains("data-one=\"{n} day left\">{n} days left</span>"));
    }

    #[test]
    fn a_word_that_an_archive_says_in_one_form_has_no_other() {
        let (mut words, _) = words("left: 剩", "left: {one: a, other: b}");
        words.add("en", &Source::decode("words", b"left: c").unwrap(), &mut Vec::new());
        assert_eq!(words.of_number("left", "1", "en"), "c");
    }

    #[test]
    fn a_word_of_another_shape_is_an_error() {
        for text in ["left: [a]", "left: {one: a}", "left: {one: a, other: b, few: c}"] {
            let (_, findings) = words("", text);
            assert_eq!(findings.len(), 1, "{text}");
            assert_eq!(findings[0].code, BROKEN_WORDS);
        }
    }

    /// What the words say of a number of things has a form for one, and the same places in both forms and languages.
    #[test]
    fn forms_of_one_word_have_the_same_places_in_both_languages() {
        let theme = super::super::Theme::load(&[], &mut Vec::new()).unwrap();
        let words = theme.words();
        let places = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
            found.sort();
            found.dedup();
            found
        };
        for key in words.keys("zh") {
            let said = places(words.plain(key, "zh"));
            assert_eq!(said, places(words.plain(key, "en")), "{key}");
            if let Some(one) = words.one.get(&("en", key.to_owned())) {
                assert_eq!(said, places(one), "{key}");
            }
        }
        for counted in ["due.over_days", "due.in_days", "due.fold", "sign.left", "sign.past", "cases.all", "duration.d"]
        {
            assert_ne!(words.of_number(counted, "1", "en"), words.of_number(counted, "2", "en"), "{counted}");
        }
    }
}
