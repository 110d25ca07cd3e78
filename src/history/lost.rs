//! Records that are gone: files and items of lists that a commit took away, that nothing moved, and that never came
//! back.
//!
//! The changes of all commits are gone through once, as they are told; contents are read of lists alone. So the question
//! costs next to nothing, and `check` can put it without reading the whole history.

use super::lineage::{Place, Places};
use super::lists::{List, list_of};
use crate::archive::Types;
use crate::record::RecordName;
use crate::repository::{ContentId, FileKind, Past, PastChange, PastFile, Snapshot, changes_between};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Records above this were never read.
const LARGEST: u64 = 4 << 20;

/// A record that is there no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What it was called.
    pub name: RecordName,
    /// Its file as a path in the archive.
    pub file: String,
    /// Whether it was an item of a list, whose file may be there still.
    pub in_list: bool,
    /// The commit that took it away, by its number in [`Past::commits`].
    pub commit: usize,
}

/// The records that commits took away and that are not in the archive as it stands now. Types are read as of today: a
/// list's items keep their names that way when their type gets another key.
#[must_use]
pub fn lost(past: &Past, now: &Snapshot, types: &Types) -> Vec<Lost> {
    let places = Places::of(past);
    let read = |id| past.blob(id, LARGEST).ok();
    let mut walk = Walk::new(&places, types, &read);
    for (number, commit) in past.commits.iter().enumerate() {
        walk.step(number, &commit.changes);
    }
    // What is not committed yet may bring something back.
    let mut gone = walk.gone;
    for entry in now.files() {
        let Some((dossier, inside)) = places.inside(&entry.path) else { continue };
        let path = stem(&inside);
        gone.remove(&RecordName { dossier: Arc::clone(&dossier), path: path.into() });
        let items = items_below(&gone, &dossier, path);
        if items.is_empty() {
            continue;
        }
        let list = now.read(entry, LARGEST).ok().and_then(|bytes| list_of(&bytes, &inside, types));
        for name in items {
            let key = name.path.get(path.len() + 1..).unwrap_or_default();
            // Of a list that cannot be read now, nothing is said.
            if list.as_ref().is_none_or(|list| list.items.contains_key(key)) {
                gone.remove(&name);
            }
        }
    }
    gone.into_values().collect()
}

/// The records that are in one state of an archive and neither in the next one nor moved by the way from one to the
/// other: what a commit of it would take away.
#[must_use]
pub fn lost_between(old: &Snapshot, new: &Snapshot, types: &Types) -> Vec<Lost> {
    let changes = changes_between(old, new);
    let files = [old, new].into_iter().flat_map(|snapshot| snapshot.files().iter().map(move |entry| (snapshot, entry)));
    let by_id: HashMap<ContentId, _> = files.clone().map(|(snapshot, entry)| (entry.id, (snapshot, entry))).collect();
    let places = Places::of_files(files.map(|(_, entry)| entry.path.as_str()));
    let read = |id| by_id.get(&id).and_then(|(snapshot, entry)| snapshot.read(entry, LARGEST).ok());
    let mut walk = Walk::new(&places, types, &read);
    walk.step(0, &changes);
    walk.gone.into_values().collect()
}

/// A file in a dossier or register: the dossier, and the path inside it.
type Home = (Arc<str>, Arc<str>);

/// The changes of commits as they are gone through.
struct Walk<'a> {
    places: &'a Places,
    types: &'a Types,
    read: &'a dyn Fn(ContentId) -> Option<Vec<u8>>,
    /// The lists as they were read last, by the path of their file in the repository.
    lists: HashMap<Arc<str>, (ContentId, List)>,
    gone: BTreeMap<RecordName, Lost>,
}

/// What one commit took away and brought.
#[derive(Default)]
struct Step {
    /// Files that went, with the lists that some of them were.
    files: Vec<(Home, String, Option<List>)>,
    /// Items that went from lists which stayed.
    items: Vec<(Home, String, String, String)>,
    /// Files that are there after it.
    there: Vec<Home>,
    /// Those of them that are new.
    came: Vec<(Home, Arc<str>, ContentId)>,
    /// Items that came, each with its list's type and its key.
    gained: Vec<(Home, String, String)>,
}

