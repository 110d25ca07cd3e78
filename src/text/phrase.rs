//! Words in Chinese, in English, or in one language that serves both.

use super::Source;
use super::yaml::{Content, Node};
use crate::finding::{Code, Finding, nearest, quote};

/// Where text is wanted, something else stands.
pub const NOT_TEXT: Code = Code("not-text");

/// Text that people read: `{zh: …, en: …}`, or one text for both languages.
#[derive(Clone, Debug, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Phrase {
    /// The Chinese text, where the file tells the languages apart.
    pub zh: Option<String>,
    /// The English text, where the file tells the languages apart.
    pub en: Option<String>,
    /// The text that serves both.
    pub both: Option<String>,
}

impl Phrase {
    /// One text that serves both languages.
    pub fn one(text: impl Into<String>) -> Self {
        Self { both: Some(text.into()), ..Self::default() }
    }

    /// The text in a language (`zh`, `en`), or in whichever there is.
    #[must_use]
    pub fn in_language(&self, language: &str) -> &str {
        let (first, second) = if language == "zh" { (&self.zh, &self.en) } else { (&self.en, &self.zh) };
        self.both.as_ref().or(first.as_ref()).or(second.as_ref()).map_or("", String::as_str)
    }

    /// Every text in it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [&self.zh, &self.en, &self.both].into_iter().flatten().map(String::as_str)
    }

    /// Reads a node as text; what is not becomes a finding.
    pub fn read(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<Self> {
        match &node.content {
            Content::Scalar { text, .. } => Some(Self::one(text.clone())),
            Content::Map(entries) if !entries.is_empty() => {
                let mut phrase = Self::default();
                for entry in entries {
                    let Some(text) = entry.value.text() else {
                        findings.push(source.error(
                            NOT_TEXT,
                            entry.value.range.clone(),
                            format!("{} stands where text is wanted", entry.value.what()),
                            "write text, in quotes if it holds a colon or a hash",
                        ));
                        continue;
                    };
                    match entry.key.as_str() {
                        "zh" => phrase.zh = Some(text.to_owned()),
                        "en" => phrase.en = Some(text.to_owned()),
                        other => {
                            let hint = nearest(other, ["zh", "en"]).map(|n| format!("; did you mean `{n}`?"));
                            findings.push(source.error(
                                NOT_TEXT,
                                entry.key_range.clone(),
                                format!("{} is no language here", quote(other)),
                                format!("use `zh` and `en`{}", hint.unwrap_or_default()),
                            ));
                        }
                    }
                }
                (phrase.zh.is_some() || phrase.en.is_some()).then_some(phrase)
            }
            _ => {
                findings.push(source.error(
                    NOT_TEXT,
                    node.range.clone(),
                    format!("{} stands where text is wanted", node.what()),
                    "write text, or `{zh: …, en: …}`",
                ));
                None
            }
        }
    }
}
