//! Files by their paths, at very many moments: what two moments have in common is in memory once, and is not looked at
//! to find what they have not.

use crate::repository::ContentId;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// How many bits of a path's digest each level goes by.
const BITS: u32 = 4;
/// The levels that a digest suffices for. Paths that share all of it lie side by side at the end.
const LEVELS: u32 = u64::BITS / BITS;

/// A file's path and what stands there.
type File = (Arc<str>, ContentId);

/// The files of one moment. A copy takes no time, and a change of a copy next to none.
#[derive(Clone, Default)]
pub struct HeldFiles(Option<Arc<Node>>);

/// A part of the files: those whose digests begin alike.
#[derive(Clone)]
enum Node {
    /// One file, or several of one digest.
    Files(Vec<File>),
    /// Parts by the next bits of the digest.
    Parts([Option<Arc<Node>>; 1 << BITS]),
}

impl HeldFiles {
    /// What stands at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<ContentId> {
        let digest = digest_of(path);
        let (mut node, mut level) = (self.0.as_deref()?, 0);
        loop {
            match node {
                Node::Files(files) => return files.iter().find(|(known, _)| **known == *path).map(|(_, id)| *id),
                Node::Parts(parts) => node = parts.get(place_of(digest, level))?.as_deref()?,
            }
            level += 1;
        }
    }

    /// Puts a file at a path, or takes it away.
    pub fn set(&mut self, path: &Arc<str>, id: Option<ContentId>) {
        if self.get(path) != id {
            self.0 = changed(self.0.take(), digest_of(path), 0, path, id);
        }
    }

    /// Whether both are the same moment's, which their files say as well, only slower.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        is_one(self.0.as_ref(), other.0.as_ref())
    }

    /// All files, in the order of their paths.
    #[must_use]
    pub fn all(&self) -> Vec<File> {
        let mut all = Vec::new();
        collect(self.0.as_deref(), &mut all);
        all.sort_unstable();
        all
    }

    /// The paths at which something else stands in another moment, with what stands there, in the order of the paths.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<(Arc<str>, Option<ContentId>)> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        apart(self.0.as_ref(), other.0.as_ref(), (&mut before, &mut after));
        before.sort_unstable();
        after.sort_unstable();
        let gone = before.iter().filter(|(path, _)| after.binary_search_by(|(p, _)| p.cmp(path)).is_err());
        let mut found: Vec<_> = gone.map(|(path, _)| (Arc::clone(path), None)).collect();
        let other = after.into_iter().filter(|file| before.binary_search(file).is_err());
        found.extend(other.map(|(path, id)| (path, Some(id))));
        found.sort_unstable();
        found
    }
}

