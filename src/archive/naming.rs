//! Where records are named: the way back of every reference and link.

use super::attached::resolve;
use super::dossier_reading::Placed;
use super::references::{Names, called};
use crate::access::{Clearance, Held, Shelf};
use crate::record::{Field, Record, RecordName, RecordType, Title, Value};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A place that names a record. It is content of the record that it stands in, and held as what stands there.
#[derive(Debug)]
pub struct Naming {
    /// The record that it stands in.
    pub record: RecordName,
    /// That record's type.
    pub record_type: Arc<RecordType>,
    /// What that record is called.
    pub title: Held<Title>,
    /// The field, or `group.member`; none for a link in the text.
    pub field: Option<String>,
}

/// Everything that names each record, by the name of what is named.
#[derive(Default)]
pub(super) struct Namings(BTreeMap<String, Shelf<Naming>>);

impl Namings {
    /// Finds what names what.
    pub fn of(names: &Names, records: &[(Placed<'_>, Clearance)]) -> Self {
        let found: Vec<(String, Held<Naming>)> = records
            .par_iter()
            .flat_map_iter(|(sourced, _)| {
                let mut inside = Inside { names, record: sourced.record, found: Vec::new() };
                inside.fields(&sourced.record.fields, None);
                inside.links();
                inside.found
            })
            .collect();
        let mut by_target: BTreeMap<String, Vec<Held<Naming>>> = BTreeMap::new();
        for (target, naming) in found {
            by_target.entry(target).or_default().push(naming);
        }
        Self(by_target.into_iter().map(|(target, namings)| (target, Shelf::new(namings))).collect())
    }

    /// What names a record or dossier.
    pub fn get(&self, name: &str) -> Option<&Shelf<Naming>> {
        self.0.get(name)
    }
}

/// One record, while the names in it are looked for.
struct Inside<'a> {
    names: &'a Names,
    record: &'a Record,
    found: Vec<(String, Held<Naming>)>,
}

impl Inside<'_> {
    fn fields(&mut self, fields: &Shelf<Field>, group: Option<&str>) {
        for held in fields.lay_out(|held| held) {
            let (asks, field) = held.release();
            let path = group.map_or_else(|| field.name.clone(), |group| format!("{group}.{}", field.name));
            let values = match &field.value {
                Value::Many(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                match value {
                    Value::Reference(name) => self.note(name, &asks, Some(&path)),
                    Value::Group(members) => self.fields(members, Some(&path)),
                    _ => {}
                }
            }
        }
    }

    fn links(&mut self) {
        for held in self.record.text.lay_out(|held| held) {
            let (asks, section) = held.release();
            for link in &section.links {
                let path = resolve(&self.record.file, &link.target);
                if let Some(name) = path.and_then(|path| self.names.name_of_file(&path)) {
                    self.note(&name, &asks, None);
                }
            }
        }
    }

    /// Notes a name, once for whoever sees it by the same field or text already.
    fn note(&mut self, target: &str, asks: &Clearance, field: Option<&str>) {
        let own = called(&self.record.name);
        if target == own || self.names.get(target).is_none() {
            return;
        }
        let known = self.found.iter().any(|(other, held)| {
            other == target
                && asks.implies(held.clearance())
                && held.within(held.clearance()).is_some_and(|naming| naming.field.as_deref() == field)
        });
        if !known {
            let naming = Naming {
                record: self.record.name.clone(),
                record_type: Arc::clone(&self.record.record_type),
                title: self.record.title.clone(),
                field: field.map(str::to_owned),
            };
            self.found.push((target.to_owned(), Held::new(asks.clone(), naming)));
        }
    }
}
