//! Where a record ever stood, under whatever names, with all that it ever said and all that was attached to it: what has
//! to be erased for nothing of it to be left.

use super::lineage::Places;
use crate::repository::{ContentId, Past, PastChange, PastFile};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Records above this were never read.
const LARGEST: u64 = 4 << 20;

/// Where a record ever stood.
#[derive(Debug, Default)]
pub struct Traces {
    /// The paths in the repository of all files that are to go as a whole: the record's, and those attached to it.
    pub files: BTreeSet<Arc<str>>,
    /// The paths of list files, of which items alone are to go, with the keys of these.
    pub lists: BTreeMap<Arc<str>, BTreeSet<String>>,
    /// Files that may have come from it, by their likeness, and that are there still.
    pub alike: BTreeSet<Arc<str>>,
    /// What else held the very same content, and is not to go.
    pub elsewhere: BTreeSet<Arc<str>>,
}

/// Finds all traces of records and dossiers in the histories of all branches. `is_there` says which paths of the
/// repository hold something today.
#[must_use]
pub fn traces(pasts: &[Past], names: &[String], is_there: &dyn Fn(&str) -> bool) -> Traces {
    let mut traces = Traces::default();
    for past in pasts {
        let places = Places::of(past);
        for change in past.commits.iter().flat_map(|commit| &commit.changes) {
            names.iter().for_each(|name| traces.seed(&places, name, &change.path));
        }
    }
    // A file that moved is followed both ways, until nothing more comes of it.
    loop {
        let before = (traces.files.len(), traces.lists.len());
        for change in pasts.iter().flat_map(|past| &past.commits).flat_map(|commit| &commit.changes) {
            traces.follow(change, is_there);
        }
        for past in pasts {
            traces.attached(past, is_there);
        }
        if before == (traces.files.len(), traces.lists.len()) {
            break;
        }
    }
    let contents = traces.contents(pasts);
    for change in pasts.iter().flat_map(|past| &past.commits).flat_map(|commit| &commit.changes) {
        let same = change.new.as_ref().is_some_and(|file| contents.contains(&file.id));
        if same && !traces.files.contains(&change.path) {
            traces.elsewhere.insert(Arc::clone(&change.path));
        }
    }
    traces
}

impl Traces {
    fn seed(&mut self, places: &Places, name: &str, path: &Arc<str>) {
        let Some((dossier, inside)) = places.in_archive(path).and_then(|path| places.inside(path)) else { return };
        let (of_dossier, rest) = name.split_once('/').unwrap_or((name, ""));
        if *dossier != *of_dossier {
            return;
        }
        let stem = inside.rsplit_once('.').map_or(&*inside, |(stem, _)| stem);
        if rest.is_empty() || stem == rest {
            self.files.insert(Arc::clone(path));
        } else if let Some(key) = rest.strip_prefix(stem).and_then(|rest| rest.strip_prefix('/'))
            && (inside.ends_with(".yaml") || inside.ends_with(".yml"))
        {
            self.lists.entry(Arc::clone(path)).or_default().insert(key.to_owned());
        }
    }

    fn follow(&mut self, change: &PastChange, is_there: &dyn Fn(&str) -> bool) {
        let Some(moved) = &change.moved else { return };
        for (one, other) in [(&moved.from, &change.path), (&change.path, &moved.from)] {
            if let Some(keys) = self.lists.get(one).cloned() {
                self.lists.entry(Arc::clone(other)).or_default().extend(keys);
            }
            if self.files.contains(one) && !self.files.contains(other) {
                // That a file moved and was changed on the way is a guess, which a file that is there may disprove.
                let held = if !moved.same && is_there(other) { &mut self.alike } else { &mut self.files };
                held.insert(Arc::clone(other));
            }
        }
    }

    /// What versions of the record named as their files, and what lay beside them under that name.
    fn attached(&mut self, past: &Past, is_there: &dyn Fn(&str) -> bool) {
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let is_text = |path: &str| [".md", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending));
        let records: Vec<&Arc<str>> = self.files.iter().filter(|path| is_text(path)).collect();
        let folders: BTreeSet<String> = records.iter().map(|path| folder(path)).collect();
        let changes = || past.commits.iter().flat_map(|commit| &commit.changes);
        let mut texts = String::new();
        for change in changes().filter(|change| records.contains(&&change.path)) {
            let bytes = change.new.and_then(|file: PastFile| past.blob(file.id, LARGEST).ok()).unwrap_or_default();
            texts.push_str(&String::from_utf8_lossy(&bytes));
        }
        let named = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            let near = folders.iter().any(|folder| path.starts_with(folder.as_str()));
            near && !is_text(path) && texts.contains(name) && !is_there(path)
        };
        let found: Vec<Arc<str>> =
            changes().filter(|change| named(&change.path)).map(|c| Arc::clone(&c.path)).collect();
        self.files.extend(found);
    }

    /// All contents that the files that are to go ever had.
    #[must_use]
    pub fn contents(&self, pasts: &[Past]) -> BTreeSet<ContentId> {
        let changes = pasts.iter().flat_map(|past| &past.commits).flat_map(|commit| &commit.changes);
        let of_change = |change: &PastChange| {
            let new = change.new.filter(|_| self.files.contains(&change.path));
            let from = change.moved.as_ref().map_or(&change.path, |moved| &moved.from);
            let old = change.old.filter(|_| self.files.contains(from));
            [new, old].into_iter().flatten().map(|file| file.id).collect::<Vec<_>>()
        };
        changes.flat_map(of_change).collect()
    }

    /// All contents that the list files ever had, of which items are to go, each with a path at which it stood.
    #[must_use]
    pub fn list_contents(&self, pasts: &[Past]) -> BTreeMap<ContentId, Arc<str>> {
        let changes = pasts.iter().flat_map(|past| &past.commits).flat_map(|commit| &commit.changes);
        let of_list = changes.filter(|change| self.lists.contains_key(&change.path));
        of_list.filter_map(|change| Some((change.new?.id, Arc::clone(&change.path)))).collect()
    }
}
