//! What is held today: by which holds of the archive as it stands.

use super::case::Case;
use super::fields::{day, references, texts, word};
use super::hold_doc::{HOLD, Kin, held_names, is_below};
use crate::record::Record;
use std::collections::BTreeSet;

/// The holds that count today.
pub struct Holds<'a>(Vec<(&'a Record, BTreeSet<String>)>);

impl<'a> Holds<'a> {
    /// The holds of an archive that nobody has released.
    #[must_use]
    pub fn of(case: &Case<'a>) -> Self {
        let mut kin = Kin::default();
        for open in &case.dossiers {
            references(open.root(), "same_as").for_each(|other| kin.join(&open.dossier.name, other));
        }
        let holds = case.records().filter(|record| record.record_type.name == HOLD);
        let counts = holds.filter(|hold| !is_released(case, hold));
        let of_hold = |hold: &'a Record| {
            let documents: Vec<String> = references(hold, "documents").map(str::to_owned).collect();
            (hold, held_names(&documents, word(hold, "covers"), &kin))
        };
        Self(counts.map(of_hold).collect())
    }

    /// The holds on a record or dossier, or on something in it.
    pub fn on<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a Record> + 's {
        let lies = move |held: &String| is_below(name, held) || is_below(held, name);
        self.0.iter().filter(move |(_, names)| names.iter().any(lies)).map(|(hold, _)| *hold)
    }
}

/// Whether somebody released a hold on a day that has come.
fn is_released(case: &Case<'_>, hold: &Record) -> bool {
    day(hold, "released_on").is_some_and(|on| on <= case.day()) && !texts(hold, "released_by").is_empty()
}
