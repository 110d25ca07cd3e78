//! What may stand between a signer's address and key: `namespaces="git",valid-after="20260101Z"`.

use super::pattern;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use std::ops::Range;

/// The options of one line, as far as they could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The key certifies others and signs nothing itself.
    pub certifies: bool,
    /// What the key may sign, as patterns; everything where it is not said.
    pub namespaces: Option<String>,
    /// The first second at which the key counts, from 1970 in UTC.
    pub after: Option<i64>,
    /// The last second at which it counts.
    pub before: Option<i64>,
    /// Where times stand that do not say that they are UTC.
    pub local: Vec<Range<usize>>,
}

/// Why options cannot be read, and which bytes of them are to blame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// An option that OpenSSH does not have.
    Unknown(Range<usize>),
    /// An option that stands twice.
    Twice(Range<usize>),
    /// A value that does not stand between quotation marks.
    Unquoted(Range<usize>),
    /// A time that is none.
    Time(Range<usize>),
    /// `valid-before` does not lie after `valid-after`.
    Never(Range<usize>),
}

/// The options that have a value.
const NAMESPACES: &str = "namespaces";
const VALID_AFTER: &str = "valid-after";
const VALID_BEFORE: &str = "valid-before";
/// The option that has none.
const CERT_AUTHORITY: &str = "cert-authority";

/// All names, for suggestions.
pub(super) const NAMES: [&str; 4] = [CERT_AUTHORITY, NAMESPACES, VALID_AFTER, VALID_BEFORE];

/// How many bytes of `text`, which begins with options, are options: they end at the first blank outside quotes.
pub(super) fn length(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            ' ' | '\t' if !quoted => return at,
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

impl Options {
    /// Reads what [`length`] found. Ranges count from the start of `text`.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let mut options = Self::default();
        let mut seen: Vec<&str> = Vec::new();
        let mut at = 0;
        for part in parts(text) {
            let range = at..at + part.len();
            at = range.end + 1;
            let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
            let Some(name) = NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else {
                return Err(Refusal::Unknown(range.start..range.start + name.len()));
            };
            if seen.contains(&name) {
                return Err(Refusal::Twice(range));
            }
            seen.push(name);
            if name == CERT_AUTHORITY {
                if value.is_some() {
                    return Err(Refusal::Unknown(range));
                }
                options.certifies = true;
                continue;
            }
            let quoted = |value: &'_ str| value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).map(str::to_owned);
            let Some(value) = value.and_then(quoted) else { return Err(Refusal::Unquoted(range)) };
            if name == NAMESPACES {
                options.namespaces = Some(value.replace("\\\"", "\""));
                continue;
            }
            let Some((seconds, utc)) = seconds(&value) else { return Err(Refusal::Time(range)) };
            if !utc {
                options.local.push(range.clone());
            }
            if name == VALID_AFTER {
                options.after = Some(seconds);
            } else {
                options.before = Some(seconds);
            }
        }
        if let (Some(after), Some(before)) = (options.after, options.before)
            && after >= before
        {
            return Err(Refusal::Never(0..text.len()));
        }
        Ok(options)
    }

    /// Whether the key may sign for this purpose.
    pub fn signs(&self, namespace: &str) -> bool {
        !self.certifies && self.namespaces.as_ref().is_none_or(|list| pattern::takes(list, namespace))
    }
}

/// The parts between commas that stand outside quotes.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        c == ',' && !quoted
    })
}

/// Seconds from 1970 of `20260131`, `202601311530` or `20260131153000`, and whether `Z` or `UTC` stands behind it. A
/// time without either is read as UTC all the same: what a commit's signature is worth must not hang on the place where
/// somebody looks.
fn seconds(text: &str) -> Option<(i64, bool)> {
    let upper = text.to_ascii_uppercase();
    let digits = upper.strip_suffix("UTC").or_else(|| upper.strip_suffix('Z'));
    let utc = digits.is_some();
    let digits = digits.unwrap_or(&upper);
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |range: Range<usize>| digits.get(range).unwrap_or("0").parse::<i16>().ok();
    let small = |start: usize| number(start..start + 2).and_then(|n| i8::try_from(n).ok());
    let date = Date::new(number(0..4)?, small(4)?, small(6)?).ok()?;
    let time = Time::new(small(8)?, small(10)?, small(12)?, 0).ok()?;
    let timestamp = TimeZone::UTC.to_timestamp(DateTime::from_parts(date, time)).ok()?;
    Some((timestamp.as_second(), utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_openssh_reads_them() {
        let text = "cert-authority,NAMESPACES=\"git,file\",valid-after=\"20260101Z\",valid-before=\"202703311200Z\"";
        let options = Options::read(text).unwrap();
        assert!(options.certifies && !options.signs("git"));
        assert_eq!(options.namespaces.as_deref(), Some("git,file"));
        assert_eq!((options.after, options.before), (Some(1_767_225_600), Some(1_806_494_400)));
        assert!(options.local.is_empty());
    }

    #[test]
    fn options_end_at_the_first_blank_outside_quotes() {
        assert_eq!(length("namespaces=\"git file\" ssh-ed25519 AAAA"), 21);
        assert_eq!(length("cert-authority\tx"), 14);
        assert_eq!(length("namespaces=\"a\\\" b\" x"), 18);
        assert_eq!(length("namespaces=\"never closed "), 25);
    }

    #[test]
    fn a_key_signs_commits_where_its_namespaces_say_git_or_nothing() {
        let signs = |text: &str| Options::read(text).unwrap().signs("git");
        assert!(signs("namespaces=\"git\"") && signs("namespaces=\"file,g*\"") && signs("valid-after=\"20260101Z\""));
        assert!(!signs("namespaces=\"file\"") && !signs("namespaces=\"*,!git\"") && !signs("namespaces=\"\""));
    }

    #[test]
    fn a_time_without_a_zone_is_utc_and_told_of() {
        let options = Options::read("valid-after=\"20260101\",valid-before=\"20270101utc\"").unwrap();
        assert_eq!((options.after, options.before), (Some(1_767_225_600), Some(1_798_761_600)));
        assert_eq!((options.local.first(), options.local.len()), (Some(&(0..22)), 1));
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_place() {
        let refused = |text: &str| Options::read(text).unwrap_err();
        assert_eq!(refused("cert-authority,namespace=\"git\""), Refusal::Unknown(15..24));
        assert_eq!(refused("cert-authority=\"x\""), Refusal::Unknown(0..18));
        assert_eq!(refused(""), Refusal::Unknown(0..0));
        assert_eq!(refused("cert-authority,"), Refusal::Unknown(15..15));
        assert_eq!(refused("namespaces=git"), Refusal::Unquoted(0..14));
        assert_eq!(refused("namespaces"), Refusal::Unquoted(0..10));
        assert_eq!(refused("namespaces=\""), Refusal::Unquoted(0..12));
        assert_eq!(refused("valid-after=\"20260230Z\""), Refusal::Time(0..23));
        assert_eq!(refused("valid-after=\"2026-01-01\""), Refusal::Time(0..24));
        assert_eq!(refused("valid-after=\"20260101\",valid-after=\"20260101\""), Refusal::Twice(23..45));
        assert_eq!(refused("valid-after=\"20260101Z\",valid-before=\"20260101Z\""), Refusal::Never(0..48));
    }
}
