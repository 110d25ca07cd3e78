//! From a folder of files to a dossier's records.

use super::attached::Attached;
use super::claiming::{claim_files, is_record_file};
use super::types::Types;
use crate::access::{Audiences, Clearance};
use crate::dossier::REGISTERS;
use crate::finding::{Code, Finding, quote};
use crate::record::{Ground, Read, Record, RecordName, RecordType, read_file};
use crate::repository::{FileEntry, Snapshot};
use crate::text::map::WRONG_SHAPE;
use crate::text::yaml::{self, Entry, Node};
use crate::text::{Source, divide, markdown};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A record's file is too large to have been written by hand.
pub const TOO_LARGE: Code = Code("too-large");
/// A file cannot be read.
pub const UNREADABLE: Code = Code("unreadable");
/// Two records of one name.
pub const DOUBLE_RECORD: Code = Code("double-record");

/// The key of a list's item asks for more than the item.
pub const RESTRICTED_KEY: Code = Code("restricted-key");
/// Text records above this are refused; scans and recordings are attachments and may be as large as they are.
const LARGEST: u64 = 4 << 20;

/// What reading a folder needs to know of the archive.
pub struct Setting<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The types.
    pub types: &'a Types,
    /// The audiences.
    pub audiences: &'a Audiences,
    /// The day of the build.
    pub day: Date,
}

/// A record with the text that it was read from, for what is checked later.
pub struct Sourced {
    /// The record.
    pub record: Record,
    /// Its file's text.
    pub source: Source,
}

/// A record beside its text, wherever both are kept.
#[derive(Clone, Copy)]
pub struct Placed<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its file's text.
    pub source: &'a Source,
}

/// What came of a folder.
#[derive(Default)]
pub struct Folder {
    /// `dossier.yaml`, in a dossier.
    pub root: Option<Sourced>,
    /// The records.
    pub records: Vec<Sourced>,
    /// The files that records name.
    pub attached: Attached,
    /// All findings.
    pub findings: Vec<Finding>,
}

/// Reads a file of the snapshot as text.
pub fn read_text(snapshot: &Snapshot, entry: &FileEntry, findings: &mut Vec<Finding>) -> Option<Source> {
    let whole = || crate::finding::Place::whole(&entry.path);
    let bytes = match snapshot.read(entry, LARGEST) {
        Ok(bytes) => bytes,
        Err(error @ crate::repository::ReadError::TooLarge { .. }) => {
            let finding = Finding::error(TOO_LARGE, error.to_string()).at(whole());
            findings.push(finding.remedy("make it an attachment, or divide it into several records"));
            return None;
        }
        Err(error) => {
            let remedy = "put the file itself in its place and make it readable";
            findings.push(Finding::error(UNREADABLE, error.to_string()).at(whole()).remedy(remedy));
            return None;
        }
    };
    match Source::decode(&entry.path, &bytes) {
        Ok(source) => Some(source),
        Err(finding) => {
            findings.push(*finding);
            None
        }
    }
}

/// Reads all files of a dossier's folder, or of `registers/`.
pub fn read_folder(setting: &Setting<'_>, name: &Arc<str>, folder: &str, files: &[FileEntry]) -> Folder {
    let home = format!("{folder}/");
    let mut reading = Reading { setting, name, home: &home, ground: Clearance::open(), out: Folder::default() };
    if name.as_ref() != REGISTERS {
        reading.root();
    }
    let mut tables: Vec<(&FileEntry, Source)> = Vec::new();
    let mut claimed: BTreeSet<String> = BTreeSet::new();
    for file in files {
        let inside = file.path.strip_prefix(&home).unwrap_or(&file.path);
        let extension = inside.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            _ if inside == "dossier.yaml" && name.as_ref() != REGISTERS => {}
            "md" | "yaml" | "yml" => {
                if let Some(source) = read_text(setting.snapshot, file, &mut reading.out.findings) {
                    reading.document(&source, inside, extension, &mut claimed);
                }
            }
            "csv" if setting.types.by_place(inside).is_some() => {
                if let Some(source) = read_text(setting.snapshot, file, &mut reading.out.findings) {
                    tables.push((file, source));
                }
            }
            _ => {}
        }
    }
    tables.retain(|(file, _)| !claimed.contains(&file.path));
    reading.series(tables);
    reading.check_doubles();
    let named = &mut reading.out;
    for sourced in named.root.iter().chain(&named.records) {
        let is_source = |path: &str| {
            let inside = path.strip_prefix(&home).unwrap_or(path);
            is_record_file(setting.types, inside) || claimed.contains(path)
        };
        claim_files(setting.snapshot, &home, sourced, &is_source, &mut named.attached, &mut named.findings);
    }
    named.records.sort_by_cached_key(|sourced| {
        let record = &sourced.record;
        (setting.types.rank(&record.record_type.name), record.name.clone())
    });
    reading.out
}

