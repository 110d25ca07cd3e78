//! The snapshot of a folder as it lies on the disk.

use std::collections::HashMap;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::beneath::{Folder, Stamp};
use super::error::OpenError;
use super::id::ContentId;
use super::lfs::LfsStore;
use super::listing::{Limits, Listing};
use super::locate::locate;
use super::name::{MAX_DEPTH, Problem, Trouble, checked_name, checked_path};
use super::remembered::Remembered;
use super::snapshot::{FileEntry, FileKind, Origin, Snapshot};
use super::tracked::Tracked;

/// Files up to this size, in bytes, are hashed in memory; larger ones are read piece by piece.
const IN_MEMORY: u64 = 4 << 20;

/// Opens a folder as it lies on the disk, committed or not.
///
/// Inside a repository, what git ignores is left out, except files that are tracked all the same; `.git` is never
/// listed. A folder without git, or one that the repository around it ignores, is taken as it is
/// ([`Origin::OutsideGit`]). Symbolic links, also to folders, are entries and are not followed.
///
/// Ids are those of the bytes on the disk. Where git changes content on checkout (line ends, Git LFS), they differ from
/// the commit's.
///
/// # Errors
/// [`OpenError`] where the folder or its repository cannot be read; single files that cannot are problems of the
/// snapshot.
pub fn open_work_tree(path: &Path) -> Result<Snapshot, OpenError> {
    open_work_tree_again(path, &mut Remembered::default())
}

/// Opens a folder of which something is remembered, and remembers what is found. What comes of it is the same as of
/// [`open_work_tree`].
///
/// # Errors
/// The same.
pub fn open_work_tree_again(path: &Path, remembered: &mut Remembered) -> Result<Snapshot, OpenError> {
    let failed = |error: std::io::Error| OpenError::Folder { path: path.into(), detail: error.to_string() };
    let root = path.canonicalize().map_err(failed)?;
    let folder = Folder::open(&root).map_err(failed)?;
    let tracked = match locate(&root, None) {
        Ok(located) => Tracked::of(located)?,
        Err(OpenError::NoRepository { .. }) => None,
        Err(error) => return Err(error),
    };
    let listed = remembered.begin(&root);
    let (found, mut problems) = walk(&root, tracked.as_ref())?;
    let mut entries: Vec<(FileEntry, Option<Stamp>)> = Vec::with_capacity(found.len());
    let hashed: Vec<_> = found.into_par_iter().map(|file| file.hashed(&folder, &root, remembered)).collect();
    for result in hashed {
        match result {
            Ok(entry) => entries.push(entry),
            Err(problem) => problems.push(problem),
        }
    }
    entries.sort_unstable_by(|a, b| a.0.path.cmp(&b.0.path));
    problems.sort_by(|a, b| a.path.cmp(&b.path));
    let stamps: HashMap<_, _> =
        entries.iter().filter_map(|(file, stamp)| Some((file.path.clone(), (*stamp)?))).collect();
    let files: Vec<_> = entries.into_iter().map(|(file, _)| file).collect();

    remembered.keep(&listed, &files, &stamps);
    let (origin, lfs) = match &tracked {
        None => (Origin::OutsideGit, None),
        Some(tracked) => {
            let origin = tracked.origin(&files, &problems, &stamps, remembered)?;
            (origin, Some(LfsStore::of(&tracked.repository)))
        }
    };
    let listing = Listing { files, folders: HashMap::new(), problems };
    Ok(Snapshot::of_folder(origin, listing, folder, stamps, lfs))
}

/// A file that was met and not yet read.
enum Found {
    Regular(String),
    SymbolicLink(String),
    Submodule(FileEntry),
}

