//! HTML that is known to be well made: escaped text, or what a template or the Markdown room made.

use crate::record::Kind;
use crate::text::Phrase;
use crate::text::markdown::escape_into;

/// Ids, classes and attribute values that the program writes by itself. The gate takes them for words of the
/// interface; what is made with a type's name stands in [`own_words`].
const OWN_WORDS: [&str; 42] = [
    "identity-fields",
    "dossier-table",
    "register-table",
    "register-records",
    "groups-list",
    "held-title",
    "held-date",
    "provenance",
    "attachment",
    "attachments",
    "footnote-reference",
    "footnote-definition",
    "footnote-label",
    "noreferrer noopener",
    "chart-label chart-title chart-line chart-axis chart-grid",
    "application/octet-stream application/pdf text/csv image/svg+xml",
    "number first stale",
    "choice first",
    "date first",
    "text first",
    "mark-cell first",
    "text lacks",
    "text lates",
    "mark mark-there",
    "mark mark-expired",
    "mark mark-missing",
    "mark mark-beyond",
    "mark mark-free",
    "dashboard-note",
    "effort-tiers",
    "effort-pareto",
    "sign instead",
    "no-sign instead",
    "sign-reading",
    "churn-signs",
    "signs-of",
    "digest-name",
    "digest-record",
    "digest-restricted",
    "digest-attention",
    "digest-changes",
    "timeline-kind",
];

/// Every word that the program itself puts on pages, for record types of these names.
pub fn own_words<'a>(types: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = OWN_WORDS.iter().map(|word| (*word).to_owned()).collect();
    for name in types {
        for word in [
            "records-",
            "group-",
            "toc-",
            "table-",
            "register-",
            "required-",
            "group group-",
            "record record-",
            "#group-",
        ] {
            words.push(format!("{word}{name}"));
        }
    }
    for kind in Kind::ALL {
        words.push(format!("field field-{}", kind.0));
    }
    words
}

/// A piece of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Text, escaped.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        escape_into(text, &mut out);
        Self(out)
    }

    /// HTML that a template, the Markdown room or this room made. Never text from an archive.
    #[must_use]
    pub fn made(html: String) -> Self {
        Self(html)
    }

    /// A phrase: both languages where it has both, of which the style sheet shows one.
    #[must_use]
    pub fn phrase(phrase: &Phrase) -> Self {
        match (&phrase.both, &phrase.zh, &phrase.en) {
            (None, Some(zh), Some(en)) => Self::both(zh, en),
            _ => Self::text(phrase.in_language("zh")),
        }
    }

    /// A text in both languages.
    #[must_use]
    pub fn both(zh: &str, en: &str) -> Self {
        if zh == en {
            return Self::text(zh);
        }
        let mut out = String::from("<span class=\"zh\" lang=\"zh\">");
        escape_into(zh, &mut out);
        out.push_str("</span><span class=\"en\" lang=\"en\">");
        escape_into(en, &mut out);
        out.push_str("</span>");
        Self(out)
    }

    /// An element with attributes, whose values are escaped here, around HTML.
    #[must_use]
    pub fn element(name: &str, attributes: &[(&str, &str)], inside: &Self) -> Self {
        let mut out = open_tag(name, attributes);
        out.push_str(&inside.0);
        out.push_str("</");
        out.push_str(name);
        out.push('>');
        Self(out)
    }

    /// Several pieces one after the other.
    pub fn joined(pieces: impl IntoIterator<Item = Self>) -> Self {
        let mut out = String::new();
        for piece in pieces {
            out.push_str(&piece.0);
        }
        Self(out)
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The HTML as a string.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// An opening tag with escaped attribute values. An attribute without a value is left out.
#[must_use]
pub fn open_tag(name: &str, attributes: &[(&str, &str)]) -> String {
    let mut out = format!("<{name}");
    for (key, value) in attributes {
        if !value.is_empty() || *key == "alt" {
            out.push(' ');
            out.push_str(key);
            out.push_str("=\"");
            escape_into(value, &mut out);
            out.push('"');
        }
    }
    out.push('>');
    out
}
