//! Every text of an archive, open or restricted: what the last gate compares the site with.
//!
//! Made from the model, not from pages, so that a page that renders wrongly cannot vouch for itself.

use super::archive::Archive;
use crate::access::{Clearance, Held, Shelf};
use crate::dossier::Dossier;
use crate::record::{Field, Record, Value};
use rayon::prelude::*;
use std::borrow::Cow;

/// A text of the archive and where it stands.
#[derive(Debug)]
pub struct Passage<'a> {
    /// The text as written or as shown.
    pub text: Cow<'a, str>,
    /// Its file.
    pub file: &'a str,
    /// Whether it is a section's text, whose sentences say something by themselves; names and choices recur everywhere.
    pub prose: bool,
}

/// All texts of an archive that are not shorter than [`SHORTEST`].
#[derive(Debug, Default)]
pub struct Corpus<'a> {
    /// What some reader may not read.
    pub restricted: Vec<Passage<'a>>,
    /// What all staff may read.
    pub open: Vec<Passage<'a>>,
}

/// Shorter texts, in bytes, are left out: they hold no run of the gate's least weight. Most cells of tables are such.
pub const SHORTEST: usize = 8;

/// The texts of this many dossiers are collected at a time, one lot beside another.
const LOT: usize = 32;

impl<'a> Corpus<'a> {
    /// Collects the texts of an archive.
    #[must_use]
    pub fn of(archive: &'a Archive) -> Self {
        let dossiers: Vec<Held<&Dossier>> = archive.dossiers.lay_out(|held| held).collect();
        let lots: Vec<Self> = dossiers.par_chunks(LOT).map(Self::of_dossiers).collect();
        let mut corpus = Self::default();
        corpus.restricted.reserve(lots.iter().map(|lot| lot.restricted.len()).sum());
        corpus.open.reserve(lots.iter().map(|lot| lot.open.len()).sum());
        for mut lot in lots {
            corpus.restricted.append(&mut lot.restricted);
            corpus.open.append(&mut lot.open);
        }
        corpus.records(&archive.registers);
        for held in archive.attached.iter() {
            let (clearance, file) = held.release();
            let text = Cow::Borrowed(file.name.as_str());
            corpus.push(&clearance, Passage { text, file: &file.entry.path, prose: false });
        }
        let settings = &archive.settings;
        let audiences = settings.audiences.iter().flat_map(|(_, audience)| audience.title.texts());
        let tiers = settings.tiers.iter().flat_map(|(name, tier)| tier.title.texts().chain([name.as_str()]));
        let levels = settings.levels.iter().flat_map(|level| level.texts());
        for text in settings.title.texts().chain(audiences).chain(tiers).chain(levels) {
            let text = Cow::Borrowed(text);
            corpus.open.push(Passage { text, file: super::settings::SETTINGS, prose: false });
        }
        for record_type in archive.types.iter() {
            let file = record_type.source.file();
            let members = record_type.fields.iter().flat_map(|field| &field.members);
            for field in record_type.fields.iter().chain(members) {
                let choices =
                    field.choices.iter().flat_map(|choice| choice.title.texts().chain([choice.word.as_str()]));
                let words =
                    field.title.texts().chain(choices).chain(field.unit.as_deref()).chain([field.name.as_str()]);
                let said = words.map(|text| Passage { text: Cow::Borrowed(text), file, prose: false });
                corpus.open.extend(said);
            }
            let purpose = record_type.purpose.iter().flat_map(|purpose| purpose.texts());
            let signs = record_type.signs.iter().flat_map(|sign| sign.title.texts());
            for text in record_type.title.texts().chain(purpose).chain(signs).chain([record_type.name.as_str()]) {
                corpus.open.push(Passage { text: Cow::Borrowed(text), file, prose: false });
            }
        }
        corpus
    }

    fn of_dossiers(dossiers: &[Held<&'a Dossier>]) -> Self {
        let mut corpus = Self::default();
        for held in dossiers {
            let (clearance, dossier) = held.clone().release();
            corpus.put(&clearance, &dossier.root, &*dossier.name);
            corpus.record(&dossier.root);
            corpus.records(&dossier.records);
        }
        corpus
    }

    fn records(&mut self, records: &'a Shelf<Record>) {
        for held in records.lay_out(|held| held) {
            let (_, record) = held.release();
            self.record(record);
        }
    }

    fn record(&mut self, record: &'a Record) {
        // The path is what a sealed record is called; its parts, since an address may show one without the others.
        for part in record.name.path.split('/') {
            self.put(&record.clearance, record, part);
        }
        if record.clearance.is_open() {
            // As a whole it is an open record's address, and its element's id.
            self.put(&record.clearance, record, record.name.to_string());
        }
        let (clearance, title) = record.title.as_ref().release();
        for text in title.0.texts() {
            self.put(&clearance, record, text);
        }
        self.fields(record, &record.fields);
        for held in record.text.lay_out(|held| held) {
            let (clearance, section) = held.release();
            let text = Cow::Borrowed(section.text.as_ref());
            self.push(&clearance, Passage { text, file: &record.file, prose: true });
            for class in section.code_classes() {
                self.put(&clearance, record, class);
            }
            for link in &section.links {
                self.put(&clearance, record, link.target.as_str());
            }
        }
        for (_, plate) in record.plates() {
            let (clearance, plate) = plate.as_ref().release();
            for (_, text) in &plate.0 {
                self.put(&clearance, record, text.as_str());
            }
        }
        if let Some(date) = &record.date {
            let (clearance, date) = date.as_ref().release();
            self.put(&clearance, record, date.to_string());
        }
        if let Some(summary) = &record.summary {
            let (clearance, summary) = summary.as_ref().release();
            for text in summary.texts() {
                self.put(&clearance, record, text);
            }
        }
        for column in record.series.iter().flat_map(|series| &series.columns) {
            let (clearance, column) = column.as_ref().release();
            for cell in column.cells.iter().filter(|cell| !cell.is_empty()) {
                self.put(&clearance, record, cell);
            }
            // Registers show the last row with its unit; what is open there is open for what the past held under a seal.
            if let (Some(cell), Some(unit), true) = (column.cells.last(), &column.unit, clearance.is_open()) {
                self.put(&clearance, record, format!("{cell} {unit}"));
            }
        }
    }

    fn fields(&mut self, record: &'a Record, fields: &'a Shelf<Field>) {
        for held in fields.lay_out(|held| held) {
            let (clearance, field) = held.release();
            let mut texts = Vec::new();
            field.value.texts(&mut texts);
            for text in texts {
                self.put(&clearance, record, text);
            }
            self.groups(record, &field.value);
        }
    }

    fn groups(&mut self, record: &'a Record, value: &'a Value) {
        match value {
            Value::Group(members) => self.fields(record, members),
            Value::Many(values) => values.iter().for_each(|value| self.groups(record, value)),
            _ => {}
        }
    }

    fn put(&mut self, clearance: &Clearance, record: &'a Record, text: impl Into<Cow<'a, str>>) {
        self.push(clearance, Passage { text: text.into(), file: &record.file, prose: false });
    }

    fn push(&mut self, clearance: &Clearance, passage: Passage<'a>) {
        if passage.text.len() < SHORTEST {
        } else if clearance.is_open() {
            self.open.push(passage);
        } else {
            self.restricted.push(passage);
        }
    }
}
