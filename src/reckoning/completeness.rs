//! Whether a dossier holds what its tier requires of it.

use super::piece::{Piece, Term};
use crate::access::{Clearance, Held, nobody};
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{FieldType, RecordType};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something that a tier requires: a record of a type, or a field in one.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The words of the settings: `licence`, or `dossier.technical_manager`.
    pub words: &'a str,
    /// The type.
    pub record_type: &'a Arc<RecordType>,
    /// The field.
    pub field: Option<&'a FieldType>,
}

/// How a dossier stands to something that tiers require.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is there, as required, and counts so long. Whether that is over is not asked here: what is sealed must not
    /// change while nobody changes the archive.
    There(Term),
    /// It is required, and not among what the reader may read.
    Missing,
    /// It is there, though this dossier's tier does not ask for it.
    Beyond,
    /// It is not required of this dossier.
    NotRequired,
}

/// Everything that some tier requires, each once, in the order of the settings.
#[must_use]
pub fn asked_by_tiers(archive: &Archive) -> Vec<Asked<'_>> {
    let mut found: Vec<Asked<'_>> = Vec::new();
    for words in archive.settings.tiers.iter().flat_map(|(_, tier)| &tier.requires) {
        if !found.iter().any(|known| known.words == words) {
            found.extend(asked(archive, words));
        }
    }
    found
}

/// What the settings mean by a word of `requires`.
#[must_use]
pub fn asked<'a>(archive: &'a Archive, words: &'a str) -> Option<Asked<'a>> {
    let (name, field) = words.split_once('.').map_or((words, None), |(name, field)| (name, Some(field)));
    let record_type = archive.types.get(name)?;
    let field = match field {
        Some(name) => Some(record_type.field(name)?),
        None => None,
    };
    Some(Asked { words, record_type, field })
}

/// How a dossier stands to what is asked: of the marks that a reader sees, the first is meant. That something is there is
/// for whoever may read it there, and until when it counts for whoever may read that as well; that it is missing, or not
/// required, for whoever may read what the type asks in this dossier. So nobody is told of a record by the want of a mark.
#[must_use]
pub fn marks(archive: &Archive, dossier: &Dossier, asked: &Asked<'_>, required: bool) -> Vec<Held<Mark>> {
    let asks = if required { absent_asks(archive, dossier, asked) } else { dossier.clearance().clone() };
    let found = found(dossier, asked);
    let mut marks: Vec<Held<Mark>> = Vec::new();
    if required {
        marks.extend(terms(archive, dossier, asked).into_iter().map(|term| term.map(Mark::There)));
    }
    // Whoever may know that it is there and not until when is told the former.
    for clearance in &found {
        if !marks.iter().any(|mark| clearance.implies(mark.clearance())) {
            let there = if required { Mark::There(Term::Open) } else { Mark::Beyond };
            marks.push(Held::new(clearance.clone(), there));
        }
    }
    // Whoever would see that it is missing and sees that it is there needs no second word.
    if !found.iter().any(|clearance| asks.implies(clearance)) {
        marks.push(Held::new(asks, if required { Mark::Missing } else { Mark::NotRequired }));
    }
    marks
}

/// Until when the records of a type that expire count, those that count longest first; once for all that ask the same.
fn terms(archive: &Archive, dossier: &Dossier, asked: &Asked<'_>) -> Vec<Held<Term>> {
    let expiring = asked.record_type.fields.iter().find_map(|field| {
        let due = field.due.as_ref().filter(|due| due.expires)?;
        Some((field.name.as_str(), due))
    });
    let Some((field, due)) = expiring.filter(|_| asked.field.is_none()) else { return Vec::new() };
    let records = dossier.records.pick(|record| record.record_type.name == asked.record_type.name);
    let term = |record| Piece::of(record, &archive.settings.audiences).term(field, due);
    let mut terms: Vec<Held<Term>> = records.map(|held| held.map(term).flatten()).collect();
    terms.sort_by(|one, other| other.order(one, Ord::cmp));
    let mut known = BTreeSet::new();
    terms.retain(|term| known.insert(term.clearance().clone()));
    terms
}

/// What it takes to read what is asked, where it is there; once for all that ask the same.
fn found(dossier: &Dossier, asked: &Asked<'_>) -> BTreeSet<Clearance> {
    let root = (asked.record_type.name == dossier.root.record_type.name).then_some(&*dossier.root).into_iter();
    let root = root.map(|root| Held::new(dossier.clearance().clone(), root));
    let records = dossier.records.pick(|record| record.record_type.name == asked.record_type.name);
    root.chain(records)
        .filter_map(|record| match asked.field {
            None => Some(record.clearance().clone()),
            Some(field) => {
                let held = record.map(|record| record.field(&field.name)).transpose()?.flatten();
                Some(held.clearance().clone())
            }
        })
        .collect()
}

/// What it takes to be told that it is not there.
fn absent_asks(archive: &Archive, dossier: &Dossier, asked: &Asked<'_>) -> Clearance {
    let audiences = &archive.settings.audiences;
    if asked.record_type.name == dossier.root.record_type.name {
        return asked.field.map_or_else(nobody, |field| dossier.root.asks(&field.name, audiences));
    }
    dossier.clearance().and(&asked.record_type.asks(asked.field.map(|field| field.name.as_str()), audiences))
}
