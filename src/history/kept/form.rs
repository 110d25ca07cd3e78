//! The bytes of what is kept: numbers in as few bytes as they need, texts and lists after their length.
//!
//! A commit that left nothing open is kept whole. Of one with a gap only its id is, and it is read again each time:
//! what was missing may be there meanwhile, and there are few of them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::repository::{
    CommitSignature, ContentId, FileKind, Moment, Moved, PastChange, PastCommit, PastEntry, PastFile, Signatory,
};

/// The version of this form, and of what is found out about a commit: both have to be made anew when either changes.
pub(super) const VERSION: u64 = 1;

/// Bytes in the making.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// A number that may be negative; small ones either way take few bytes.
    fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)) as u64);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn id(&mut self, id: ContentId) {
        self.0.extend_from_slice(id.as_bytes());
    }

    fn person(&mut self, person: &Signatory, moment: Moment) {
        self.bytes(person.name.as_bytes());
        self.bytes(person.email.as_bytes());
        self.signed(moment.seconds);
        self.signed(moment.offset_minutes.into());
    }

    pub(super) fn entry(&mut self, PastEntry { commit, gaps }: &PastEntry) {
        self.0.push(u8::from(gaps.is_empty()));
        self.id(commit.id);
        if !gaps.is_empty() {
            return;
        }
        self.number(commit.parents.len() as u64);
        commit.parents.iter().for_each(|parent| self.id(*parent));
        self.person(&commit.author, commit.authored);
        self.person(&commit.committer, commit.committed);
        self.bytes(commit.message.as_bytes());
        self.0.push(u8::from(commit.signature.is_some()));
        if let Some(CommitSignature { armored, signed }) = &commit.signature {
            self.bytes(armored);
            self.bytes(signed);
        }
        self.number(commit.changes.len() as u64);
        commit.changes.iter().for_each(|change| self.change(change));
    }

    fn change(&mut self, PastChange { path, old, new, moved }: &PastChange) {
        let moved_code = moved.as_ref().map_or(0, |moved| 1 + u8::from(moved.same));
        self.0.push(kind_code(*old) | kind_code(*new) << 2 | moved_code << 4);
        self.bytes(path.as_bytes());
        old.iter().chain(new).for_each(|file| self.id(file.id));
        if let Some(moved) = moved {
            self.bytes(moved.from.as_bytes());
        }
    }
}

fn kind_code(file: Option<PastFile>) -> u8 {
    match file.map(|file| file.kind) {
        None => 0,
        Some(FileKind::Regular) => 1,
        Some(FileKind::SymbolicLink) => 2,
        Some(FileKind::Submodule) => 3,
    }
}

/// Bytes that are read from their beginning; `None` where they are not what they should be.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    /// Each path is in memory once.
    paths: HashMap<&'a str, Arc<str>>,
}

