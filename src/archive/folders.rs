//! The folders of an archive: which of them are dossiers, and files that stand where they should not.

use super::attached::{Attached, FILE_OUTSIDE, UNNAMED_FILE};
use super::claiming::is_record_file;
use super::types::Types;
use crate::dossier::REGISTERS;
use crate::finding::{Code, Finding, Place, quote};
use crate::repository::{FileEntry, FileKind, Snapshot};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Two dossiers of one name, or one inside another.
pub const DOSSIER_NAMES: Code = Code("dossier-names");
/// A file that lies in no dossier.
pub const OUTSIDE_DOSSIERS: Code = Code("outside-dossiers");
/// So many dossiers in one folder that git becomes slow.
pub const FLAT_FOLDER: Code = Code("flat-folder");

/// More dossiers than this in one folder make each commit cost git a large tree.
const FLAT: usize = 1_000;

/// Every folder below `customers/` that holds `dossier.yaml`, with its files.
pub(super) fn find_dossiers<'s>(
    snapshot: &'s Snapshot,
    findings: &mut Vec<Finding>,
) -> Vec<(Arc<str>, String, &'s [FileEntry])> {
    let all = snapshot.files_below("customers");
    check_links(all, findings);
    let mut found: Vec<(Arc<str>, String, &[FileEntry])> = Vec::new();
    let mut by_name: BTreeMap<Arc<str>, String> = BTreeMap::new();
    for entry in all.iter().filter(|entry| entry.path.ends_with("/dossier.yaml")) {
        let Some(folder) = entry.path.strip_suffix("/dossier.yaml") else { continue };
        let name: Arc<str> = folder.rsplit('/').next().unwrap_or_default().into();
        let place = || Place::whole(&entry.path);
        if folder == "customers" || name.as_ref() == REGISTERS {
            let message = "a dossier needs a folder of its own below customers/, and cannot be called registers";
            findings.push(
                Finding::error(DOSSIER_NAMES, message)
                    .at(place())
                    .remedy("move it into a folder named after the customer"),
            );
            continue;
        }
        if let Some(other) = by_name.get(&name) {
            let message = format!("two dossiers are called {}", quote(&name));
            let finding = Finding::error(DOSSIER_NAMES, message).at(place()).remedy("rename one of the folders");
            findings.push(finding.related(Place::whole(&format!("{other}/dossier.yaml")), "the other one"));
            continue;
        }
        let mut parent = folder;
        while let Some((above, _)) = parent.rsplit_once('/') {
            if above != "customers" && snapshot.file(&format!("{above}/dossier.yaml")).is_some() {
                let message = "this dossier lies inside another one";
                let finding = Finding::error(DOSSIER_NAMES, message).at(place()).remedy("move it beside the other");
                findings.push(finding.related(Place::whole(&format!("{above}/dossier.yaml")), "the outer one"));
            }
            parent = above;
        }
        by_name.insert(Arc::clone(&name), folder.to_owned());
        found.push((name, folder.to_owned(), snapshot.files_below(folder)));
    }
    let folders: Vec<&str> = found.iter().map(|(_, folder, _)| folder.as_str()).collect();
    for entry in all {
        let inside = entry
            .path
            .match_indices('/')
            .any(|(at, _)| entry.path.get(..at).is_some_and(|folder| folders.binary_search(&folder).is_ok()));
        if !inside {
            let finding = Finding::warning(OUTSIDE_DOSSIERS, "this file lies in no dossier and is not published");
            let remedy = "add `dossier.yaml` to its folder, or move it into a dossier";
            findings.push(finding.at(Place::whole(&entry.path)).remedy(remedy));
        }
    }
    check_flat(&found, findings);
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn check_flat(found: &[(Arc<str>, String, &[FileEntry])], findings: &mut Vec<Finding>) {
    let mut in_folder: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, folder, _) in found {
        *in_folder.entry(folder.rsplit_once('/').map_or("", |(above, _)| above)).or_default() += 1;
    }
    for (folder, count) in in_folder.into_iter().filter(|(_, count)| *count > FLAT) {
        let message = format!("{count} dossiers lie in one folder, which makes every commit and the history slow");
        let remedy = "group them, by industry or by the first letters of their names: no link breaks";
        findings.push(Finding::note(FLAT_FOLDER, message).at(Place::whole(folder)).remedy(remedy));
    }
}

/// Tells of the files in a folder that are no records and that no record names.
pub(super) fn check_unnamed(
    types: &Types,
    attached: &Attached,
    folder: &str,
    files: &[FileEntry],
    findings: &mut Vec<Finding>,
) {
    for file in files {
        let inside = file.path.strip_prefix(folder).unwrap_or(&file.path).trim_start_matches('/');
        if !is_record_file(types, inside) && !attached.names(&file.path) {
            let message = "no record names this file, so it is not published";
            let remedy = "add it to the `attachments:` of its record, link to it, or remove it";
            findings.push(Finding::warning(UNNAMED_FILE, message).at(Place::whole(&file.path)).remedy(remedy));
        }
    }
}

/// Marks symbolic links among a dossier's files: they are never followed.
pub(super) fn check_links(files: &[FileEntry], findings: &mut Vec<Finding>) {
    for file in files.iter().filter(|file| file.kind != FileKind::Regular) {
        let finding = Finding::error(FILE_OUTSIDE, "a symbolic link or a submodule stands here")
            .at(Place::whole(&file.path))
            .remedy("put the file itself in its place: links are never followed");
        findings.push(finding);
    }
}
