//! What changed last: of each record, and in the whole archive, for each group of readers as far as they may know.

use super::history::Change;
use super::life::Deed;
use crate::access::{Clearance, Held, Shelf};
use crate::record::RecordName;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How many changes of each clearance the feed holds. Each has its own, so that none tells how many of another stand
/// between.
const FEED: usize = 20;

/// A record that a commit changed, or a day opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Latest {
    /// The commit, by its number.
    pub commit: usize,
    /// The day on which the record opened, where it did so by itself after that commit.
    pub day: Option<Date>,
    /// The record.
    pub record: RecordName,
}

/// For each record the last commits that changed it: newest first, an older one only where it asks for less, so that
/// whoever may not know of the last one is told of the last that they may know of.
#[must_use]
pub fn of_records(changes: &BTreeMap<Arc<str>, Shelf<Change>>) -> HashMap<RecordName, Vec<Held<usize>>> {
    let mut last: HashMap<RecordName, Vec<Held<usize>>> = HashMap::new();
    for shelf in changes.values() {
        let all: Vec<(Clearance, &Change)> = shelf.lay_out(|held| held.release()).filter(committed).collect();
        for (asks, change) in all.into_iter().rev() {
            let known = last.entry(RecordName::clone(&change.record)).or_default();
            if !known.iter().any(|newer| asks.implies(newer.clearance())) {
                known.push(Held::new(asks, change.commit));
            }
        }
    }
    last
}

/// An opening that came on its day was nobody's commit.
fn committed((_, change): &(Clearance, &Change)) -> bool {
    !matches!(change.deed, Deed::Opened { .. })
}

/// The last changes of the archive, the newest of each clearance.
#[must_use]
pub fn of_archive(changes: &BTreeMap<Arc<str>, Shelf<Change>>) -> Vec<Held<Latest>> {
    let mut by_clearance: HashMap<Clearance, BTreeSet<Latest>> = HashMap::new();
    for shelf in changes.values() {
        for (asks, change) in shelf.lay_out(|held| held.release()) {
            let newest = by_clearance.entry(asks).or_default();
            let (commit, day) = change.moment();
            newest.insert(Latest { commit, day, record: RecordName::clone(&change.record) });
            if newest.len() > FEED {
                newest.pop_first();
            }
        }
    }
    let mut found: Vec<(Clearance, Latest)> = Vec::new();
    for (asks, newest) in by_clearance {
        found.extend(newest.into_iter().map(|latest| (asks.clone(), latest)));
    }
    found.sort_by(|one, other| (&other.1, &one.0).cmp(&(&one.1, &other.0)));
    found.into_iter().map(|(asks, latest)| Held::new(asks, latest)).collect()
}
