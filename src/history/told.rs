//! What is told, dossier by dossier: of a file that went from one to another in both.

use super::again::Values;
use super::courses::courses_of;
use super::gone::GoneDossiers;
use super::history::{Change, Course};
use super::life::{Deed, Event, Life};
use super::lineage::{Lineage, Place, Places};
use super::now::Now;
use crate::access::{Clearance, Held};
use crate::record::RecordName;
use crate::text::Phrase;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What has been told so far.
#[derive(Default)]
pub struct Told {
    /// The changes, by dossier.
    pub changes: BTreeMap<Arc<str>, Vec<Held<Change>>>,
    /// What parts said over time, by dossier.
    pub courses: BTreeMap<Arc<str>, Vec<Held<Course>>>,
    /// What records are called.
    pub titles: HashMap<RecordName, Held<Phrase>>,
    /// The dossiers that went.
    pub gone: GoneDossiers,
    /// Where files stood last, by their numbers.
    pub paths: Vec<Arc<str>>,
    /// What was told before.
    values: Values,
}

impl Told {
    /// A number for a file, which stood here last in the repository.
    pub fn number(&mut self, places: &Places, path: &str) -> usize {
        self.paths.push(places.in_archive(path).unwrap_or_default().into());
        self.paths.len() - 1
    }

    /// Gives back the room that lists kept for more: of the dossiers that a lot told nothing more comes. They move, since
    /// an allocator that is asked to shrink a list may leave it where it is.
    pub fn settle(&mut self) {
        self.changes.values_mut().for_each(exactly);
        self.courses.values_mut().for_each(exactly);
    }

    /// Tells the life of a record's file.
    pub fn life(&mut self, (lineage, places): (&Lineage, &Places), life: &Life, now: &Now<'_>) {
        let Some((home, _)) = lineage.home() else { return };
        let last = lineage.versions.iter().rev().find(|version| version.place.inside().is_some());
        let file = self.number(places, last.map_or("", |version| &version.path));
        let asks_of = |at: Option<usize>| at.and_then(|at| life.values.get(at)).map(|value| value.asks.clone());
        let mut names: BTreeMap<&Arc<str>, Arc<RecordName>> = BTreeMap::new();
        for event in &life.events {
            let Event { commit, dossier, key, deed, before, after, asks, founding } = event;
            let record = Arc::clone(names.entry(&key.item).or_insert_with(|| {
                let path = format!("{}{}", life.path, key.item).into();
                Arc::new(RecordName { dossier: Arc::clone(home), path })
            }));
            let value = |at: &Option<usize>| at.and_then(|at| life.values.get(at));
            let of_change = asks_of(*after).or_else(|| asks_of(*before)).unwrap_or_default().and(asks);
            let whose = value(after).or(value(before));
            let change = Change {
                commit: *commit,
                record: Arc::clone(&record),
                file,
                record_type: whose.map(|value| Arc::clone(&value.record_type)),
                part: key.part.clone(),
                founding: *founding,
                label: whose.and_then(|value| value.label.clone()),
                deed: deed.clone(),
                before: value(before).map(|value| Held::new(value.asks.clone(), self.values.once(&value.shown))),
                after: value(after).map(|value| self.values.once(&value.shown)),
                stands: after.is_some_and(|at| life.standing.contains(&at)),
            };
            self.titles.entry(RecordName::clone(&record)).or_insert_with(|| now.title(&record, life, &key.item));
            self.change((dossier, &record.path), &of_change, change);
        }
        self.courses.entry(Arc::clone(home)).or_default().extend(courses_of(home, life));
    }

    /// Puts a change among those of its record's dossier, and among those of the dossier in which its file stood then.
    /// `then` is where that was.
    pub fn change(&mut self, (then, inside): (&Arc<str>, &str), asks: &Clearance, change: Change) {
        let home = Arc::clone(&change.record.dossier);
        let mut put = |dossier: &Arc<str>, change: Change| {
            self.changes.entry(Arc::clone(dossier)).or_default().push(Held::new(asks.clone(), change));
        };
        if let Deed::Moved { from, .. } = &change.deed
            && let Some((left, _)) = from.inside()
            && left != then
        {
            // The dossier that it left is told as well.
            let to = Box::new(Place::Inside { dossier: Arc::clone(then), inside: inside.into() });
            let gone = Change { deed: Deed::Left { to }, before: None, after: None, stands: false, ..change.clone() };
            put(left, gone);
        }
        if *then != home {
            put(then, change.clone());
        }
        put(&home, change);
    }
}

fn exactly<T>(list: &mut Vec<T>) {
    if list.capacity() > list.len() {
        let mut exact = Vec::with_capacity(list.len());
        exact.append(list);
        *list = exact;
    }
}
