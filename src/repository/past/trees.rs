//! What changed between two trees, from their raw bytes.
//!
//! A commit of a large archive changes a few entries of long trees. So two trees are compared as bytes first: what they
//! have in common at the beginning and at the end is cut off, only what remains is parsed, and only folders whose ids
//! differ are opened.

use git2::Odb;

use super::gap::Gap;
use super::objects::{Paths, TreeCache};
use super::{PastChange, PastFile};
use crate::repository::error::ObjectFault;
use crate::repository::id::ContentId;
use crate::repository::listing::Limits;
use crate::repository::name::{MAX_DEPTH, MAX_PATH, Problem, Trouble, checked_name};
use crate::repository::snapshot::FileKind;
use crate::repository::tree::{MalformedTree, Mode, TreeEntries, TreeEntry};

/// How many gaps of one commit are told. More of them say no more.
const MOST_GAPS: usize = 1000;

/// What is needed to compare trees.
#[derive(Clone, Copy)]
pub(super) struct Trees<'a> {
    pub(super) objects: &'a Odb<'static>,
    pub(super) cache: &'a TreeCache,
    pub(super) paths: &'a Paths,
    pub(super) limits: Limits,
}

impl Trees<'_> {
    /// The files that differ between two trees, sorted by path; `None` is the empty tree. Names that cannot be paths
    /// are left out, as are folders that cannot be read; `gaps` says so. The commit is named there and not looked at.
    pub(super) fn changes(
        &self,
        commit: ContentId,
        old: Option<ContentId>,
        new: Option<ContentId>,
        gaps: &mut Vec<Gap>,
    ) -> Vec<PastChange> {
        let mut comparison = Comparison {
            trees: self,
            commit,
            path: String::new(),
            entries: 0,
            path_bytes: 0,
            found: Vec::new(),
            gaps: Vec::new(),
        };
        let compared = if old == new { Ok(()) } else { comparison.folder(0, old, new) };
        let Comparison { mut found, gaps: mut new_gaps, .. } = comparison;
        if compared.is_err() {
            gaps.push(Gap::TooMany { commit, limit: self.limits.entries });
            return Vec::new();
        }
        new_gaps.truncate(MOST_GAPS);
        gaps.append(&mut new_gaps);
        found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        found
    }
}

/// More was found than is looked at.
struct TooMany;

struct Comparison<'a> {
    trees: &'a Trees<'a>,
    commit: ContentId,
    /// The folder that is being compared, and room for names behind it.
    path: String,
    entries: usize,
    path_bytes: usize,
    found: Vec<PastChange>,
    gaps: Vec<Gap>,
}

