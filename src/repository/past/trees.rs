//! What changed between the trees of commits, from their raw bytes.
//!
//! A commit of a large archive changes a few entries of long trees. So two trees are compared as bytes first
//! ([`differing`]): what they have in common at the beginning and at the end is cut off, only what remains is parsed,
//! and only folders whose ids differ are opened.
//!
//! It is done folder by folder and not commit by commit: first the top folder of all commits, then a folder in it in
//! all commits that changed it, and so on. The versions of one folder are stored as deltas of one another, so that git
//! unpacks each from the one before; and what one commit has is at hand when it is what the next one had.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use git2::{ObjectType, Odb, OdbObject};

use super::differing::differing;
use super::entry::Task;
use super::gap::Gap;
use super::{PastChange, PastFile};
use crate::repository::error::{ObjectFault, OpenError};
use crate::repository::id::ContentId;
use crate::repository::listing::Limits;
use crate::repository::name::{MAX_DEPTH, MAX_PATH, Problem, Trouble, checked_name};
use crate::repository::object;
use crate::repository::snapshot::FileKind;
use crate::repository::tree::{MalformedTree, Mode, TreeEntries, TreeEntry};

/// How many gaps of one commit are told. More of them say no more.
const MOST_GAPS: usize = 1000;
/// How many trees of a folder are at hand, and how many bytes of them: some for each branch beside the others.
const AT_HAND: usize = 8;
const AT_HAND_BYTES: usize = 16 << 20;

/// How much is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// For one commit. A commit that changes more is a gap.
    pub(super) commit: Limits,
    /// Changes of all commits together. More than that is an error.
    pub(super) changes: usize,
}

/// Finds the files that each commit changed against each of its parents, or against nothing where it has none, in no
/// order. Names that cannot be paths are left out, as are folders that cannot be read; the commit's gaps say so.
///
/// The commits should come newest first.
pub(super) fn compare(objects: &Odb<'_>, tasks: &mut [Task], most: Most) -> Result<(), OpenError> {
    let mut pairs = Vec::with_capacity(tasks.len());
    for (at, Task { tree, parents, .. }) in tasks.iter().enumerate() {
        let pair = |old| Pair { task: at, old, new: Some(*tree) };
        if parents.is_empty() {
            pairs.push(pair(None));
        }
        pairs.extend(parents.iter().filter(|parent| *parent != tree).map(|parent| pair(Some(*parent))));
    }
    let work = vec![Work::default(); tasks.len()];
    let mut comparison = Comparison { objects, tasks, work, most, changes: 0 };
    comparison.folder("", 0, pairs)?;
    let Comparison { tasks, work, .. } = comparison;
    for (Task { entry, .. }, work) in tasks.iter_mut().zip(work) {
        entry.gaps.truncate(MOST_GAPS);
        if work.exceeds(most.commit) {
            entry.commit.changes = Vec::new();
            entry.gaps = vec![Gap::TooMany { commit: entry.commit.id, limit: most.commit.entries }];
        }
    }
    Ok(())
}

/// One folder in a commit and in a parent of it.
#[derive(Clone, Copy)]
struct Pair {
    /// The place of the commit.
    task: usize,
    old: Option<ContentId>,
    new: Option<ContentId>,
}

/// What has been done for a commit.
#[derive(Clone, Copy, Default)]
struct Work {
    entries: usize,
    path_bytes: usize,
}

impl Work {
    fn exceeds(self, limits: Limits) -> bool {
        self.entries > limits.entries || self.path_bytes > limits.path_bytes
    }
}

/// A folder of the repository, in whatever commits it is.
struct Folder<'a> {
    /// Its path; empty at the top.
    path: &'a str,
    depth: usize,
    /// The paths of the files in it that changed somewhere, by their names: each is in memory once.
    files: HashMap<String, Arc<str>>,
    /// The folders in it that changed somewhere, by their names.
    folders: HashMap<String, Vec<Pair>>,
}

impl Folder<'_> {
    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }
}

struct Comparison<'a> {
    objects: &'a Odb<'a>,
    tasks: &'a mut [Task],
    work: Vec<Work>,
    most: Most,
    changes: usize,
}

