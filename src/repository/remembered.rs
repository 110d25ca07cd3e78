//! What was found of a folder, kept for who opens it again after a save: most of its files are as they were.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::beneath::Stamp;
use super::error::OpenError;
use super::id::ContentId;
use super::snapshot::{FileEntry, FileKind};

/// A file that is read sooner than this after its stamp was first seen may be written again in the same tick of the file
/// system's clock, and then look as it did. The coarsest clock, of disks as cameras use them, ticks every two seconds.
const YOUNG: Duration = Duration::from_secs(3);

/// The ids of a folder's files as they were found last, by path and stamp, and the files of HEAD's tree.
///
/// It spares hashing and nothing else: the folder is listed each time, whatever is new, other or gone is seen, and every
/// name is checked. A snapshot's files are held against their ids when they are read, whether remembered or not.
#[derive(Debug, Default)]
pub struct Remembered {
    root: PathBuf,
    files: HashMap<String, Known>,
    committed: Option<(ContentId, Vec<FileEntry>)>,
}

#[derive(Debug)]
struct Known {
    stamp: Stamp,
    id: ContentId,
    /// When the stamp was seen first.
    seen: Instant,
    /// Whether the file was read when its stamp was no longer young, so that other content would have another stamp.
    settled: bool,
}

impl Remembered {
    /// Forgets files that are known to have been written, and what lies below folders among these paths; the empty path
    /// is the archive. Their stamps may be what they were.
    pub fn forget(&mut self, paths: &BTreeSet<String>) {
        if paths.contains("") {
            self.files.clear();
        }
        let above =
            |path: &str| path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(|p| paths.contains(p)));
        self.files.retain(|path, _| !paths.contains(path) && !above(path));
    }

    /// What is remembered of this folder alone, which is about to be listed.
    pub(super) fn begin(&mut self, root: &Path) -> Listed {
        if self.root != root {
            *self = Self { root: root.to_owned(), ..Self::default() };
        }
        Listed { began: Instant::now() }
    }

    /// The id of a file that has its settled stamp still.
    pub(super) fn id(&self, path: &str, now: impl FnOnce() -> Option<Stamp>) -> Option<(ContentId, Stamp)> {
        let known = self.files.get(path).filter(|known| known.settled)?;
        (now()? == known.stamp).then_some((known.id, known.stamp))
    }

    /// Keeps what was found.
    pub(super) fn keep(&mut self, listed: &Listed, files: &[FileEntry], stamps: &HashMap<String, Stamp>) {
        let (before, now) = (std::mem::take(&mut self.files), Instant::now());
        let known = |file: &FileEntry| {
            let stamp = *stamps.get(&file.path)?;
            let (seen, settled) = match before.get(&file.path).filter(|known| known.stamp == stamp) {
                Some(known) => (known.seen, known.settled || listed.began.duration_since(known.seen) >= YOUNG),
                None => (now, false),
            };
            Some((file.path.clone(), Known { stamp, id: file.id, seen, settled }))
        };
        self.files = files.iter().filter(|file| file.kind == FileKind::Regular).filter_map(known).collect();
    }

    /// The files of a tree, which are listed where it is another than the last time.
    pub(super) fn committed(
        &mut self,
        tree: ContentId,
        list: impl FnOnce() -> Result<Vec<FileEntry>, OpenError>,
    ) -> Result<&[FileEntry], OpenError> {
        let known = self.committed.take().filter(|(known, _)| *known == tree);
        let known = match known {
            Some(known) => known,
            None => (tree, list()?),
        };
        Ok(&self.committed.insert(known).1)
    }
}

/// A listing that has begun.
pub(super) struct Listed {
    began: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::{Fixture, paths};
    use crate::repository::{Origin, Snapshot, open_work_tree, open_work_tree_again};
    use std::fs::{File, FileTimes};

    /// Opens the folder again, and holds what comes of it against what is found anew.
    fn again(fixture: &Fixture, remembered: &mut Remembered) -> Snapshot {
        let again = open_work_tree_again(fixture.path(), remembered).unwrap();
        let anew = open_work_tree(fixture.path()).unwrap();
        assert_eq!((again.files(), again.problems()), (anew.files(), anew.problems()));
        assert_eq!(again.origin(), anew.origin());
        again
    }

    /// Makes everything that is remembered believed.
    fn settle(remembered: &mut Remembered) {
        remembered.files.values_mut().for_each(|known| known.settled = true);
    }

    fn saved(path: &str) -> BTreeSet<String> {
        BTreeSet::from([path.to_owned()])
    }

    /// Puts another id in a file's place, which is believed or not.
    fn falsify(remembered: &mut Remembered, path: &str) -> ContentId {
        let false_id = ContentId::of(b"never written").unwrap();
        remembered.files.get_mut(path).unwrap().id = false_id;
        false_id
    }

