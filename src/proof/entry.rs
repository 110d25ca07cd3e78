//! An entry of the log: one publishing. Its file is what stands in a leaf of the tree, salt included, so that nobody who
//! knows a checkpoint can find out by guessing what the archive holds.

use super::digest::Digest;
use jiff::civil::Date;

/// The first line; the number is that of the form.
const HEAD: &str = "strongroom log entry 1";
/// No entry is longer.
pub(super) const LONGEST: u64 = 4 << 10;

/// What one publishing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 0.
    pub number: u64,
    /// The day for which the site was built.
    pub day: Date,
    /// The commit's id: 40 small hexadecimal digits.
    pub commit: String,
    /// The digest of all files of the archive in this commit.
    pub tree: Digest,
    /// The root over all entries before it.
    pub before: Digest,
    /// Random bytes that nobody can guess.
    pub salt: Digest,
}

impl Entry {
    /// The text of its file.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { number, day, commit, tree, before, salt } = self;
        format!("{HEAD}\nnumber {number}\nday {day}\ncommit {commit}\ntree {tree}\nbefore {before}\nsalt {salt}\n")
    }

    /// Reads what [`Entry::text`] wrote, and nothing else.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let mut lines = text.lines().skip(1);
        let mut value = |key: &str| lines.next()?.strip_prefix(key)?.strip_prefix(' ');
        let entry = Self {
            number: value("number")?.parse().ok()?,
            day: value("day")?.parse().ok()?,
            commit: value("commit")?.to_owned(),
            tree: Digest::parse(value("tree")?)?,
            before: Digest::parse(value("before")?)?,
            salt: Digest::parse(value("salt")?)?,
        };
        let is_id = entry.commit.len() == 40 && entry.commit.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (is_id && entry.text() == text).then_some(entry)
    }

    /// Whether it says the same of the archive as another: the same commit, files and day.
    #[must_use]
    pub fn same_publishing(&self, commit: &str, tree: &Digest, day: Date) -> bool {
        self.commit == commit && self.tree == *tree && self.day == day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_entry_is_read_as_it_was_written_and_no_other_way() {
        let digest = |text: &str| Digest::of(text.as_bytes());
        let entry = Entry {
            number: 12,
            day: date(2026, 11, 23),
            commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            tree: digest("tree"),
            before: digest("before"),
            salt: digest("salt"),
        };
        let text = entry.text().into_bytes();
        assert_eq!(Entry::parse(&text).as_ref(), Some(&entry));
        for at in 0..text.len() {
            for other in [text[at] ^ 1, text[at] ^ 0x20, b'\n', b' '] {
                let mut changed = text.clone();
                changed[at] = other;
                assert!(changed == text || Entry::parse(&changed).as_ref() != Some(&entry), "{at}");
            }
            assert_eq!(Entry::parse(&text[..at]), None, "{at}");
        }
        assert_eq!(Entry::parse(&[&text[..], b"\n"].concat()), None);
        assert_eq!(Entry::parse(b"\xff"), None);
    }
}