impl Comparison<'_> {
    /// Compares one folder in all commits, and then the folders in it.
    fn folder(&mut self, path: &str, depth: usize, pairs: Vec<Pair>) -> Result<(), OpenError> {
        let mut folder = Folder { path, depth, files: HashMap::new(), folders: HashMap::new() };
        let mut at_hand = AtHand { objects: self.objects, trees: VecDeque::new(), bytes: 0 };
        for pair in pairs {
            if self.work.get(pair.task).is_none_or(|work| work.exceeds(self.most.commit)) {
                continue;
            }
            match at_hand.tree(pair.new).and_then(|new| Ok((at_hand.tree(pair.old)?, new))) {
                Ok((old, new)) => self.pair(&mut folder, pair, bytes(old.as_deref()), bytes(new.as_deref()))?,
                Err((id, fault)) => self.gap(pair, |commit| Gap::object(id, shown(path, commit), fault)),
            }
        }
        drop(at_hand);
        let folders = std::mem::take(&mut folder.folders);
        let mut folders: Vec<_> = folders.into_iter().collect();
        // So that the gaps of a commit come in the same order every time.
        folders.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        folders.into_iter().try_for_each(|(name, pairs)| self.folder(&folder.path_of(&name), depth + 1, pairs))
    }

    /// Compares a folder in a commit with the same folder in a parent.
    fn pair(&mut self, folder: &mut Folder<'_>, pair: Pair, old: &[u8], new: &[u8]) -> Result<(), OpenError> {
        let (old, new) = differing(old, new);
        let parsed = (self.parsed(folder, pair, old, pair.old), self.parsed(folder, pair, new, pair.new));
        let (Some(old), Some(new)) = parsed else { return Ok(()) };
        let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(a), Some(b)) => a.name.cmp(b.name),
            };
            let a = if order.is_le() { old.next() } else { None };
            let b = if order.is_ge() { new.next() } else { None };
            if let Some(named) = b.or(a).filter(|_| !same(a, b)) {
                self.entry(folder, pair, named.name, a, b)?;
            }
        }
    }

    /// The entries of what differs, each name once, sorted by name; `None` where the tree is malformed.
    fn parsed<'t>(
        &mut self,
        folder: &Folder<'_>,
        pair: Pair,
        bytes: &'t [u8],
        id: Option<ContentId>,
    ) -> Option<Vec<TreeEntry<'t>>> {
        let entries: Result<Vec<_>, _> = TreeEntries::of(bytes).collect();
        let Ok(mut entries) = entries.map_err(|MalformedTree| {
            let fault = ObjectFault::Unreadable("it is malformed".into());
            id.map(|id| self.gap(pair, |commit| Gap::object(id, shown(folder.path, commit), fault)))
        }) else {
            return None;
        };
        // Git sorts a folder as though its name ended in a slash, so that this is nearly done already. It keeps the
        // order of equal names, of which the first one counts, as in a snapshot.
        if !entries.is_sorted_by(|a, b| a.name < b.name) {
            entries.sort_by(|a, b| a.name.cmp(b.name));
            entries.dedup_by(|later, first| {
                let twice = later.name == first.name;
                if twice && id == pair.new {
                    self.report(folder, pair, later.name, Trouble::Twice);
                }
                twice
            });
        }
        Some(entries)
    }

    /// One name in a folder that is not the same in a commit and in its parent.
    fn entry(
        &mut self,
        folder: &mut Folder<'_>,
        pair: Pair,
        name: &[u8],
        a: Option<TreeEntry<'_>>,
        b: Option<TreeEntry<'_>>,
    ) -> Result<(), OpenError> {
        let length = folder.path.len() + 1 + name.len();
        if let Some(work) = self.work.get_mut(pair.task) {
            work.entries += 1;
            work.path_bytes += length;
        }
        let safe = checked_name(name).and_then(|name| if length > MAX_PATH { Err(Trouble::TooLong) } else { Ok(name) });
        let name = match safe {
            Ok(name) => name,
            Err(trouble) => {
                if b.is_some() {
                    self.report(folder, pair, name, trouble);
                }
                return Ok(());
            }
        };
        if let Some(TreeEntry { mode: Mode::Unknown(mode), .. }) = b {
            self.report(folder, pair, name.as_bytes(), Trouble::UnknownMode(mode));
        }
        let (old, new) = (a.and_then(file_of), b.and_then(file_of));
        if old != new {
            let path = match folder.files.get(name) {
                Some(path) => Arc::clone(path),
                None => {
                    let path: Arc<str> = folder.path_of(name).into();
                    folder.files.insert(name.to_owned(), Arc::clone(&path));
                    path
                }
            };
            self.changes += 1;
            if self.changes > self.most.changes {
                return Err(OpenError::TooManyFiles { limit: self.most.changes });
            }
            if let Some(task) = self.tasks.get_mut(pair.task) {
                task.entry.commit.changes.push(PastChange { path, old, new, moved: None });
            }
        }
        let pair = Pair { old: a.and_then(folder_of), new: b.and_then(folder_of), ..pair };
        match (pair.old, pair.new) {
            (None, None) => {}
            (_, Some(_)) if folder.depth == MAX_DEPTH => {
                self.report(folder, pair, name.as_bytes(), Trouble::TooDeep);
            }
            (Some(_), None) if folder.depth == MAX_DEPTH => {}
            _ => match folder.folders.get_mut(name) {
                Some(pairs) => pairs.push(pair),
                None => drop(folder.folders.insert(name.to_owned(), vec![pair])),
            },
        }
        Ok(())
    }

    fn report(&mut self, folder: &Folder<'_>, pair: Pair, name: &[u8], trouble: Trouble) {
        self.gap(pair, |commit| {
            let path = [folder.path.as_bytes(), if folder.path.is_empty() { b"" } else { b"/" }, name].concat();
            Gap::Name { commit, problem: Problem::at(&path, trouble) }
        });
    }

    fn gap(&mut self, pair: Pair, gap: impl FnOnce(ContentId) -> Gap) {
        if let Some(Task { entry, .. }) = self.tasks.get_mut(pair.task).filter(|t| t.entry.gaps.len() < MOST_GAPS) {
            entry.gaps.push(gap(entry.commit.id));
        }
    }
}

