//! Files that a commit moved: one path is gone, another is new, and what stands there is the same or nearly so.
//!
//! Git keeps no moves; they are guessed, and always in the same way. That two contents are the same is a fact; what is
//! merely similar is never called the same.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use git2::{ObjectType, Odb};

use super::gap::Gap;
use super::{Moved, PastChange, PastFile};
use crate::repository::error::ObjectFault;
use crate::repository::object;
use crate::repository::snapshot::FileKind;

/// With more files than this on either side nothing is compared for similarity: it would be a guess among too many.
const MOST_FILES: usize = 200;
/// The largest file that is compared, in bytes.
pub(in crate::repository) const MOST_BYTES: u64 = 1 << 20;
/// How many lines are compared for one commit in all, so that a commit made to be slow is not.
const MOST_WORK: usize = 8 << 20;

/// Finds what moved without a change, among the changes of one commit sorted by path.
pub(in crate::repository) fn find_same(changes: &mut Vec<PastChange>) {
    let (mut gone, mut come) = unmatched(changes, |file| file.kind != FileKind::Submodule);
    let mut pairs = Vec::new();
    // Paths that end alike go first: when a folder moves, its files keep their names.
    for names in [2, 1, 0] {
        if gone.is_empty() || come.is_empty() {
            break;
        }
        let key = |at: usize, file: PastFile| (file, last_names(&changes[at].path, names));
        let mut by_key: HashMap<_, VecDeque<(usize, PastFile)>> = HashMap::new();
        for (at, file) in gone {
            by_key.entry(key(at, file)).or_default().push_back((at, file));
        }
        come.retain(|(to, file)| match by_key.get_mut(&key(*to, *file)).and_then(VecDeque::pop_front) {
            Some((from, _)) => {
                pairs.push((from, *to));
                false
            }
            None => true,
        });
        gone = by_key.into_values().flatten().collect();
        gone.sort_unstable_by_key(|(at, _)| *at);
    }
    join(changes, &pairs, true);
}

/// Whether [`find_similar`] may find something.
pub(super) fn may_be_similar(changes: &[PastChange]) -> bool {
    changes.iter().any(|change| change.new.is_none()) && changes.iter().any(|change| change.old.is_none())
}

/// Finds what moved and changed a little on the way: regular files of which half of the lines are the same. To be
/// called after [`find_same`]. `lines_of` reads a file, and gives nothing where it is not to be compared.
pub(in crate::repository) fn find_similar(
    changes: &mut Vec<PastChange>,
    mut lines_of: impl FnMut(PastFile, &str) -> Option<Lines>,
) {
    let (gone, come) = unmatched(changes, |file| file.kind == FileKind::Regular);
    if gone.is_empty() || come.is_empty() || gone.len() > MOST_FILES || come.len() > MOST_FILES {
        return;
    }
    let mut read = |files: Vec<(usize, PastFile)>| -> Vec<(usize, Lines)> {
        let lines = |(at, file): (usize, PastFile)| Some((at, lines_of(file, &changes[at].path)?));
        files.into_iter().filter_map(lines).collect()
    };
    let (gone, come) = (read(gone), read(come));
    let work = |files: &[(usize, Lines)]| files.iter().map(|(_, lines)| lines.distinct.len()).sum::<usize>();
    if work(&gone) * come.len() + work(&come) * gone.len() > MOST_WORK {
        return;
    }
    let mut candidates = Vec::new();
    for (from, before) in &gone {
        for (to, after) in &come {
            if let Some(similarity) = before.similarity(after) {
                let names = common_last_names(&changes[*from].path, &changes[*to].path);
                candidates.push((Reverse(similarity), Reverse(names), *to, *from));
            }
        }
    }
    candidates.sort_unstable();
    let mut paired = vec![false; changes.len()];
    let mut pairs = Vec::new();
    for (_, _, to, from) in candidates {
        if !paired[from] && !paired[to] {
            paired[from] = true;
            paired[to] = true;
            pairs.push((from, to));
        }
    }
    join(changes, &pairs, false);
}

type Places = Vec<(usize, PastFile)>;

/// What is gone and what is new, as places among the changes.
fn unmatched(changes: &[PastChange], counts: impl Fn(PastFile) -> bool) -> (Places, Places) {
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for (at, change) in changes.iter().enumerate() {
        match (change.old, change.new) {
            (Some(file), None) if counts(file) => gone.push((at, file)),
            (None, Some(file)) if counts(file) => come.push((at, file)),
            _ => {}
        }
    }
    (gone, come)
}

/// Makes one change of each pair, at its new path.
fn join(changes: &mut Vec<PastChange>, pairs: &[(usize, usize)], same: bool) {
    if pairs.is_empty() {
        return;
    }
    let mut moved_away = vec![false; changes.len()];
    for (from, to) in pairs {
        let (path, old) = (Arc::clone(&changes[*from].path), changes[*from].old);
        changes[*to].old = old;
        changes[*to].moved = Some(Moved { from: path, same });
        moved_away[*from] = true;
    }
    let mut moved_away = moved_away.into_iter();
    changes.retain(|_| moved_away.next() != Some(true));
}

/// The last so many names of a path.
fn last_names(path: &str, count: usize) -> &str {
    let start = match count.checked_sub(1) {
        None => return "",
        Some(slashes) => path.rmatch_indices('/').nth(slashes),
    };
    start.and_then(|(at, _)| path.get(at..)).unwrap_or(path)
}

fn common_last_names(a: &str, b: &str) -> usize {
    a.rsplit('/').zip(b.rsplit('/')).take_while(|(a, b)| a == b).count()
}

