//! Everything of a record that all staff may read, text by text.

use crate::access::Shelf;
use crate::record::{Field, Record, SeriesColumn, Value};
use std::borrow::Cow;
use std::ops::Range;

/// Hands on each open text with the part of its file in which it stands; an empty part where that is not known.
pub(super) fn each(record: &Record, look: &mut impl FnMut(&str, Range<usize>)) {
    let title = record.title.in_the_open().map(|title| &title.0);
    let summary = record.summary.as_ref().and_then(|summary| summary.in_the_open());
    for text in title.into_iter().chain(summary).flat_map(|phrase| phrase.texts()) {
        look(text, 0..0);
    }
    in_fields(&record.fields, look);
    for section in record.text.in_the_open() {
        look(&section.text, section.range.clone());
        section.links.iter().for_each(|link| look(&link.target, link.range.clone()));
    }
    for (_, plate) in record.plates() {
        for (_, text) in plate.in_the_open().iter().flat_map(|plate| &plate.0) {
            look(text, 0..0);
        }
    }
}

/// The open columns of its series.
pub(super) fn columns(record: &Record) -> impl Iterator<Item = &SeriesColumn> {
    record.series.iter().flat_map(|series| &series.columns).filter_map(|column| column.in_the_open())
}

fn in_fields(fields: &Shelf<Field>, look: &mut impl FnMut(&str, Range<usize>)) {
    for field in fields.in_the_open() {
        in_value(&field.value, field, look);
    }
}

fn in_value(value: &Value, field: &Field, look: &mut impl FnMut(&str, Range<usize>)) {
    match value {
        Value::Group(members) => in_fields(members, look),
        Value::Many(values) => values.iter().for_each(|value| in_value(value, field, look)),
        Value::Number { text, .. } => look(text, field.range.clone()),
        Value::Text(_) | Value::Person(_) | Value::Markdown(_) | Value::Code(_) => {
            let mut texts: Vec<Cow<'_, str>> = Vec::new();
            value.texts(&mut texts);
            texts.iter().for_each(|text| look(text, field.range.clone()));
        }
        _ => {}
    }
}
