//! `access`: who can read what, and by which rule. It speaks to archivists, who may see everything: it names restricted
//! parts, and never their content.

use super::access_json as json;
use super::access_past::{self, Asked, When};
use super::access_words as words;
use super::build::Keeping;
use super::desk::{Desk, Failure, Outcome};
use super::source::{ArchiveSource, read};
use crate::access::{Reader, STAFF};
use crate::archive::{Archive, Readable};
use crate::finding::{nearest, quote};
use crate::record::RecordName;

/// What stands behind the options in `--help`.
const THE_PAST: &str = "\
Of the past: what the archive published on a day is what the newest commit that stood on its branch at the end of that day
opens, as this program reads it. Days are the committers' claim. Of a value that stood then, who belongs to an audience
counts as of today: whoever came later reads the past of what the audience may read. What was read stays read.";

/// Says who can read what, who could, and by which rule
#[derive(Debug, clap::Args)]
#[command(after_help = THE_PAST)]
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
    #[command(flatten)]
    when: When,
    #[command(flatten)]
    keeping: Keeping,
}

impl Access {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive cannot be opened, or has no such reader, record or audience.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        if self.when.is_past() {
            return access_past::run(desk, &self.source, &self.keeping, &self.when, &self.asked());
        }
        let reading = read(desk, &self.source.open()?, desk.day);
        let archive = &reading.archive;
        let parts = archive.readable();
        let (text, told) = match self.asked() {
            Asked::Reader(name) => {
                let reader = find_reader(archive, name)?;
                (words::reader(archive, reader, &parts), json::of_reader(archive, reader, &parts))
            }
            Asked::Record(name) => {
                let found = find_record(&parts, name)?;
                (words::record(archive, &found), json::of_record(archive, &found))
            }
            Asked::Audience(name) => {
                known_audience(archive, name)?;
                (words::audience(archive, name, &parts), json::of_audience(archive, name, &parts))
            }
            Asked::Everything => (words::overview(archive, &parts), json::overview(archive, &parts)),
        };
        desk.answer(|| text, || told)?;
        Ok(desk.judge(&reading.findings))
    }

    fn asked(&self) -> Asked<'_> {
        match (&self.reader, &self.record, &self.audience) {
            (Some(name), ..) => Asked::Reader(name),
            (_, Some(name), _) => Asked::Record(name),
            (.., Some(name)) => Asked::Audience(name),
            _ => Asked::Everything,
        }
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
pub(super) fn find_record<'a>(parts: &'a [Readable], name: &str) -> Result<Vec<&'a Readable>, Failure> {
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

pub(super) fn missing<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Failure {
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
