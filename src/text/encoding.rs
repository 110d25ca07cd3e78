//! The encodings that spreadsheets and old editors save in: recognised where they were not expected, decoded where
//! somebody says so.

/// How a file's text became bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// What everything in an archive is in.
    #[default]
    Utf8,
    /// GB 18030, which holds GBK and GB 2312.
    Gb18030,
    /// UTF-16, either way round.
    Utf16,
}

impl Encoding {
    /// Every encoding with the words by which a mapping names it. GBK and GB 2312 are what most people call the tables
    /// that spreadsheets save, and GB 18030 reads them all.
    pub const ALL: [(&'static str, Self); 5] = [
        ("utf-8", Self::Utf8),
        ("gb18030", Self::Gb18030),
        ("gbk", Self::Gb18030),
        ("gb2312", Self::Gb18030),
        ("utf-16", Self::Utf16),
    ];

    /// The encoding that bytes look like which are not UTF-8.
    pub(super) fn guess(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
            return Some(Self::Utf16);
        }
        looks_like_gb18030(bytes).then_some(Self::Gb18030)
    }

    pub(super) fn called(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GBK/GB18030",
            Self::Utf16 => "UTF-16 (in spreadsheets: «Unicode text»)",
        }
    }

    /// What `iconv` calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16 => "UTF-16",
        }
    }

    /// The text of bytes; nothing where a single one of them does not fit: half a name is worse than none.
    pub(super) fn decoded(self, bytes: &[u8]) -> Option<String> {
        let (encoding, bytes) = match (self, bytes) {
            (Self::Utf8, bytes) => (encoding_rs::UTF_8, bytes),
            (Self::Gb18030, bytes) => (encoding_rs::GB18030, bytes),
            (Self::Utf16, [0xFE, 0xFF, rest @ ..]) => (encoding_rs::UTF_16BE, rest),
            (Self::Utf16, [0xFF, 0xFE, rest @ ..]) => (encoding_rs::UTF_16LE, rest),
            // Without a mark spreadsheets write the low byte first.
            (Self::Utf16, bytes) => (encoding_rs::UTF_16LE, bytes),
        };
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    }
}

/// Pairs of GBK, a lead byte 81–FE and one of 40–FE, and quadruples of GB 18030, which take digits in second and fourth
/// place: often enough to be no accident.
fn looks_like_gb18030(bytes: &[u8]) -> bool {
    let lead = |byte: u8| (0x81..=0xFE).contains(&byte);
    let (mut pairs, mut stray, mut at) = (0, 0, 0);
    while let Some(&byte) = bytes.get(at) {
        at += match bytes.get(at..).unwrap_or_default() {
            _ if byte < 0x80 => 1,
            [one, 0x30..=0x39, three, 0x30..=0x39, ..] if lead(*one) && lead(*three) => {
                pairs += 1;
                4
            }
            [one, 0x40..=0xFF, ..] if lead(*one) => {
                pairs += 1;
                2
            }
            _ => {
                stray += 1;
                2
            }
        };
    }
    pairs > 0 && stray * 10 <= pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_the_encoding_is_held_against_every_byte() {
        assert_eq!(Encoding::Gb18030.decoded(b"\xBA\xCF\xCD\xAC,1").as_deref(), Some("合同,1"));
        assert_eq!(Encoding::Gb18030.decoded(b"\xBA\xCF\xFF"), None);
        assert_eq!(Encoding::Utf16.decoded(b"\xFF\xFE\x08\x54\x0C\x54").as_deref(), Some("合同"));
        assert_eq!(Encoding::Utf16.decoded(b"\xFE\xFF\x54\x08\x54\x0C").as_deref(), Some("合同"));
        assert_eq!(Encoding::Utf16.decoded(b"\xFF\xFE\x08"), None);
    }
}
