//! What changed last: of each record, and in the whole archive, for each group of readers as far as they may know.

use super::history::Change;
use super::life::Deed;
use super::piece::Part;
use crate::access::{Clearance, Held, Shelf};
use crate::record::RecordName;
use crate::text::Phrase;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Of how many commits the feed holds the changes of each clearance. Each has its own, so that none tells how many of
/// another stand between.
const FEED: usize = 15;

/// How many records of each clearance it names of one commit; of a commit that brought in a thousand it says that there
/// are more.
const OF_COMMIT: usize = 20;

/// How many parts of a record it names.
const OF_RECORD: usize = 6;

/// A record that a commit changed, or a day opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Latest {
    /// The commit, by its number.
    pub commit: usize,
    /// The day on which the record opened, where it did so by itself after that commit.
    pub day: Option<Date>,
    /// The record.
    pub record: RecordName,
    /// What of it, as far as readers of this clearance are told.
    pub what: Vec<What>,
    /// Whether more of it than is named.
    pub more_of_it: bool,
    /// Whether that commit changed more records of the same clearance, of which this is the last that is named.
    pub more: bool,
}

/// What was changed of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It came.
    Came,
    /// It went.
    Went,
    /// A part of it, with what pages call that where its type says so.
    Of(Part, Option<Arc<Phrase>>),
}

impl What {
    /// What a change did, where there is a word for it; what came with its record is told by that. All cells of a column
    /// are one, and so are the same members of several groups.
    fn done(change: &Change) -> Option<Self> {
        let label = change.label.clone();
        match (&change.deed, &change.part) {
            _ if change.founding => None,
            (Deed::Added, Part::Record) => Some(Self::Came),
            (Deed::Removed, Part::Record) => Some(Self::Went),
            (Deed::Added | Deed::Changed | Deed::Removed, Part::Cell { column, .. }) => {
                Some(Self::Of(Part::Field { name: column.clone(), element: None, member: None }, label))
            }
            // Of which of a list of groups it is a member says the history.
            (Deed::Added | Deed::Changed | Deed::Removed, Part::Field { name, element: Some(_), member }) => {
                Some(Self::Of(Part::Field { name: name.clone(), element: None, member: member.clone() }, label))
            }
            (_, Part::Record) => None,
            (Deed::Added | Deed::Changed | Deed::Removed, part) => Some(Self::Of(part.clone(), label)),
            _ => None,
        }
    }
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

/// The records that a commit changed, or a day opened, and what of them; one more than is named, where there are more.
type OfMoment<'a> = BTreeMap<(usize, Option<Date>), BTreeMap<&'a RecordName, BTreeSet<What>>>;

/// The last changes of the archive, those of the newest commits for each clearance.
#[must_use]
pub fn of_archive(changes: &BTreeMap<Arc<str>, Shelf<Change>>) -> Vec<Held<Latest>> {
    let mut by_clearance: HashMap<Clearance, OfMoment<'_>> = HashMap::new();
    for shelf in changes.values() {
        for (asks, change) in shelf.lay_out(|held| held.release()) {
            let newest = by_clearance.entry(asks).or_default();
            let records = newest.entry(change.moment()).or_default();
            let record: &RecordName = &change.record;
            let parts = records.entry(record).or_default();
            parts.extend(What::done(change));
            if parts.len() > OF_RECORD + 1 {
                parts.pop_last();
            }
            if records.len() > OF_COMMIT + 1 {
                records.pop_last();
            }
            if newest.len() > FEED {
                newest.pop_first();
            }
        }
    }
    let mut found: Vec<(Clearance, Latest)> = Vec::new();
    for (asks, newest) in by_clearance {
        for ((commit, day), records) in newest {
            let all = records.len();
            let named = records.into_iter().take(OF_COMMIT).enumerate().map(|(n, (record, parts))| {
                let more = all > OF_COMMIT && n + 1 == OF_COMMIT;
                let more_of_it = parts.len() > OF_RECORD;
                let what = parts.into_iter().take(OF_RECORD).collect();
                (asks.clone(), Latest { commit, day, record: record.clone(), what, more_of_it, more })
            });
            found.extend(named);
        }
    }
    found.sort_by(|one, other| (&other.1, &one.0).cmp(&(&one.1, &other.0)));
    found.into_iter().map(|(asks, latest)| Held::new(asks, latest)).collect()
}
