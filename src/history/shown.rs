//! What a part of a record said at some time, as text that can be compared, shown and searched.

use crate::record::{Kind, Value};
use crate::repository::ContentId;
use crate::text::Phrase;
use crate::text::markdown::Section;
use std::fmt;
use std::sync::Arc;

/// The content of a part at one time.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A value on one line.
    Line(Line),
    /// The elements of a list.
    List(Vec<Line>),
    /// A section's text.
    Text(Text),
    /// The rows with which a series began: the first label, the last, and how many.
    Rows {
        /// The label of the first row.
        first: String,
        /// The label of the last row.
        last: String,
        /// How many rows.
        count: usize,
    },
    /// An attachment: how many bytes, and the first digits of its content's id.
    File {
        /// Its size in bytes, where it could be had.
        size: Option<u64>,
        /// The first ten digits of its content's id.
        digest: String,
        /// The id, as git knows it.
        id: ContentId,
    },
}

/// A value on one line, in both languages.
#[derive(Clone, Debug)]
pub struct Line {
    /// As a Chinese page shows it.
    pub zh: Arc<str>,
    /// As an English page shows it; the same as `zh` for most values.
    pub en: Arc<str>,
    /// What kind of value it is.
    pub kind: Kind,
    /// The text as it stood in the file, where pages show another; none for text in two languages.
    pub written: Option<Arc<str>>,
}

/// Values that are shown alike are the same: that `yes` became `是` is no change that anybody asks for.
impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        (&self.zh, &self.en, self.kind) == (&other.zh, &other.en, other.kind)
    }
}

impl Eq for Line {}

/// A section's text as it stood.
#[derive(Clone)]
pub struct Text {
    /// Its heading; empty before the first one.
    pub(super) heading: Arc<str>,
    /// Its words, a line a block, with the heading: the archive's own where they still stand, of which there are many.
    pub(super) text: Arc<str>,
    /// The Markdown, with the heading. It is kept for those who ask for it alone: there is much of it.
    pub written: Option<Arc<str>>,
}

/// Texts of the same words are the same, whatever marks stand in them.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        (self.heading(), self.words()) == (other.heading(), other.words())
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Text");
        text.field("heading", &self.heading()).field("words", &self.words()).field("written", &self.written).finish()
    }
}

impl Line {
    /// A value that is no group.
    #[must_use]
    pub fn of(value: &Value, kind: Kind) -> Self {
        Self::both(&value.plain("zh"), &value.plain("en"), kind).written_as(&value.written())
    }

    /// The same with the text as it stood in the file; an empty one says nothing.
    #[must_use]
    pub fn written_as(mut self, text: &str) -> Self {
        if !text.is_empty() {
            let shown = *self.zh == *text && self.zh == self.en;
            self.written = (!shown).then(|| text.into());
        }
        self
    }

    /// Text that serves both languages.
    #[must_use]
    pub fn plain(text: impl Into<String>, kind: Kind) -> Self {
        let zh: Arc<str> = text.into().into();
        Self { en: Arc::clone(&zh), zh, kind, written: None }
    }

    /// A phrase.
    #[must_use]
    pub fn phrase(phrase: &Phrase, kind: Kind) -> Self {
        Self::both(phrase.in_language("zh"), phrase.in_language("en"), kind)
    }

    /// A text in both languages, kept once where they are the same: most are, and there are many.
    #[must_use]
    pub fn both(zh: &str, en: &str, kind: Kind) -> Self {
        let first: Arc<str> = zh.into();
        let en = if en == zh { Arc::clone(&first) } else { en.into() };
        Self { zh: first, en, kind, written: None }
    }

    /// The value as a phrase of both languages.
    #[must_use]
    pub fn to_phrase(&self) -> Phrase {
        if self.zh == self.en {
            return Phrase::one(&*self.zh);
        }
        Phrase { zh: Some(self.zh.to_string()), en: Some(self.en.to_string()), both: None }
    }

    /// The number in it, where it is of a kind that can be drawn: an amount, a percentage, a rating's grade is none.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        if !matches!(self.kind, Kind::Number | Kind::Money | Kind::Percent | Kind::Year) {
            return None;
        }
        let plain: String = self.en.chars().filter(|c| *c != ',').collect();
        let end = plain.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(plain.len());
        plain.get(..end)?.parse().ok()
    }
}

impl Text {
    /// A section as it stood.
    #[must_use]
    pub fn of(section: &Section) -> Self {
        Self { heading: Arc::clone(&section.heading), text: Arc::clone(&section.text), written: None }
    }

    /// Words without a heading.
    #[must_use]
    pub fn plain(words: String) -> Self {
        Self { heading: "".into(), text: words.into(), written: None }
    }

    /// Its heading.
    #[must_use]
    pub fn heading(&self) -> &str {
        self.heading.trim()
    }

    /// Its words, a line a block, without the heading.
    #[must_use]
    pub fn words(&self) -> &str {
        self.text.strip_prefix(self.heading()).unwrap_or(&self.text).trim()
    }
}

impl Shown {
    /// Every text in it that is worth comparing with what is restricted elsewhere.
    pub fn texts(&self, out: &mut Vec<String>) {
        let line = |line: &Line, out: &mut Vec<String>| {
            out.push(line.zh.to_string());
            if line.en != line.zh {
                out.push(line.en.to_string());
            }
        };
        match self {
            Self::Line(one) => line(one, out),
            Self::List(lines) => lines.iter().for_each(|one| line(one, out)),
            Self::Text(text) => {
                out.push(text.heading().to_owned());
                out.extend(super::sentences::sentences(text.words()).map(str::to_owned));
            }
            Self::Rows { first, last, .. } => out.extend([first.clone(), last.clone()]),
            Self::File { digest, .. } => out.push(digest.clone()),
        }
    }

    /// Whether both are texts, and one stood in its file as the other did, or nobody asked how.
    #[must_use]
    pub fn is_text_written_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.written == other.written,
            _ => false,
        }
    }

    /// The value on one line, where it is one.
    #[must_use]
    pub fn line(&self) -> Option<&Line> {
        match self {
            Self::Line(line) => Some(line),
            _ => None,
        }
    }
}
