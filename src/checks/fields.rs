//! Looking at a record's fields by name. An archive may replace every type, so a field may be missing, or be of another
//! kind than the built-in one: whoever asks for it here gets nothing then, and a check stays silent.

use crate::record::{Field, Record, Value};
use jiff::civil::Date;
use std::borrow::Cow;

/// Whether the record's type has the field.
pub(super) fn knows(record: &Record, name: &str) -> bool {
    record.record_type.field(name).is_some()
}

/// Whether the record's type has the field and the record leaves it out.
pub(super) fn lacks(record: &Record, name: &str) -> bool {
    knows(record, name) && texts(record, name).is_empty()
}

/// The field of a name.
pub(super) fn field<'a>(record: &'a Record, name: &str) -> Option<&'a Field> {
    record.field(name).map(|held| held.release().1)
}

/// The values of a field: one, or the elements of its list.
pub(super) fn values<'a>(record: &'a Record, name: &str) -> &'a [Value] {
    match field(record, name).map(|field| &field.value) {
        Some(Value::Many(values)) => values,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

/// Every text of a field in every language, without the blank ones.
pub(super) fn texts<'a>(record: &'a Record, name: &str) -> Vec<Cow<'a, str>> {
    let mut found = Vec::new();
    values(record, name).iter().for_each(|value| value.texts(&mut found));
    found.retain(|text| !text.trim().is_empty());
    found
}

/// The word of a choice, or a text as it stands.
pub(super) fn word<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    match &field(record, name)?.value {
        Value::Choice { word, .. } | Value::Code(word) => Some(word),
        Value::Text(phrase) => Some(phrase.in_language("zh").trim()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// The day of a date.
pub(super) fn day(record: &Record, name: &str) -> Option<Date> {
    match field(record, name)?.value {
        Value::Date(day) => Some(day),
        _ => None,
    }
}

/// The day that a record is about: its `date`, or the last day of what a field names.
pub(super) fn day_of(record: &Record, by: &str) -> Option<Date> {
    match by {
        "date" => record.date.as_ref().map(|date| *date.as_ref().release().1),
        name => field(record, name)?.value.last_day(),
    }
}

/// Whether the record counts on a day by two of its dates; one that is missing sets no bound.
pub(super) fn counts_on(record: &Record, from: &str, until: &str, on: Date) -> bool {
    day(record, from).is_none_or(|from| from <= on) && day(record, until).is_none_or(|until| on <= until)
}

/// The names that a reference field leads to.
pub(super) fn references<'a>(record: &'a Record, name: &str) -> impl Iterator<Item = &'a str> {
    values(record, name).iter().filter_map(|value| match value {
        Value::Reference(name) => Some(name.as_str()),
        _ => None,
    })
}

/// Every name that the record's fields lead to, whatever the fields are called.
pub(super) fn all_references(record: &Record) -> Vec<&str> {
    let mut found = Vec::new();
    for field in record.fields.lay_out(|held| held.release().1) {
        let values = match &field.value {
            Value::Many(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        found.extend(values.iter().filter_map(|value| match value {
            Value::Reference(name) => Some(name.as_str()),
            _ => None,
        }));
    }
    found
}
