//! What each commit's own files were: those of its branch, whatever stood on others at the time.

use super::held_files::HeldFiles;
use super::lineage::Places;
use crate::repository::{ContentId, Past};
use std::collections::HashMap;
use std::sync::Arc;

/// For every commit the files of some kind that it holds, by their paths in the archive.
#[must_use]
pub fn files_of(past: &Past, places: &Places, wanted: &dyn Fn(&str) -> bool) -> Vec<HeldFiles> {
    let numbers: HashMap<ContentId, usize> =
        past.commits.iter().enumerate().map(|(n, commit)| (commit.id, n)).collect();
    let mut all: Vec<HeldFiles> = Vec::with_capacity(past.commits.len());
    // What all commits so far come to: what a merge changed is told against this.
    let mut replayed = HeldFiles::default();
    for (number, commit) in past.commits.iter().enumerate() {
        let mut changed: Vec<(Arc<str>, Option<ContentId>)> = Vec::new();
        for change in &commit.changes {
            let left = change.moved.as_ref().and_then(|moved| places.in_archive(&moved.from));
            changed.extend(left.filter(|path| wanted(path)).map(|path| (path.into(), None)));
            let path = places.in_archive(&change.path).filter(|path| wanted(path));
            changed.extend(path.map(|path| (path.into(), change.new.as_ref().map(|file| file.id))));
        }
        apply(&mut replayed, &changed);
        let known = commit.parents.iter().filter_map(|id| numbers.get(id)).filter(|parent| **parent < number);
        let parents: Vec<&HeldFiles> = known.filter_map(|parent| all.get(*parent)).collect();
        let first = parents.first().map(|files| (*files).clone()).unwrap_or_default();
        let mut own = first.clone();
        for other in parents.iter().skip(1) {
            // On what its parents agree, a merge agrees as well; the rest it settles.
            let apart = first.differing(other);
            apart.iter().for_each(|(path, _)| own.set(path, replayed.get(path)));
        }
        apply(&mut own, &changed);
        all.push(own);
    }
    all
}

fn apply(files: &mut HeldFiles, changed: &[(Arc<str>, Option<ContentId>)]) {
    changed.iter().for_each(|(path, id)| files.set(path, *id));
}
