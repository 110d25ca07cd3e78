//! From CSV files to series: those whose rows a record names, and those that stand by themselves.

use super::dossier_reading::{DOUBLE_RECORD, Reading, Sourced, first_line, read_text};
use crate::access::{Clearance, Held};
use crate::finding::{Finding, quote};
use crate::record::{Read, RecordType, Rows, Series, read_csv};
use crate::repository::FileEntry;
use crate::text::map::{WRONG_SHAPE, one_or_many, scalar};
use crate::text::yaml::Entry;
use crate::text::{Source, markdown};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Reading<'_> {
    /// A YAML or Markdown record of a series type names its rows.
    pub(super) fn described_series(
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
    pub(super) fn series(&mut self, tables: Vec<(&FileEntry, Source)>) {
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
}
