//! What was promised of the lines of a series, and where what was measured lies below it.

use crate::access::{Audiences, Held};
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{FieldType, Record, RecordName, RecordType, SeriesColumn, Value, cell_number};
use crate::text::Phrase;
use std::collections::BTreeMap;

/// What was promised of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise<'a> {
    /// The line's name.
    pub line: String,
    /// What was promised.
    pub floor: f64,
    /// The record that says so.
    pub record: &'a RecordName,
}

/// A line as it was measured against what was promised of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured<'a> {
    /// The series.
    pub record: &'a RecordName,
    /// The column.
    pub title: &'a Phrase,
    /// What was promised.
    pub promise: Promise<'a>,
    /// What was measured last, with the row's label.
    pub last: (&'a str, f64),
    /// The lowest of all.
    pub lowest: (&'a str, f64),
    /// The rows that lie below what was promised, the last one first.
    pub breaches: Vec<(&'a str, f64)>,
}

/// What the records of a dossier promise, each for whoever may read the record, what names it and what it promises.
#[must_use]
pub fn promises<'a>(
    dossier: &'a Dossier,
    (of, field): &'a (String, String),
    audiences: &Audiences,
) -> Vec<Held<Promise<'a>>> {
    let records = dossier.records.pick(|record| record.record_type.name == *of);
    let promise = |record: &'a Record| {
        let nothing = |name: &str| Held::new(record.asks(name, audiences), ());
        let Some(key) = record.record_type.key.as_deref() else { return nothing(field).map(|()| None) };
        let floor = match record.field(field) {
            Some(held) => held.map(|field| number(&field.value)),
            None => nothing(field).map(|()| None),
        };
        match record.field(key) {
            Some(key) => key
                .with(floor)
                .map(|(key, floor)| Some(Promise { line: key.value.plain("en"), floor: floor?, record: &record.name })),
            None => nothing(key).with(floor).map(|_| None),
        }
    };
    records.filter_map(|held| held.map(promise).flatten().transpose()).collect()
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Percent(text) | Value::Number { text, .. } => cell_number(text),
        _ => None,
    }
}

/// The lines of a dossier's series of a type that were measured against a promise, each for whoever may read both. That
/// there is a line is told whether it lies below what was promised or not.
#[must_use]
pub fn measured<'a>(
    archive: &'a Archive,
    record_type: &'a RecordType,
    dossier: &'a Dossier,
) -> Vec<Held<Measured<'a>>> {
    let fields = record_type.fields.iter().filter_map(|field| Some((field, field.floor.as_ref()?)));
    let audiences = &archive.settings.audiences;
    fields
        .flat_map(|(field, floor)| of_field(record_type, field, &promises(dossier, floor, audiences), dossier))
        .collect()
}

fn of_field<'a>(
    record_type: &'a RecordType,
    field: &'a FieldType,
    promises: &[Held<Promise<'a>>],
    dossier: &'a Dossier,
) -> Vec<Held<Measured<'a>>> {
    let records = dossier.records.pick(|record| record.record_type.name == record_type.name);
    let lines: Vec<Held<Line<'a>>> = records.flat_map(|held| lines(held, field)).collect();
    let mut found = Vec::new();
    for line in &lines {
        for promise in promises {
            let pair = line.as_ref().with(promise.as_ref()).map(|(line, promise)| line.against(promise));
            found.extend(pair.transpose());
        }
    }
    found
}

/// What was measured of one line.
struct Line<'a> {
    record: &'a RecordName,
    title: &'a Phrase,
    name: &'a str,
    rows: Vec<(&'a str, f64)>,
}

fn lines<'a>(held: Held<&'a Record>, field: &'a FieldType) -> Vec<Held<Line<'a>>> {
    let of_record = held.map(|record| {
        let Some(series) = &record.series else { return Vec::new() };
        let Some(labels) = series.columns.get(series.by) else { return Vec::new() };
        let Some(key) = series.key.and_then(|key| series.columns.get(key)) else { return Vec::new() };
        let named = |column: &&'a Held<SeriesColumn>| {
            column.as_ref().map(|column| (column.name == field.name).then_some(())).transpose().is_some()
        };
        let of_column = |column: &'a Held<SeriesColumn>| {
            let all = labels.as_ref().with(key.as_ref()).with(column.as_ref());
            all.map(|((labels, key), column)| {
                let mut rows: BTreeMap<&'a str, Vec<(&'a str, f64)>> = BTreeMap::new();
                for ((label, line), cell) in labels.cells.iter().zip(key.cells.iter()).zip(column.cells.iter()) {
                    rows.entry(line).or_default().extend(cell_number(cell).map(|number| (label, number)));
                }
                let line = |(name, rows)| Line { record: &record.name, title: &column.title, name, rows };
                rows.into_iter().map(line).collect::<Vec<_>>()
            })
        };
        series.columns.iter().filter(named).map(of_column).collect()
    });
    of_record.spread().into_iter().flat_map(|one| one.flatten().spread()).collect()
}

impl<'a> Line<'a> {
    fn against(&self, promise: &Promise<'a>) -> Option<Measured<'a>> {
        if promise.line != self.name {
            return None;
        }
        let lowest = self.rows.iter().min_by(|one, other| one.1.total_cmp(&other.1));
        let below = self.rows.iter().rev().filter(|(_, number)| *number < promise.floor);
        Some(Measured {
            record: self.record,
            title: self.title,
            promise: promise.clone(),
            last: *self.rows.last()?,
            lowest: *lowest?,
            breaches: below.copied().collect(),
        })
    }
}