impl Found {
    fn hashed(
        self,
        folder: &Folder,
        root: &Path,
        remembered: &Remembered,
    ) -> Result<(FileEntry, Option<Stamp>), Problem> {
        match self {
            Self::Submodule(entry) => Ok((entry, None)),
            Self::SymbolicLink(path) => {
                let target = std::fs::read_link(root.join(&path)).map_err(|error| unreadable(&path, &error))?;
                let id = ContentId::of(target.as_os_str().as_bytes())
                    .ok_or_else(|| Problem::at(path.as_bytes(), Trouble::CollidingContent))?;
                Ok((FileEntry { path, id, kind: FileKind::SymbolicLink }, None))
            }
            Self::Regular(path) => {
                let now = || std::fs::symlink_metadata(root.join(&path)).ok().map(|metadata| Stamp::of(&metadata));
                let (id, stamp) = match remembered.id(&path, now) {
                    Some(known) => known,
                    None => hashed_file(folder, root, &path)?,
                };
                Ok((FileEntry { path, id, kind: FileKind::Regular }, Some(stamp)))
            }
        }
    }
}

fn hashed_file(folder: &Folder, root: &Path, path: &str) -> Result<(ContentId, Stamp), Problem> {
    let failed = |error: std::io::Error| unreadable(path, &error);
    let file = folder.open_file(path).map_err(failed)?;
    let stamp = Stamp::of_file(&file).map_err(failed)?;
    let id = if stamp.size <= IN_MEMORY {
        let mut content = Vec::with_capacity(usize::try_from(stamp.size).unwrap_or_default() + 1);
        (&file).take(stamp.size + 1).read_to_end(&mut content).map_err(failed)?;
        ContentId::of(&content)
    } else {
        // libgit2 opens the file by its path. Whatever stands there by now, the id is only a claim: the content is
        // read from the handle's folder, and the stamp must still fit.
        let oid = Oid::hash_file(ObjectType::Blob, root.join(path));
        oid.ok().and_then(|oid| ContentId::from_oid(&oid))
    };
    if Stamp::of_file(&file).map_err(failed)? != stamp {
        let changing = Trouble::Unreadable("it changed while it was read".into());
        return Err(Problem::at(path.as_bytes(), changing));
    }
    let id = id.ok_or_else(|| Problem::at(path.as_bytes(), Trouble::CollidingContent))?;
    Ok((id, stamp))
}

fn unreadable(path: &str, error: &std::io::Error) -> Problem {
    Problem::at(path.as_bytes(), Trouble::Unreadable(error.to_string()))
}