/// A folder while it is read.
pub(super) struct Reading<'a> {
    pub(super) setting: &'a Setting<'a>,
    name: &'a Arc<str>,
    pub(super) home: &'a str,
    ground: Clearance,
    pub(super) out: Folder,
}

impl Reading<'_> {
    fn ground(&self) -> Ground<'_> {
        Ground { audiences: self.setting.audiences, day: self.setting.day, dossier: self.ground.clone() }
    }

    pub(super) fn record_name(&self, path: &str) -> RecordName {
        RecordName { dossier: Arc::clone(self.name), path: path.into() }
    }

    /// Reads one record and keeps its findings.
    pub(super) fn keep(&mut self, read: Read<'_>) -> Record {
        let mut findings = std::mem::take(&mut self.out.findings);
        let record = read_file(read, &self.ground(), &mut findings);
        self.out.findings = findings;
        record
    }

    fn root(&mut self) {
        let path = format!("{}dossier.yaml", self.home);
        let Some(entry) = self.setting.snapshot.file(&path) else { return };
        let Some(source) = read_text(self.setting.snapshot, entry, &mut self.out.findings) else { return };
        let root = match yaml::parse(&source, 0..source.text().len()) {
            Ok(root) => root,
            Err(mut errors) => {
                self.out.findings.append(&mut errors);
                return;
            }
        };
        // What `dossier.yaml` is, its name says, also where an archive's own type does not repeat it.
        let by_name = self.setting.types.get("dossier").filter(|_| root.get("type").is_none()).cloned();
        let Some(record_type) = by_name.or_else(|| self.type_of(&source, "dossier.yaml", &root)) else { return };
        let read = Read {
            name: self.record_name("dossier"),
            record_type: &record_type,
            source: &source,
            entries: root.entries().unwrap_or_default().iter().collect(),
            place: first_line(&source),
            sections: Vec::new(),
            in_list: false,
        };
        let record = self.keep(read);
        self.ground = record.clearance.clone();
        self.out.root = Some(Sourced { record, source });
    }

    fn type_of(&mut self, source: &Source, inside: &str, root: &Node) -> Option<Arc<RecordType>> {
        match self.setting.types.of_record(source, inside, root.get("type")) {
            Ok(record_type) => Some(Arc::clone(record_type)),
            Err(finding) => {
                self.out.findings.push(*finding);
                None
            }
        }
    }

    fn document(&mut self, source: &Source, inside: &str, extension: &str, claimed: &mut BTreeSet<String>) {
        let (range, body) = if extension == "md" {
            match divide(source) {
                Ok(divided) => (divided.yaml, divided.body),
                Err(finding) => {
                    self.out.findings.push(*finding);
                    return;
                }
            }
        } else {
            (0..source.text().len(), source.text().len()..source.text().len())
        };
        let root = match yaml::parse(source, range) {
            Ok(root) => root,
            Err(mut errors) => {
                self.out.findings.append(&mut errors);
                // The text is looked at all the same: one run tells everything.
                markdown::read(source, body, &mut self.out.findings);
                return;
            }
        };
        let Some(entries) = root.entries() else {
            let message = format!("a record is a map of keys and values, but {} stands here", root.what());
            self.out.findings.push(source.error(WRONG_SHAPE, root.range.clone(), message, "write `key: value` lines"));
            return;
        };
        let sections = markdown::read(source, body, &mut self.out.findings);
        let Some(record_type) = self.type_of(source, inside, &root) else { return };
        let path = inside.rsplit_once('.').map_or(inside, |(path, _)| path);
        if record_type.series {
            self.described_series(source, path, &record_type, entries, sections, claimed);
            return;
        }
        if let Some(list) = root.get("records")
            && record_type.field("records").is_none()
        {
            self.list(source, path, &record_type, entries, list);
            return;
        }
        let read = Read {
            name: self.record_name(path),
            record_type: &record_type,
            source,
            entries: entries.iter().collect(),
            place: first_line(source),
            sections,
            in_list: false,
        };
        let record = self.keep(read);
        self.out.records.push(Sourced { record, source: source.clone() });
    }

    /// A list file: keys that hold for all, and `records`.
    fn list(&mut self, source: &Source, path: &str, record_type: &Arc<RecordType>, entries: &[Entry], list: &Entry) {
        let Some(items) = list.value.elements() else {
            let message = format!("`records` must be a list, but {} stands here", list.value.what());
            let finding = source.error(WRONG_SHAPE, list.value.range.clone(), message, "write `- key: value` items");
            self.out.findings.push(finding);
            return;
        };
        let Some(key) = &record_type.key else {
            if !record_type.sound {
                return;
            }
            let message =
                format!("the type `{}` names no `key`, so that its records cannot stand in a list", record_type.name);
            let remedy = "make a file for each record, or add `key: FIELD` to the type";
            self.out.findings.push(source.error(WRONG_SHAPE, list.key_range.clone(), message, remedy));
            return;
        };
        for item in items {
            let Some(own) = item.entries() else {
                let message = format!("an item must be a map, but {} stands here", item.what());
                self.out.findings.push(source.error(
                    WRONG_SHAPE,
                    item.range.clone(),
                    message,
                    "write `key: value` lines",
                ));
                continue;
            };
            let Some(named) = item.get(key).and_then(|entry| entry.value.text()).filter(|text| !text.trim().is_empty())
            else {
                let message = format!("this item has no `{key}`, which names it");
                let finding = source.error(WRONG_SHAPE, item.range.clone(), message, format!("add `{key}:`"));
                self.out.findings.push(finding);
                continue;
            };
            let shared = entries.iter().filter(|entry| entry.key != "records");
            let read = Read {
                name: self.record_name(&format!("{path}/{}", named.trim())),
                record_type,
                source,
                entries: shared.chain(own).collect(),
                place: item.range.clone(),
                sections: Vec::new(),
                in_list: true,
            };
            let record = self.keep(read);
            if let Some(field) = record.field(key)
                && !record.clearance.implies(field.clearance())
            {
                let message =
                    format!("`{key}` names this item on pages and in links, and cannot be restricted by itself");
                let remedy = "give the item an `audience`, or the type another key";
                self.out.findings.push(source.error(RESTRICTED_KEY, item.range.clone(), message, remedy));
            }
            self.out.records.push(Sourced { record, source: source.clone() });
        }
    }

    fn check_doubles(&mut self) {
        let mut names: Vec<(&RecordName, &Source)> =
            self.out.records.iter().map(|sourced| (&sourced.record.name, &sourced.source)).collect();
        names.sort_by(|one, other| one.0.cmp(other.0));
        let mut doubles = Vec::new();
        for pair in names.windows(2) {
            if let [(one, first), (other, second)] = pair
                && one == other
            {
                let message = format!("two records are called {}", quote(&one.to_string()));
                let finding = second.error(DOUBLE_RECORD, first_line(second), message, "rename one of them");
                doubles.push(finding.related(first.place(first_line(first)), "the other one"));
            }
        }
        self.out.findings.append(&mut doubles);
    }
}

/// Where to point at what a whole file lacks: at its first line, or the first that says something, since in YAML a comment
/// for editors may stand above it.
pub(super) fn first_line(source: &Source) -> std::ops::Range<usize> {
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let end = start + line.trim_end().len();
        if !(source.file().ends_with(".yaml") && line.starts_with('#')) {
            return start..end;
        }
        start += line.len();
    }
    0..source.text().lines().next().map_or(0, str::len)
}
