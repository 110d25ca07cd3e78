//! What every check is given: the archive with its dossiers laid open, and where things stand in their files.

use super::fields::{field, word};
use crate::access::nobody;
use crate::archive::Archive;
use crate::dossier::{Dossier, REGISTERS};
use crate::finding::Place;
use crate::record::Record;
use crate::repository::Snapshot;
use crate::text::Source;
use jiff::civil::Date;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, OnceLock};

/// Larger files hold no record.
const LARGEST: u64 = 4 << 20;

/// A dossier with its records let go of: checks speak to archivists, who have the repository.
pub struct OpenDossier<'a> {
    /// The dossier.
    pub dossier: &'a Dossier,
    /// Its records.
    pub records: Vec<&'a Record>,
}

impl<'a> OpenDossier<'a> {
    /// The record that says who the customer is.
    pub(super) fn root(&self) -> &'a Record {
        &self.dossier.root
    }

    /// The records of a type.
    pub(super) fn of_type<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a Record> + 's {
        self.records.iter().copied().filter(move |record| record.record_type.name == name)
    }

    /// Whether the customer has left.
    pub(super) fn is_lost(&self) -> bool {
        word(self.root(), "status") == Some("lost")
    }

    /// Whether its root still lacks what its type requires, or whom it is for: errors say so, and what else it has not
    /// got can wait until it is filled in.
    pub(super) fn is_begun_only(&self) -> bool {
        let root = self.root();
        let required = root.record_type.fields.iter().filter(|field| field.required);
        required.into_iter().any(|of_type| field(root, &of_type.name).is_none())
            || self.dossier.clearance().implies(&nobody())
    }

    /// The group that the customer belongs to, where it belongs to one.
    pub(super) fn group(&self) -> Option<&'a str> {
        word(self.root(), "group")
    }
}

/// An archive as checks look at it.
pub struct Case<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// Its dossiers, in their order.
    pub dossiers: Vec<OpenDossier<'a>>,
    /// The records of its registers.
    pub registers: Vec<&'a Record>,
    by_name: OnceLock<HashMap<String, &'a Record>>,
    sources: Mutex<HashMap<String, Option<Source>>>,
}

