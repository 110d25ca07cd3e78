//! A section and what stands in it: its restrictions, its words, its links, and its HTML once a page says where the
//! links go.

use std::ops::Range;
use std::sync::Arc;

/// These two stand around a link's number in a section's HTML.
pub(super) const MARK: char = '\u{FDD0}';
pub(super) const MARK_END: char = '\u{FDD1}';

/// A heading's `{audience=…}`: the names as written, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The audiences, any of which will do.
    pub names: Vec<String>,
    /// The whole heading's bytes in the file.
    pub range: Range<usize>,
    /// The heading's line in the file, from 1.
    pub line: u32,
}

/// A link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The destination as written.
    pub target: String,
    /// Whether it is an image, and its text then.
    pub image: Option<String>,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// What stands under one heading, up to the next heading of any level.
#[derive(Debug, Default)]
pub struct Section {
    /// The heading's level, 1–6; 0 for what stands before the first heading.
    pub level: usize,
    /// The heading's text.
    pub heading: Arc<str>,
    /// The section's bytes in the file.
    pub range: Range<usize>,
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The restrictions of the headings that hold it, its own last. A reader needs all of them.
    pub restrictions: Vec<Arc<Attribute>>,
    /// Its HTML, with marks for links.
    pub(super) html: Box<str>,
    /// Its words without marks, a line a block: what the gate must not find elsewhere.
    pub text: Arc<str>,
    /// Its links and images.
    pub links: Vec<Link>,
}

/// What becomes of a link on a page.
pub enum Shown {
    /// Only the words stand there.
    Words,
    /// The opening tag of the element, complete and escaped; `</a>` follows the words. For images the whole element.
    Tag(String),
}

impl Section {
    /// The section's HTML with each link or image written as `show` says.
    pub fn html(&self, mut show: impl FnMut(&Link) -> Shown) -> String {
        if self.links.is_empty() {
            return self.html.to_string();
        }
        let mut out = String::with_capacity(self.html.len() + self.links.len() * 32);
        let mut open: Vec<bool> = Vec::new();
        for (n, piece) in self.html.split(MARK).enumerate() {
            if n == 0 {
                out.push_str(piece);
                continue;
            }
            let (mark, rest) = piece.split_once(MARK_END).unwrap_or(("", piece));
            match mark.parse::<usize>().ok().and_then(|index| self.links.get(index)) {
                Some(link) => match (show(link), &link.image) {
                    (Shown::Tag(tag), image) => {
                        out.push_str(&tag);
                        if image.is_none() {
                            open.push(true);
                        }
                    }
                    (Shown::Words, Some(alt)) => escape_into(alt, &mut out),
                    (Shown::Words, None) => open.push(false),
                },
                None => {
                    if open.pop() == Some(true) {
                        out.push_str("</a>");
                    }
                }
            }
            out.push_str(rest);
        }
        out
    }

    /// The classes by which a page tells its code apart, made of the language that a fence names: `language-json`.
    pub fn code_classes(&self) -> impl Iterator<Item = &str> {
        let values = self.html.split("<code class=\"").skip(1);
        values.filter_map(|rest| rest.split('"').next()).filter(|class| class.starts_with("language-"))
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.level == 0 && self.html.trim().is_empty()
    }
}

/// Appends text with the five signs of HTML written as entities.
pub fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (sign, after) = from.split_at(1);
        out.push_str(match sign {
            "&" => "&amp;",
            "<" => "&lt;",
            ">" => "&gt;",
            "\"" => "&quot;",
            _ => "&#39;",
        });
        rest = after;
    }
    out.push_str(rest);
}
