//! A record type: what a kind of record is called, holds, requires, and who may read it. Data, not code.

use super::built_in::BUILT_IN;
use super::field_type::{BROKEN_TYPE, FieldType, audience_names, broken, read_fields};
use crate::access::{Audiences, Clearance, UNKNOWN_AUDIENCE};
use crate::finding::{Finding, nearest, quote};
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::{self, Node};
use crate::text::{Phrase, Source};
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
    /// Who may read its records; none where each record says so.
    pub audience: Option<(Node, Vec<String>)>,
    /// The field that names the records of a list file.
    pub key: Option<String>,
    /// Whether it describes CSV files, a row a line.
    pub series: bool,
    /// Its fields, in the order of pages.
    pub fields: Vec<FieldType>,
    /// The columns of its register: names of fields, `title`, `date`.
    pub register: Vec<String>,
    /// Its file, for places in findings about audiences that it names.
    pub source: Source,
}

/// Keys that every record may have, and no type can redefine.
pub const COMMON_KEYS: [&str; 12] = [
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
];

const KEYS: [&str; 9] = ["title", "purpose", "folder", "file", "audience", "key", "kind", "fields", "register"];

impl RecordType {
    /// Reads a type file. A type with a finding is none: records of it would be read by a rule that nobody wrote.
    pub fn read(name: &str, built_in: bool, source: Source, findings: &mut Vec<Finding>) -> Option<Self> {
        let whole = 0..source.text().len();
        let root = match yaml::parse(&source, whole) {
            Ok(root) => root,
            Err(mut errors) => {
                findings.append(&mut errors);
                return None;
            }
        };
        let before = findings.len();
        let mut record_type = Self {
            name: name.to_owned(),
            built_in,
            title: Phrase::one(name),
            purpose: None,
            place: None,
            audience: None,
            key: None,
            series: false,
            fields: Vec::new(),
            register: Vec::new(),
            source: source.clone(),
        };
        for entry in known_entries(&source, &root, "a record type", &KEYS, findings) {
            let value = &entry.value;
            match entry.key.as_str() {
                "title" => record_type.title = Phrase::read(&source, value, findings).unwrap_or_default(),
                "purpose" => record_type.purpose = Phrase::read(&source, value, findings),
                "folder" | "file" => {
                    let Some(text) = scalar(&source, value, "a place", findings) else { continue };
                    if record_type.place.is_some() {
                        broken(
                            &source,
                            entry.key_range.clone(),
                            "a type has a folder or a file, not both",
                            "remove one",
                            findings,
                        );
                    }
                    let text = text.to_owned();
                    record_type.place =
                        Some(if entry.key == "folder" { Place::Folder(text) } else { Place::File(text) });
                }
                "audience" => record_type.audience = Some((value.clone(), audience_names(value))),
                "key" => record_type.key = scalar(&source, value, "`key`", findings).map(str::to_owned),
                "kind" => {
                    record_type.series = value.text() == Some("series");
                    if !record_type.series {
                        broken(
                            &source,
                            value.range.clone(),
                            "the only kind of a type is `series`",
                            "write `kind: series`, or remove it",
                            findings,
                        );
                    }
                }
                "fields" => record_type.fields = read_fields(&source, value, findings),
                "register" => {
                    for node in value.elements().unwrap_or_default() {
                        record_type.register.extend(scalar(&source, node, "a column", findings).map(str::to_owned));
                    }
                    record_type.check_columns(value, findings);
                }
                _ => {}
            }
        }
        record_type.check_names(&root, findings);
        (findings.len() == before).then_some(record_type)
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

    fn check_names(&self, root: &Node, findings: &mut Vec<Finding>) {
        let place = root.get("fields").map_or(0..0, |entry| entry.key_range.clone());
        for field in &self.fields {
            if COMMON_KEYS.contains(&field.name.as_str()) {
                let message = format!("every record has `{}`; a type cannot redefine it", field.name);
                findings.push(self.source.error(BROKEN_TYPE, place.clone(), message, "give the field another name"));
            }
        }
        if let Some(key) = &self.key
            && self.field(key).is_none()
        {
            let at = root.get("key").map_or(0..0, |entry| entry.value.range.clone());
            let message = format!("the key {} is no field of this type", quote(key));
            findings.push(self.source.error(BROKEN_TYPE, at, message, "name one of its fields"));
        }
    }

    fn check_columns(&self, node: &Node, findings: &mut Vec<Finding>) {
        // `fields` stands before `register` in every file that people write, but need not.
        if self.fields.is_empty() {
            return;
        }
        for column in &self.register {
            if self.field(column).is_none() && !matches!(column.as_str(), "title" | "date") {
                let names = self.fields.iter().map(|field| field.name.as_str()).chain(["title", "date"]);
                let remedy = nearest(column, names).map_or_else(
                    || "name a field of this type, `title` or `date`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("the column {} is no field of this type", quote(column));
                findings.push(self.source.error(BROKEN_TYPE, node.range.clone(), message, remedy));
            }
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
            RecordType::read(name, true, source, &mut findings).map(Arc::new)
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
            assert!(RecordType::read(name, true, source, &mut findings).is_some(), "{name}: {findings:?}");
        }
    }
}
