//! What each commit's own files were: those of its branch, whatever stood on others at the time.

use super::lineage::Places;
use crate::repository::{ContentId, Past};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Files by their paths in the archive.
pub type Files = Arc<BTreeMap<String, ContentId>>;

/// For every commit the files of some kind that it holds. Commits that follow one another share what stayed.
#[must_use]
pub fn files_of(past: &Past, places: &Places, wanted: &dyn Fn(&str) -> bool) -> Vec<Files> {
    let numbers: HashMap<ContentId, usize> =
        past.commits.iter().enumerate().map(|(n, commit)| (commit.id, n)).collect();
    let mut all: Vec<Files> = Vec::with_capacity(past.commits.len());
    // What all commits so far come to: what a merge changed is told against this.
    let mut replayed: BTreeMap<String, ContentId> = BTreeMap::new();
    for (number, commit) in past.commits.iter().enumerate() {
        let mut changed: Vec<(&str, Option<ContentId>)> = Vec::new();
        for change in &commit.changes {
            let left = change.moved.as_ref().and_then(|moved| places.in_archive(&moved.from));
            changed.extend(left.filter(|path| wanted(path)).map(|path| (path, None)));
            let path = places.in_archive(&change.path).filter(|path| wanted(path));
            changed.extend(path.map(|path| (path, change.new.as_ref().map(|file| file.id))));
        }
        apply(&mut replayed, &changed);
        let known = commit.parents.iter().filter_map(|id| numbers.get(id)).filter(|parent| **parent < number);
        let parents: Vec<&Files> = known.filter_map(|parent| all.get(*parent)).collect();
        let first = parents.first().map(|files| Arc::clone(files)).unwrap_or_default();
        let mut own = Arc::clone(&first);
        for other in parents.iter().skip(1).filter(|other| !Arc::ptr_eq(other, &first)) {
            // On what its parents agree, a merge agrees as well; the rest it settles.
            let apart = first.keys().chain(other.keys()).filter(|path| first.get(*path) != other.get(*path));
            let settled: Vec<(&str, Option<ContentId>)> =
                apart.map(|path| (path.as_str(), replayed.get(path).copied())).collect();
            apply(Arc::make_mut(&mut own), &settled);
        }
        if !changed.is_empty() {
            apply(Arc::make_mut(&mut own), &changed);
        }
        all.push(own);
    }
    all
}

fn apply(files: &mut BTreeMap<String, ContentId>, changed: &[(&str, Option<ContentId>)]) {
    for (path, id) in changed {
        match id {
            Some(id) => files.insert((*path).to_owned(), *id),
            None => files.remove(*path),
        };
    }
}
