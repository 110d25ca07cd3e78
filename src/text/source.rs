//! A file's text: decoded once, with the line breaks and the mark that editors add taken off.

use super::encoding::Encoding;
use crate::finding::{Code, Finding, Place};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The bytes were not UTF-8.
pub const NOT_UTF8: Code = Code("not-utf8");
/// A code point that stands for no character, or a control character that no editor shows.
pub const HIDDEN_CHARACTER: Code = Code("hidden-character");

/// One file of the archive as text: UTF-8, line feeds only, no byte-order mark.
#[derive(Clone)]
pub struct Source {
    file: Arc<str>,
    text: Arc<str>,
    /// The byte at which each line begins, found when the first place is asked for.
    line_starts: Arc<OnceLock<Vec<usize>>>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The text may be restricted; its file is enough to tell sources apart.
        write!(f, "Source({})", self.file)
    }
}

impl Source {
    /// Decodes the bytes of `file`. A byte-order mark is dropped, CRLF and CR become LF.
    ///
    /// # Errors
    /// A finding when the bytes are not UTF-8, or hold what no reader could see: a restriction must not hang on a
    /// character that looks like nothing.
    pub fn decode(file: &str, bytes: &[u8]) -> Result<Self, Box<Finding>> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return Err(not_utf8(file, bytes, error.valid_up_to())),
        };
        Self::of_text(file, text)
    }

    /// Decodes the bytes of a file that somebody says is in another encoding, as a table from a spreadsheet may be.
    ///
    /// # Errors
    /// As [`Source::decode`], and where the bytes are not in that encoding.
    pub fn decode_as(file: &str, bytes: &[u8], encoding: Encoding) -> Result<Self, Box<Finding>> {
        if encoding == Encoding::Utf8 {
            return Self::decode(file, bytes);
        }
        match encoding.decoded(bytes) {
            Some(text) => Self::of_text(file, &text),
            None => Err(Box::new(
                Finding::error(NOT_UTF8, format!("this is not {}", encoding.called()))
                    .at(Place::whole(file))
                    .remedy("say the encoding that it really has, or save it as UTF-8"),
            )),
        }
    }

    fn of_text(file: &str, text: &str) -> Result<Self, Box<Finding>> {
        let text: Arc<str> = match text.contains('\r') {
            true => text.replace("\r\n", "\n").replace('\r', "\n").into(),
            false => text.into(),
        };
        if let Some((at, c)) = hidden_character(&text) {
            return Err(Box::new(
                Finding::error(
                    HIDDEN_CHARACTER,
                    format!("the character U+{:04X} is invisible and means nothing here", u32::from(c)),
                )
                .at(Place::of(file, &text, at..at + c.len_utf8()))
                .remedy("delete it: an editor that shows control characters makes it visible"),
            ));
        }
        Ok(Self { file: file.into(), text, line_starts: Arc::default() })
    }

    /// The file's path inside the archive.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of a byte range of the text.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Place {
        let starts = self
            .line_starts
            .get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect());
        Place::of_indexed(&self.file, &self.text, range, starts)
    }

    /// An error at a byte range of the text.
    #[must_use]
    pub fn error(
        &self,
        code: Code,
        at: Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding::error(code, message).at(self.place(at)).remedy(remedy)
    }

    /// A warning at a byte range of the text.
    #[must_use]
    pub fn warning(
        &self,
        code: Code,
        at: Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding::warning(code, message).at(self.place(at)).remedy(remedy)
    }
}

/// The finding for bytes that are not UTF-8, with what they look like instead.
fn not_utf8(file: &str, bytes: &[u8], valid: usize) -> Box<Finding> {
    let good = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default()).into_owned();
    let line = good.matches('\n').count() + 1;
    let (guess, remedy) = match Encoding::guess(bytes) {
        Some(encoding) => (
            format!(": this looks like {}", encoding.called()),
            format!("save it as UTF-8 in the editor, or convert it with `iconv -f {} -t UTF-8`", encoding.word()),
        ),
        None => (String::new(), "save it as UTF-8 in the editor".to_owned()),
    };
    let finding = Finding::error(NOT_UTF8, format!("line {line} is not UTF-8{guess}"));
    Box::new(finding.at(Place::of(file, &good, good.len()..good.len())).remedy(remedy))
}

/// The first hidden character, and where it stands. Few bytes can begin one, so that few characters are looked at.
fn hidden_character(text: &str) -> Option<(usize, char)> {
    let may_begin_one = |byte: u8| matches!(byte, 0..0x20 | 0x7F | 0xC2 | 0xE2 | 0xEF) && byte != b'\n';
    let places = text.bytes().enumerate().filter(|(_, byte)| may_begin_one(*byte));
    let mut characters = places.filter_map(|(at, _)| Some((at, text.get(at..)?.chars().next()?)));
    characters.find(|(_, c)| is_hidden(*c))
}

/// Control characters, bidirectional overrides, zero-width characters and noncharacters. The last are also what the
/// Markdown room uses as its own marks.
fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' => true,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}' => true,
        c => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_mark_and_carriage_returns_are_taken_off() {
        let source = Source::decode("a.md", b"\xEF\xBB\xBFa\r\nb\rc\n").unwrap();
        assert_eq!(source.text(), "a\nb\nc\n");
    }

    #[test]
    fn gbk_bytes_are_named_as_such() {
        // 合同 in GBK.
        let finding = Source::decode("a.md", b"title: \xBA\xCF\xCD\xAC\n").err().unwrap();
        assert_eq!(finding.message, "line 1 is not UTF-8: this looks like GBK/GB18030");
        assert!(finding.remedy.contains("UTF-8"), "{}", finding.remedy);
        assert_eq!(finding.place.map(|place| (place.line, place.column)), Some((1, 8)));
        // 㐂 takes four bytes in GB 18030.
        let finding = Source::decode("a.md", b"title: \x81\x39\xEF\x30\xBA\xCF\n").err().unwrap();
        assert!(finding.message.contains("GB18030"), "{}", finding.message);
    }

    #[test]
    fn other_encodings_are_named_where_they_can_be_told() {
        let finding = Source::decode("a.csv", b"\xFF\xFEw\0e\0").err().unwrap();
        assert!(finding.message.contains("UTF-16"), "{}", finding.message);
        let finding = Source::decode("a.csv", b"caf\xE9, th\xE9\n").err().unwrap();
        assert_eq!(finding.message, "line 1 is not UTF-8", "Latin-1 may be anything");
    }

    #[test]
    fn invisible_characters_are_refused() {
        assert!(Source::decode("a.md", "aud\u{200B}ience".as_bytes()).is_err());
        assert!(Source::decode("a.md", "a\u{202E}b".as_bytes()).is_err());
        assert!(Source::decode("a.md", b"a\0b").is_err());
        for c in (0..0x30000).filter_map(char::from_u32).filter(|c| *c != '\r') {
            let found = hidden_character(&format!("中{c}文")).is_some();
            assert_eq!(found, is_hidden(c), "{c:?}");
        }
    }
}
