//! Whether the past that `serve` told last may stand on pages until it was read again. It was read by the rules of its
//! moment, and what was saved since may ask more of its readers: pages show none of it then, and say so.

use crate::archive::Archive;
use crate::dossier::REGISTERS;
use crate::repository::{ChangedPath, Snapshot, changed_paths};
use std::collections::BTreeSet;

/// Larger files are no records.
const LARGEST: u64 = 4 << 20;
/// Words by which a file restricts a part that need not be there, and whose past closes all the same.
const RESTRICTING: [&str; 2] = ["restrict", "audience="];

/// Whether anything of the past may ask more of its readers in the new state than in the old one. In doubt it may: what
/// does not is an edit of records that all staff may read, before and after, and of files of the theme.
#[must_use]
pub fn may_close_the_past(old: (&Snapshot, &Archive), new: (&Snapshot, &Archive)) -> bool {
    let mut changed = changed_paths(old.0, new.0);
    changed.retain(|change| !change.path.starts_with("theme/"));
    if changed.is_empty() {
        return false;
    }
    if changed.iter().any(|change| !is_edit(change) || restricts(new.0, &change.path)) {
        return true;
    }
    match (open_records(old.1, &changed), open_records(new.1, &changed)) {
        (Some(before), Some(after)) => before != after,
        _ => true,
    }
}

/// Whether a file of records, or an attachment of them, stands in both states.
fn is_edit(change: &ChangedPath) -> bool {
    let of_records = ["customers/", "registers/"].iter().any(|folder| change.path.starts_with(folder));
    of_records && change.old.is_some() && change.new.is_some()
}

/// Whether a file restricts any part of it by name. One that is no text restricts nothing.
fn restricts(snapshot: &Snapshot, path: &str) -> bool {
    let Some(entry) = snapshot.file(path) else { return true };
    let Ok(bytes) = snapshot.read(entry, LARGEST) else { return true };
    std::str::from_utf8(&bytes).is_ok_and(|text| RESTRICTING.iter().any(|word| text.contains(word)))
}

/// The records of the files that changed, with their types; none where all staff may not read all of them.
fn open_records(archive: &Archive, changed: &[ChangedPath]) -> Option<BTreeSet<(String, String)>> {
    let files: BTreeSet<&str> = changed.iter().map(|change| change.path.as_str()).collect();
    let folders: BTreeSet<&str> = files.iter().flat_map(|path| path.split('/')).collect();
    let parts = archive.readable_in(&|dossier| folders.contains(dossier) || dossier == REGISTERS);
    let parts: Vec<_> = parts.into_iter().filter(|part| files.contains(part.file.as_str())).collect();
    let open = parts.iter().all(|part| part.clearance.is_open());
    open.then(|| parts.into_iter().map(|part| (part.record.to_string(), part.record_type)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    const SETTINGS: &str = "audiences:\n  sales: {readers: []}\n";
    const TYPE: &str =
        "folder: things\naudience: sales\nfields: {note: {kind: text}, price: {kind: text, audience: sales}}\n";
    const DOSSIER: &str = "name: 云溪\ntier: ~\nindustry: x\naccount_manager: y\naudience: staff\n";
    const THING: &str = "---\nnote: a\naudience: staff\n---\nOpen words.\n";

    fn state(folder: &Path, files: &[(&str, &str)]) -> (Snapshot, Archive) {
        let standing = [
            ("strongroom.yaml", SETTINGS),
            ("types/thing.yaml", TYPE),
            ("customers/one/dossier.yaml", DOSSIER),
            ("customers/one/things/a.md", THING),
        ];
        for (path, text) in standing.iter().chain(files) {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let snapshot = crate::repository::open_work_tree(folder).unwrap();
        let archive = Archive::read(&snapshot, "2026-11-23".parse().unwrap()).archive;
        (snapshot, archive)
    }

    fn closes(path: &str, text: &str) -> bool {
        let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (old, new) = (state(before.path(), &[]), state(after.path(), &[(path, text)]));
        may_close_the_past((&old.0, &old.1), (&new.0, &new.1))
    }

    #[test]
    fn an_edit_of_what_is_open_and_stays_open_closes_nothing() {
        assert!(!closes("customers/one/things/a.md", THING));
        assert!(!closes("customers/one/things/a.md", &THING.replace("Open words", "Other words")));
        assert!(!closes("customers/one/dossier.yaml", &DOSSIER.replace("云溪", "青山")));
        assert!(!closes("theme/styles/own.css", "p { color: red }"));
    }

    #[test]
    fn whatever_could_ask_more_of_a_reader_may_close_the_past() {
        for (path, text) in [
            ("strongroom.yaml", SETTINGS.replace("sales", "sale")),
            ("types/thing.yaml", TYPE.replace("note: {kind: text}", "note: {kind: text, audience: sales}")),
            ("readers/li-wei.yaml", "name: 李薇\n".to_owned()),
            ("customers/one/dossier.yaml", DOSSIER.replace("staff", "sales")),
            ("customers/one/things/a.md", THING.replace("audience: staff\n", "")),
            ("customers/one/things/a.md", THING.replace("note: a", "note: a\nprice: b")),
            ("customers/one/things/a.md", THING.replace("note: a", "note: a\nrestrict: {text: sales}")),
            // The note is gone at the same time, and its past closes.
            ("customers/one/things/a.md", THING.replace("note: a", "restrict: {note: sales}")),
            ("customers/one/things/a.md", format!("{THING}\n## Price {{audience=sales}}\n\nWords.\n")),
            ("customers/one/things/b.md", THING.to_owned()),
        ] {
            assert!(closes(path, &text), "{path}: {text}");
        }
    }
}
