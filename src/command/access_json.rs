//! What `access` says to programs of an archive as it stands.

use super::access_words as words;
use crate::access::Reader;
use crate::archive::{Archive, Readable};
use crate::readership::{audiences_of, can_open, is_present, openers, oversees, standing, suffices};
use serde_json::{Value, json};

/// A part with its clearance and the rules that say so.
pub fn part(part: &Readable) -> Value {
    json!({
        "record": part.record.to_string(),
        "type": part.record_type,
        "file": part.file,
        "part": part.part.to_string(),
        "clearance": part.clearance.canonical(),
        "rules": part.because.iter().map(|rule| json!({"rule": rule.cause.to_string(), "asks": rule.asks.canonical()})).collect::<Vec<_>>(),
    })
}

/// A part with those who can open it.
pub fn part_with_readers(archive: &Archive, readable: &Readable) -> Value {
    let mut told = part(readable);
    let openers = openers(archive, &readable.clearance).into_iter();
    told["readers"] = openers.map(|opener| json!({"reader": opener.reader.name, "by": opener.by})).collect();
    told["everybody"] = readable.clearance.is_open().into();
    told
}

/// An answer with whoever can clone the repository.
fn closed(mut told: Value, archive: &Archive) -> Value {
    told["repository"] = words::WHOEVER_CLONES.into();
    told["repository_readers"] = json!(archive.settings.repository_readers);
    told
}

/// What a reader can read.
pub fn of_reader(archive: &Archive, reader: &Reader, parts: &[Readable]) -> Value {
    let (reads, not): (Vec<&Readable>, Vec<&Readable>) =
        parts.iter().partition(|part| can_open(archive, reader, &part.clearance));
    let told = json!({
        "reader": reader.name,
        "name": {"zh": reader.zh, "en": reader.en},
        "present": is_present(archive, reader),
        "standing": standing(archive, reader),
        "audiences": audiences_of(archive, &reader.name),
        "oversees": oversees(archive, &reader.name),
        "reads": reads.into_iter().map(part).collect::<Vec<_>>(),
        "does_not_read": not.into_iter().map(part).collect::<Vec<_>>(),
    });
    closed(told, archive)
}

/// Who can open each part of a record.
pub fn of_record(archive: &Archive, parts: &[&Readable]) -> Value {
    let told: Vec<Value> = parts.iter().map(|part| part_with_readers(archive, part)).collect();
    closed(json!({"parts": told}), archive)
}

/// Who belongs to an audience, and for what it suffices.
pub fn of_audience(archive: &Archive, name: &str, parts: &[Readable]) -> Value {
    let told = json!({
        "audience": name,
        "oversight": archive.settings.oversight.as_deref() == Some(name),
        "readers": words::members(archive, name).iter().map(|reader| json!({
            "reader": reader.name,
            "present": is_present(archive, reader),
            "standing": standing(archive, reader),
        })).collect::<Vec<_>>(),
        "suffices_for": parts.iter().filter(|part| suffices(archive, name, part)).map(part).collect::<Vec<_>>(),
    });
    closed(told, archive)
}

/// Every clearance with the number of its records and its readers.
pub fn overview(archive: &Archive, parts: &[Readable]) -> Value {
    let clearances = words::by_clearance(parts).into_iter().map(|(clearance, records)| {
        json!({
            "clearance": clearance.canonical(),
            "records": records,
            "everybody": clearance.is_open(),
            "readers": openers(archive, &clearance).iter().map(|opener| opener.reader.name.clone()).collect::<Vec<_>>(),
        })
    });
    closed(json!({"clearances": clearances.collect::<Vec<_>>()}), archive)
}
