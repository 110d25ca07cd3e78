//! Which records are exported: those that may be read, of a type or a dossier where one is named.

use crate::access::Clearance;
use crate::archive::Archive;
use crate::dossier::{Dossier, REGISTERS};
use crate::record::Record;
use crate::text::Phrase;

/// A choice of what may be read.
pub struct Selection<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// What whoever reads it holds.
    pub holds: &'a Clearance,
    /// Records of this type alone.
    pub record_type: Option<&'a str>,
    /// Records of this dossier alone, or of `registers`.
    pub dossier: Option<&'a str>,
}

impl<'a> Selection<'a> {
    /// The dossiers among them.
    pub fn dossiers(&'a self) -> impl Iterator<Item = &'a Dossier> {
        let wanted = |dossier: &&Dossier| self.dossier.is_none_or(|name| name == dossier.name.as_ref());
        self.archive.dossiers.within(self.holds).filter(wanted)
    }

    /// The records, each with its dossier, whose root comes first.
    pub fn records(&'a self) -> impl Iterator<Item = (Option<&'a Dossier>, &'a Record)> {
        let of_dossiers = self.dossiers().flat_map(|dossier| {
            let inner = dossier.records.within(self.holds);
            std::iter::once(&*dossier.root).chain(inner).map(move |record| (Some(dossier), record))
        });
        let registers = self.dossier.is_none_or(|name| name == REGISTERS);
        let of_registers = registers.then(|| self.archive.registers.within(self.holds)).into_iter().flatten();
        let all = of_dossiers.chain(of_registers.map(|record| (None, record)));
        all.filter(|(_, record)| self.record_type.is_none_or(|name| name == record.record_type.name))
    }

    /// What is said on purpose of records that may not be read themselves, with the dossier: by its words alone, so that
    /// neither order nor name says more. Of a choice by type there is none, since that would say of which type they are.
    #[must_use]
    pub fn abstracts(&'a self) -> Vec<(&'a str, &'a Phrase)> {
        let closed = |record: &'a Record| {
            let summary = record.summary.as_ref().and_then(|held| held.within(self.holds));
            summary.filter(|_| !self.holds.implies(&record.clearance))
        };
        let mut found: Vec<(&str, &Phrase)> = Vec::new();
        if self.record_type.is_some() {
            return found;
        }
        for dossier in self.dossiers() {
            let inner = dossier.records.lay_out(|held| held.release().1).filter_map(closed);
            found.extend(inner.map(|phrase| (dossier.name.as_ref(), phrase)));
        }
        if self.dossier.is_none_or(|name| name == REGISTERS) {
            let inner = self.archive.registers.lay_out(|held| held.release().1).filter_map(closed);
            found.extend(inner.map(|phrase| (REGISTERS, phrase)));
        }
        found.sort();
        found
    }
}