/// The lines of a file without their order. Blank lines say nothing and are left out.
pub(in crate::repository) struct Lines {
    /// Digests of the lines, sorted, each with how often it stands there.
    distinct: Vec<(u64, usize)>,
    count: usize,
}

impl Lines {
    /// `None` where the file is not to be compared: too large, no text, or not to be had, which is a gap.
    pub(super) fn of(objects: &Odb<'_>, file: PastFile, path: &str, gaps: &mut Vec<Gap>) -> Option<Self> {
        match object::read(objects, file.id, ObjectType::Blob, MOST_BYTES) {
            Ok(object) => Self::parse(object.data()),
            Err(ObjectFault::TooLarge { .. }) => None,
            Err(fault) => {
                gaps.push(Gap::object(file.id, format!("the content of `{path}`"), fault));
                None
            }
        }
    }

    pub(in crate::repository) fn parse(content: &[u8]) -> Option<Self> {
        if content.contains(&0) {
            return None;
        }
        let lines = content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
        let mut digests: Vec<u64> = lines
            .map(|line| {
                // The digests of the standard library's default hasher are the same in every run; nothing keeps them.
                let mut hasher = DefaultHasher::new();
                line.hash(&mut hasher);
                hasher.finish()
            })
            .collect();
        digests.sort_unstable();
        let count = digests.len();
        let distinct = digests.chunk_by(|a, b| a == b).filter_map(|same| Some((*same.first()?, same.len()))).collect();
        Some(Self { distinct, count })
    }

    /// How much of the longer file stands in the other, in ten-thousandths of its lines, if it is half or more.
    fn similarity(&self, other: &Self) -> Option<usize> {
        let longer = self.count.max(other.count);
        if longer == 0 || self.count.min(other.count) * 2 < longer {
            return None;
        }
        let (mut a, mut b) = (self.distinct.iter().peekable(), other.distinct.iter().peekable());
        let mut common = 0;
        while let (Some((left, left_times)), Some((right, right_times))) = (a.peek(), b.peek()) {
            let order = left.cmp(right);
            if order.is_eq() {
                common += left_times.min(right_times);
            }
            if order.is_le() {
                a.next();
            }
            if order.is_ge() {
                b.next();
            }
        }
        (common * 2 >= longer).then(|| common * 10_000 / longer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::id::ContentId;

    fn file(content: &str) -> Option<PastFile> {
        Some(PastFile { id: ContentId::of(content.as_bytes()).unwrap(), kind: FileKind::Regular })
    }

    /// Files that are gone and files that are new, given as path and content.
    fn moves(gone: &[(&str, &str)], come: &[(&str, &str)]) -> Vec<String> {
        let change = |path: &str, old, new| PastChange { path: path.into(), old, new, moved: None };
        let gone = gone.iter().map(|(path, content)| change(path, file(content), None));
        let mut changes: Vec<_> =
            gone.chain(come.iter().map(|(path, content)| change(path, None, file(content)))).collect();
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        find_same(&mut changes);
        let told = |change: &PastChange| match (&change.moved, change.new) {
            (Some(moved), _) => format!("{} > {}", moved.from, change.path),
            (None, Some(_)) => format!("+ {}", change.path),
            (None, None) => format!("- {}", change.path),
        };
        changes.iter().map(told).collect()
    }

    #[test]
    fn equal_contents_are_paired_by_the_names_that_they_keep() {
        let gone = [("a/x/note", "1"), ("a/y/note", "1"), ("a/z/memo", "1")];
        assert_eq!(moves(&gone, &[("b/y/note", "1")]), ["- a/x/note", "- a/z/memo", "a/y/note > b/y/note"]);
        assert_eq!(moves(&gone, &[("c/memo", "1")]), ["- a/x/note", "- a/y/note", "a/z/memo > c/memo"]);
        assert_eq!(moves(&gone, &[("c/other", "1")]), ["- a/y/note", "- a/z/memo", "a/x/note > c/other"]);
        assert_eq!(moves(&gone[..1], &[("c/note", "2")]), ["- a/x/note", "+ c/note"]);
    }

    #[test]
    fn each_file_moves_once() {
        assert_eq!(moves(&[("a", "1")], &[("b", "1"), ("c", "1")]), ["a > b", "+ c"]);
        assert_eq!(moves(&[("a", "1"), ("b", "1")], &[("c", "1")]), ["- b", "a > c"]);
    }

    #[test]
    fn similarity_is_the_share_of_the_longer_file() {
        let of =
            |a: &str, b: &str| Lines::parse(a.as_bytes()).unwrap().similarity(&Lines::parse(b.as_bytes()).unwrap());
        assert_eq!(of("a\nb\nc\nd\n", "d\nc\nx\ny\n"), Some(5_000));
        assert_eq!(of("a\nb\nc\nd\n", "d\nx\ny\nz\n"), None);
        assert_eq!(of("a\nb\n", "a\nb\n\n \nc\n"), Some(6_666));
        assert_eq!(of("a\na\na\na\n", "a\n"), None);
        assert_eq!(of("", ""), None);
        assert!(Lines::parse(b"a\0b").is_none());
    }

    #[test]
    fn the_last_names_of_a_path() {
        assert_eq!([last_names("a/b/c", 2), last_names("a/b/c", 1), last_names("a/b/c", 0)], ["/b/c", "/c", ""]);
        assert_eq!([last_names("c", 2), last_names("c", 1)], ["c", "c"]);
        assert_eq!(common_last_names("a/b/c", "x/b/c"), 2);
    }
}
