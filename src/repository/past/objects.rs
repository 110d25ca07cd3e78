//! The objects of a repository for several threads at once, and the folders that were read a moment ago.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use git2::{ObjectType, Odb, Repository};

use crate::repository::error::{ObjectFault, OpenError};
use crate::repository::id::ContentId;
use crate::repository::listing::Limits;
use crate::repository::object;

/// Handles to one object database.
///
/// libgit2 reads one object at a time from each handle, holding a lock while it inflates. So every thread is lent a
/// handle of its own; what lies behind them (mapped packs and the bases of deltas) libgit2 shares between them.
pub(super) struct Pool {
    folder: String,
    idle: Mutex<Vec<Odb<'static>>>,
}

impl Pool {
    pub(super) fn of(repository: &Repository) -> Result<Self, OpenError> {
        let folder = object::objects_folder(repository)?;
        let first = object::open_objects(&folder)?;
        Ok(Self { folder, idle: Mutex::new(vec![first]) })
    }

    /// Does some work with a handle that nobody else uses meanwhile.
    pub(super) fn with<T>(&self, work: impl FnOnce(&Odb<'static>) -> T) -> Result<T, OpenError> {
        let idle = locked(&self.idle).pop();
        let objects = idle.map_or_else(|| object::open_objects(&self.folder), Ok)?;
        let done = work(&objects);
        locked(&self.idle).push(objects);
        Ok(done)
    }
}

/// How many bytes of trees each half of a shard keeps: 64 MiB in all.
const SHARD_BYTES: usize = 2 << 20;
const SHARDS: usize = 16;

/// The raw bytes of trees, bounded in size.
///
/// The commits are read newest first, so that a tree is first met as the older side of a comparison and then, when its
/// own commit comes, as the newer side, and as a rule never again. So what was asked for as the newer side is let go.
pub(super) struct TreeCache {
    shards: [Mutex<Shard>; SHARDS],
}

/// Two generations: when the young one is full it becomes the old one, and what nobody asked for meanwhile is gone.
#[derive(Default)]
struct Shard {
    young: HashMap<ContentId, Arc<[u8]>>,
    old: HashMap<ContentId, Arc<[u8]>>,
    young_bytes: usize,
}

impl TreeCache {
    pub(super) fn new() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()) }
    }

    /// A tree that is compared with a newer one, and will be needed as the newer one.
    pub(super) fn older(&self, objects: &Odb<'_>, id: ContentId) -> Result<Arc<[u8]>, ObjectFault> {
        if let Some(found) = self.shard(id).and_then(|mut shard| shard.get(id)) {
            return Ok(found);
        }
        let read = read_tree(objects, id)?;
        if let Some(mut shard) = self.shard(id) {
            shard.keep(id, &read);
        }
        Ok(read)
    }

    /// A tree that is compared with an older one.
    pub(super) fn newer(&self, objects: &Odb<'_>, id: ContentId) -> Result<Arc<[u8]>, ObjectFault> {
        match self.shard(id).and_then(|mut shard| shard.take(id)) {
            Some(found) => Ok(found),
            None => read_tree(objects, id),
        }
    }

    fn shard(&self, id: ContentId) -> Option<MutexGuard<'_, Shard>> {
        let [first, ..] = *id.as_bytes();
        self.shards.get(usize::from(first) % SHARDS).map(locked)
    }
}

impl Shard {
    fn get(&mut self, id: ContentId) -> Option<Arc<[u8]>> {
        if let Some(found) = self.young.get(&id) {
            return Some(Arc::clone(found));
        }
        let found = self.old.remove(&id)?;
        self.keep(id, &found);
        Some(found)
    }

    fn take(&mut self, id: ContentId) -> Option<Arc<[u8]>> {
        let Some(found) = self.young.remove(&id) else { return self.old.remove(&id) };
        self.young_bytes -= found.len();
        Some(found)
    }

    fn keep(&mut self, id: ContentId, bytes: &Arc<[u8]>) {
        if self.young_bytes + bytes.len() > SHARD_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        // Two threads may have read the same tree.
        if self.young.insert(id, Arc::clone(bytes)).is_none() {
            self.young_bytes += bytes.len();
        }
    }
}

fn read_tree(objects: &Odb<'_>, id: ContentId) -> Result<Arc<[u8]>, ObjectFault> {
    object::read_unverified(objects, id, ObjectType::Tree, Limits::ARCHIVE.tree_bytes)
        .map(|object| object.data().into())
}

/// Paths of which each is in memory once.
pub(super) struct Paths {
    shards: [Mutex<HashSet<Arc<str>>>; SHARDS],
}

impl Paths {
    pub(super) fn new() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()) }
    }

    /// The one copy of a path.
    pub(super) fn intern(&self, path: &str) -> Arc<str> {
        // The end of a path tells more than its beginning; which shard it is only matters for who waits for whom.
        let place = path.bytes().rev().take(16).fold(path.len(), |sum, byte| sum.wrapping_mul(31) + usize::from(byte));
        let Some(shard) = self.shards.get(place % SHARDS) else { return path.into() };
        let mut shard = locked(shard);
        if let Some(found) = shard.get(path) {
            return Arc::clone(found);
        }
        let path: Arc<str> = path.into();
        shard.insert(Arc::clone(&path));
        path
    }
}

/// What a thread left behind that died over it is still sound here: nothing is changed in two steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> ContentId {
        // All in one shard.
        let mut bytes = [number; 20];
        bytes[0] = 0;
        ContentId::from_slice(&bytes).unwrap()
    }

    #[test]
    fn what_was_asked_for_stays_and_what_nobody_asked_for_goes() {
        let bytes: Arc<[u8]> = vec![0; SHARD_BYTES / 2].into();
        let mut shard = Shard::default();
        for number in 1..=3 {
            shard.keep(id(number), &bytes);
        }
        assert!(shard.get(id(1)).is_some());
        shard.keep(id(4), &bytes);
        assert!(shard.get(id(2)).is_none());
        assert!(shard.take(id(1)).is_some() && shard.take(id(1)).is_none());
        let kept = shard.young.len() + shard.old.len();
        assert!(kept <= 4, "{kept}");
    }

    #[test]
    fn equal_paths_are_one() {
        let paths = Paths::new();
        assert!(Arc::ptr_eq(&paths.intern("a/b"), &paths.intern("a/b")));
        assert_ne!(paths.intern("a/b"), paths.intern("a/c"));
    }
}
