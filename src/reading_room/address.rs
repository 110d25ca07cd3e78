//! From the path of a request to the path of a file: decoded once, and refused if it could lead anywhere else.

/// Longer paths than this, in bytes, are no page of ours.
const LONGEST: usize = 4096;

/// The path below the site's root that a request's path names: percent-decoded, without the leading slash, with a
/// trailing slash (or empty) where a folder is meant. None where it is no plain path: a bad escape, bytes that are not
/// UTF-8, `.` and `..`, empty segments, backslashes, colons before the first slash, control characters.
pub(super) fn decode(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    if path.len() > LONGEST {
        return None;
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let decoded = String::from_utf8(bytes).ok()?;
    is_plain(&decoded).then_some(decoded)
}

/// Whether a decoded path stays below its root whatever it is joined to.
fn is_plain(path: &str) -> bool {
    let segments = path.strip_suffix('/').unwrap_or(path);
    path.is_empty()
        || segments.split('/').all(|segment| {
            !matches!(segment, "" | "." | "..")
                && !segment.contains(|character: char| character == '\\' || character.is_control())
                // On some systems `C:` would name a drive.
                && segment.as_bytes().get(1) != Some(&b':')
        })
}

/// The text percent-encoded as RFC 5987 asks of a file name in a header.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_decoded_once() {
        assert_eq!(decode("/").as_deref(), Some(""));
        assert_eq!(decode("/customers/a/").as_deref(), Some("customers/a/"));
        assert_eq!(decode("/%E5%90%88%E5%90%8C.pdf").as_deref(), Some("合同.pdf"));
        assert_eq!(decode("/a%2525.txt").as_deref(), Some("a%25.txt"));
    }

    #[test]
    fn whatever_could_lead_elsewhere_is_refused() {
        for path in [
            "",
            "a",
            "//a",
            "/a//b",
            "/..",
            "/../a",
            "/a/..",
            "/a/./b",
            "/%2e%2e/a",
            "/a/%2E%2e%2fb",
            "/a\\b",
            "/a%5c..",
            "/a%00b",
            "/a%0ab",
            "/%ff",
            "/%",
            "/%4",
            "/%zz",
            "/c:/a",
            "/%2f",
            "/%2fetc/passwd",
            "/%+1",
        ] {
            assert_eq!(decode(path), None, "{path}");
        }
        assert_eq!(decode(&format!("/{}", "a".repeat(LONGEST + 1))), None);
    }

    #[test]
    fn names_in_headers_are_ascii() {
        assert_eq!(encode("合同 \"1\".pdf"), "%E5%90%88%E5%90%8C%20%221%22.pdf");
    }
}
