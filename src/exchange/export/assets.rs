//! The register of dossiers as assets of the company: what each is, who answers for it, how it is marked, what it holds.

use super::selection::Selection;
use crate::access::{Clearance, Held};
use crate::archive::resolve;
use crate::dossier::Dossier;
use crate::exchange::import::guarded;
use crate::record::{Plate, Record, csv_lines};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// The fields of a dossier that say what it is as an asset.
const FIELDS: [&str; 10] = [
    "asset_number",
    "class_number",
    "code",
    "name",
    "tier",
    "status",
    "since",
    "owner",
    "custodian",
    "account_manager",
];

/// The columns, and what each dossier has in them.
fn rows(selection: &Selection<'_>) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let mut names = vec!["dossier"];
    names.extend(FIELDS);
    names.extend(["marking", "marking_basis", "marking_review", "verified_on", "verified_by", "originals"]);
    names.extend(["records", "attachments", "bytes"]);
    (names, selection.dossiers().map(|dossier| row(selection, dossier)).collect())
}

fn row(selection: &Selection<'_>, dossier: &Dossier) -> Vec<String> {
    let (archive, holds) = (selection.archive, selection.holds);
    let mut row = vec![dossier.name.to_string()];
    row.extend(FIELDS.map(|name| {
        let field = dossier.root.field(name);
        let value = field.as_ref().and_then(|held| held.within(holds)).map(|field| &field.value);
        value.map(|value| value.plain(&archive.settings.language)).unwrap_or_default()
    }));
    row.extend(["level", "basis", "review"].map(|key| said(&dossier.root.marking, key, holds)));
    row.extend(["on", "by"].map(|key| said(&dossier.root.verified, key, holds)));
    let records: Vec<&Record> = std::iter::once(&*dossier.root).chain(dossier.records.within(holds)).collect();
    let rooms: BTreeSet<String> = records.iter().map(|record| said(&record.original, "room", holds)).collect();
    row.push(rooms.into_iter().filter(|room| !room.is_empty()).collect::<Vec<_>>().join("、"));
    row.push(records.len().to_string());
    let files: BTreeSet<String> = records
        .iter()
        .flat_map(|record| record.attachments.within(holds).filter_map(|file| resolve(&record.file, &file.path)))
        .collect();
    let size = |path: &String| archive.attached.get(path).and_then(|file| file.within(holds).map(|file| file.size));
    row.push(files.len().to_string());
    row.push(files.iter().filter_map(size).sum::<u64>().to_string());
    row
}

fn said(plate: &Option<Held<Plate>>, key: &str, holds: &Clearance) -> String {
    let lines = plate.as_ref().and_then(|plate| plate.within(holds));
    let line = lines.and_then(|plate| plate.0.iter().find(|(name, _)| name == key));
    line.map(|(_, text)| text.clone()).unwrap_or_default()
}

/// The register as CSV, each row with the notice.
#[must_use]
pub fn asset_table(selection: &Selection<'_>, notice: &str) -> String {
    let (names, rows) = rows(selection);
    let mut lines = vec![names.iter().map(ToString::to_string).chain(["notice".to_owned()]).collect::<Vec<String>>()];
    lines.extend(rows.into_iter().map(|row| row.iter().map(|text| guarded(text)).chain([notice.to_owned()]).collect()));
    csv_lines(&lines)
}

/// The register as JSON, a map for each dossier.
#[must_use]
pub fn asset_json(selection: &Selection<'_>) -> Json {
    let (names, rows) = rows(selection);
    let one = |row: Vec<String>| {
        let cells = names.iter().zip(row).map(|(name, text)| ((*name).to_owned(), Json::String(text)));
        Json::Object(cells.collect::<Map<String, Json>>())
    };
    Json::Array(rows.into_iter().map(one).collect())
}