impl<'a> Walk<'a> {
    fn new(places: &'a Places, types: &'a Types, read: &'a dyn Fn(ContentId) -> Option<Vec<u8>>) -> Self {
        Self { places, types, read, lists: HashMap::new(), gone: BTreeMap::new() }
    }

    fn step(&mut self, commit: usize, changes: &[PastChange]) {
        let mut step = Step::default();
        for change in changes {
            let from = change.moved.as_ref().map_or(&change.path, |moved| &moved.from);
            let before = self.record(from, change.old.as_ref());
            let after = self.record(&change.path, change.new.as_ref());
            match (before, after) {
                (Some((home, id)), None) => {
                    let list = self.list(from, &home, id).filter(|list| !list.items.is_empty());
                    step.files.push((home, self.in_archive(from), list));
                }
                (Some((_, old)), Some((home, new))) => {
                    self.rows(&mut step, (from, old), (&change.path, new), &home);
                    step.there.push(home);
                }
                (None, Some((home, new))) => {
                    step.there.push(home.clone());
                    step.came.push((home, Arc::clone(&change.path), new));
                }
                (None, None) => {}
            }
        }
        if !step.files.is_empty() || !step.items.is_empty() || step.came.iter().any(|(home, ..)| self.awaits(home)) {
            for (home, path, id) in &step.came {
                let Some(list) = self.list(path, home, *id) else { continue };
                let keys = list.items.into_keys();
                step.gained.extend(keys.map(|key| (home.clone(), list.record_type.clone(), key)));
            }
        }
        self.conclude(commit, step);
    }

    /// Whether items of a list in this file are gone so far.
    fn awaits(&self, (dossier, inside): &Home) -> bool {
        !items_below(&self.gone, dossier, stem(inside)).is_empty()
    }

    /// Compares two versions of a file item by item.
    fn rows(&mut self, step: &mut Step, (from, old): (&Arc<str>, ContentId), to: (&Arc<str>, ContentId), home: &Home) {
        if !may_be_list(&home.1) || old == to.1 && from == to.0 {
            return;
        }
        let before = self.list(from, home, old).or_else(|| self.lists.get(from).map(|(_, list)| list.clone()));
        let before = before.unwrap_or_default();
        let Some(after) = self.list(to.0, home, to.1) else {
            // What cannot be read is compared when it was mended.
            self.lists.insert(Arc::clone(to.0), (old, before));
            return;
        };
        if before.items.is_empty() && after.items.is_empty() {
            return;
        }
        let (lost, gained) = before.against(&after);
        step.items
            .extend(lost.into_iter().map(|key| (home.clone(), self.in_archive(to.0), before.record_type.clone(), key)));
        step.gained.extend(gained.into_iter().map(|key| (home.clone(), after.record_type.clone(), key)));
        self.lists.remove(from);
        self.lists.insert(Arc::clone(to.0), (to.1, after));
    }