fn digest_of(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

fn place_of(digest: u64, level: u32) -> usize {
    (digest >> (level * BITS)) as usize % (1 << BITS)
}

fn is_one(one: Option<&Arc<Node>>, other: Option<&Arc<Node>>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}

/// The part with one file changed; in its place, where nobody else has it.
fn changed(
    node: Option<Arc<Node>>,
    digest: u64,
    level: u32,
    path: &Arc<str>,
    id: Option<ContentId>,
) -> Option<Arc<Node>> {
    let Some(mut node) = node else { return id.map(|id| Arc::new(Node::Files(vec![(Arc::clone(path), id)]))) };
    if let Node::Files(files) = node.as_ref()
        && let Some((beside, _)) = files.first().filter(|(beside, _)| level < LEVELS && beside != path)
    {
        // Two files whose digests began alike: both go one level down, where they may part.
        let mut parts: [Option<Arc<Node>>; 1 << BITS] = Default::default();
        if let Some(part) = parts.get_mut(place_of(digest_of(beside), level)) {
            *part = Some(node);
        }
        node = Arc::new(Node::Parts(parts));
    }
    let is_empty = match Arc::make_mut(&mut node) {
        Node::Files(files) => {
            files.retain(|(known, _)| known != path);
            files.extend(id.map(|id| (Arc::clone(path), id)));
            files.is_empty()
        }
        Node::Parts(parts) => {
            if let Some(part) = parts.get_mut(place_of(digest, level)) {
                *part = changed(part.take(), digest, level + 1, path, id);
            }
            parts.iter().all(Option::is_none)
        }
    };
    (!is_empty).then_some(node)
}

fn collect(node: Option<&Node>, all: &mut Vec<File>) {
    match node {
        None => {}
        Some(Node::Files(files)) => all.extend(files.iter().cloned()),
        Some(Node::Parts(parts)) => parts.iter().for_each(|part| collect(part.as_deref(), all)),
    }
}

/// The files of two parts, without those that lie in a part which both have.
fn apart(one: Option<&Arc<Node>>, other: Option<&Arc<Node>>, found: (&mut Vec<File>, &mut Vec<File>)) {
    if is_one(one, other) {
        return;
    }
    if let (Some(Node::Parts(one)), Some(Node::Parts(other))) = (one.map(Arc::as_ref), other.map(Arc::as_ref)) {
        for (one, other) in one.iter().zip(other) {
            apart(one.as_ref(), other.as_ref(), (&mut *found.0, &mut *found.1));
        }
        return;
    }
    collect(one.map(Arc::as_ref), found.0);
    collect(other.map(Arc::as_ref), found.1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn id(number: u8) -> ContentId {
        ContentId::from_bytes([number; 20])
    }

    type Written = Vec<(u8, Option<u8>)>;

    fn written(files: &mut HeldFiles, plain: &mut BTreeMap<Arc<str>, ContentId>, writes: &Written) {
        for (path, content) in writes {
            let path: Arc<str> = format!("customers/{path}/dossier.yaml").into();
            files.set(&path, content.map(id));
            match content {
                Some(content) => plain.insert(path, id(*content)),
                None => plain.remove(&path),
            };
        }
    }

    fn writes() -> impl Strategy<Value = Written> {
        prop::collection::vec((0u8..60, prop::option::weighted(0.7, 0u8..4)), 0..80)
    }

    proptest! {
        #[test]
        fn a_moment_holds_what_was_written_to_it_and_no_copy_feels_it(base in writes(), one in writes(), other in writes()) {
            let (mut files, mut plain) = (HeldFiles::default(), BTreeMap::new());
            written(&mut files, &mut plain, &base);
            let (mut first, mut first_plain) = (files.clone(), plain.clone());
            let (mut second, mut second_plain) = (files.clone(), plain.clone());
            prop_assert!(first.is(&second));
            written(&mut first, &mut first_plain, &one);
            written(&mut second, &mut second_plain, &other);
            for (files, plain) in [(&files, &plain), (&first, &first_plain), (&second, &second_plain)] {
                prop_assert_eq!(files.all(), plain.clone().into_iter().collect::<Vec<_>>());
                prop_assert!(plain.iter().all(|(path, id)| files.get(path) == Some(*id)));
            }
            let paths: std::collections::BTreeSet<_> = first_plain.keys().chain(second_plain.keys()).cloned().collect();
            let apart = paths.into_iter().filter(|path| first_plain.get(path) != second_plain.get(path));
            let apart: Vec<_> = apart.map(|path| (Arc::clone(&path), second_plain.get(&path).copied())).collect();
            prop_assert_eq!(first.differing(&second), apart);
        }
    }

    #[test]
    fn what_was_written_and_taken_away_again_leaves_nothing() {
        let (mut files, path) = (HeldFiles::default(), Arc::from("a"));
        files.set(&path, Some(id(1)));
        let same = files.clone();
        files.set(&path, Some(id(1)));
        assert!(files.is(&same));
        files.set(&path, None);
        assert!(files.is(&HeldFiles::default()) && same.get("a") == Some(id(1)));
    }
}
