//! Records that vanished: a commit took them away, and nobody noted what became of them.

use crate::access::Shelf;
use crate::archive::Archive;
use crate::finding::{Code, Finding, Place, quote};
use crate::history::{Lost, lost, lost_between};
use crate::provenance::Message;
use crate::record::Record;
use crate::repository::{Past, PastCommit, Snapshot};
use std::collections::BTreeSet;

/// A record is gone, and no note of disposal says why.
pub const RECORD_VANISHED: Code = Code("record-vanished");

/// How many digits of a commit's id a message shows.
const SHORT: usize = 10;

/// Warnings for records that are gone without a note of disposal: a line `Disposal:` in the message of the commit that
/// took them away, or a record of the archive that names them. A dossier that went as a whole is one warning.
#[must_use]
pub fn vanished(past: &Past, now: &Snapshot, archive: &Archive) -> Vec<Finding> {
    let commit = |gone: &Lost| past.commits.get(gone.commit);
    let silent = |gone: &Lost| commit(gone).is_some_and(|commit| Message::read(&commit.message).disposal().is_none());
    let mut gone: Vec<Lost> = lost(past, now, &archive.types).into_iter().filter(silent).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let noted = noted(archive);
    gone.retain(|gone| !is_noted(&noted, &gone.name.to_string()));
    let together = |gone: &Lost| (gone.name.dossier.clone(), gone.commit);
    let dossiers: BTreeSet<_> = gone.iter().filter(|gone| is_root(gone)).map(together).collect();
    let told = gone.iter().filter(|gone| is_root(gone) || !dossiers.contains(&together(gone)));
    told.filter_map(|one| {
        let others = gone.iter().filter(|other| together(other) == together(one)).count().saturating_sub(1);
        Some(finding(archive, one, others, commit(one)?))
    })
    .collect()
}

/// The records that a commit of one state after another would take away, and that no record of the later one notes.
#[must_use]
pub fn leaving(old: &Snapshot, new: &Snapshot, archive: &Archive) -> Vec<Lost> {
    let mut gone = lost_between(old, new, &archive.types);
    if !gone.is_empty() {
        let noted = noted(archive);
        gone.retain(|gone| !is_noted(&noted, &gone.name.to_string()));
    }
    gone
}

/// Whether it is a dossier as a whole that is gone.
#[must_use]
pub fn is_root(gone: &Lost) -> bool {
    &*gone.name.path == "dossier"
}

fn finding(archive: &Archive, gone: &Lost, others: usize, commit: &PastCommit) -> Finding {
    let short: String = commit.id.to_string().chars().take(SHORT).collect();
    let day = commit.authored.zoned().map(|time| format!(" of {}", time.date())).unwrap_or_default();
    let (named, what, back) = if is_root(gone) {
        let name = gone.name.dossier.to_string();
        let folder = gone.file.rsplit_once('/').map_or(gone.file.as_str(), |(folder, _)| folder);
        let with = match others {
            0 => String::new(),
            1 => " and the record in it".to_owned(),
            _ => format!(" and the {others} records in it"),
        };
        (name.clone(), format!("the dossier {name}{with}"), format!("`git checkout {short}~1 -- {folder}`"))
    } else {
        let name = shown(gone);
        let back = if gone.in_list {
            format!("`git show {short}~1:./{}` has it still", gone.file)
        } else {
            format!("`git checkout {short}~1 -- {}`", gone.file)
        };
        (name.clone(), format!("the record {name}"), back)
    };
    let message = format!(
        "{what} vanished with commit {short}{day} by {}, and no note of disposal says what became of it",
        quote(&commit.author.name)
    );
    let note = archive.types.iter().find_map(|record_type| Some((record_type, record_type.disposes.as_ref()?)));
    let note = note.map_or_else(String::new, |(record_type, field)| {
        format!(
            "history stands, so note it in a record: `strongroom new {}`, with `{field}: [{named}]` and who approved it; ",
            record_type.name
        )
    });
    let remedy = format!(
        "{note}if it went by mistake, {back}. Next time end the message of such a commit with a line `Disposal: …` (or `处置：…`)"
    );
    Finding::warning(RECORD_VANISHED, message).at(Place::whole(&gone.file)).remedy(remedy)
}

/// A record's name in a message. What names an item of a list is a value of it, and content.
#[must_use]
pub fn shown(gone: &Lost) -> String {
    let name = gone.name.to_string();
    match name.rsplit_once('/') {
        Some((list, key)) if gone.in_list => format!("{list}/{}", quote(key)),
        _ => name,
    }
}

/// Whether a note names a record, or the list or dossier that held it.
fn is_noted(noted: &BTreeSet<String>, name: &str) -> bool {
    let mut ends = name.match_indices('/').map(|(end, _)| end).chain([name.len()]);
    ends.any(|end| name.get(..end).is_some_and(|name| noted.contains(name)))
}

/// The names in all notes of disposal, as they are written there, but for what an archivist may have copied along.
fn noted(archive: &Archive) -> BTreeSet<String> {
    let mut noted = BTreeSet::new();
    for held in archive.dossiers.lay_out(|held| held) {
        of_records(&held.release().1.records, &mut noted);
    }
    of_records(&archive.registers, &mut noted);
    noted
}

fn of_records(records: &Shelf<Record>, noted: &mut BTreeSet<String>) {
    for record in records.pick(|record| record.record_type.disposes.is_some()) {
        let (_, record) = record.release();
        let field = record.record_type.disposes.as_deref().and_then(|field| record.field(field));
        let mut texts = Vec::new();
        if let Some((_, field)) = field.map(|held| held.release()) {
            field.value.texts(&mut texts);
        }
        noted.extend(texts.iter().map(|text| plain_name(text)));
    }
}

/// DOSSIER/PATH of what somebody may have written as a file, or copied with the marks of a message.
pub(super) fn plain_name(written: &str) -> String {
    let written = written.replace(['‹', '›'], "");
    let name = written.trim().trim_end_matches('/');
    let endings = [".md", ".yaml", ".yml", ".csv"];
    endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordName;

    #[test]
    fn a_note_names_a_record_its_list_or_its_dossier() {
        let noted = |names: &[&str]| names.iter().map(|name| plain_name(name)).collect::<BTreeSet<_>>();
        for names in [
            ["one/circuits/all/YX-1"],
            ["one/circuits/all/‹YX-1›"],
            ["one/circuits/all.yaml"],
            [" one/ "],
            ["one/circuits"],
        ] {
            assert!(is_noted(&noted(&names), "one/circuits/all/YX-1"), "{names:?}");
        }
        for names in [["one/circuits/all/YX-2"], ["one/circuits/al"], ["other"], ["ne/circuits"]] {
            assert!(!is_noted(&noted(&names), "one/circuits/all/YX-1"), "{names:?}");
        }
    }

    #[test]
    fn the_key_of_an_item_is_content() {
        let name = |path: &str| RecordName { dossier: "one".into(), path: path.into() };
        let gone = |path: &str, in_list| Lost { name: name(path), file: String::new(), in_list, commit: 0 };
        assert_eq!(shown(&gone("contacts/people/王敏", true)), "one/contacts/people/‹王敏›");
        assert_eq!(shown(&gone("contacts/wang", false)), "one/contacts/wang");
    }
}
