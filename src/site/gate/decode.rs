//! Undoing the encodings in which text may stand in a file: entities, escapes, percent signs, base64.
//!
//! Each function gives nothing where there is nothing to undo, so that plain text costs one look.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Runs of base64 below this length are not decoded: shorter ones hold less than 18 bytes, six Han characters.
pub(super) const SHORTEST_BASE64: usize = 24;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN_BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const ADDRESS_BASE64: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// The named entities that are undone: those that escaping makes, and the punctuation that people write by name.
const NAMED: [(&str, char); 26] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("middot", '·'),
    ("times", '×'),
    ("deg", '°'),
    ("yen", '¥'),
    ("copy", '©'),
    ("reg", '®'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("sect", '§'),
    ("shy", '\u{AD}'),
];

/// The character for which the entity at the start of `text` stands (`text` begins with `&`), and the entity's length
/// in bytes.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    if let Some(number) = rest.strip_prefix('#') {
        let (digits, radix, prefix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.bytes().take(8).take_while(|b| char::from(*b).is_digit(radix)).count();
        let character = char::from_u32(u32::from_str_radix(digits.get(..length)?, radix).ok()?)?;
        let closed = usize::from(digits.as_bytes().get(length) == Some(&b';'));
        return Some((character, prefix + length + closed));
    }
    let length = rest.bytes().take(8).take_while(u8::is_ascii_alphabetic).count();
    if rest.as_bytes().get(length) != Some(&b';') {
        return None;
    }
    let name = rest.get(..length)?;
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| (*character, length + 2))
}

/// The text with its entities undone, if it has any.
pub(super) fn entities(text: &str) -> Option<String> {
    undone(text, '&', entity)
}

/// The text with `\uXXXX`, `\u{X}`, `\xXX`, `\n` and other escapes of JSON and JavaScript undone, if it has any. A
/// backslash before another character is dropped, as JavaScript and Markdown do.
pub(super) fn escapes(text: &str) -> Option<String> {
    undone(text, '\\', |rest| {
        let hex = |from: usize, to: usize| u32::from_str_radix(rest.get(from..to)?, 16).ok();
        match rest.chars().nth(1)? {
            'n' | 'r' | 't' | 'f' | 'v' | 'b' | '\n' => Some((' ', 2)),
            'x' => Some((char::from_u32(hex(2, 4)?)?, 4)),
            'u' if rest.as_bytes().get(2) == Some(&b'{') => {
                let end = rest.bytes().take(10).position(|b| b == b'}')?;
                Some((char::from_u32(hex(3, end)?)?, end + 1))
            }
            'u' => match hex(2, 6)? {
                high @ 0xD800..=0xDBFF if rest.get(6..8) == Some("\\u") => {
                    let low = hex(8, 12)?.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
                    Some((char::from_u32(0x10000 + ((high - 0xD800) << 10) + low)?, 12))
                }
                unit => Some((char::from_u32(unit)?, 6)),
            },
            other => Some((other, 1 + other.len_utf8())),
        }
    })
}

/// The text with each place at `sign` undone by `undo`, which is given the rest of the text from there; nothing if
/// nothing was undone.
fn undone(text: &str, sign: char, undo: impl Fn(&str) -> Option<(char, usize)>) -> Option<String> {
    let mut made: Option<String> = None;
    let (mut from, mut at) = (0, 0);
    while let Some(found) = text.get(at..)?.find(sign) {
        let place = at + found;
        match undo(text.get(place..)?) {
            Some((character, length)) => {
                let made = made.get_or_insert_with(|| String::with_capacity(text.len()));
                made.push_str(text.get(from..place)?);
                made.push(character);
                at = place + length;
                from = at;
            }
            None => at = place + sign.len_utf8(),
        }
    }
    let mut made = made?;
    made.push_str(text.get(from..)?);
    Some(made)
}

