//! From a folder of files to a dossier's records.

use super::attached::Attached;
use super::types::Types;
use crate::access::{Audiences, Clearance, Held, Shelf};
use crate::dossier::REGISTERS;
use crate::finding::{Code, Finding, quote};
use crate::record::{Ground, Read, Record, RecordName, RecordType, Rows, Series, read_csv, read_file};
use crate::repository::{FileEntry, FileKind, Snapshot};
use crate::text::map::{WRONG_SHAPE, one_or_many, scalar};
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
/// The source of a record is attached or linked as a file.
pub const RECORD_AS_FILE: Code = Code("record-as-file");

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

/// Whether a file of a folder is a record's own, not one that records name.
pub fn is_record_file(types: &Types, inside: &str) -> bool {
    inside.ends_with(".md")
        || inside.ends_with(".yaml")
        || inside.ends_with(".yml")
        || inside.ends_with(".csv") && types.by_place(inside).is_some()
}

struct Reading<'a> {
    setting: &'a Setting<'a>,
    name: &'a Arc<str>,
    home: &'a str,
    ground: Clearance,
    out: Folder,
}

impl Reading<'_> {
    fn ground(&self) -> Ground<'_> {
        Ground { audiences: self.setting.audiences, day: self.setting.day, dossier: self.ground.clone() }
    }

    fn record_name(&self, path: &str) -> RecordName {
        RecordName { dossier: Arc::clone(self.name), path: path.to_owned() }
    }

    /// Reads one record and keeps its findings.
    fn keep(&mut self, read: Read<'_>) -> Record {
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

    /// A YAML or Markdown record of a series type names its rows.
    fn described_series(
        &mut self,
        source: &Source,
        path: &str,
        record_type: &Arc<RecordType>,
        entries: &[Entry],
        sections: Vec<markdown::Section>,
        claimed: &mut BTreeSet<String>,
    ) {
        let read = Read {
            name: self.record_name(path),
            record_type,
            source,
            entries: entries.iter().filter(|entry| entry.key != "rows").collect(),
            place: first_line(source),
            sections,
            in_list: false,
        };
        let mut record = self.keep(read);
        let mut rows = Vec::new();
        let mut findings = std::mem::take(&mut self.out.findings);
        match entries.iter().find(|entry| entry.key == "rows") {
            None => findings.push(source.error(
                WRONG_SHAPE,
                first_line(source),
                "a series says in `rows` which CSV files hold it",
                "add `rows: [2025.csv]`",
            )),
            Some(entry) => {
                for node in one_or_many(source, &entry.value, "`rows`", &mut findings) {
                    let Some(written) = scalar(source, node, "a file", &mut findings) else { continue };
                    let file =
                        super::attached::resolve(source.file(), written).filter(|path| path.starts_with(self.home));
                    let Some(file) = file.as_deref().and_then(|path| self.setting.snapshot.file(path)) else {
                        let message = format!("there is no file {}", quote(written));
                        let remedy = "name a CSV file of this dossier, by its path from here";
                        findings.push(source.error(super::attached::MISSING_FILE, node.range.clone(), message, remedy));
                        continue;
                    };
                    if !claimed.insert(file.path.clone()) {
                        let message = format!("the rows of {} stand in another record already", quote(written));
                        let remedy = "name each CSV file in one record only";
                        findings.push(source.error(DOUBLE_RECORD, node.range.clone(), message, remedy));
                    }
                    if let Some(table) = read_text(self.setting.snapshot, file, &mut findings) {
                        rows.extend(read_csv(&table, record_type, &mut findings));
                    }
                }
            }
        }
        self.out.findings = findings;
        let narrowed = self.restricted_columns(source, entries);
        record.series = Some(self.join(record_type, rows, &record.clearance, &narrowed));
        self.out.records.push(Sourced { record, source: source.clone() });
    }

    /// What `restrict:` asks for columns; what is wrong with it was told when the record was read.
    fn restricted_columns(&self, source: &Source, entries: &[Entry]) -> Vec<(String, Clearance)> {
        let said = entries.iter().filter(|entry| entry.key == "restrict").filter_map(|entry| entry.value.entries());
        let read = |entry: &Entry| self.setting.audiences.read(source, &entry.value, &mut Vec::new());
        said.flatten().map(|entry| (entry.key.clone(), read(entry))).collect()
    }

    /// CSV files that no record describes: those of one type are one series.
    fn series(&mut self, tables: Vec<(&FileEntry, Source)>) {
        let mut by_type: Vec<(Arc<RecordType>, Vec<Source>)> = Vec::new();
        for (file, source) in tables {
            let inside = file.path.strip_prefix(self.home).unwrap_or(&file.path);
            let Some(record_type) = self.setting.types.by_place(inside) else { continue };
            match by_type.iter_mut().find(|(known, _)| known.name == record_type.name) {
                Some((_, sources)) => sources.push(source),
                None => by_type.push((Arc::clone(record_type), vec![source])),
            }
        }
        for (record_type, sources) in by_type {
            let Some(first) = sources.first().cloned() else { continue };
            let read = Read {
                name: self.record_name(&record_type.name),
                record_type: &record_type,
                source: &first,
                entries: Vec::new(),
                place: first_line(&first),
                sections: Vec::new(),
                in_list: false,
            };
            let mut record = self.keep(read);
            record.title = Held::new(record.clearance.clone(), crate::record::Title(record_type.title.clone()));
            let rows: Vec<Rows> =
                sources.iter().filter_map(|source| read_csv(source, &record_type, &mut self.out.findings)).collect();
            record.series = Some(self.join(&record_type, rows, &record.clearance, &[]));
            self.out.records.push(Sourced { record, source: first });
        }
    }

    fn join(
        &mut self,
        record_type: &Arc<RecordType>,
        rows: Vec<Rows>,
        clearance: &Clearance,
        narrowed: &[(String, Clearance)],
    ) -> Series {
        let mut findings = Vec::new();
        let asks: Vec<(String, Clearance)> = record_type
            .fields
            .iter()
            .map(|field| {
                let own = field.audience.as_ref().map_or_else(Clearance::open, |said| {
                    let missing = |name: String| {
                        Finding::error(crate::access::UNKNOWN_AUDIENCE, format!("there is no audience `{name}`"))
                    };
                    record_type.clearance(said, self.setting.audiences, missing, &mut findings)
                });
                let more = narrowed.iter().filter(|(name, _)| *name == field.name);
                (field.name.clone(), more.fold(own, |all, (_, more)| all.and(more)))
            })
            .collect();
        self.out.findings.append(&mut findings);
        Series::join(record_type, rows, clearance, |field| {
            asks.iter().find(|(name, _)| *name == field.name).map_or_else(Clearance::open, |(_, asks)| asks.clone())
        })
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

/// Claims every file that a record names: attachments, and what its sections link to or show.
///
/// The source of a record is no file to be claimed: it would be published whole, whatever in it is restricted.
fn claim_files(
    snapshot: &Snapshot,
    home: &str,
    sourced: &Sourced,
    is_source: &dyn Fn(&str) -> bool,
    attached: &mut Attached,
    findings: &mut Vec<Finding>,
) {
    let Sourced { record, source } = sourced;
    let mut claims: Vec<(String, std::ops::Range<usize>, Clearance)> = Vec::new();
    claims.extend(record.attachments.lay_out(|held| {
        let (clearance, attachment) = held.release();
        (attachment.path.clone(), attachment.range.clone(), clearance)
    }));
    for held in record.text.lay_out(|held| held) {
        let (clearance, section) = held.release();
        for link in &section.links {
            if is_file_link(&link.target) {
                claims.push((link.target.clone(), link.range.clone(), clearance.clone()));
            }
        }
    }
    for (written, range, clearance) in claims {
        if super::attached::resolve(source.file(), &written).is_some_and(|path| is_source(&path)) {
            let message = format!(
                "{} is the source of a record, and would be published with all that it restricts",
                quote(&written)
            );
            let remedy = "link to the record (its `.md` or `.yaml` file), or attach a copy of what may be shown";
            findings.push(source.error(RECORD_AS_FILE, range, message, remedy));
            continue;
        }
        attached.claim(snapshot, home, source, &written, range, &clearance, findings);
    }
}

/// Whether a link leads to a file that is no record: those lead to pages.
#[must_use]
pub fn is_file_link(target: &str) -> bool {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let outside = target.contains("://") || target.starts_with("mailto:") || target.starts_with("tel:");
    !outside
        && !path.is_empty()
        && path.rsplit('/').next().is_some_and(|file| file.contains('.'))
        && !path.ends_with(".md")
        && !path.ends_with(".yaml")
        && !path.ends_with(".yml")
}

fn first_line(source: &Source) -> std::ops::Range<usize> {
    0..source.text().lines().next().map_or(0, str::len)
}

/// Marks symbolic links among a dossier's files: they are never followed.
pub fn check_links(files: &[FileEntry], findings: &mut Vec<Finding>) {
    for file in files.iter().filter(|file| file.kind != FileKind::Regular) {
        let finding = Finding::error(super::attached::FILE_OUTSIDE, "a symbolic link or a submodule stands here")
            .at(crate::finding::Place::whole(&file.path))
            .remedy("put the file itself in its place: links are never followed");
        findings.push(finding);
    }
}

/// Puts records on a shelf, each under what it asks.
pub fn shelve(records: Vec<Sourced>) -> Shelf<Record> {
    Shelf::new(records.into_iter().map(|sourced| Held::new(sourced.record.clearance.clone(), sourced.record)))
}
