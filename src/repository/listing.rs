//! All files below one tree of a commit.

use std::collections::{HashMap, HashSet};

use git2::{ObjectType, Odb};

use super::error::{ObjectFault, OpenError};
use super::id::ContentId;
use super::name::{MAX_DEPTH, Problem, Trouble, checked_name, joined};
use super::object;
use super::snapshot::{FileEntry, FileKind};
use super::tree::{Mode, TreeEntries};

/// How much is read of one source. Trees name one another by id, so that a few hundred bytes can describe more files
/// than there are atoms: without these bounds a listing would never end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Files and folders in all.
    pub(super) entries: usize,
    /// Bytes of all paths together.
    pub(super) path_bytes: usize,
    /// Bytes of one tree object.
    pub(super) tree_bytes: u64,
}

impl Limits {
    /// Several times the largest archive that is provided for (100,000 dossiers).
    pub(super) const ARCHIVE: Self = Self { entries: 4_000_000, path_bytes: 1 << 30, tree_bytes: 128 << 20 };
}

/// What stands below a tree.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: Vec<FileEntry>,
    pub(super) folders: HashMap<String, ContentId>,
    pub(super) problems: Vec<Problem>,
}

/// Lists all files below a tree, sorted by path.
pub(super) fn list(objects: &Odb<'_>, root: ContentId, limits: Limits) -> Result<Listing, OpenError> {
    let mut lister = Lister { objects, limits, entries: 0, path_bytes: 0, found: Listing::default() };
    lister.folder("", 0, root)?;
    let mut found = lister.found;
    found.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.problems.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The tree of a folder, given by its path from `root`; `None` where there is no such folder.
pub(super) fn find_folder(objects: &Odb<'_>, root: ContentId, folder: &str) -> Result<Option<ContentId>, OpenError> {
    let mut tree = root;
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        let bytes = object::read(objects, tree, ObjectType::Tree, Limits::ARCHIVE.tree_bytes)
            .map_err(|fault| OpenError::Object { id: tree, what: format!("a folder above `{name}`"), fault })?;
        let below = TreeEntries::of(bytes.data())
            .flatten()
            .find(|entry| entry.name == name.as_bytes() && entry.mode == Mode::Folder);
        match below {
            Some(entry) => tree = entry.id,
            None => return Ok(None),
        }
    }
    Ok(Some(tree))
}

struct Lister<'a> {
    objects: &'a Odb<'a>,
    limits: Limits,
    entries: usize,
    path_bytes: usize,
    found: Listing,
}

impl Lister<'_> {
    fn folder(&mut self, path: &str, depth: usize, id: ContentId) -> Result<(), OpenError> {
        let failed = |fault| OpenError::Object { id, what: shown(path), fault };
        let bytes = object::read(self.objects, id, ObjectType::Tree, self.limits.tree_bytes).map_err(failed)?;
        let mut names = HashSet::new();
        for entry in TreeEntries::of(bytes.data()) {
            let entry = entry.map_err(|_| failed(ObjectFault::Unreadable("it is malformed".into())))?;
            self.count(path.len() + 1 + entry.name.len())?;
            let place = checked_name(entry.name).and_then(|name| joined(path, name));
            let place = match place {
                Ok(place) if names.insert(entry.name) => place,
                Ok(_) => {
                    self.report(path, entry.name, Trouble::Twice);
                    continue;
                }
                Err(trouble) => {
                    self.report(path, entry.name, trouble);
                    continue;
                }
            };
            let kind = match entry.mode {
                Mode::Folder if depth == MAX_DEPTH => {
                    self.report(path, entry.name, Trouble::TooDeep);
                    continue;
                }
                Mode::Folder => {
                    self.folder(&place, depth + 1, entry.id)?;
                    continue;
                }
                Mode::Regular => FileKind::Regular,
                Mode::SymbolicLink => FileKind::SymbolicLink,
                Mode::Submodule => FileKind::Submodule,
                Mode::Unknown(mode) => {
                    self.report(path, entry.name, Trouble::UnknownMode(mode));
                    continue;
                }
            };
            self.found.files.push(FileEntry { path: place, id: entry.id, kind });
        }
        self.found.folders.insert(path.to_owned(), id);
        Ok(())
    }

    fn report(&mut self, folder: &str, name: &[u8], trouble: Trouble) {
        let path = [folder.as_bytes(), if folder.is_empty() { b"" } else { b"/" }, name].concat();
        self.found.problems.push(Problem::at(&path, trouble));
    }

    fn count(&mut self, bytes: usize) -> Result<(), OpenError> {
        self.entries += 1;
        self.path_bytes = self.path_bytes.saturating_add(bytes);
        if self.entries > self.limits.entries || self.path_bytes > self.limits.path_bytes {
            return Err(OpenError::TooManyFiles { limit: self.limits.entries });
        }
        Ok(())
    }
}

