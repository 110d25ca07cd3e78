//! `access`: who can read what, and by which rule. It speaks to archivists, who may see everything: it names restricted
//! parts, and never their content.

use super::access_words as words;
use super::desk::{Desk, Failure, Outcome};
use super::source::{ArchiveSource, read};
use crate::access::{Reader, STAFF};
use crate::archive::{Archive, Readable};
use crate::finding::{nearest, quote};
use crate::record::RecordName;
use serde_json::json;

/// Says who can read what, and by which rule
#[derive(Debug, clap::Args)]
pub struct Access {
    #[command(flatten)]
    source: ArchiveSource,
    /// What this reader can open
    #[arg(long, value_name = "NAME", conflicts_with_all = ["record", "audience"])]
    reader: Option<String>,
    /// Who can open each part of this record: DOSSIER/PATH without the extension, or a dossier's name
    #[arg(long, value_name = "RECORD", conflicts_with = "audience")]
    record: Option<String>,
    /// Who belongs to this audience, and what it suffices for
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
}

impl Access {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive cannot be opened, or has no such reader, record or audience.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let reading = read(desk, &self.source.open()?, desk.day);
        let archive = &reading.archive;
        let parts = archive.readable();
        if let Some(name) = &self.reader {
            let reader = find_reader(archive, name)?;
            desk.answer(|| words::reader(archive, reader, &parts), || of_reader(archive, reader, &parts))?;
        } else if let Some(name) = &self.record {
            let found = find_record(&parts, name)?;
            desk.answer(|| words::record(archive, &found), || of_record(archive, &found))?;
        } else if let Some(name) = &self.audience {
            known_audience(archive, name)?;
            desk.answer(|| words::audience(archive, name, &parts), || of_audience(archive, name, &parts))?;
        } else {
            desk.answer(|| words::overview(archive, &parts), || overview(archive, &parts))?;
        }
        Ok(desk.judge(&reading.findings))
    }
}

pub(super) fn find_reader<'a>(archive: &'a Archive, name: &str) -> Result<&'a Reader, Failure> {
    let found = archive.readers.iter().find(|reader| reader.name == name);
    found.ok_or_else(|| {
        let names = archive.readers.iter().map(|reader| reader.name.as_str());
        missing("reader", name, names)
    })
}

/// The parts of a record; of a dossier those of its `dossier.yaml`.
fn find_record<'a>(parts: &'a [Readable], name: &str) -> Result<Vec<&'a Readable>, Failure> {
    let wanted = name.trim_end_matches('/');
    let without = wanted.strip_suffix(".md").or_else(|| wanted.strip_suffix(".yaml")).unwrap_or(wanted);
    let is = |record: &RecordName, file: &str| {
        let full = record.to_string();
        full == without || full == format!("{without}/dossier") || file == wanted
    };
    let found: Vec<&Readable> = parts.iter().filter(|part| is(&part.record, &part.file)).collect();
    if found.is_empty() {
        let names: Vec<String> = parts.iter().map(|part| part.record.to_string()).collect();
        return Err(missing("record", name, names.iter().map(String::as_str)));
    }
    Ok(found)
}

pub(super) fn known_audience(archive: &Archive, name: &str) -> Result<(), Failure> {
    if name == STAFF || archive.settings.audiences.get(name).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = archive.settings.audiences.iter().map(|(name, _)| name).chain([STAFF]).collect();
    Err(missing("audience", name, names.iter().copied()))
}

fn missing<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Failure {
    let remedy = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean {}?", quote(near)),
        None => {
            let mut some: Vec<&str> = names.take(400).collect();
            some.dedup();
            some.truncate(20);
            if some.is_empty() {
                format!("the archive has no {what}")
            } else {
                format!("there are {}", some.join(", "))
            }
        }
    };
    Failure::new(format!("there is no {what} {}", quote(name)), remedy)
}

fn part_json(part: &Readable) -> serde_json::Value {
    json!({
        "record": part.record.to_string(),
        "type": part.record_type,
        "file": part.file,
        "part": part.part.to_string(),
        "clearance": part.clearance.canonical(),
        "rules": part.because.iter().map(|rule| json!({"rule": rule.cause.to_string(), "asks": rule.asks.canonical()})).collect::<Vec<_>>(),
    })
}

fn of_reader(archive: &Archive, reader: &Reader, parts: &[Readable]) -> serde_json::Value {
    let standing = words::standing(archive, reader);
    let (reads, not): (Vec<&Readable>, Vec<&Readable>) =
        parts.iter().partition(|part| words::can_open(archive, reader, &part.clearance));
    json!({
        "reader": reader.name,
        "name": {"zh": reader.zh, "en": reader.en},
        "present": words::is_present(archive, reader),
        "standing": standing,
        "audiences": words::audiences_of(archive, reader),
        "oversees": words::oversees(archive, reader),
        "reads": reads.iter().map(|part| part_json(part)).collect::<Vec<_>>(),
        "does_not_read": not.iter().map(|part| part_json(part)).collect::<Vec<_>>(),
        "repository": words::WHOEVER_CLONES,
    })
}

fn of_record(archive: &Archive, parts: &[&Readable]) -> serde_json::Value {
    let told: Vec<serde_json::Value> = parts
        .iter()
        .map(|part| {
            let mut told = part_json(part);
            told["readers"] = words::openers(archive, &part.clearance)
                .into_iter()
                .map(|(reader, by)| json!({"reader": reader.name, "by": by}))
                .collect();
            told["everybody"] = part.clearance.is_open().into();
            told
        })
        .collect();
    json!({"parts": told, "repository": words::WHOEVER_CLONES})
}

fn of_audience(archive: &Archive, name: &str, parts: &[Readable]) -> serde_json::Value {
    json!({
        "audience": name,
        "oversight": archive.settings.oversight.as_deref() == Some(name),
        "readers": words::members(archive, name).iter().map(|reader| json!({
            "reader": reader.name,
            "present": words::is_present(archive, reader),
            "standing": words::standing(archive, reader),
        })).collect::<Vec<_>>(),
        "suffices_for": parts.iter().filter(|part| words::suffices(archive, name, part)).map(part_json).collect::<Vec<_>>(),
        "repository": words::WHOEVER_CLONES,
    })
}

fn overview(archive: &Archive, parts: &[Readable]) -> serde_json::Value {
    let clearances: Vec<serde_json::Value> = words::by_clearance(parts)
        .into_iter()
        .map(|(clearance, records)| {
            json!({
                "clearance": clearance.canonical(),
                "records": records,
                "everybody": clearance.is_open(),
                "readers": words::openers(archive, &clearance).iter().map(|(reader, _)| reader.name.clone()).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({"clearances": clearances, "repository": words::WHOEVER_CLONES})
}
