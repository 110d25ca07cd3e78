//! What merges settled: their files against those that the commits before them come to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::entry::PastEntry;
use super::moves;
use super::{PastChange, PastFile};

/// Makes changes of what merges might have changed.
///
/// The commits stand in their order. Of a merge there is, for each path that differs from one of its parents, the file
/// that it came to; most of them are what the commits before it, applied one after the other, come to as well. Only
/// where that is otherwise has the merge settled something. So all changes, replayed in order, arrive at the files of
/// the last commit: a path on which all parents of a merge agree was last written on the way to one of them.
pub(super) fn settle(entries: &mut [PastEntry]) {
    let mut state: HashMap<Arc<str>, Option<PastFile>> = HashMap::new();
    let questioned: HashSet<Arc<str>> = entries
        .iter()
        .filter(|entry| entry.is_merge())
        .flat_map(|entry| entry.commit.changes.iter().map(|change| Arc::clone(&change.path)))
        .collect();
    if questioned.is_empty() {
        return;
    }
    for entry in entries {
        if entry.is_merge() {
            let mut changes = std::mem::take(&mut entry.commit.changes);
            changes.retain_mut(|change| {
                change.old = state.get(&change.path).copied().flatten();
                change.old != change.new
            });
            moves::find_same(&mut changes);
            entry.commit.changes = changes;
        }
        for PastChange { path, new, moved, .. } in &entry.commit.changes {
            if let Some(moved) = moved.as_ref().filter(|moved| questioned.contains(&moved.from)) {
                state.insert(Arc::clone(&moved.from), None);
            }
            if questioned.contains(path) {
                state.insert(Arc::clone(path), *new);
            }
        }
    }
}
