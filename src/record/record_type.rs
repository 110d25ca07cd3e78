//! A record type: what a kind of record is called, holds, requires, and who may read it. Data, not code.

use super::built_in::BUILT_IN;
use super::draws::{Draws, read_draws};
use super::due_rule::TypeDue;
use super::field_type::{FieldType, audience_names, broken, broken_near, read_fields, truth, well_made};
use super::retention::Retention;
use super::sign::{SignRule, read_signs};
use super::watch::{Watch, read_watch};
use crate::access::{Audiences, Clearance, UNKNOWN_AUDIENCE};
use crate::finding::{Finding, quote};
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::{self, Entry, Node};
use crate::text::{Phrase, Source};
use std::ops::Range;
use std::sync::Arc;

/// Where files of a type lie in a dossier or register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a folder of this name, at any depth.
    Folder(String),
    /// In a file of this name.
    File(String),
}

/// A record type.
#[derive(Clone, Debug)]
pub struct RecordType {
    /// Its name, which is its file's.
    pub name: String,
    /// Whether it comes with the program or from the archive's `types/`.
    pub built_in: bool,
    /// What pages call records of this type.
    pub title: Phrase,
    /// One sentence on what it is for.
    pub purpose: Option<Phrase>,
    /// Where its files lie; none where only `type:` leads to it.
    pub place: Option<Place>,
    /// Where its file says so.
    pub place_at: Range<usize>,
    /// Who may read its records; none where each record says so.
    pub audience: Option<(Node, Vec<String>)>,
    /// The field that names the records of a list file.
    pub key: Option<String>,
    /// Whether it describes CSV files, a row a line.
    pub series: bool,
    /// Its fields, in the order of pages.
    pub fields: Vec<FieldType>,
    /// Whether a record of it of which a part is restricted has to say in an abstract that it is there.
    pub abstract_required: bool,
    /// How long its records are kept; not said where none.
    pub retention: Option<Retention>,
    /// What in its records is a sign that a customer may leave.
    pub signs: Vec<SignRule>,
    /// What in its weeks is an alarm; only in a weekly series.
    pub watch: Option<Watch>,
    /// How its records are drawn as links between others.
    pub draws: Option<Draws>,
    /// When records of it come again, and what makes nothing of them due.
    pub due: Option<TypeDue>,
    /// Whether all that its records say is personal.
    pub personal: bool,
    /// The columns of its register: names of fields, `title`, `date`.
    pub register: Vec<String>,
    /// Whether its file is without a finding, but for what is due, which restricts nothing. A record of a broken type is read, so that what names it still finds it,
    /// but it is for nobody, and what seems wrong with it is not told: it may be the type that is wrong.
    pub sound: bool,
    /// The field that names records which are gone on purpose, in a type whose records note such disposals.
    pub disposes: Option<String>,
    /// Its file, for places in findings about audiences that it names.
    pub source: Source,
}

/// Keys that every record may have, and no type can redefine.
pub const COMMON_KEYS: [&str; 13] = [
    "type",
    "title",
    "date",
    "audience",
    "open_from",
    "restrict",
    "abstract",
    "attachments",
    "original",
    "origin",
    "marking",
    "verified",
    "imported",
];

/// The keys of a type's file.
pub const KEYS: [&str; 17] = [
    "title",
    "purpose",
    "folder",
    "file",
    "audience",
    "key",
    "kind",
    "abstract",
    "retention",
    "fields",
    "signs",
    "watch",
    "draws",
    "due",
    "register",
    "disposes",
    "personal",
];

/// Columns that a register may have beside the fields.
const COMMON_COLUMNS: [&str; 2] = ["title", "date"];

impl RecordType {
    /// Reads a type file. One with a finding gives a type that is not sound.
    pub fn read(name: &str, built_in: bool, source: Source, findings: &mut Vec<Finding>) -> Self {
        let mut record_type = Self {
            name: name.to_owned(),
            built_in,
            title: Phrase::one(name),
            purpose: None,
            place: None,
            place_at: 0..0,
            audience: None,
            key: None,
            series: false,
            fields: Vec::new(),
            abstract_required: false,
            retention: None,
            signs: Vec::new(),
            watch: None,
            draws: None,
            due: None,
            personal: false,
            register: Vec::new(),
            sound: true,
            disposes: None,
            source: source.clone(),
        };
        let before = findings.len();
        match yaml::parse(&source, 0..source.text().len()) {
            Ok(root) => record_type.read_keys(&source, &root, findings),
            Err(mut errors) => findings.append(&mut errors),
        }
        record_type.sound = well_made(findings.get(before..).unwrap_or_default());
        record_type
    }