impl<'a> Case<'a> {
    /// Lays an archive open. `snapshot` holds the files that it was read from.
    #[must_use]
    pub fn of(archive: &'a Archive, snapshot: &'a Snapshot) -> Self {
        let open = |dossier: &'a Dossier| {
            let records = dossier.records.lay_out(|held| held.release().1).collect();
            OpenDossier { dossier, records }
        };
        Self {
            archive,
            snapshot,
            dossiers: archive.dossiers.lay_out(|held| held.release().1).map(open).collect(),
            registers: archive.registers.lay_out(|held| held.release().1).collect(),
            by_name: OnceLock::new(),
            sources: Mutex::default(),
        }
    }

    /// The day on which the archive is read.
    pub(super) fn day(&self) -> Date {
        self.archive.day
    }

    /// Every record but the roots of dossiers.
    pub fn records(&self) -> impl Iterator<Item = &'a Record> {
        self.dossiers.iter().flat_map(|open| &open.records).chain(&self.registers).copied()
    }

    /// The record of a name; dossiers' roots are called as their dossiers.
    pub(super) fn record(&self, name: &str) -> Option<&'a Record> {
        let all = || {
            let roots = self.dossiers.iter().map(|open| (open.dossier.name.to_string(), open.root()));
            roots.chain(self.records().map(|record| (record.name.to_string(), record))).collect()
        };
        self.by_name.get_or_init(all).get(name).copied()
    }

    /// The tier that comes first in the settings is the top one.
    pub(super) fn is_top_tier(&self, open: &OpenDossier<'_>) -> bool {
        let top = self.archive.settings.tiers.first().map(|(name, _)| name.as_str());
        top.is_some() && word(open.root(), "tier") == top
    }

    /// The folder in which a record lies: its dossier's, or that of the registers.
    pub(super) fn folder_of(&self, record: &Record) -> &'a str {
        let dossier = record.name.dossier.as_ref();
        let found = self.dossiers.binary_search_by(|open| open.dossier.name.as_ref().cmp(dossier));
        found.ok().and_then(|at| self.dossiers.get(at)).map_or(REGISTERS, |open| open.dossier.folder.as_str())
    }

    /// A file's text, read again: an archive does not keep it. None where it is no text of a record.
    pub(super) fn source(&self, file: &str) -> Option<Source> {
        if let Some(known) = self.sources.lock().ok()?.get(file) {
            return known.clone();
        }
        let read = || {
            let bytes = self.snapshot.read(self.snapshot.file(file)?, LARGEST).ok()?;
            Source::decode(file, &bytes).ok()
        };
        let source = read();
        self.sources.lock().ok()?.insert(file.to_owned(), source.clone());
        source
    }

    /// The place of bytes of a file, or the file as a whole where it cannot be read again.
    pub(super) fn place(&self, file: &str, range: Range<usize>) -> Place {
        self.source(file).map_or_else(|| Place::whole(file), |source| source.place(range))
    }

    /// Where to point at what a record as a whole lacks: its first line, or the key of an item of a list.
    pub(super) fn at_record(&self, record: &Record) -> Place {
        let key = record.record_type.key.as_deref().filter(|_| record.in_list).and_then(|key| field(record, key));
        match key {
            Some(key) => self.place(&record.file, key.range.clone()),
            None => self.source(&record.file).map_or_else(
                || Place::whole(&record.file),
                |source| source.place(0..source.text().lines().next().map_or(0, str::len)),
            ),
        }
    }

    /// Where a field stands, or its record where it is missing.
    pub(super) fn at_field(&self, record: &Record, name: &str) -> Place {
        match field(record, name) {
            Some(field) => self.place(&record.file, field.range.clone()),
            None => self.at_record(record),
        }
    }

    /// Where words stand in a file, at `near` or after it, or else anywhere; the file as a whole where they do not
    /// stand as they are shown.
    pub(super) fn at_words(&self, file: &str, near: Range<usize>, words: &str) -> Place {
        let Some(source) = self.source(file) else { return Place::whole(file) };
        let text = source.text();
        let inside = text.get(near.clone()).and_then(|part| part.find(words)).map(|at| near.start + at);
        match inside.or_else(|| text.find(words)) {
            Some(at) => source.place(at..at + words.len()),
            None if near.is_empty() => Place::whole(file),
            None => source.place(near),
        }
    }

    /// Where one of the keys that every record may have stands, or the record where it does not.
    pub(super) fn at_key(&self, record: &Record, key: &str) -> Place {
        let Some(source) = self.source(&record.file) else { return Place::whole(&record.file) };
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            let written = line.trim_start().trim_start_matches("- ");
            if written.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')) {
                let begin = start + line.len() - written.len();
                return source.place(begin..begin + written.trim_end().len());
            }
            start += line.len();
        }
        self.at_record(record)
    }

    /// Where a cell stands in the CSV files of a series: the `nth` row, from 0, that holds it in a column, file by file.
    pub(super) fn at_cell(&self, record: &Record, column: &str, cell: &str, nth: usize) -> Place {
        let fields = &record.record_type.fields;
        let mut left = nth;
        let files = self.snapshot.files_below(self.folder_of(record)).iter();
        for file in files.filter(|file| file.path.ends_with(".csv")) {
            let Some(source) = self.source(&file.path) else { continue };
            let mut header: Option<usize> = None;
            let mut start = 0;
            for line in source.text().split_inclusive('\n') {
                let mut cells = line.trim_end().split(',');
                match header {
                    None => {
                        let names: Vec<&str> = cells.map(str::trim).collect();
                        let of_type = names.iter().all(|name| fields.iter().any(|field| field.name == *name));
                        match names.iter().position(|name| *name == column).filter(|_| of_type) {
                            Some(at) => header = Some(at),
                            None => break,
                        }
                    }
                    Some(at) if cells.nth(at).is_some_and(|here| here.trim().trim_matches('"') == cell) => {
                        if left == 0 {
                            let begin = start + line.find(cell).unwrap_or_default();
                            return source.place(begin..begin + cell.len());
                        }
                        left -= 1;
                    }
                    Some(_) => {}
                }
                start += line.len();
            }
        }
        Place::whole(&record.file)
    }
}
