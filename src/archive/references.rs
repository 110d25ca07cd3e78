//! What names lead to: records by name, for references and links, and findings for those that lead nowhere.

use super::attached::resolve;
use super::dossier_reading::Placed;
use super::naming::{Naming, Namings};
use crate::access::{Clearance, Shelf};
use crate::dossier::REGISTERS;
use crate::finding::{Code, Finding, nearest, quote};
use crate::record::{Field, FieldType, Record, RecordName, Value};
use crate::text::markdown::Link;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A reference to nothing.
pub const DANGLING_REFERENCE: Code = Code("dangling-reference");

/// What a name leads to.
#[derive(Clone, Debug)]
pub struct Target {
    /// What it asks of its reader.
    pub clearance: Clearance,
    /// What its dossier asks.
    pub dossier_clearance: Clearance,
    /// The name of its type; `dossier` for a dossier.
    pub record_type: String,
    /// The dossier's name, or `registers`.
    pub dossier: Arc<str>,
    /// The record's element id on its page; none for a dossier itself.
    pub anchor: Option<String>,
}

/// Every dossier and record by its name, and records by their file.
#[derive(Default)]
pub struct Names {
    by_name: BTreeMap<String, Target>,
    by_file: BTreeMap<String, RecordName>,
    /// Every file that holds records, list files too.
    files: BTreeSet<String>,
    namings: Namings,
}

/// Whether a record is the root of its dossier, which is called as the dossier.
fn is_root(name: &RecordName) -> bool {
    &*name.path == "dossier" && name.dossier.as_ref() != REGISTERS
}

/// What a record is called where it is named.
#[must_use]
pub fn called(name: &RecordName) -> String {
    if is_root(name) { name.dossier.to_string() } else { name.to_string() }
}

/// A record's name, and what it leads to.
fn named(record: &Record, dossier_clearance: &Clearance) -> (String, Target) {
    let target = Target {
        clearance: record.clearance.clone(),
        dossier_clearance: dossier_clearance.clone(),
        record_type: record.record_type.name.clone(),
        dossier: Arc::clone(&record.name.dossier),
        anchor: (!is_root(&record.name)).then(|| record.anchor()),
    };
    (called(&record.name), target)
}

impl Names {
    /// Notes records, each with what its dossier asks.
    #[must_use]
    pub fn of(records: &[(Placed<'_>, Clearance)]) -> Self {
        // Maps are made faster of all their entries than of one after the other.
        let by_name = || records.iter().map(|(sourced, asks)| named(sourced.record, asks)).collect();
        let by_file = || {
            let alone = records.iter().map(|(sourced, _)| sourced.record).filter(|record| !record.in_list);
            alone.map(|record| (record.file.clone(), record.name.clone())).collect()
        };
        let files = || records.iter().map(|(sourced, _)| sourced.record.file.clone()).collect();
        let (by_name, (by_file, files)) = rayon::join(by_name, || (by_file(), files()));
        let mut names = Self { by_name, by_file, files, namings: Namings::default() };
        names.namings = Namings::of(&names, records);
        names
    }

    /// Where a dossier or record is named, by its own name.
    #[must_use]
    pub fn namings(&self, name: &str) -> Option<&Shelf<Naming>> {
        self.namings.get(name)
    }

    /// What a dossier's or record's name leads to.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Target> {
        self.by_name.get(name)
    }

    /// What the path of a record's file in the archive leads to.
    #[must_use]
    pub fn by_file(&self, path: &str) -> Option<&Target> {
        self.by_name.get(&self.name_of_file(path)?)
    }

    /// The name of what the path of a record's file in the archive leads to.
    pub(super) fn name_of_file(&self, path: &str) -> Option<String> {
        self.by_file.get(path).map(called)
    }

    /// Findings for the references of a record.
    pub fn check(&self, sourced: Placed<'_>, findings: &mut Vec<Finding>) {
        self.check_fields(sourced, &sourced.record.fields, &sourced.record.record_type.fields, findings);
        for held in sourced.record.text.lay_out(|held| held) {
            let (_, section) = held.release();
            findings.extend(section.links.iter().filter_map(|link| self.check_link(sourced, link)));
        }
    }

    /// The finding for a link to a record's file that is none.
    fn check_link(&self, sourced: Placed<'_>, link: &Link) -> Option<Finding> {
        let path = link.target.split(['#', '?']).next().unwrap_or_default();
        let outside =
            link.target.contains("://") || link.target.starts_with("mailto:") || link.target.starts_with("tel:");
        let record = [".md", ".yaml", ".yml"].iter().any(|extension| path.ends_with(extension));
        if outside || !record {
            return None;
        }
        let found = resolve(sourced.source.file(), path).filter(|path| self.files.contains(path));
        let (message, remedy) = match (found, &link.image) {
            (None, _) => (
                "this link leads to no record",
                "name the record's file by its path from here, as `../visits/2025-03-12.md`",
            ),
            (Some(_), Some(_)) => ("a record stands where an image is wanted", "remove the `!` to link to it"),
            (Some(_), None) => return None,
        };
        let message = format!("{message}: {}", quote(&link.target));
        Some(sourced.source.error(DANGLING_REFERENCE, link.range.clone(), message, remedy))
    }

    fn check_fields(
        &self,
        sourced: Placed<'_>,
        fields: &Shelf<Field>,
        types: &[FieldType],
        findings: &mut Vec<Finding>,
    ) {
        for held in fields.lay_out(|held| held) {
            let (_, field) = held.release();
            let Some(field_type) = types.iter().find(|t| t.name == field.name) else { continue };
            let values = match &field.value {
                Value::Many(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                match value {
                    Value::Reference(name) => findings.extend(self.check_one(sourced, field, field_type, name)),
                    Value::Group(members) => self.check_fields(sourced, members, &field_type.members, findings),
                    _ => {}
                }
            }
        }
    }

    fn check_one(&self, sourced: Placed<'_>, field: &Field, field_type: &FieldType, name: &str) -> Option<Finding> {
        let source = sourced.source;
        let at = source
            .text()
            .get(field.range.clone())
            .and_then(|text| text.find(name))
            .map_or(field.range.clone(), |at| field.range.start + at..field.range.start + at + name.len());
        match self.by_name.get(name) {
            None => {
                let remedy = match self.nearest(name, &sourced.record.name.dossier) {
                    Some(near) => format!("did you mean {}?", quote(&near)),
                    None => "write the record's name: DOSSIER/PATH without the extension".to_owned(),
                };
                Some(source.error(DANGLING_REFERENCE, at, format!("there is no record {}", quote(name)), remedy))
            }
            Some(target) => {
                let wanted = field_type.to.as_ref().filter(|wanted| **wanted != target.record_type)?;
                let message = format!("{} is of type `{}`, not `{wanted}`", quote(name), target.record_type);
                Some(source.error(DANGLING_REFERENCE, at, message, format!("name a record of type `{wanted}`")))
            }
        }
    }

    /// The nearest name: first among the dossier's own, since most references stay inside.
    fn nearest(&self, name: &str, dossier: &str) -> Option<String> {
        let own = format!("{dossier}/{name}");
        if self.by_name.contains_key(&own) {
            return Some(own);
        }
        let prefix = format!("{dossier}/");
        let near = self.by_name.range(prefix.clone()..).take_while(|(n, _)| n.starts_with(&prefix)).take(2_000);
        nearest(name, near.map(|(n, _)| n.as_str()))
            .or_else(|| nearest(name, self.by_name.keys().filter(|n| !n.contains('/')).take(2_000).map(String::as_str)))
            .map(str::to_owned)
    }
}
