//! What records were called before: links that lead to an old name find the record still.

use super::history::Change;
use super::life::Deed;
use super::piece::Part;
use crate::access::{Held, Shelf};
use crate::record::RecordName;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The names that files of records had in the dossier in which they are now, each held like the move from it.
#[derive(Default)]
pub struct Former(HashMap<RecordName, Vec<Held<String>>>);

impl Former {
    /// Collects the moves of an archive.
    #[must_use]
    pub fn of(changes: &BTreeMap<Arc<str>, Shelf<Change>>) -> Self {
        let mut names: HashMap<RecordName, Vec<Held<String>>> = HashMap::new();
        for (asks, change) in changes.values().flat_map(|shelf| shelf.lay_out(Held::release)) {
            let Deed::Moved { from, .. } = &change.deed else { continue };
            let Some((dossier, inside)) = from.inside().filter(|_| change.part == Part::Record) else { continue };
            if *dossier == change.record.dossier {
                let name = inside.rsplit_once('.').map_or(inside.as_ref(), |(name, _)| name);
                names.entry(change.record.clone()).or_default().push(Held::new(asks, name.to_owned()));
            }
        }
        Self(names)
    }

    /// The paths that a record had inside its dossier; an item of a list had those of its file, with its key.
    #[must_use]
    pub fn names(&self, record: &RecordName) -> Vec<Held<String>> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let ends = record.path.match_indices('/').map(|(end, _)| end).chain([record.path.len()]);
        let of_file = |end: usize| {
            let (file, item) = record.path.split_at(end);
            let file = RecordName { dossier: Arc::clone(&record.dossier), path: file.to_owned() };
            let names = self.0.get(&file).map(Vec::as_slice).unwrap_or_default();
            names.iter().map(move |name| name.as_ref().map(|name| format!("{name}{item}"))).collect::<Vec<_>>()
        };
        ends.flat_map(of_file).collect()
    }
}
