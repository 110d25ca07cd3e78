//! What records of a type say one after the other: satisfaction, a rating, a score of health.

use super::seen::Seen;
use crate::access::Held;
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{FieldType, Kind, Record, RecordType, Value, cell_number};

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// When, as files write it.
    pub when: String,
    /// A number; for a choice how many of the others come after it.
    pub number: f64,
    /// The value in Chinese and in English.
    pub said: (String, String),
}

/// The charted fields of a type whose records stand by themselves, with what each group of readers sees of them, the
/// oldest first.
#[must_use]
pub fn trends<'a>(
    archive: &Archive,
    record_type: &'a RecordType,
    dossier: &'a Dossier,
) -> Vec<(&'a FieldType, Seen<Vec<Point>>)> {
    let fields = record_type.fields.iter().filter(|field| field.chart && !record_type.series);
    let of_field = |field: &'a FieldType| {
        let records = dossier.records.pick(|record| record.record_type.name == record_type.name);
        let points: Vec<Held<Point>> =
            records.filter_map(|held| held.map(|record| point(archive, record, field)).flatten().transpose()).collect();
        let seen = Seen::of(dossier.clearance(), &points, |points| {
            let mut points: Vec<Point> = points.iter().map(|point| (*point).clone()).collect();
            points.sort_by(|one, other| one.when.cmp(&other.when));
            points
        });
        (field, seen)
    };
    fields.map(of_field).collect()
}

/// What a record says, for whoever may read when and what.
fn point(archive: &Archive, record: &Record, field: &FieldType) -> Held<Option<Point>> {
    let audiences = &archive.settings.audiences;
    let value = match record.field(&field.name) {
        Some(held) => held.map(|value| Some(&value.value)),
        None => Held::new(record.asks(&field.name, audiences), None),
    };
    let when = match &record.date {
        Some(date) => date.as_ref().map(|date| Some(date.to_string())),
        None => period(archive, record),
    };
    when.with(value).map(|(when, value)| {
        let value = value?;
        let number = match value {
            Value::Number { text, .. } | Value::Percent(text) => cell_number(text)?,
            #[allow(clippy::cast_precision_loss)]
            Value::Choice { word, .. } => field.choices.iter().rev().position(|choice| choice.word == *word)? as f64,
            _ => return None,
        };
        Some(Point { when: when?, number, said: (value.plain("zh"), value.plain("en")) })
    })
}

/// The stretch of which a record without a date tells: its first field of that kind.
pub(super) fn period(archive: &Archive, record: &Record) -> Held<Option<String>> {
    let stretch = |field: &&FieldType| matches!(field.kind, Kind::Year | Kind::Month | Kind::Week | Kind::Date);
    match record.record_type.fields.iter().find(stretch) {
        None => Held::new(record.clearance.clone(), None),
        Some(field) => match record.field(&field.name) {
            Some(held) => held.map(|field| Some(field.value.plain("en"))),
            None => Held::new(record.asks(&field.name, &archive.settings.audiences), None),
        },
    }
}
