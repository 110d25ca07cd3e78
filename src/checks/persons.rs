//! Who is meant by a name: records call people by what they are called, readers' files by their names in full.

use super::fields::{texts, values};
use crate::access::Reader;
use crate::archive::is_reader;
use crate::finding::quote;
use crate::record::{Record, Value};

/// Whether a field of a record names a reader.
pub(super) fn names(record: &Record, field: &str, reader: &Reader) -> bool {
    texts(record, field).iter().any(|text| is_reader(reader, text))
}

/// The people whom a field names, each by all that the person is called there.
pub(super) fn people(record: &Record, field: &str) -> Vec<Vec<String>> {
    let called = |value: &Value| {
        let mut found = Vec::new();
        value.texts(&mut found);
        found.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    values(record, field).iter().map(called).filter(|names| !names.is_empty()).collect()
}

/// Whether two people are one: called alike in some language.
pub(super) fn same(one: &[String], other: &[String]) -> bool {
    one.iter().any(|name| other.contains(name))
}

/// Several people in a message, the first few by name.
pub(super) fn listed(readers: &[&Reader]) -> String {
    const NAMED: usize = 4;
    let named: Vec<String> = readers.iter().take(NAMED).map(|reader| quote(&reader.display_name())).collect();
    match readers.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
