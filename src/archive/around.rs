//! What an archive holds around its dossiers: types, readers, its theme.

use super::archive::STRAY_TYPE;
use super::dossier_reading::{UNREADABLE, read_text};
use super::readers;
use super::settings::Settings;
use super::types::Types;
use crate::access::Reader;
use crate::finding::{Finding, Place};
use crate::record::RecordType;
use crate::repository::Snapshot;
use crate::text::Source;
use std::collections::BTreeMap;

/// Reads the types.
pub(super) fn read_types(snapshot: &Snapshot, settings: &Settings, findings: &mut Vec<Finding>) -> Types {
    let mut own = Vec::new();
    for entry in snapshot.files_below("types") {
        let file = entry.path.strip_prefix("types/").unwrap_or(&entry.path);
        let Some(name) = file.strip_suffix(".yaml").filter(|name| !name.contains('/')) else {
            // A type that is not read restricts nothing. Notes on the types may stand beside them.
            if !file.ends_with(".md") {
                let finding = Finding::error(STRAY_TYPE, "this is no type: types are files types/NAME.yaml");
                let remedy = "rename it, or move it out of types/";
                findings.push(finding.at(Place::whole(&entry.path)).remedy(remedy));
            }
            continue;
        };
        let Some(source) = read_text(snapshot, entry, findings) else { continue };
        let mut record_type = RecordType::read(name, false, source, findings);
        let before = findings.len();
        record_type.check_audiences(&settings.audiences, findings);
        record_type.sound &= findings.len() == before;
        own.push(record_type);
    }
    Types::new(own, &settings.tiers, findings)
}

/// Readers with the texts of their files.
pub(super) type People = Vec<(Reader, Source)>;

/// Reads the readers, and the keys wrapped in passphrases.
pub(super) fn read_readers(snapshot: &Snapshot, findings: &mut Vec<Finding>) -> (People, BTreeMap<String, Vec<u8>>) {
    const LARGEST_KEY: u64 = 64 << 10;
    let mut people = People::new();
    let mut wrapped = BTreeMap::new();
    for entry in snapshot.files_below("readers") {
        let Some(file) = entry.path.strip_prefix("readers/") else { continue };
        if let Some(name) = file.strip_suffix(".yaml") {
            if let Some(source) = read_text(snapshot, entry, findings) {
                people.push((readers::read(name, &source, findings), source));
            }
        } else if let Some(name) = file.strip_suffix(".age") {
            match snapshot.read(entry, LARGEST_KEY) {
                Ok(bytes) => {
                    if readers::is_wrapped_key(&entry.path, &bytes, findings) {
                        wrapped.insert(name.to_owned(), bytes);
                    }
                }
                Err(error) => {
                    findings.push(Finding::error(UNREADABLE, error.to_string()).at(Place::whole(&entry.path)))
                }
            }
        }
    }
    (people, wrapped)
}

/// The files of the archive's own theme.
pub(super) fn read_theme(snapshot: &Snapshot, findings: &mut Vec<Finding>) -> Vec<(String, Vec<u8>)> {
    const LARGEST_THEME_FILE: u64 = 4 << 20;
    let mut files = Vec::new();
    for entry in snapshot.files_below("theme") {
        let Some(path) = entry.path.strip_prefix("theme/") else { continue };
        match snapshot.read(entry, LARGEST_THEME_FILE) {
            Ok(bytes) => files.push((path.to_owned(), bytes)),
            Err(error) => findings.push(Finding::error(UNREADABLE, error.to_string()).at(Place::whole(&entry.path))),
        }
    }
    files
}