fn walk(root: &Path, tracked: Option<&Tracked>) -> Result<(Vec<Found>, Vec<Problem>), OpenError> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let mut entries = WalkDir::new(root).min_depth(1).follow_links(false).into_iter();
    let mut met = 0_usize;
    while let Some(next) = entries.next() {
        met += 1;
        if met > Limits::ARCHIVE.entries {
            return Err(OpenError::TooManyFiles { limit: Limits::ARCHIVE.entries });
        }
        let entry = match next {
            Ok(entry) => entry,
            Err(error) => {
                let path: PathBuf = error.path().and_then(|path| path.strip_prefix(root).ok()).unwrap_or(root).into();
                let detail = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                problems.push(Problem::at(path.as_os_str().as_bytes(), Trouble::Unreadable(detail)));
                continue;
            }
        };
        let kind = entry.file_type();
        let mut skip = |problem: Option<Problem>| {
            problems.extend(problem);
            if kind.is_dir() {
                entries.skip_current_dir();
            }
        };
        if entry.file_name() == ".git" {
            skip(None);
            continue;
        }
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path()).as_os_str().as_bytes();
        let checked = checked_name(entry.file_name().as_bytes()).and_then(|_| checked_path(below));
        let path = match checked {
            Ok(path) if kind.is_dir() && entry.depth() > MAX_DEPTH => {
                skip(Some(Problem::at(path.as_bytes(), Trouble::TooDeep)));
                continue;
            }
            Ok(path) => path,
            Err(trouble) => {
                skip(Some(Problem::at(below, trouble)));
                continue;
            }
        };
        if tracked.is_some_and(|tracked| tracked.ignores(path, kind.is_dir())) {
            skip(None);
        } else if let Some(submodule) = tracked.filter(|_| kind.is_dir()).and_then(|t| t.submodule(path)) {
            found.push(Found::Submodule(submodule));
            skip(None);
        } else if kind.is_dir() && std::fs::symlink_metadata(entry.path().join(".git")).is_ok() {
            skip(Some(Problem::at(path.as_bytes(), Trouble::NestedRepository)));
        } else if kind.is_symlink() {
            found.push(Found::SymbolicLink(path.to_owned()));
        } else if kind.is_file() {
            found.push(Found::Regular(path.to_owned()));
        } else if !kind.is_dir() {
            skip(Some(Problem::at(path.as_bytes(), Trouble::SpecialFile)));
        }
    }
    Ok((found, problems))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ffi::OsStr;
    use std::os::unix::fs::symlink;

    use git2::Repository;
    use proptest::prelude::*;

    use super::*;
    use crate::repository::fixture::{Fixture, paths};
    use crate::repository::{changed_paths, open_commit};

    fn dirty(snapshot: &Snapshot) -> bool {
        match snapshot.origin() {
            Origin::WorkTree { dirty, .. } => *dirty,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_folder_without_git_is_listed_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("customers")).unwrap();
        std::fs::write(folder.path().join("customers/a.md"), "x").unwrap();
        let snapshot = open_work_tree(folder.path()).unwrap();
        assert_eq!(paths(&snapshot), ["customers/a.md"]);
        assert_eq!(snapshot.origin(), &Origin::OutsideGit);
    }

    #[test]
    fn what_git_ignores_is_left_out_unless_it_is_tracked() {
        let fixture = Fixture::new();
        fixture.commit_files(&[(".gitignore", "*.key\nsite/\n!site/keep\n"), ("site/tracked", "x"), ("t.key", "x")]);
        fixture.check_out();
        fixture.write("site/new", "x");
        fixture.write("customers/secret.key", "x");
        fixture.write("customers/new.md", "x");
        fixture.write("other/site/deep/file", "x");
        let snapshot = open_work_tree(fixture.path()).unwrap();
        assert_eq!(paths(&snapshot), [".gitignore", "customers/new.md", "site/tracked", "t.key"]);
    }

    #[test]
    fn a_folder_that_its_repository_ignores_is_outside_git() {
        let fixture = Fixture::new();
        fixture.write(".gitignore", "target/\n");
        fixture.write("target/archive/a.md", "x");
        let snapshot = open_work_tree(&fixture.path().join("target/archive")).unwrap();
        assert_eq!(paths(&snapshot), ["a.md"]);
        assert_eq!(snapshot.origin(), &Origin::OutsideGit);
    }

    #[test]
    fn links_are_listed_and_never_followed() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "x").unwrap();
        let fixture = Fixture::new();
        symlink(outside.path(), fixture.path().join("folder")).unwrap();
        symlink("/etc/passwd", fixture.path().join("file")).unwrap();
        symlink(".", fixture.path().join("loop")).unwrap();
        let snapshot = open_work_tree(fixture.path()).unwrap();
        assert_eq!(paths(&snapshot), ["file", "folder", "loop"]);
        assert!(snapshot.files().iter().all(|file| file.kind == FileKind::SymbolicLink));
        assert_eq!(snapshot.file("file").unwrap().id, ContentId::of(b"/etc/passwd").unwrap());
    }

    #[test]
    fn names_and_files_that_cannot_be_used_are_problems() {
        let fixture = Fixture::new();
        fixture.write("good", "x");
        fixture.write("a\\b", "x");
        std::fs::write(fixture.path().join(OsStr::from_bytes(b"bad\xff")), "x").unwrap();
        let _pipe = std::os::unix::net::UnixListener::bind(fixture.path().join("socket")).unwrap();
        fixture.write("nested/file", "x");
        Repository::init(fixture.path().join("nested")).unwrap();
        let snapshot = open_work_tree(fixture.path()).unwrap();
        assert_eq!(paths(&snapshot), ["good"]);
        let found: Vec<_> = snapshot.problems().iter().map(|p| (p.path.as_str(), p.what.clone())).collect();
        assert_eq!(
            found,
            [
                ("a\\b", Trouble::Backslash),
                ("bad\u{fffd}", Trouble::NotUtf8),
                ("nested", Trouble::NestedRepository),
                ("socket", Trouble::SpecialFile),
            ]
        );
    }

    #[test]
    fn a_work_tree_is_dirty_exactly_when_its_bytes_are_not_heads() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("archive/a", "one"), ("other", "x")]);
        fixture.check_out();
        let open = || open_work_tree(&fixture.path().join("archive")).unwrap();
        assert!(!dirty(&open()));
        fixture.write("other", "outside the archive");
        assert!(!dirty(&open()));
        fixture.write("archive/a", "two");
        assert!(dirty(&open()));
        fixture.write("archive/a", "one");
        assert!(!dirty(&open()));
        fixture.write("archive/b", "new");
        assert!(dirty(&open()));
    }

    #[test]
    fn a_checkout_that_git_converts_is_not_dirty() {
        let fixture = Fixture::new();
        fixture.commit_files(&[(".gitattributes", "*.md text eol=crlf\n"), ("a.md", "one\ntwo\n")]);
        fixture.check_out();
        let snapshot = open_work_tree(fixture.path()).unwrap();
        assert_eq!(snapshot.read(snapshot.file("a.md").unwrap(), 100).unwrap(), b"one\r\ntwo\r\n");
        assert!(!dirty(&snapshot));
    }

    #[test]
    fn a_submodule_keeps_its_place_and_is_not_entered() {
        let fixture = Fixture::new();
        let commit = fixture.commit_files(&[("a", "x")]);
        fixture.commit(fixture.raw_tree(&[("160000", b"module", commit)]));
        fixture.check_out();
        fixture.write("module/inner", "x");
        let snapshot = open_work_tree(fixture.path()).unwrap();
        let head = open_commit(fixture.path(), None, None).unwrap();
        assert_eq!(snapshot.files(), head.files());
        assert_eq!(snapshot.files()[0].kind, FileKind::Submodule);
    }

    #[test]
    fn a_large_file_has_the_id_that_git_gives_it() {
        let folder = tempfile::tempdir().unwrap();
        let content = vec![b'x'; IN_MEMORY as usize + 1];
        std::fs::write(folder.path().join("scan.pdf"), &content).unwrap();
        let snapshot = open_work_tree(folder.path()).unwrap();
        let file = snapshot.file("scan.pdf").unwrap();
        assert_eq!(Some(file.id), ContentId::of(&content));
        let mut read = Vec::new();
        snapshot.open_stream(file).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, content);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

        #[test]
        fn a_commit_and_its_clean_checkout_have_equal_paths_and_ids(
            files in proptest::collection::btree_map("(文|a|\\.b|c d)(/[xy书]){0,3}\\.(md|yaml)", "\\PC{0,40}", 0..20),
            ignore in "(\\*\\.md|a\\.yaml|文/|/x)?",
        ) {
            let fixture = Fixture::new();
            let mut files: BTreeMap<String, String> = files;
            files.insert(".gitignore".into(), ignore);
            let borrowed: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            fixture.commit_files(&borrowed);
            fixture.check_out();
            let commit = open_commit(fixture.path(), None, None).unwrap();
            let work_tree = open_work_tree(fixture.path()).unwrap();
            prop_assert_eq!(commit.files(), work_tree.files());
            prop_assert!(changed_paths(&commit, &work_tree).is_empty());
            prop_assert!(!dirty(&work_tree));
            prop_assert_eq!(commit.files().len(), files.len());
            for file in work_tree.files() {
                prop_assert_eq!(work_tree.read(file, 1000).unwrap(), files[&file.path].as_bytes());
            }
        }
    }
}