    #[test]
    fn a_file_that_stayed_is_not_hashed_again() {
        let fixture = Fixture::new();
        fixture.write("a/one.md", "one");
        let mut remembered = Remembered::default();
        again(&fixture, &mut remembered);
        settle(&mut remembered);
        let false_id = falsify(&mut remembered, "a/one.md");
        let believed = open_work_tree_again(fixture.path(), &mut remembered).unwrap();
        assert_eq!(believed.file("a/one.md").unwrap().id, false_id);
        let refused = believed.read(believed.file("a/one.md").unwrap(), 100);
        assert!(refused.is_err(), "a remembered id is held against what is read");
    }

    #[test]
    fn a_file_that_was_young_when_it_was_read_is_hashed_again() {
        let fixture = Fixture::new();
        fixture.write("a/one.md", "one");
        let mut remembered = Remembered::default();
        again(&fixture, &mut remembered);
        falsify(&mut remembered, "a/one.md");
        again(&fixture, &mut remembered);
        // Once it is read when its stamp is no longer young, it is believed.
        remembered.files.values_mut().for_each(|known| known.seen -= YOUNG);
        again(&fixture, &mut remembered);
        let false_id = falsify(&mut remembered, "a/one.md");
        let believed = open_work_tree_again(fixture.path(), &mut remembered).unwrap();
        assert_eq!(believed.file("a/one.md").unwrap().id, false_id);
    }

    #[test]
    fn a_named_file_is_hashed_again_whatever_its_stamp_says() {
        for named in ["a/one.md", "a", ""] {
            let fixture = Fixture::new();
            fixture.write("a/one.md", "one");
            let mut remembered = Remembered::default();
            again(&fixture, &mut remembered);
            settle(&mut remembered);
            falsify(&mut remembered, "a/one.md");
            remembered.forget(&saved(named));
            again(&fixture, &mut remembered);
        }
        let mut remembered = Remembered::default();
        let fixture = Fixture::new();
        fixture.write("a-b/one.md", "one");
        again(&fixture, &mut remembered);
        remembered.forget(&saved("a"));
        assert!(remembered.files.contains_key("a-b/one.md"), "beside a folder of a like name");
    }

    #[test]
    fn other_content_of_the_same_size_and_time_is_seen_also_where_nobody_names_it() {
        let fixture = Fixture::new();
        fixture.write("one.md", "one");
        let path = fixture.path().join("one.md");
        let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
        let mut remembered = Remembered::default();
        again(&fixture, &mut remembered);
        settle(&mut remembered);
        // The clock by which the system notes changes of a file's state must have ticked.
        std::thread::sleep(Duration::from_millis(50));
        fixture.write("one.md", "two");
        File::options().write(true).open(&path).unwrap().set_times(FileTimes::new().set_modified(modified)).unwrap();
        let seen = again(&fixture, &mut remembered);
        assert_eq!(seen.file("one.md").unwrap().id, ContentId::of(b"two").unwrap());
    }

    #[test]
    fn what_is_new_gone_or_a_link_now_is_seen() {
        let fixture = Fixture::new();
        for path in ["gone.md", "here/stays.md", "link.md"] {
            fixture.write(path, path);
        }
        let mut remembered = Remembered::default();
        again(&fixture, &mut remembered);
        settle(&mut remembered);
        std::fs::remove_file(fixture.path().join("gone.md")).unwrap();
        std::fs::remove_file(fixture.path().join("link.md")).unwrap();
        std::os::unix::fs::symlink("here/stays.md", fixture.path().join("link.md")).unwrap();
        fixture.write("here/new.md", "new");
        fixture.write("here/a\\b", "a name that is none");
        let seen = again(&fixture, &mut remembered);
        assert_eq!(paths(&seen), ["here/new.md", "here/stays.md", "link.md"]);
        assert_eq!(seen.file("link.md").unwrap().kind, FileKind::SymbolicLink);
        assert_eq!(seen.problems().len(), 1);
        fixture.write(".gitignore", "new.md\n");
        assert_eq!(paths(&again(&fixture, &mut remembered)), [".gitignore", "here/stays.md", "link.md"]);
    }

    #[test]
    fn a_commit_is_seen_though_no_file_changed() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("a.md", "one")]);
        fixture.check_out();
        let mut remembered = Remembered::default();
        let dirty = |snapshot: &Snapshot| match snapshot.origin() {
            Origin::WorkTree { dirty, .. } => *dirty,
            other => panic!("{other:?}"),
        };
        assert!(!dirty(&again(&fixture, &mut remembered)));
        settle(&mut remembered);
        fixture.write("a.md", "two");
        assert!(dirty(&again(&fixture, &mut remembered)));
        fixture.commit_files(&[("a.md", "two")]);
        assert!(!dirty(&again(&fixture, &mut remembered)));
    }

    #[test]
    fn nothing_is_remembered_of_one_folder_for_another() {
        let (one, other) = (Fixture::new(), Fixture::new());
        one.write("a.md", "one");
        other.write("a.md", "other");
        let mut remembered = Remembered::default();
        again(&one, &mut remembered);
        settle(&mut remembered);
        again(&other, &mut remembered);
    }
}