/// A commit as it was kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeptEntry {
    pub(super) id: ContentId,
    /// `None` where it has to be read again.
    pub(super) commit: Option<PastCommit>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, paths: HashMap::new() }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.number()?;
        self.take(usize::try_from(count).ok()?)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn id(&mut self) -> Option<ContentId> {
        Some(ContentId::from_bytes(self.take(ContentId::LENGTH)?.try_into().ok()?))
    }

    /// A list, each item of which takes a byte at least: a length that lies takes no memory.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok().filter(|count| *count <= self.rest.len())?;
        (0..count).map(|_| item(self)).collect()
    }

    fn person(&mut self) -> Option<(Signatory, Moment)> {
        let person = Signatory { name: self.text()?.to_owned(), email: self.text()?.to_owned() };
        let moment = Moment { seconds: self.signed()?, offset_minutes: i32::try_from(self.signed()?).ok()? };
        Some((person, moment))
    }

    pub(super) fn entry(&mut self) -> Option<KeptEntry> {
        let is_whole = self.byte()? == 1;
        let id = self.id()?;
        if !is_whole {
            return Some(KeptEntry { id, commit: None });
        }
        let parents = self.list(Self::id)?;
        let (author, authored) = self.person()?;
        let (committer, committed) = self.person()?;
        let message = self.text()?.to_owned();
        let signature = match self.byte()? {
            0 => None,
            _ => Some(CommitSignature { armored: self.bytes()?.to_vec(), signed: self.bytes()?.to_vec() }),
        };
        let changes = self.list(Self::change)?;
        let commit = PastCommit { id, parents, author, authored, committer, committed, message, signature, changes };
        Some(KeptEntry { id, commit: Some(commit) })
    }

    fn change(&mut self) -> Option<PastChange> {
        let code = self.byte()?;
        let path = self.path()?;
        let old = self.file(code & 3)?;
        let new = self.file(code >> 2 & 3)?;
        let moved = match code >> 4 {
            0 => None,
            code => Some(Moved { from: self.path()?, same: code == 2 }),
        };
        Some(PastChange { path, old, new, moved })
    }

    fn file(&mut self, code: u8) -> Option<Option<PastFile>> {
        let kind = match code {
            0 => return Some(None),
            1 => FileKind::Regular,
            2 => FileKind::SymbolicLink,
            _ => FileKind::Submodule,
        };
        Some(Some(PastFile { id: self.id()?, kind }))
    }

    fn path(&mut self) -> Option<Arc<str>> {
        let path = self.text()?;
        Some(Arc::clone(self.paths.entry(path).or_insert_with(|| path.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::Gap;

    fn id(number: u8) -> ContentId {
        ContentId::from_bytes([number; 20])
    }

    fn whole() -> PastEntry {
        let file = |number, kind| Some(PastFile { id: id(number), kind });
        let change = |path: &str, old, new, moved| PastChange { path: path.into(), old, new, moved };
        let moved = |same| Some(Moved { from: "a".into(), same });
        let person = |name: &str| Signatory { name: name.into(), email: "a@example.cn".into() };
        let commit = PastCommit {
            id: id(1),
            parents: vec![id(2), id(3)],
            author: person("李薇"),
            authored: Moment { seconds: i64::MIN, offset_minutes: i32::MAX },
            committer: person(""),
            committed: Moment { seconds: 1_710_720_000, offset_minutes: -210 },
            message: "续签合同\n\nWhy.\n".into(),
            signature: Some(CommitSignature { armored: b"-----".to_vec(), signed: b"tree\xff".to_vec() }),
            changes: vec![
                change("a", file(4, FileKind::Regular), None, None),
                change("b", None, file(5, FileKind::SymbolicLink), None),
                change("c", file(6, FileKind::Submodule), file(7, FileKind::Regular), moved(true)),
                change("a", file(6, FileKind::Regular), file(8, FileKind::Regular), moved(false)),
            ],
        };
        PastEntry { commit, gaps: Vec::new() }
    }

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let (entry, mut writer) = (whole(), Writer::default());
        let gap = PastEntry { gaps: vec![Gap::Shallow { commit: id(1) }], ..whole() };
        writer.entry(&entry);
        writer.entry(&gap);
        let mut reader = Reader::of(&writer.0);
        let commit = reader.entry().unwrap().commit.unwrap();
        assert_eq!(commit, entry.commit);
        assert!(Arc::ptr_eq(&commit.changes[0].path, &commit.changes[3].path));
        assert_eq!(reader.entry(), Some(KeptEntry { id: id(1), commit: None }));
        assert!(reader.is_at_end());
    }

    #[test]
    fn bytes_cut_or_changed_anywhere_are_no_entry_or_another_and_never_a_panic() {
        let mut writer = Writer::default();
        writer.entry(&whole());
        for length in 0..writer.0.len() {
            assert_eq!(Reader::of(&writer.0[..length]).entry(), None, "cut at {length}");
        }
        for at in 0..writer.0.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bytes = writer.0.clone();
                bytes[at] ^= flip;
                let _ = Reader::of(&bytes).entry();
            }
        }
    }

    #[test]
    fn numbers_come_back_and_endless_ones_end() {
        let numbers = [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN];
        let mut writer = Writer::default();
        numbers.iter().for_each(|number| writer.signed(*number));
        let mut reader = Reader::of(&writer.0);
        assert!(numbers.iter().all(|number| reader.signed() == Some(*number)));
        assert_eq!(Reader::of(&[0xff; 20]).number(), None);
        assert_eq!(Reader::of(&[0xff, 0xff, 0x7f, 1]).list(Reader::id), None);
    }
}