/// The text with `%XX` undone, if it has any; bytes that are no UTF-8 become replacement characters.
pub(super) fn percent(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let value = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16)).map(|digit| digit as u8);
    let mut made: Option<Vec<u8>> = None;
    let (mut from, mut at) = (0, 0);
    while let Some(found) = bytes.get(at..)?.iter().position(|b| *b == b'%') {
        let place = at + found;
        at = place + 1;
        if let (Some(high), Some(low)) = (value(place + 1), value(place + 2)) {
            let made = made.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
            made.extend_from_slice(bytes.get(from..place)?);
            made.push(high << 4 | low);
            at = place + 3;
            from = at;
        }
    }
    let mut made = made?;
    made.extend_from_slice(bytes.get(from..)?);
    Some(String::from_utf8_lossy(&made).into_owned())
}

/// What a run of base64 characters (either alphabet, line ends allowed) holds, if that may be text or a packed file:
/// one result for each of the four places where a group of four may begin.
///
/// A run without a capital letter is a path or a word: base64 of text of this length always has capitals, since
/// letters of ASCII begin with `Y` to `e` and Han characters with `4` to `6`, `c` and the like in each group.
pub(super) fn base64_run(run: &str) -> Vec<Vec<u8>> {
    if run.len() < SHORTEST_BASE64 || !run.bytes().any(|b| b.is_ascii_uppercase()) {
        return Vec::new();
    }
    let joined: Vec<u8> = run.bytes().filter(|b| !matches!(b, b'\r' | b'\n' | b'=')).collect();
    let engine = if joined.iter().any(|b| matches!(b, b'-' | b'_')) { &ADDRESS_BASE64 } else { &PLAIN_BASE64 };
    let mut found = Vec::new();
    for shift in 0..4 {
        let Some(part) = joined.get(shift..) else { break };
        // A single character left over is no base64; it belongs to what follows the run.
        let part = if part.len() % 4 == 1 { part.get(..part.len() - 1).unwrap_or(part) } else { part };
        let Ok(bytes) = engine.decode(part) else { continue };
        let packed = bytes.starts_with(&[0x1F, 0x8B]) || bytes.starts_with(b"PK\x03\x04");
        if packed || text_in(&bytes).is_some() {
            found.push(bytes);
        }
    }
    found
}

/// The bytes as text, if they are UTF-8 but for a character broken at either end, without control characters.
pub(super) fn text_in(bytes: &[u8]) -> Option<&str> {
    let begin = bytes.iter().take(3).take_while(|b| **b & 0xC0 == 0x80).count();
    let bytes = bytes.get(begin..)?;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()?,
        Err(_) => return None,
    };
    let odd = text.bytes().any(|b| b < 0x20 && !b.is_ascii_whitespace() || b == 0x7F);
    (!odd).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_of_all_three_kinds_are_undone() {
        assert_eq!(entities("a&amp;b&#x4e2d;&#22269;&lt;&nope;&").as_deref(), Some("a&b中国<&nope;&"));
        assert_eq!(entities("AT&T & co"), None);
    }

    #[test]
    fn escapes_of_json_and_scripts_are_undone() {
        assert_eq!(escapes(r#"\u4e2d\u{56fd}\x41\n\"\ud83d\ude00\u12"#).as_deref(), Some("中国A \"😀\\u12"));
        assert_eq!(escapes("no escape"), None);
    }

    #[test]
    fn percent_signs_are_undone_and_bare_ones_stay() {
        assert_eq!(percent("100% %E4%B8%AD%zz").as_deref(), Some("100% 中%zz"));
        assert_eq!(percent("100%"), None);
    }

    #[test]
    fn base64_of_text_is_read_and_noise_is_not() {
        let secret = "并购意向书尚未公开";
        let run = PLAIN_BASE64.encode(secret);
        assert!(base64_run(&run).iter().any(|bytes| bytes == secret.as_bytes()));
        assert!(base64_run(&format!("x/{run}")).iter().any(|bytes| text_in(bytes).is_some_and(|t| t.contains(secret))));
        assert!(base64_run("customers/yunxi-hydropower/index").is_empty());
    }
}