    fn read_keys(&mut self, source: &Source, root: &Node, findings: &mut Vec<Finding>) {
        let mut retained_from = 0..0;
        for entry in known_entries(source, root, "a record type", &KEYS, findings) {
            let value = &entry.value;
            match entry.key.as_str() {
                "title" => self.title = Phrase::read(source, value, findings).unwrap_or_default(),
                "purpose" => self.purpose = Phrase::read(source, value, findings),
                "folder" | "file" => self.read_place(source, entry, findings),
                "audience" => self.audience = Some((value.clone(), audience_names(value))),
                "key" => self.key = scalar(source, value, "`key`", findings).map(str::to_owned),
                "disposes" => self.disposes = scalar(source, value, "`disposes`", findings).map(str::to_owned),
                "kind" => {
                    self.series = value.text() == Some("series");
                    if !self.series {
                        let message = "the only kind of a type is `series`";
                        let remedy = "write `kind: series`, or remove it";
                        broken(source, value.range.clone(), message, remedy, findings);
                    }
                }
                "personal" => self.personal = truth(source, value, findings),
                "abstract" => {
                    self.abstract_required = value.text() == Some("required");
                    if !matches!(value.text(), Some("required" | "optional")) {
                        let message = "`abstract` of a type says whether its records have to bear one";
                        broken(source, value.range.clone(), message, "write required or optional", findings);
                    }
                }
                "retention" => {
                    if let Some((retention, from)) = Retention::read(source, value, findings) {
                        self.retention = Some(retention);
                        retained_from = from;
                    }
                }
                "fields" => self.fields = read_fields(source, value, findings),
                "due" => self.due = Some(TypeDue::read(source, value, findings)),
                _ => {}
            }
        }
        if let Some(retention) = &self.retention {
            retention.check(source, &retained_from, &self.fields, findings);
        }
        self.check_due(findings);
        Self::check_fields(source, root, findings);
        self.check_key(source, root, findings);
        // A sign speaks of fields, which need not stand before it in the file.
        if let Some(entry) = root.get("signs") {
            self.signs = read_signs(source, &entry.value, &self.fields, findings);
        }
        if let Some(entry) = root.get("watch") {
            self.watch = read_watch(source, entry, &self.fields, findings);
        }
        if let Some(entry) = root.get("draws") {
            self.draws = read_draws(source, entry, &self.fields, findings);
        }
        self.check_disposes(source, root, findings);
        self.check_personal(source, root, findings);
        if let Some(entry) = root.get("register") {
            self.read_columns(source, &entry.value, findings);
        }
    }

    fn read_place(&mut self, source: &Source, entry: &Entry, findings: &mut Vec<Finding>) {
        let Some(text) = scalar(source, &entry.value, "a place", findings) else { return };
        if self.place.is_some() {
            let message = "a type has a folder or a file, not both";
            broken(source, entry.key_range.clone(), message, "remove one", findings);
        }
        if text.contains(['/', '\\']) {
            let message = format!("{} is a path, but a type's place is one name, found at any depth", quote(text));
            let remedy = "write the last name of the path alone";
            broken(source, entry.value.range.clone(), &message, remedy, findings);
        }
        let text = text.to_owned();
        self.place = Some(if entry.key == "folder" { Place::Folder(text) } else { Place::File(text) });
        self.place_at = entry.value.range.clone();
    }

    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldType> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The clearance of the words that this type uses for an audience. One that the archive lacks is a finding at the
    /// record that needs it.
    pub fn clearance(
        &self,
        said: &(Node, Vec<String>),
        audiences: &Audiences,
        missing: impl FnOnce(String) -> Finding,
        findings: &mut Vec<Finding>,
    ) -> Clearance {
        let lacks = said.1.iter().find(|name| *name != crate::access::STAFF && audiences.get(name).is_none());
        if let (true, Some(name)) = (self.built_in, lacks) {
            findings.push(missing(name.clone()));
            return crate::access::nobody();
        }
        audiences.read(&self.source, &said.0, findings)
    }

    /// What a record of this type asks of its reader that says nothing itself, or one of its fields: so much is asked of
    /// whoever is told that there is none.
    #[must_use]
    pub fn asks(&self, field: Option<&str>, audiences: &Audiences) -> Clearance {
        let field = field.and_then(|name| self.field(name)).and_then(|field| field.audience.as_ref());
        let said = |said| self.clearance(said, audiences, |name| self.missing_audience(&name), &mut Vec::new());
        let own = self.audience.as_ref().map_or_else(crate::access::nobody, said);
        field.map_or_else(|| own.clone(), |field| own.and(&said(field)))
    }

