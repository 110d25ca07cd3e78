//! Every text of an archive, open or restricted: what the last gate compares the site with.
//!
//! Made from the model, not from pages, so that a page that renders wrongly cannot vouch for itself.

use super::archive::Archive;
use crate::access::{Clearance, Shelf};
use crate::record::{Field, Record, Value};

/// A text of the archive and where it stands.
#[derive(Debug)]
pub struct Passage {
    /// The text as written or as shown.
    pub text: String,
    /// Its file.
    pub file: String,
    /// Where in the file: a byte offset, where one is known.
    pub at: Option<usize>,
    /// Whether it is a section's text, whose sentences say something by themselves; names and choices recur everywhere.
    pub prose: bool,
}

/// All texts of an archive.
#[derive(Debug, Default)]
pub struct Corpus {
    /// What some reader may not read.
    pub restricted: Vec<Passage>,
    /// What all staff may read.
    pub open: Vec<Passage>,
}

impl Corpus {
    /// Collects the texts of an archive.
    #[must_use]
    pub fn of(archive: &Archive) -> Self {
        let mut corpus = Self::default();
        for held in archive.dossiers.lay_out(|held| held) {
            let (clearance, dossier) = held.release();
            corpus.put(&clearance, &dossier.root, None, dossier.name.to_string());
            corpus.record(&dossier.root);
            corpus.records(&dossier.records);
        }
        corpus.records(&archive.registers);
        for held in archive.attached.iter() {
            let (clearance, file) = held.release();
            corpus.push(
                &clearance,
                Passage { text: file.name.clone(), file: file.entry.path.clone(), at: None, prose: false },
            );
        }
        let settings = &archive.settings;
        let audiences = settings.audiences.iter().flat_map(|(_, audience)| audience.title.texts());
        let tiers = settings.tiers.iter().flat_map(|(name, tier)| tier.title.texts().chain([name.as_str()]));
        for text in settings.title.texts().chain(audiences).chain(tiers) {
            corpus.open.push(Passage {
                text: text.to_owned(),
                file: super::settings::SETTINGS.to_owned(),
                at: None,
                prose: false,
            });
        }
        for record_type in archive.types.iter() {
            let members = record_type.fields.iter().flat_map(|field| &field.members);
            for field in record_type.fields.iter().chain(members) {
                let choices =
                    field.choices.iter().flat_map(|choice| choice.title.texts().chain([choice.word.as_str()]));
                let words =
                    field.title.texts().chain(choices).chain(field.unit.as_deref()).chain([field.name.as_str()]);
                corpus.open.extend(words.map(|text| Passage {
                    text: text.to_owned(),
                    file: record_type.source.file().to_owned(),
                    at: None,
                    prose: false,
                }));
            }
            let purpose = record_type.purpose.iter().flat_map(|purpose| purpose.texts());
            for text in record_type.title.texts().chain(purpose).chain([record_type.name.as_str()]) {
                let file = record_type.source.file().to_owned();
                corpus.open.push(Passage { text: text.to_owned(), file, at: None, prose: false });
            }
        }
        corpus
    }

    fn records(&mut self, records: &Shelf<Record>) {
        for held in records.lay_out(|held| held) {
            let (_, record) = held.release();
            self.record(record);
        }
    }

    fn record(&mut self, record: &Record) {
        // The path is what a sealed record is called; its parts, since an address may show one without the others.
        for part in record.name.path.split('/') {
            self.put(&record.clearance, record, None, part.to_owned());
        }
        if record.clearance.is_open() {
            // As a whole it is an open record's address, and its element's id.
            self.put(&record.clearance, record, None, record.name.to_string());
        }
        let (clearance, title) = record.title.as_ref().release();
        for text in title.0.texts() {
            self.put(&clearance, record, None, text.to_owned());
        }
        self.fields(record, &record.fields);
        for held in record.text.lay_out(|held| held) {
            let (clearance, section) = held.release();
            let (file, at) = (record.file.clone(), Some(section.range.start));
            self.push(&clearance, Passage { text: section.text.clone(), file, at, prose: true });
            for link in &section.links {
                self.put(&clearance, record, Some(link.range.start), link.target.clone());
            }
        }
        for plate in [&record.original, &record.marking, &record.verified].into_iter().flatten() {
            let (clearance, plate) = plate.as_ref().release();
            for (_, text) in &plate.0 {
                self.put(&clearance, record, None, text.clone());
            }
        }
        if let Some(date) = &record.date {
            let (clearance, date) = date.as_ref().release();
            self.put(&clearance, record, None, date.to_string());
        }
        if let Some(summary) = &record.summary {
            let (clearance, summary) = summary.as_ref().release();
            for text in summary.texts() {
                self.put(&clearance, record, None, text.to_owned());
            }
        }
        for column in record.series.iter().flat_map(|series| &series.columns) {
            let (clearance, column) = column.as_ref().release();
            for cell in column.cells.iter().filter(|cell| !cell.is_empty()) {
                self.put(&clearance, record, None, cell.clone());
            }
        }
    }

    fn fields(&mut self, record: &Record, fields: &Shelf<Field>) {
        for held in fields.lay_out(|held| held) {
            let (clearance, field) = held.release();
            let mut texts = Vec::new();
            field.value.texts(&mut texts);
            for text in texts {
                self.put(&clearance, record, Some(field.range.start), text);
            }
            self.groups(record, &field.value);
        }
    }

    fn groups(&mut self, record: &Record, value: &Value) {
        match value {
            Value::Group(members) => self.fields(record, members),
            Value::Many(values) => values.iter().for_each(|value| self.groups(record, value)),
            _ => {}
        }
    }

    fn put(&mut self, clearance: &Clearance, record: &Record, at: Option<usize>, text: String) {
        self.push(clearance, Passage { text, file: record.file.clone(), at, prose: false });
    }

    fn push(&mut self, clearance: &Clearance, passage: Passage) {
        if clearance.is_open() {
            self.open.push(passage);
        } else {
            self.restricted.push(passage);
        }
    }
}
