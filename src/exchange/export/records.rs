//! Records as data: the `records.json` of a bundle, and `export` as JSON, written straight from the archive.
//!
//! The keys of every map stand in alphabetical order, so that equal records are equal bytes.

use super::selection::Selection;
use crate::access::{Clearance, Held, Shelf};
use crate::archive::Archive;
use crate::record::{Field, Plate, Record, SeriesColumn, Value};
use crate::text::Phrase;
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io;

/// Writes every record that whoever holds `holds` may read.
///
/// # Errors
/// When the output fails.
pub fn write_records(archive: &Archive, holds: &Clearance, output: impl io::Write) -> io::Result<()> {
    let selection = Selection { archive, holds, record_type: None, dossier: None };
    Ok(serde_json::to_writer(output, &Records { records: Listed(&selection) })?)
}

#[derive(serde::Serialize)]
struct Records<'a> {
    records: Listed<'a>,
}

/// What stands above exported records: for whom they were read, when, and what was left out.
#[derive(serde::Serialize)]
pub struct Head<'a> {
    /// The title of the archive.
    pub archive: &'a str,
    /// The commit, where one was read.
    pub commit: Option<String>,
    /// The day on which clearances were judged.
    pub day: String,
    /// For whom it is.
    pub r#for: String,
    /// How it is to be handled, and what it does not hold.
    pub notice: &'a str,
}

#[derive(serde::Serialize)]
struct Exported<'a> {
    #[serde(flatten)]
    head: &'a Head<'a>,
    /// What is said on purpose of records that are not among these.
    abstracts: Vec<Said<'a>>,
    records: Listed<'a>,
}

#[derive(serde::Serialize)]
struct Said<'a> {
    r#abstract: Words<'a>,
    dossier: &'a str,
}

/// Writes the records of a selection below a head.
///
/// # Errors
/// When the output fails.
pub fn write_export(head: &Head<'_>, selection: &Selection<'_>, mut output: impl io::Write) -> io::Result<()> {
    let said = selection.abstracts().into_iter();
    let abstracts = said.map(|(dossier, text)| Said { r#abstract: Words(text), dossier }).collect();
    serde_json::to_writer(&mut output, &Exported { head, abstracts, records: Listed(selection) })?;
    output.write_all(b"\n")
}

struct Listed<'a>(&'a Selection<'a>);

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let holds = self.0.holds;
        serializer.collect_seq(self.0.records().map(|(dossier, record)| match dossier {
            Some(dossier) if std::ptr::eq(&*dossier.root, record) => Shown::of(record, &dossier.name, holds),
            _ => Shown::of(record, &record.name, holds),
        }))
    }
}

/// A record as whoever holds something sees it.
#[derive(serde::Serialize)]
struct Shown<'a> {
    r#abstract: Option<Words<'a>>,
    attachments: Vec<&'a str>,
    #[serde(serialize_with = "displayed")]
    date: Option<&'a jiff::civil::Date>,
    fields: Fields<'a>,
    imported: BTreeMap<&'a str, &'a str>,
    marking: BTreeMap<&'a str, &'a str>,
    #[serde(serialize_with = "written")]
    name: &'a dyn Display,
    origin: Option<&'a str>,
    original: BTreeMap<&'a str, &'a str>,
    series: Vec<Column<'a>>,
    #[serde(serialize_with = "written")]
    text: Joined<'a>,
    title: Option<Words<'a>>,
    r#type: &'a str,
    verified: BTreeMap<&'a str, &'a str>,
}

impl<'a> Shown<'a> {
    fn of(record: &'a Record, name: &'a dyn Display, holds: &'a Clearance) -> Self {
        let columns = record.series.iter().flat_map(|series| &series.columns);
        let words = |held: &'a Held<Phrase>| held.within(holds).map(Words);
        let plate = |plate: &'a Option<Held<Plate>>| {
            let lines = plate.as_ref().and_then(|plate| plate.within(holds)).into_iter().flat_map(|plate| &plate.0);
            lines.map(|(key, text)| (key.as_str(), text.as_str())).collect()
        };
        Self {
            r#abstract: record.summary.as_ref().and_then(words),
            attachments: record.attachments.within(holds).map(|attachment| attachment.name.as_str()).collect(),
            date: record.date.as_ref().and_then(|date| date.within(holds)),
            fields: Fields(&record.fields, holds),
            imported: plate(&record.imported),
            marking: plate(&record.marking),
            name,
            origin: record.origin.as_ref().and_then(|origin| origin.within(holds)).map(String::as_str),
            original: plate(&record.original),
            series: columns.filter_map(|column| column.within(holds)).map(Column::of).collect(),
            text: Joined(record.text.within(holds).map(|section| section.text.trim()).collect()),
            title: record.title.within(holds).map(|title| Words(&title.0)),
            r#type: &record.record_type.name,
            verified: plate(&record.verified),
        }
    }
}

#[derive(serde::Serialize)]
struct Column<'a> {
    cells: Vec<&'a str>,
    name: &'a str,
    unit: Option<&'a str>,
}

impl<'a> Column<'a> {
    fn of(column: &'a SeriesColumn) -> Self {
        Self { cells: column.cells.iter().collect(), name: &column.name, unit: column.unit.as_deref() }
    }
}

/// Sections, with an empty line between two.
struct Joined<'a>(Vec<&'a str>);

impl Display for Joined<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, section) in self.0.iter().enumerate() {
            f.write_str(if n == 0 { "" } else { "\n\n" })?;
            f.write_str(section)?;
        }
        Ok(())
    }
}

fn written<S: Serializer>(what: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(what)
}

fn displayed<S: Serializer>(what: &Option<impl Display>, serializer: S) -> Result<S::Ok, S::Error> {
    match what {
        Some(what) => serializer.collect_str(what),
        None => serializer.serialize_none(),
    }
}

struct Fields<'a>(&'a Shelf<Field>, &'a Clearance);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(fields, holds) = *self;
        let named: BTreeMap<&str, Shape<'_>> =
            fields.within(holds).map(|field| (field.name.as_str(), Shape(&field.value, holds))).collect();
        serializer.collect_map(named)
    }
}

/// A value as data.
struct Shape<'a>(&'a Value, &'a Clearance);

#[derive(serde::Serialize)]
struct Languages<'a> {
    en: Option<&'a str>,
    zh: Option<&'a str>,
}

/// A text, or one for each language.
struct Words<'a>(&'a Phrase);

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.both {
            Some(text) => serializer.serialize_str(text),
            None => Languages { en: self.0.en.as_deref(), zh: self.0.zh.as_deref() }.serialize(serializer),
        }
    }
}

#[derive(serde::Serialize)]
struct Amount<'a> {
    amount: &'a str,
    currency: &'a str,
}

impl Serialize for Shape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value, holds) = *self;
        match value {
            Value::Group(members) => Fields(members, holds).serialize(serializer),
            Value::Many(values) => serializer.collect_seq(values.iter().map(|inner| Shape(inner, holds))),
            Value::Text(phrase) | Value::Person(phrase) => Words(phrase).serialize(serializer),
            Value::Choice { word, .. } => serializer.serialize_str(word),
            Value::YesNo(yes) => serializer.serialize_bool(*yes),
            Value::Number { text, .. } => serializer.serialize_str(text),
            Value::Money { amount, currency } => Amount { amount, currency }.serialize(serializer),
            other => serializer.serialize_str(&other.plain("zh")),
        }
    }
}