impl Comparison<'_> {
    fn folder(&mut self, depth: usize, old: Option<ContentId>, new: Option<ContentId>) -> Result<(), TooMany> {
        let Trees { objects, cache, .. } = *self.trees;
        let before = old.map(|id| cache.older(objects, id).map_err(|fault| (id, fault))).transpose();
        let after = new.map(|id| cache.newer(objects, id).map_err(|fault| (id, fault))).transpose();
        let (before, after) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (Err((id, fault)), _) | (_, Err((id, fault))) => {
                self.gaps.push(Gap::object(id, self.shown(), fault));
                return Ok(());
            }
        };
        let (before, after) = (before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
        let (before, after) = differing(before, after);
        let parsed = (self.parsed(before, old, false), self.parsed(after, new, true));
        let (Some(before), Some(after)) = parsed else { return Ok(()) };
        let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
        loop {
            let order = match (before.peek(), after.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(a), Some(b)) => a.name.cmp(b.name),
            };
            let a = if order.is_le() { before.next() } else { None };
            let b = if order.is_ge() { after.next() } else { None };
            self.entry(depth, a, b)?;
        }
    }

    /// The entries of what differs, each name once, sorted by name; `None` where the tree is malformed.
    fn parsed<'t>(&mut self, bytes: &'t [u8], id: Option<ContentId>, newer: bool) -> Option<Vec<TreeEntry<'t>>> {
        let mut entries = Vec::new();
        for entry in TreeEntries::of(bytes) {
            match (entry, id) {
                (Ok(entry), _) => entries.push(entry),
                (Err(MalformedTree), Some(id)) => {
                    let fault = ObjectFault::Unreadable("it is malformed".into());
                    self.gaps.push(Gap::object(id, self.shown(), fault));
                    return None;
                }
                (Err(MalformedTree), None) => return None,
            }
        }
        // Git sorts a folder as though its name ended in a slash, so that this is nearly done already. It keeps the
        // order of equal names, of which the first one counts, as in a snapshot.
        if !entries.is_sorted_by(|a, b| a.name < b.name) {
            entries.sort_by(|a, b| a.name.cmp(b.name));
            entries.dedup_by(|later, first| {
                let twice = later.name == first.name;
                if twice && newer {
                    self.report(later.name, Trouble::Twice);
                }
                twice
            });
        }
        Some(entries)
    }

    /// One name in the two trees.
    fn entry(&mut self, depth: usize, a: Option<TreeEntry<'_>>, b: Option<TreeEntry<'_>>) -> Result<(), TooMany> {
        let Some(named) = b.or(a) else { return Ok(()) };
        if matches!((a, b), (Some(a), Some(b)) if a.id == b.id && a.mode == b.mode) {
            return Ok(());
        }
        self.entries += 1;
        if self.entries > self.trees.limits.entries {
            return Err(TooMany);
        }
        let fits = self.path.len() + 1 + named.name.len() <= MAX_PATH;
        let safe = checked_name(named.name).and_then(|name| if fits { Ok(name) } else { Err(Trouble::TooLong) });
        let name = match safe {
            Ok(name) => name,
            Err(trouble) => {
                if b.is_some() {
                    self.report(named.name, trouble);
                }
                return Ok(());
            }
        };
        if let Some(TreeEntry { mode: Mode::Unknown(mode), .. }) = b {
            self.report(named.name, Trouble::UnknownMode(mode));
        }
        let folder_length = self.path.len();
        if folder_length > 0 {
            self.path.push('/');
        }
        self.path.push_str(name);
        self.path_bytes += self.path.len();
        let compared = if self.path_bytes > self.trees.limits.path_bytes { Err(TooMany) } else { Ok(()) };
        let compared = compared.and_then(|()| {
            let (old, new) = (a.and_then(file), b.and_then(file));
            if old != new {
                let path = self.trees.paths.intern(&self.path);
                self.found.push(PastChange { path, old, new, moved: None });
            }
            match (a.and_then(folder), b.and_then(folder)) {
                (None, None) => Ok(()),
                (_, Some(_)) if depth == MAX_DEPTH => {
                    let problem = Problem::at(self.path.as_bytes(), Trouble::TooDeep);
                    self.gaps.push(Gap::Name { commit: self.commit, problem });
                    Ok(())
                }
                (Some(_), None) if depth == MAX_DEPTH => Ok(()),
                (old, new) => self.folder(depth + 1, old, new),
            }
        });
        self.path.truncate(folder_length);
        compared
    }

    fn report(&mut self, name: &[u8], trouble: Trouble) {
        if self.gaps.len() < MOST_GAPS {
            let path = [self.path.as_bytes(), if self.path.is_empty() { b"" } else { b"/" }, name].concat();
            self.gaps.push(Gap::Name { commit: self.commit, problem: Problem::at(&path, trouble) });
        }
    }

    fn shown(&self) -> String {
        match self.path.as_str() {
            "" => format!("the top folder of commit {}", self.commit),
            path => format!("the folder `{path}` of commit {}", self.commit),
        }
    }
}

fn folder(entry: TreeEntry<'_>) -> Option<ContentId> {
    (entry.mode == Mode::Folder).then_some(entry.id)
}

fn file(entry: TreeEntry<'_>) -> Option<PastFile> {
    let kind = match entry.mode {
        Mode::Regular => FileKind::Regular,
        Mode::SymbolicLink => FileKind::SymbolicLink,
        Mode::Submodule => FileKind::Submodule,
        Mode::Folder | Mode::Unknown(_) => return None,
    };
    Some(PastFile { id: entry.id, kind })
}

/// What is left of two trees without the entries that they have in common at the beginning and at the end.
fn differing<'t>(old: &'t [u8], new: &'t [u8]) -> (&'t [u8], &'t [u8]) {
    let common = common_prefix(old, new);
    let mut start = 0;
    // Where the bytes are equal, so are the entries.
    while let Some(end) = entry_end(new, start).filter(|end| *end <= common) {
        start = end;
    }
    let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let common = common_suffix(old, new);
    // From the end they can only be cut where an entry begins in both.
    let (mut a, mut b) = (0, 0);
    loop {
        let (left, right) = (old.len() - a, new.len() - b);
        if left == right && left <= common {
            return (old.get(..a).unwrap_or_default(), new.get(..b).unwrap_or_default());
        }
        let (at, bytes) = if left > right { (&mut a, old) } else { (&mut b, new) };
        match entry_end(bytes, *at) {
            Some(end) => *at = end,
            None => return (old, new),
        }
    }
}

