//! Records as data: the `records.json` of a bundle, written straight from the archive.
//!
//! The keys of every map stand in alphabetical order, so that equal records are equal bytes.

use crate::access::{Clearance, Shelf};
use crate::archive::Archive;
use crate::record::{Field, Record, SeriesColumn, Value};
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io;

/// Writes every record that whoever holds `holds` may read.
///
/// # Errors
/// When the output fails.
pub fn write_records(archive: &Archive, holds: &Clearance, output: impl io::Write) -> io::Result<()> {
    Ok(serde_json::to_writer(output, &Records { records: Listed { archive, holds } })?)
}

#[derive(serde::Serialize)]
struct Records<'a> {
    records: Listed<'a>,
}

struct Listed<'a> {
    archive: &'a Archive,
    holds: &'a Clearance,
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { archive, holds } = *self;
        let dossiers = archive.dossiers.within(holds).flat_map(|dossier| {
            let root = Shown::of(&dossier.root, &dossier.name, holds);
            let inner = dossier.records.within(holds).map(|record| Shown::of(record, &record.name, holds));
            std::iter::once(root).chain(inner)
        });
        let registers = archive.registers.within(holds).map(|record| Shown::of(record, &record.name, holds));
        serializer.collect_seq(dossiers.chain(registers))
    }
}

/// A record as whoever holds something sees it.
#[derive(serde::Serialize)]
struct Shown<'a> {
    attachments: Vec<&'a str>,
    #[serde(serialize_with = "displayed")]
    date: Option<&'a jiff::civil::Date>,
    fields: Fields<'a>,
    #[serde(serialize_with = "written")]
    name: &'a dyn Display,
    series: Vec<Column<'a>>,
    #[serde(serialize_with = "written")]
    text: Joined<'a>,
    title: Option<&'a str>,
    r#type: &'a str,
}

impl<'a> Shown<'a> {
    fn of(record: &'a Record, name: &'a dyn Display, holds: &'a Clearance) -> Self {
        let columns = record.series.iter().flat_map(|series| &series.columns);
        Self {
            attachments: record.attachments.within(holds).map(|attachment| attachment.name.as_str()).collect(),
            date: record.date.as_ref().and_then(|date| date.within(holds)),
            fields: Fields(&record.fields, holds),
            name,
            series: columns.filter_map(|column| column.within(holds)).map(Column::of).collect(),
            text: Joined(record.text.within(holds).map(|section| section.text.trim()).collect()),
            title: record.title.within(holds).map(|title| title.0.in_language("zh")),
            r#type: &record.record_type.name,
        }
    }
}

#[derive(serde::Serialize)]
struct Column<'a> {
    cells: &'a [String],
    name: &'a str,
    unit: Option<&'a str>,
}

impl<'a> Column<'a> {
    fn of(column: &'a SeriesColumn) -> Self {
        Self { cells: &column.cells, name: &column.name, unit: column.unit.as_deref() }
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
            Value::Text(phrase) | Value::Person(phrase) if phrase.both.is_none() => {
                Languages { en: phrase.en.as_deref(), zh: phrase.zh.as_deref() }.serialize(serializer)
            }
            Value::Text(phrase) | Value::Person(phrase) => serializer.serialize_str(phrase.in_language("zh")),
            Value::Choice { word, .. } => serializer.serialize_str(word),
            Value::YesNo(yes) => serializer.serialize_bool(*yes),
            Value::Number { text, .. } => serializer.serialize_str(text),
            Value::Money { amount, currency } => Amount { amount, currency }.serialize(serializer),
            other => serializer.serialize_str(&other.plain("zh")),
        }
    }
}
