//! Records as they stand: of the last version of a file nothing need be read again that was read with the archive.

use crate::archive::Archive;
use crate::record::Record;
use crate::repository::Past;
use std::collections::HashMap;

/// What an archive's files say, where they say the same when each is read by itself, by today's rules.
#[derive(Default)]
pub struct Standing<'a> {
    files: HashMap<&'a str, Vec<&'a Record>>,
}

impl<'a> Standing<'a> {
    /// Looks at an archive; nothing stands where it is not the one that the past leads to, or something of that is not
    /// known.
    #[must_use]
    pub fn of(archive: &'a Archive, past: &Past) -> Self {
        let mut standing = Self::default();
        if archive.commit != Some(past.tip) || !past.gaps.is_empty() {
            return standing;
        }
        for held in archive.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            standing.put(&dossier.root);
            // In a dossier that is restricted, what a record asks by itself cannot be told from what the dossier asks.
            if dossier.root.clearance.is_open() {
                dossier.records.lay_out(|held| held.release().1).for_each(|record| standing.put(record));
            }
        }
        archive.registers.lay_out(|held| held.release().1).for_each(|record| standing.put(record));
        standing.files.retain(|file, _| !archive.is_in_doubt(file));
        standing
    }

    /// A series is made of several files, of which none says all.
    fn put(&mut self, record: &'a Record) {
        if record.series.is_none() {
            self.files.entry(&record.file).or_default().push(record);
        }
    }

    /// The records of a file by its path in the archive.
    #[must_use]
    pub fn of_file(&self, path: &str) -> Option<&[&'a Record]> {
        self.files.get(path).map(Vec::as_slice)
    }
}