fn shown(path: &str) -> String {
    if path.is_empty() { "the archive's folder".into() } else { format!("the folder `{path}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::{Fixture, paths};
    use crate::repository::{ReadError, open_commit};

    fn troubles(snapshot: &crate::repository::Snapshot) -> Vec<(&str, &Trouble)> {
        snapshot.problems().iter().map(|problem| (problem.path.as_str(), &problem.what)).collect()
    }

    #[test]
    fn hostile_names_are_problems_and_never_paths() {
        let fixture = Fixture::new();
        let blob = fixture.blob(b"x");
        let inner = fixture.raw_tree(&[("100644", b"good", blob), ("100644", b"..", blob)]);
        let tree = fixture.raw_tree(&[
            ("40000", b"..", inner),
            ("40000", b".GIT", inner),
            ("100644", b"", blob),
            ("100644", b"../../etc/passwd", blob),
            ("100644", b"a\\b", blob),
            ("100644", b"a\nb", blob),
            ("100644", b"\xff", blob),
            ("40000", b"fine", inner),
            ("100644", b"twice", blob),
            ("40000", b"twice", inner),
            ("644", b"odd", blob),
        ]);
        fixture.commit(tree);
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        assert_eq!(paths(&snapshot), ["fine/good", "twice"]);
        assert_eq!(
            troubles(&snapshot),
            [
                ("", &Trouble::EmptyName),
                ("..", &Trouble::DotName),
                ("../../etc/passwd", &Trouble::Slash),
                (".GIT", &Trouble::GitName),
                ("a\\b", &Trouble::Backslash),
                ("a\u{fffd}b", &Trouble::ControlCharacter),
                ("fine/..", &Trouble::DotName),
                ("odd", &Trouble::UnknownMode(0o644)),
                ("twice", &Trouble::Twice),
                ("\u{fffd}", &Trouble::NotUtf8),
            ]
        );
    }

    #[test]
    fn nesting_beyond_the_bound_is_a_problem() {
        let fixture = Fixture::new();
        let mut tree = fixture.tree(&[("file", "x")]);
        for _ in 0..200 {
            tree = fixture.raw_tree(&[("40000", b"d", tree)]);
        }
        fixture.commit(tree);
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        assert!(snapshot.files().is_empty());
        assert_eq!(troubles(&snapshot), [(["d"; 65].join("/").as_str(), &Trouble::TooDeep)]);
    }

    #[test]
    fn a_tree_that_describes_endless_files_is_given_up() {
        let fixture = Fixture::new();
        let mut tree = fixture.tree(&[("file", "x")]);
        for _ in 0..40 {
            let entries: Vec<(&str, &[u8], _)> =
                [b"a", b"b", b"c", b"d"].iter().map(|name| ("40000", name.as_slice(), tree)).collect();
            tree = fixture.raw_tree(&entries);
        }
        let objects = object::objects_of(&fixture.repository).unwrap();
        let root = ContentId::from_oid(&tree).unwrap();
        let limits = Limits { entries: 1000, ..Limits::ARCHIVE };
        assert_eq!(list(&objects, root, limits).unwrap_err(), OpenError::TooManyFiles { limit: 1000 });
        let limits = Limits { path_bytes: 1000, ..Limits::ARCHIVE };
        assert!(matches!(list(&objects, root, limits), Err(OpenError::TooManyFiles { .. })));
        let limits = Limits { tree_bytes: 10, ..Limits::ARCHIVE };
        let error = list(&objects, root, limits).unwrap_err();
        assert!(matches!(error, OpenError::Object { fault: ObjectFault::TooLarge { limit: 10, .. }, .. }));
    }

    #[test]
    fn a_missing_folder_is_named_and_a_missing_file_only_when_it_is_read() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("customers/yunxi/dossier.yaml", "name: x"), ("readme", "y")]);
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        let file = snapshot.file("readme").unwrap();
        std::fs::remove_file(fixture.object_path(file.id.to_oid().unwrap())).unwrap();
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        let error = snapshot.read(file, 100).unwrap_err();
        assert_eq!(error, ReadError::Object { id: file.id, fault: ObjectFault::Missing });
        let tree = snapshot.tree_id("customers/yunxi").unwrap();
        std::fs::remove_file(fixture.object_path(tree.to_oid().unwrap())).unwrap();
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        let what = "the folder `customers/yunxi`".to_owned();
        assert_eq!(error, OpenError::Object { id: tree, what, fault: ObjectFault::Missing });
    }

    #[test]
    fn a_blob_in_a_folders_place_is_an_error() {
        let fixture = Fixture::new();
        let blob = fixture.blob(b"x");
        fixture.commit(fixture.raw_tree(&[("40000", b"folder", blob)]));
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        assert!(matches!(error, OpenError::Object { fault: ObjectFault::WrongKind, .. }), "{error}");
    }
}
