//! Which files differ between two snapshots.

use std::cmp::Ordering;

use super::id::ContentId;
use super::past::moves::{self, Lines};
use super::past::{PastChange, PastFile};
use super::snapshot::{FileEntry, Snapshot};

/// A path whose content, kind or existence differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPath {
    /// The path inside the archive.
    pub path: String,
    /// Its content before; `None` where it is new.
    pub old: Option<ContentId>,
    /// Its content now; `None` where it is gone. Both ids are equal where only the kind differs.
    pub new: Option<ContentId>,
}

/// The paths that differ between two snapshots, sorted. No content is read.
pub fn changed_paths(old: &Snapshot, new: &Snapshot) -> Vec<ChangedPath> {
    compared(old.files(), new.files())
}

/// What one state changed against another, told as of a commit that leads from one to the other: with what moved.
pub fn changes_between(old: &Snapshot, new: &Snapshot) -> Vec<PastChange> {
    let file = |entry: &FileEntry| PastFile { id: entry.id, kind: entry.kind };
    let changed = changed_paths(old, new).into_iter().map(|change| PastChange {
        old: old.file(&change.path).map(file),
        new: new.file(&change.path).map(file),
        path: change.path.into(),
        moved: None,
    });
    let mut changes: Vec<PastChange> = changed.collect();
    moves::find_same(&mut changes);
    moves::find_similar(&mut changes, |file, path| {
        let read = |snapshot: &Snapshot| {
            let entry = snapshot.file(path).filter(|entry| entry.id == file.id)?;
            snapshot.read(entry, moves::MOST_BYTES).ok()
        };
        Lines::parse(&read(old).or_else(|| read(new))?)
    });
    changes
}

pub(super) fn compared(old: &[FileEntry], new: &[FileEntry]) -> Vec<ChangedPath> {
    let mut changes = Vec::new();
    let (mut before, mut after) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (before.peek(), after.peek()) {
            (None, None) => return changes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.path.cmp(&b.path),
        };
        let a = if order.is_le() { before.next() } else { None };
        let b = if order.is_ge() { after.next() } else { None };
        let same = matches!((a, b), (Some(a), Some(b)) if a.id == b.id && a.kind == b.kind);
        if let (false, Some(named)) = (same, a.or(b)) {
            changes.push(ChangedPath { path: named.path.clone(), old: a.map(|f| f.id), new: b.map(|f| f.id) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::FileKind;

    fn file(path: &str, content: &str) -> FileEntry {
        let id = ContentId::of(content.as_bytes()).unwrap();
        FileEntry { path: path.into(), id, kind: FileKind::Regular }
    }

    #[test]
    fn between_two_states_files_move_as_in_a_commit() {
        let state = |files: &[(&str, &str)]| {
            let file = |(path, content): &(&str, &str)| {
                ((*path).to_owned(), ContentId::of(content.as_bytes()).unwrap(), content.as_bytes().to_vec())
            };
            Snapshot::in_memory(files.iter().map(file).collect())
        };
        let old = state(&[("a", "same"), ("b", "one\ntwo\nthree\n"), ("c", "gone"), ("d", "1")]);
        let new = state(&[("d", "2"), ("x", "same"), ("y", "one\ntwo\n3\n"), ("z", "other")]);
        let told: Vec<String> = changes_between(&old, &new)
            .iter()
            .map(|change| {
                let from = change.moved.as_ref().map(|moved| format!("{} ", moved.from)).unwrap_or_default();
                format!("{from}{} {} {}", change.path, change.old.is_some(), change.new.is_some())
            })
            .collect();
        assert_eq!(told, ["c true false", "d true true", "a x true true", "b y true true", "z false true"]);
    }

    #[test]
    fn new_gone_and_changed_paths_are_found_and_equal_ones_are_not() {
        let old = [file("a", "1"), file("b", "1"), file("c", "1"), file("z", "1")];
        let link = FileEntry { kind: FileKind::SymbolicLink, ..file("z", "1") };
        let new = [file("b", "2"), file("c", "1"), file("d", "1"), link];
        let id = |content: &str| ContentId::of(content.as_bytes());
        let found: Vec<_> = compared(&old, &new).into_iter().map(|c| (c.path, c.old, c.new)).collect();
        assert_eq!(
            found,
            [
                ("a".into(), id("1"), None),
                ("b".into(), id("1"), id("2")),
                ("d".into(), None, id("1")),
                ("z".into(), id("1"), id("1")),
            ]
        );
    }
}