    /// Keeps what went and did not come elsewhere.
    fn conclude(&mut self, commit: usize, step: Step) {
        let Step { files, items, there, came, gained } = step;
        // A record that became an item of a list, or the other way round, keeps its key and its dossier.
        let new_files: HashSet<(Arc<str>, String)> =
            came.iter().map(|((dossier, inside), ..)| (Arc::clone(dossier), last(stem(inside)).to_owned())).collect();
        let new_items: HashSet<(Arc<str>, String)> =
            gained.iter().map(|((dossier, _), _, key)| (Arc::clone(dossier), key.clone())).collect();
        let of_types: HashSet<(String, String)> =
            gained.iter().map(|(_, of_type, key)| (of_type.clone(), key.clone())).collect();
        let is_file = |dossier: &Arc<str>, key: &str| new_files.contains(&(Arc::clone(dossier), key.to_owned()));
        let is_item = |of_type: &str, key: &str| of_types.contains(&(of_type.to_owned(), key.to_owned()));
        let mut gone: Vec<Lost> = Vec::new();
        let item = |(dossier, inside): &Home, file: &str, key: &str| {
            let name = RecordName { dossier: Arc::clone(dossier), path: format!("{}/{key}", stem(inside)).into() };
            Lost { name, file: file.to_owned(), in_list: true, commit }
        };
        for (home, file, of_type, key) in &items {
            if !is_item(of_type, key) && !is_file(&home.0, key) {
                gone.push(item(home, file, key));
            }
        }
        for ((dossier, inside), file, list) in files {
            let whole = RecordName { dossier: Arc::clone(&dossier), path: stem(&inside).into() };
            let whole = Lost { name: whole, file: file.clone(), in_list: false, commit };
            let Some(list) = list else {
                if !new_items.contains(&(Arc::clone(&dossier), last(stem(&inside)).to_owned())) {
                    gone.push(whole);
                }
                continue;
            };
            // A list that was divided among others, or among files, is gone as far as its items are.
            let lost = list.items.keys().filter(|key| !is_item(&list.record_type, key) && !is_file(&dossier, key));
            let lost: Vec<&String> = lost.collect();
            if lost.len() == list.items.len() {
                gone.push(whole);
            } else {
                gone.extend(lost.into_iter().map(|key| item(&(Arc::clone(&dossier), Arc::clone(&inside)), &file, key)));
            }
        }
        self.gone.extend(gone.into_iter().map(|gone| (gone.name.clone(), gone)));
        for (dossier, inside) in there {
            self.gone.remove(&RecordName { dossier, path: stem(&inside).into() });
        }
        for ((dossier, inside), _, key) in gained {
            self.gone.remove(&RecordName { dossier, path: format!("{}/{key}", stem(&inside)).into() });
        }
    }

    /// Where a file stands, where it is a record's.
    fn record(&self, path: &Arc<str>, file: Option<&PastFile>) -> Option<(Home, ContentId)> {
        let file = file.filter(|file| file.kind == FileKind::Regular)?;
        let Place::Inside { dossier, inside } = self.places.place(path) else { return None };
        let ending = inside.rsplit_once('.').map_or("", |(_, ending)| ending);
        let counts = match ending {
            "md" | "yaml" | "yml" => true,
            "csv" => self.types.by_place(&inside).is_some(),
            _ => false,
        };
        counts.then_some(((dossier, inside), file.id))
    }

    /// A file as a list; one without items where it is none, and nothing where it cannot be read.
    fn list(&self, path: &Arc<str>, (_, inside): &Home, id: ContentId) -> Option<List> {
        if !may_be_list(inside) {
            return Some(List::default());
        }
        match self.lists.get(path) {
            Some((known, list)) if *known == id => Some(list.clone()),
            _ => list_of(&(self.read)(id)?, inside, self.types),
        }
    }

    fn in_archive(&self, path: &str) -> String {
        self.places.in_archive(path).unwrap_or(path).to_owned()
    }
}

/// Whether a file may hold a list. Nobody writes one as the front matter of a text.
fn may_be_list(inside: &str) -> bool {
    inside != "dossier.yaml" && (inside.ends_with(".yaml") || inside.ends_with(".yml"))
}

/// The items of a list that are gone.
fn items_below(gone: &BTreeMap<RecordName, Lost>, dossier: &Arc<str>, path: &str) -> Vec<RecordName> {
    let above = format!("{path}/");
    let first = RecordName { dossier: Arc::clone(dossier), path: above.as_str().into() };
    let below = gone.range(first..).take_while(|(name, _)| name.dossier == *dossier && name.path.starts_with(&above));
    below.filter(|(_, gone)| gone.in_list).map(|(name, _)| name.clone()).collect()
}

/// A record's path: its file's without the extension.
fn stem(inside: &str) -> &str {
    inside.rsplit_once('.').map_or(inside, |(path, _)| path)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
