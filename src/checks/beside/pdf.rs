//! PDF: who wrote it, with what, and how often it was saved over (ISO 32000-1, 7.5.6 and 14.3.3).

use super::{Said, media, position};

/// More of one kind than these are not looked at: the last ones say the same.
const MOST: usize = 64;

/// Reads a PDF. What stands in compressed streams is not looked at; programs that compress the document's information
/// write an XMP packet beside it, which is not.
pub(super) fn read(content: &[u8], said: &mut Vec<Said>) {
    // In an encrypted file the strings are too; they say nothing to anybody without its password.
    if position(content, b"/Encrypt", 0).is_none() {
        for (key, what) in [(&b"/Author"[..], Some("who made it")), (b"/Producer", None), (b"/Creator", None)] {
            for text in strings(content, key) {
                said.push(match what {
                    Some(what) => Said::Who(what, text),
                    None => Said::Program(text),
                });
            }
        }
    }
    if let Some(at) = position(content, b"<x:xmpmeta", 0) {
        let end = position(content, b"</x:xmpmeta>", at).unwrap_or(content.len());
        media::xmp(content.get(at..end).unwrap_or_default(), said);
    }
    // Each time a program saves into a file, it adds its changes and where they begin. One that is made for reading
    // from its beginning has that twice.
    let saved = count(content, b"startxref");
    let head = content.get(..content.len().min(2048)).unwrap_or_default();
    let expected = if position(head, b"/Linearized", 0).is_some() { 2 } else { 1 };
    match saved.saturating_sub(expected) {
        0 => {}
        1 => said.push(Said::Past("an earlier version of itself".to_owned())),
        more => said.push(Said::Past(format!("{more} earlier versions of itself"))),
    }
}

fn count(content: &[u8], wanted: &[u8]) -> usize {
    let (mut count, mut at) = (0, 0);
    while let Some(found) = position(content, wanted, at) {
        count += 1;
        at = found + wanted.len();
    }
    count
}

/// The strings that stand after a key.
fn strings(content: &[u8], key: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(place) = position(content, key, at).filter(|_| found.len() < MOST) {
        at = place + key.len();
        let rest = content.get(at..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        found.extend(rest.get(blank..).and_then(string).map(|bytes| decoded(&bytes)));
    }
    found
}

/// The bytes of a string at the beginning of `rest`: in parentheses, or in hexadecimal digits.
fn string(rest: &[u8]) -> Option<Vec<u8>> {
    const LONGEST: usize = 4096;
    let mut out = Vec::new();
    let mut bytes = rest.iter().take(LONGEST);
    match bytes.next()? {
        b'(' => {
            let mut depth = 1;
            while let Some(byte) = bytes.next() {
                match byte {
                    b'\\' => out.push(match bytes.next()? {
                        b'n' | b'r' | b't' | b'b' | b'f' => b' ',
                        // Octal digits: a letter that no Latin name is recognised by, and most often a byte of UTF-16.
                        first @ b'0'..=b'7' => {
                            let digits = bytes.clone().take(2).take_while(|byte| matches!(byte, b'0'..=b'7'));
                            let octal = |number: u16, byte: &u8| number * 8 + u16::from(*byte - b'0');
                            let (number, length) = digits
                                .fold((octal(0, first), 0), |(number, length), byte| (octal(number, byte), length + 1));
                            (0..length).for_each(|_| {
                                bytes.next();
                            });
                            u8::try_from(number % 256).ok()?
                        }
                        other => *other,
                    }),
                    b'(' => {
                        depth += 1;
                        out.push(*byte);
                    }
                    b')' => {
                        depth -= 1;
                        if depth == 0 {
                            return Some(out);
                        }
                        out.push(*byte);
                    }
                    other => out.push(*other),
                }
            }
            None
        }
        b'<' => {
            let digits: Vec<u8> =
                bytes.take_while(|byte| **byte != b'>').filter(|byte| byte.is_ascii_hexdigit()).copied().collect();
            let value = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            digits
                .chunks(2)
                .map(|pair| match pair {
                    [high, low] => Some(value(*high)? * 16 + value(*low)?),
                    [high] => Some(value(*high)? * 16),
                    _ => None,
                })
                .collect()
        }
        _ => None,
    }
}

/// A string's text: UTF-16 or UTF-8 by its mark, or letters of Latin.
fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0,
            });
            char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(content: &str) -> Vec<Said> {
        let mut said = Vec::new();
        read(content.as_bytes(), &mut said);
        said
    }

    const END: &str = "startxref\n9\n%%EOF\n";

    #[test]
    fn an_author_is_read_however_it_is_written() {
        let who = |text: &str| vec![Said::Who("who made it", text.to_owned())];
        assert_eq!(said(&format!("%PDF-1.4\n<< /Author (Li \\(Wei\\)) >>\n{END}")), who("Li (Wei)"));
        assert_eq!(said(&format!("%PDF-1.4\n<</Author<FEFF674E8587>>>\n{END}")), who("李薇"));
        assert_eq!(said(&format!("%PDF-1.4\n<</Author(\\376\\377gN\\205\\207)>>\n{END}")), who("李薇"));
        assert_eq!(said(&format!("%PDF-1.4\n<</Author 4 0 R>>\n{END}")), []);
    }

    #[test]
    fn programs_are_read_too() {
        let text = format!("%PDF-1.4\n<</Creator(Writer)/Producer (Draw 7)>>\n{END}");
        assert_eq!(said(&text), [Said::Program("Draw 7".into()), Said::Program("Writer".into())]);
    }

    #[test]
    fn a_pdf_that_was_saved_over_holds_what_stood_before() {
        assert_eq!(said(&format!("%PDF-1.4\n{END}{END}")), [Said::Past("an earlier version of itself".into())]);
        assert_eq!(said(&format!("%PDF-1.4\n{END}{END}{END}")), [Said::Past("2 earlier versions of itself".into())]);
        assert_eq!(said(&format!("%PDF-1.4\n{END}")), []);
    }

    #[test]
    fn a_pdf_made_for_the_web_names_two_beginnings_and_is_one_version() {
        let web = format!("%PDF-1.4\n<</Linearized 1>>\n{END}");
        assert_eq!(said(&format!("{web}{END}")), []);
        assert_eq!(said(&format!("{web}{END}{END}")), [Said::Past("an earlier version of itself".into())]);
    }

    #[test]
    fn an_encrypted_pdf_names_nobody() {
        assert_eq!(said(&format!("%PDF-1.4\n<</Author(xyz)>><</Encrypt 3 0 R>>\n{END}")), []);
    }
}
