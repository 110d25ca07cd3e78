//! Records through time: one is the same under whatever names it had.

use crate::archive::Readable;
use crate::dossier::REGISTERS;
use crate::record::RecordName;
use std::collections::HashMap;
use std::sync::Arc;

/// A record's names, in the order in which it bore them.
#[derive(Clone, Debug, Default)]
pub struct RecordPast {
    /// Each name, with the number of the stretch from which on it was borne.
    pub names: Vec<(usize, RecordName)>,
    /// The numbers of its parts in [`Chronicle::parts`](super::Chronicle::parts).
    pub(super) parts: Vec<usize>,
}

impl RecordPast {
    /// What it is called now, or was last.
    #[must_use]
    pub fn last(&self) -> Option<&RecordName> {
        self.names.last().map(|(_, name)| name)
    }
}

/// A file that moved.
pub(super) struct Move {
    /// The commit that moved it, by its number.
    pub commit: usize,
    /// Where it stood, as a path in the archive.
    pub from: String,
    /// Where it stands.
    pub to: String,
}

/// Which file is which, as records move.
#[derive(Default)]
pub(super) struct Files {
    /// By a file's path in the archive.
    by_path: HashMap<String, usize>,
    /// By what its records are called, without an item's key.
    by_name: HashMap<String, usize>,
    count: usize,
}

impl Files {
    /// Notes files that moved, commit by commit: each goes on under its new path. Files of one commit may change places.
    pub fn moved(&mut self, moves: &[Move]) {
        for of_commit in moves.chunk_by(|one, other| one.commit == other.commit) {
            let left: Vec<(usize, &Move)> =
                of_commit.iter().filter_map(|moved| Some((self.by_path.remove(&moved.from)?, moved))).collect();
            for (file, moved) in left {
                self.by_path.insert(moved.to.clone(), file);
                // What takes its old name is another record.
                self.by_name.retain(|_, known| *known != file);
            }
        }
    }

    /// The file of a part. A record that comes back under its name goes on where it ended.
    pub fn of(&mut self, part: &Readable) -> usize {
        let name = stem_of(part);
        let known = self.by_path.get(&part.file).or_else(|| self.by_name.get(&name)).copied();
        let file = known.unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.by_path.entry(part.file.clone()).or_insert(file);
        self.by_name.insert(name, file);
        file
    }
}

/// What the records of a part's file are called, without the key of an item.
fn stem_of(part: &Readable) -> String {
    let name = part.record.to_string();
    let item = item_of(part);
    name.strip_suffix(item).unwrap_or(&name).to_owned()
}

/// What a record of a list file is called beside its file, with the slash before it; nothing for others.
pub(super) fn item_of(part: &Readable) -> &str {
    if !part.in_list {
        return "";
    }
    let stem = part.file.rsplit_once('.').map_or(part.file.as_str(), |(stem, _)| stem);
    let dossier: &str = &part.record.dossier;
    // The dossier's folder is called as it is, and the file's path inside it is what the record's begins with.
    let inside = if dossier == REGISTERS {
        stem.strip_prefix("registers/")
    } else {
        let folder = format!("/{dossier}/");
        stem.match_indices(&folder)
            .map(|(at, _)| stem.get(at + folder.len()..).unwrap_or_default())
            .find(|inside| part.record.path.strip_prefix(inside).is_some_and(|item| item.starts_with('/')))
    };
    inside.and_then(|inside| part.record.path.strip_prefix(inside)).unwrap_or_default()
}

/// Whether what is asked for names this record: by its name, its file, or as a dossier for its `dossier.yaml`.
#[must_use]
pub(super) fn is_called(record: &RecordName, file: &str, wanted: &str) -> bool {
    let wanted = wanted.trim_end_matches('/');
    let without = wanted.strip_suffix(".md").or_else(|| wanted.strip_suffix(".yaml")).unwrap_or(wanted);
    let full = record.to_string();
    full == without || full == format!("{without}/dossier") || file == wanted
}

/// The names of a record, of which one is added where it is not the last.
pub(super) fn bears(past: &mut RecordPast, since: usize, name: &RecordName) {
    if past.last() != Some(name) {
        let name = RecordName { dossier: Arc::clone(&name.dossier), path: Arc::clone(&name.path) };
        past.names.push((since, name));
    }
}
