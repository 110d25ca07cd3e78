//! What a past version asks today: what its values asked from their arrival to their end, and what the present asks.

use super::history::{Change, History};
use super::life::Deed;
use super::lineage::Place;
use super::piece::Part;
use crate::access::Clearance;
use crate::record::RecordName;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl History {
    /// What the parts of a record ask today as they stood at some moment, by the name that the record bore then. `stood`
    /// tells of a commit, by its number, whether it had come by then. It is for the archivist's own commands.
    #[must_use]
    pub fn version(&self, record: &RecordName, stood: &dyn Fn(usize) -> bool) -> Vec<(Part, Clearance)> {
        let all: Vec<(Clearance, &Change)> =
            self.all_changes().flat_map(|shelf| shelf.lay_out(|held| held.release())).collect();
        // The files that ever bore the name, each with what an item of a list has beside it.
        let mut files: BTreeSet<(usize, &str)> = BTreeSet::new();
        for (_, change) in &all {
            if *change.record == *record {
                files.insert((change.file, ""));
            }
            if let Deed::Moved { from, .. } = &change.deed
                && let Place::Inside { dossier, inside } = from.as_ref()
                && *dossier == record.dossier
            {
                let stem = inside.rsplit_once('.').map_or(inside.as_ref(), |(stem, _)| stem);
                let item = record.path.strip_prefix(stem);
                files.extend(
                    item.filter(|item| item.is_empty() || item.starts_with('/')).map(|item| (change.file, item)),
                );
            }
        }
        let is_of = |change: &Change| {
            *change.record == *record
                || files.iter().any(|(file, item)| *file == change.file && change.record.path.ends_with(item))
        };
        let mut standing: BTreeMap<(Arc<RecordName>, &Part), Clearance> = BTreeMap::new();
        for (asks, change) in &all {
            if !is_of(change) || !stood(change.commit) || change.moment().1.is_some() {
                continue;
            }
            let key = (Arc::clone(&change.record), &change.part);
            match change.deed {
                Deed::Added | Deed::Changed => {
                    standing.insert(key, asks.clone());
                }
                Deed::Removed => {
                    standing.remove(&key);
                }
                _ => {}
            }
        }
        standing.into_iter().map(|((_, part), asks)| (part.clone(), asks)).collect()
    }
}
