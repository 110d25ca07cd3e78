//! What became of who may read single records, told for those who oversee the archive.

use super::history::{Change, History};
use super::life::Deed;
use super::piece::Part;
use super::shown::{Line, Shown};
use crate::access::{Clearance, Held, Shelf};
use crate::archive::Archive;
use crate::record::RecordName;
use crate::text::Phrase;
use jiff::civil::Date;
use std::sync::Arc;

/// A change of who may read a record, or a part of one.
pub struct Reached {
    /// The day on which it came by itself; none where a commit brought it.
    pub day: Option<Date>,
    /// The commit, by its number in [`History::commits`]; of what came by itself the one that had set it.
    pub commit: usize,
    /// The record, as it is called now, or was last.
    pub record: Arc<RecordName>,
    /// What pages call the part, where it is about one and its type says so.
    pub label: Option<Arc<Phrase>>,
    /// What was done.
    pub deed: Deed,
    /// Who could read it before.
    pub before: Option<Line>,
    /// Who can from then on.
    pub after: Option<Line>,
}

impl History {
    /// What became of who may read single records, oldest first: for the audience that oversees alone, which may read
    /// every change. For which others there is one, is told to nobody beside it.
    #[must_use]
    pub fn reached(&self, archive: &Archive) -> Shelf<Reached> {
        let Some(oversight) = archive.settings.oversight.as_deref() else { return Shelf::default() };
        let all = self.all_changes().flat_map(|shelf| shelf.lay_out(Held::release));
        // What is for nobody is left out of a site.
        let is_told = |asks: &Clearance| !asks.clauses().any(|clause| clause.is_empty());
        let is_of = |change: &Change| {
            !change.founding && matches!(change.part, Part::Audience | Part::Opening | Part::Narrowed(_))
        };
        let mut found: Vec<&Change> =
            all.filter(|(asks, change)| is_of(change) && is_told(asks)).map(|(_, change)| change).collect();
        found.sort_by_key(|change| change.moment());
        let told = found.into_iter().map(|change| {
            let before = change.before.as_ref().map(|before| before.as_ref().release());
            let before = before.filter(|(asks, _)| is_told(asks));
            let line = |shown: &Shown| shown.line().cloned();
            Reached {
                day: change.moment().1,
                commit: change.commit,
                record: Arc::clone(&change.record),
                label: change.label.clone(),
                deed: change.deed.clone(),
                before: before.and_then(|(_, shown)| line(shown)),
                after: change.after.as_deref().and_then(line),
            }
        });
        Shelf::new(told.map(|reached| Held::new(Clearance::any_of([oversight]), reached)))
    }
}