    /// Findings for audiences that an archive's own type names and the settings lack.
    pub fn check_audiences(&self, audiences: &Audiences, findings: &mut Vec<Finding>) {
        if self.built_in {
            return;
        }
        let members = self.fields.iter().flat_map(|field| &field.members);
        let said = self.fields.iter().chain(members).filter_map(|field| field.audience.as_ref()).chain(&self.audience);
        for (node, _) in said {
            audiences.read(&self.source, node, findings);
        }
    }

    fn check_fields(source: &Source, root: &Node, findings: &mut Vec<Finding>) {
        let entries = root.get("fields").and_then(|entry| entry.value.entries()).unwrap_or_default();
        for entry in entries.iter().filter(|entry| COMMON_KEYS.contains(&entry.key.as_str())) {
            let message = format!("every record has `{}`; a type cannot redefine it", entry.key);
            broken(source, entry.key_range.clone(), &message, "give the field another name", findings);
        }
    }

    /// Only a key that can name records is kept.
    fn check_key(&mut self, source: &Source, root: &Node, findings: &mut Vec<Finding>) {
        let (Some(key), Some(entry)) = (self.key.take(), root.get("key")) else { return };
        let key = key.as_str();
        let at = entry.value.range.clone();
        match self.field(key) {
            None => {
                let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
                let message = format!("the key {} is no field of this type", quote(key));
                broken_near(source, at, message, key, &names, "the fields are", findings);
            }
            Some(field) if field.many || !field.members.is_empty() => {
                let message = format!("`{key}` may hold several values, and cannot name a record");
                broken(source, at, &message, "name a field that holds one value", findings);
            }
            Some(_) => self.key = Some(key.to_owned()),
        }
    }

    fn check_disposes(&self, source: &Source, root: &Node, findings: &mut Vec<Finding>) {
        let (Some(name), Some(entry)) = (&self.disposes, root.get("disposes")) else { return };
        if self.field(name).is_none() {
            let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
            let message = format!("`disposes` names {}, which is no field of this type", quote(name));
            broken_near(source, entry.value.range.clone(), message, name, &names, "the fields are", findings);
        }
    }

    fn read_columns(&mut self, source: &Source, node: &Node, findings: &mut Vec<Finding>) {
        let Some(nodes) = node.elements() else {
            let message = format!("`register` must be a list of columns, but {} stands here", node.what());
            broken(source, node.range.clone(), &message, "write `register: [title, date]`", findings);
            return;
        };
        for node in nodes {
            let Some(column) = scalar(source, node, "a column", findings) else { continue };
            let at = node.range.clone();
            if self.register.iter().any(|other| other == column) {
                let message = format!("the column {} stands twice", quote(column));
                broken(source, at, &message, "keep one of the two", findings);
            } else if self.field(column).is_none() && !COMMON_COLUMNS.contains(&column) {
                let fields = self.fields.iter().map(|field| field.name.as_str());
                let names: Vec<&str> = fields.chain(COMMON_COLUMNS).collect();
                let message = format!("the column {} is no field of this type", quote(column));
                broken_near(source, at, message, column, &names, "the columns can be", findings);
            }
            self.register.push(column.to_owned());
        }
    }

    /// The finding for a built-in audience that the archive lacks.
    pub(super) fn missing_audience(&self, name: &str) -> Finding {
        Finding::error(
            UNKNOWN_AUDIENCE,
            format!("records of the type `{}` are for the audience `{name}`, which strongroom.yaml lacks", self.name),
        )
        .remedy(format!("add `{name}` to the audiences, or replace the type in types/{}.yaml", self.name))
    }
}

/// The record types that come with the program.
#[must_use]
pub fn built_in() -> Vec<Arc<RecordType>> {
    let mut findings = Vec::new();
    BUILT_IN
        .iter()
        .filter_map(|(name, text)| {
            let source = Source::decode(&format!("built-in type {name}"), text.as_bytes()).ok()?;
            Some(Arc::new(RecordType::read(name, true, source, &mut findings)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_type_reads_without_a_finding() {
        for (name, text) in BUILT_IN {
            let mut findings = Vec::new();
            let source = Source::decode(name, text.as_bytes()).unwrap();
            assert!(RecordType::read(name, true, source, &mut findings).sound, "{name}: {findings:?}");
        }
    }
}
