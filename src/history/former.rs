//! What records and dossiers were called before: links that lead to an old name find them still.

use super::history::Change;
use super::life::Deed;
use super::piece::Part;
use crate::access::{Clearance, Held, Shelf};
use crate::record::RecordName;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A record that left its dossier for another.
pub struct Away {
    /// The path that it had there.
    pub path: String,
    /// What it is called now, or was last.
    pub record: RecordName,
}

/// A name that dossiers had before they got another.
pub struct Renamed {
    /// The name.
    pub name: Arc<str>,
    /// What each of them is called now, or was last.
    pub to: Vec<Held<Arc<str>>>,
}

/// What dossiers are called now, each with what its move asks.
type Present = Vec<(Clearance, Arc<str>)>;

/// Old names, each held like the move from it.
#[derive(Default)]
pub struct Former {
    /// The paths that records had in the dossier in which they are now.
    names: HashMap<RecordName, Vec<Held<String>>>,
    /// The records that left a dossier.
    away: HashMap<Arc<str>, Vec<Held<Away>>>,
    renamed: Shelf<Renamed>,
}

impl Former {
    /// Collects the moves of an archive.
    #[must_use]
    pub fn of(changes: &BTreeMap<Arc<str>, Shelf<Change>>) -> Self {
        let mut former = Self::default();
        // What is open and what is not stands at different addresses.
        let mut renamed: BTreeMap<(Arc<str>, bool), Present> = BTreeMap::new();
        for (dossier, shelf) in changes {
            // A move from one dossier to another stands in both: it is taken where the record is now.
            let here = shelf.lay_out(Held::release).filter(|(_, change)| change.record.dossier == *dossier);
            for (asks, change) in here.filter(|(_, change)| change.part == Part::Record) {
                let Deed::Moved { from, .. } = &change.deed else { continue };
                let Some((left, inside)) = from.inside() else { continue };
                let path = inside.rsplit_once('.').map_or(inside.as_ref(), |(path, _)| path).to_owned();
                if left == dossier {
                    former.names.entry(RecordName::clone(&change.record)).or_default().push(Held::new(asks, path));
                } else if inside.as_ref() == "dossier.yaml" {
                    let to = renamed.entry((Arc::clone(left), asks.is_open())).or_default();
                    if !to.iter().any(|(_, known)| known == dossier) {
                        to.push((asks, Arc::clone(dossier)));
                    }
                } else {
                    let away = Away { path, record: RecordName::clone(&change.record) };
                    former.away.entry(Arc::clone(left)).or_default().push(Held::new(asks, away));
                }
            }
        }
        former.renamed = Shelf::new(renamed.into_iter().map(|((name, _), to)| {
            // Where several had one name, the page at its address is for who may know of all of them.
            let asks = to.iter().fold(Clearance::open(), |all, (asks, _)| all.and(asks));
            let to = to.into_iter().map(|(asks, to)| Held::new(asks, to)).collect();
            Held::new(asks, Renamed { name, to })
        }));
        former
    }

    /// The paths that a record had inside its dossier; an item of a list had those of its file, with its key.
    #[must_use]
    pub fn names(&self, record: &RecordName) -> Vec<Held<String>> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let ends = record.path.match_indices('/').map(|(end, _)| end).chain([record.path.len()]);
        let of_file = |end: usize| {
            let (file, item) = record.path.split_at(end);
            let file = RecordName { dossier: Arc::clone(&record.dossier), path: file.into() };
            let names = self.names.get(&file).map(Vec::as_slice).unwrap_or_default();
            names.iter().map(move |name| name.as_ref().map(|name| format!("{name}{item}"))).collect::<Vec<_>>()
        };
        ends.flat_map(of_file).collect()
    }

    /// The records that left a dossier for another.
    #[must_use]
    pub fn away(&self, dossier: &str) -> &[Held<Away>] {
        self.away.get(dossier).map_or(&[], Vec::as_slice)
    }

    /// The names that dossiers had.
    #[must_use]
    pub fn renamed(&self) -> &Shelf<Renamed> {
        &self.renamed
    }
}