/// The trees that were read last.
struct AtHand<'a> {
    objects: &'a Odb<'a>,
    trees: VecDeque<(ContentId, Rc<OdbObject<'a>>)>,
    bytes: usize,
}

impl<'a> AtHand<'a> {
    fn tree(&mut self, id: Option<ContentId>) -> Result<Option<Rc<OdbObject<'a>>>, (ContentId, ObjectFault)> {
        let Some(id) = id else { return Ok(None) };
        if let Some((_, tree)) = self.trees.iter().rev().find(|tree| tree.0 == id) {
            return Ok(Some(Rc::clone(tree)));
        }
        let read = object::read_unverified(self.objects, id, ObjectType::Tree, Limits::ARCHIVE.tree_bytes);
        let tree = Rc::new(read.map_err(|fault| (id, fault))?);
        self.bytes += tree.len();
        self.trees.push_back((id, Rc::clone(&tree)));
        while self.trees.len() > 1 && (self.trees.len() > AT_HAND || self.bytes > AT_HAND_BYTES) {
            self.bytes -= self.trees.pop_front().map_or(0, |(_, tree)| tree.len());
        }
        Ok(Some(tree))
    }
}

fn bytes<'a>(tree: Option<&'a OdbObject<'_>>) -> &'a [u8] {
    tree.map_or(&[], |tree| tree.data())
}

/// A folder of a commit in words.
fn shown(path: &str, commit: ContentId) -> String {
    match path {
        "" => format!("the top folder of commit {commit}"),
        path => format!("the folder `{path}` of commit {commit}"),
    }
}

fn same(a: Option<TreeEntry<'_>>, b: Option<TreeEntry<'_>>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.id == b.id && a.mode == b.mode)
}

fn folder_of(entry: TreeEntry<'_>) -> Option<ContentId> {
    (entry.mode == Mode::Folder).then_some(entry.id)
}

fn file_of(entry: TreeEntry<'_>) -> Option<PastFile> {
    let kind = match entry.mode {
        Mode::Regular => FileKind::Regular,
        Mode::SymbolicLink => FileKind::SymbolicLink,
        Mode::Submodule => FileKind::Submodule,
        Mode::Folder | Mode::Unknown(_) => return None,
    };
    Some(PastFile { id: entry.id, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::Fixture;
    use crate::repository::object::objects_of;
    use crate::repository::past::commit_object::CommitObject;
    use crate::repository::past::entry::PastEntry;

    fn compared(fixture: &Fixture, tree: git2::Oid, most: Most) -> Result<PastEntry, OpenError> {
        let objects = objects_of(&fixture.repository).unwrap();
        let text = format!("tree {tree}\n\n");
        let CommitObject { commit, tree } = CommitObject::parse(ContentId::of(b"").unwrap(), text.as_bytes()).unwrap();
        let entry = PastEntry { commit, gaps: Vec::new() };
        let mut tasks = [Task { entry, tree, parents: Vec::new() }];
        compare(&objects, &mut tasks, most)?;
        let [task] = tasks;
        Ok(task.entry)
    }

    const MOST: Most = Most { commit: Limits { entries: 10_000, ..Limits::ARCHIVE }, changes: 10_000 };

    #[test]
    fn a_tree_that_describes_more_files_than_there_are_atoms_is_given_up() {
        let fixture = Fixture::new();
        let mut tree = fixture.raw_tree(&[("100644", b"x", fixture.blob(b"1"))]);
        for _ in 0..60 {
            tree = fixture.raw_tree(&[("40000", b"a", tree), ("40000", b"b", tree)]);
        }
        let commit = ContentId::of(b"").unwrap();
        let given_up = Gap::TooMany { commit, limit: 10_000 };
        let found = compared(&fixture, tree, MOST).unwrap();
        assert_eq!((found.commit.changes.len(), found.gaps), (0, vec![given_up.clone()]));
        // So is one that holds itself, which only a forger writes.
        let own = fixture.blob(b"its name");
        let entry = [&b"40000 a\0"[..], own.as_bytes(), b"40000 b\0", own.as_bytes()].concat();
        fixture.forge(own, ObjectType::Tree, &entry);
        assert_eq!(compared(&fixture, own, MOST).unwrap().gaps, [given_up]);
    }

    #[test]
    fn more_changes_than_any_archive_has_are_an_error() {
        let fixture = Fixture::new();
        let tree = fixture.tree(&[("a", "1"), ("b", "1"), ("c", "1")]);
        assert_eq!(compared(&fixture, tree, Most { changes: 3, ..MOST }).unwrap().commit.changes.len(), 3);
        let error = compared(&fixture, tree, Most { changes: 2, ..MOST }).unwrap_err();
        assert_eq!(error, OpenError::TooManyFiles { limit: 2 });
    }
}
