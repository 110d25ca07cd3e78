//! The snapshot of what is staged.

use std::path::Path;

use git2::{Index, IndexEntry, Repository};

use super::commit::{CommitFacts, resolve};
use super::error::OpenError;
use super::id::ContentId;
use super::listing::{Limits, Listing};
use super::locate::{Located, locate};
use super::name::{Problem, Trouble, checked_path};
use super::object;
use super::snapshot::{FileEntry, FileKind, Origin, Snapshot};
use super::tree::Mode;

/// Marks a file that was announced with `git add --intent-to-add` and has no staged content.
const INTENT_TO_ADD: u16 = 1 << 13;

/// Opens what is staged for the next commit.
///
/// `path` is a work tree or a folder in one. `index_file` replaces the repository's own index: git sets
/// `GIT_INDEX_FILE` for its hooks where a commit is made from another one (`git commit --all`, `git commit FILE`), and
/// a hook that reads the ordinary index would check something other than what is committed.
///
/// # Errors
/// See [`OpenError`]. Files of an unconcluded merge are problems of the snapshot.
pub fn open_index(path: &Path, index_file: Option<&Path>) -> Result<Snapshot, OpenError> {
    let Located { repository, folder } = locate(path, None)?;
    if repository.workdir().is_none() {
        return Err(OpenError::NoWorkTree { path: path.into() });
    }
    let failed = |error: git2::Error| OpenError::Git { path: path.into(), detail: error.message().into() };
    let index = match index_file {
        Some(file) => Index::open(file).map_err(failed)?,
        None => repository.index().map_err(failed)?,
    };
    let objects = object::objects_of(&repository)?;
    let head = head_facts(&repository, &objects)?.map(|(facts, _)| facts);
    let listing = staged(&index, &folder)?;
    Ok(Snapshot::of_objects(Origin::Index { head }, listing, objects, &repository))
}

/// HEAD's commit and its tree, or `None` where there is no commit yet.
pub(super) fn head_facts(
    repository: &Repository,
    objects: &git2::Odb<'_>,
) -> Result<Option<(CommitFacts, ContentId)>, OpenError> {
    match resolve(repository, objects, None) {
        Ok(found) => Ok(Some(found)),
        Err(OpenError::EmptyRepository { .. } | OpenError::UnbornHead { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// An entry's path below the archive's folder, where it is there.
pub(super) fn inside<'a>(entry: &'a IndexEntry, folder: &str) -> Option<&'a [u8]> {
    if folder.is_empty() {
        return Some(&entry.path);
    }
    entry.path.strip_prefix(folder.as_bytes())?.strip_prefix(b"/")
}

/// Which of the versions of an unconcluded merge an entry is; 0 is the ordinary one.
pub(super) fn stage(entry: &IndexEntry) -> u16 {
    (entry.flags >> 12) & 3
}

fn staged(index: &Index, folder: &str) -> Result<Listing, OpenError> {
    let mut found = Listing::default();
    let limit = Limits::ARCHIVE.entries;
    if index.len() > limit {
        return Err(OpenError::TooManyFiles { limit });
    }
    for entry in index.iter() {
        let Some(path) = inside(&entry, folder) else { continue };
        if entry.flags_extended & INTENT_TO_ADD != 0 {
            continue;
        }
        match staged_file(&entry, path) {
            Ok(file) => found.files.push(file),
            Err(what) => found.problems.push(Problem::at(path, what)),
        }
    }
    found.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.problems.sort_by(|a, b| a.path.cmp(&b.path));
    // A conflict has up to three entries of one path and is one problem.
    found.problems.dedup();
    Ok(found)
}

fn staged_file(entry: &IndexEntry, path: &[u8]) -> Result<FileEntry, Trouble> {
    let text = checked_path(path)?;
    if stage(entry) != 0 {
        return Err(Trouble::Conflict);
    }
    let kind = match Mode::from_bits(entry.mode) {
        Mode::Regular => FileKind::Regular,
        Mode::SymbolicLink => FileKind::SymbolicLink,
        Mode::Submodule => FileKind::Submodule,
        Mode::Folder | Mode::Unknown(_) => return Err(Trouble::UnknownMode(entry.mode)),
    };
    let id = ContentId::from_oid(&entry.id).ok_or(Trouble::UnknownMode(entry.mode))?;
    Ok(FileEntry { path: text.to_owned(), id, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::{Fixture, paths};
    use crate::repository::{changed_paths, open_commit};

    #[test]
    fn what_is_staged_is_neither_head_nor_the_work_tree() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("a/x.md", "one"), ("b.md", "two")]);
        fixture.check_out();
        fixture.stage("a/x.md", "staged");
        fixture.write("a/x.md", "not staged");
        let staged = open_index(fixture.path(), None).unwrap();
        let file = staged.file("a/x.md").unwrap();
        assert_eq!(staged.read(file, 100).unwrap(), b"staged");
        let head = open_commit(fixture.path(), None, None).unwrap();
        let changes = changed_paths(&head, &staged);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].path.as_str(), changes[0].new), ("a/x.md", Some(file.id)));
        assert!(matches!(staged.origin(), Origin::Index { head: Some(_) }));
    }

    #[test]
    fn a_first_commit_can_be_staged_from_an_archives_folder() {
        let fixture = Fixture::new();
        fixture.stage("archive/strongroom.yaml", "x");
        fixture.stage("archive-of-others/y", "x");
        let staged = open_index(&fixture.path().join("archive"), None).unwrap();
        assert_eq!(paths(&staged), ["strongroom.yaml"]);
        assert_eq!(staged.origin(), &Origin::Index { head: None });
    }

    #[test]
    fn another_index_file_is_read_where_git_names_one() {
        let fixture = Fixture::new();
        fixture.stage("a", "one");
        let other = fixture.path().join(".git/next-index");
        std::fs::copy(fixture.path().join(".git/index"), &other).unwrap();
        fixture.stage("b", "two");
        assert_eq!(paths(&open_index(fixture.path(), None).unwrap()), ["a", "b"]);
        assert_eq!(paths(&open_index(fixture.path(), Some(&other)).unwrap()), ["a"]);
    }

    #[test]
    fn an_unconcluded_merge_is_one_problem_a_file() {
        let fixture = Fixture::new();
        fixture.stage("a", "one");
        let mut index = fixture.repository.index().unwrap();
        let entry = index.get_path(Path::new("a"), 0).unwrap();
        index.remove(Path::new("a"), 0).unwrap();
        for stage in [1_u16, 2, 3] {
            index.add(&IndexEntry { flags: stage << 12, path: b"a".to_vec(), ..copy(&entry) }).unwrap();
        }
        index.write().unwrap();
        let staged = open_index(fixture.path(), None).unwrap();
        assert!(staged.files().is_empty());
        assert_eq!(staged.problems(), [Problem { path: "a".into(), what: Trouble::Conflict }]);
    }

    #[test]
    fn a_bare_repository_has_nothing_staged() {
        let fixture = Fixture::bare();
        fixture.commit_files(&[("a", "x")]);
        assert!(matches!(open_index(fixture.path(), None), Err(OpenError::NoWorkTree { .. })));
    }

    fn copy(entry: &IndexEntry) -> IndexEntry {
        IndexEntry { path: entry.path.clone(), ..*entry }
    }
}