/// Where the entry that begins at `start` ends.
fn entry_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let end = start + rest.iter().position(|byte| *byte == 0)? + 1 + ContentId::LENGTH;
    (end <= bytes.len()).then_some(end)
}

/// Bytes that are compared at once.
const BLOCK: usize = 64;

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let rest = a.iter().skip(blocks).zip(b.iter().skip(blocks));
    blocks + rest.take_while(|(a, b)| a == b).count()
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let rest = a.iter().rev().skip(blocks).zip(b.iter().rev().skip(blocks));
    blocks + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use git2::ObjectType;
    use proptest::prelude::*;

    use super::*;
    use crate::repository::fixture::Fixture;
    use crate::repository::object::objects_of;

    fn raw(entries: &[(u8, u8)]) -> Vec<u8> {
        let entry = |(name, id): &(u8, u8)| [b"100644 ", format!("n{name}").as_bytes(), b"\0", &[*id; 20]].concat();
        entries.iter().flat_map(entry).collect()
    }

    fn parsed(bytes: &[u8]) -> Vec<TreeEntry<'_>> {
        TreeEntries::of(bytes).map(|entry| entry.unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_cut_off_is_common_to_both(
            old in prop::collection::vec((0..30_u8, 0..3_u8), 0..40),
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, 0..30_u8), 0..4),
        ) {
            let mut new = old.clone();
            for (at, what, name) in edits {
                let at = at.index(new.len() + 1);
                match what {
                    0 => new.insert(at, (name, 7)),
                    1 if at < new.len() => drop(new.remove(at)),
                    _ if at < new.len() => new[at].1 = 9,
                    _ => {}
                }
            }
            let (old, new) = (raw(&old), raw(&new));
            let (a, b) = differing(&old, &new);
            let start = a.as_ptr() as usize - old.as_ptr() as usize;
            prop_assert_eq!(&old[..start], &new[..start]);
            prop_assert_eq!(&old[start + a.len()..], &new[start + b.len()..]);
            let (a, b) = (parsed(a), parsed(b));
            if let (Some(first), Some(other)) = (a.first(), b.first()) {
                prop_assert_ne!(first, other);
            }
            if let (Some(last), Some(other)) = (a.last(), b.last()) {
                prop_assert_ne!(last, other);
            }
        }
    }

    #[test]
    fn ids_that_look_like_entries_are_not_cut_through() {
        // The id of the first entry of `old` ends in the bytes of the entry that `new` ends with.
        let entry = [&b"100644 x\0"[..], &[7; 20]].concat();
        let old = [&b"100644 a\0"[..], &[1; 20], &b"100644 b\0"[..], &[5; 11], &entry[..9], &[7; 20]].concat();
        let (a, _) = differing(&old, &entry);
        assert_eq!(a.len(), old.len());
    }

    #[test]
    fn a_tree_that_describes_more_files_than_there_are_atoms_is_given_up() {
        let fixture = Fixture::new();
        let mut tree = fixture.raw_tree(&[("100644", b"x", fixture.blob(b"1"))]);
        for _ in 0..60 {
            tree = fixture.raw_tree(&[("40000", b"a", tree), ("40000", b"b", tree)]);
        }
        let objects = objects_of(&fixture.repository).unwrap();
        let (cache, paths) = (TreeCache::new(), Paths::new());
        let limits = Limits { entries: 10_000, ..Limits::ARCHIVE };
        let trees = Trees { objects: &objects, cache: &cache, paths: &paths, limits };
        let commit = ContentId::of(b"").unwrap();
        let mut gaps = Vec::new();
        let found = trees.changes(commit, None, ContentId::from_oid(&tree), &mut gaps);
        assert_eq!((found.len(), gaps), (0, vec![Gap::TooMany { commit, limit: 10_000 }]));
        // Neither does one that holds itself.
        let own = fixture.blob(b"its name");
        let entry = [&b"40000 a\0"[..], own.as_bytes(), b"40000 b\0", own.as_bytes()].concat();
        fixture.forge(own, ObjectType::Tree, &entry);
        let mut gaps = Vec::new();
        assert_eq!(trees.changes(commit, None, ContentId::from_oid(&own), &mut gaps).len(), 0);
        assert_eq!(gaps, [Gap::TooMany { commit, limit: 10_000 }]);
    }
}
