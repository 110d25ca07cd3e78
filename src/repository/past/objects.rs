//! The objects of a repository for several threads at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use git2::{Odb, Repository};

use crate::repository::error::OpenError;
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

    /// Closes the handles that nobody uses. With the last one go what it mapped and what it keeps of the objects that it
    /// read, which may be more than everything that was made of them.
    pub(super) fn rest(&self) {
        locked(&self.idle).clear();
    }
}

/// What a thread left behind that died over it is still sound here: nothing is changed in two steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
