//! `new inspection`: an inspection that begins with the questions of the checklist in force, of which the program answers
//! those that it can see for itself.

use super::desk::{Desk, Failure};
use super::measuring::{Ground, Measured};
use super::past::{Where, commits, signers};
use super::template::scalar;
use crate::access::Shelf;
use crate::archive::{Archive, Reading};
use crate::record::{Field, Record, RecordType, Value};
use crate::repository::{Origin, Snapshot};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// The type that is begun so.
pub const INSPECTION: &str = "inspection";
const CHECKLIST: &str = "checklist";

/// One question of a checklist.
struct Item {
    id: String,
    question: String,
    measure: Option<String>,
}

/// The text of an inspection by the checklist in force; nothing where there is none, or the type is another than is known
/// here.
///
/// # Errors
/// When the repository cannot be read.
pub fn begun(
    desk: &Desk<'_>,
    reading: &Reading,
    snapshot: &Snapshot,
    folder: &Path,
    record_type: &RecordType,
) -> Result<Option<String>, Failure> {
    let archive = &reading.archive;
    let Some(list) = in_force(archive, desk.day).filter(|_| knows(record_type)) else { return Ok(None) };
    let past = commits(snapshot, &Where { archive: folder, subfolder: None, rev: None }, None)?;
    let signers = signers(snapshot, &mut Vec::new());
    let oversight = archive.settings.oversight.as_deref();
    let findings = &reading.findings;
    let ground =
        Ground { archive, folder, findings, past: past.as_ref(), signers: &signers, names: oversight.is_some() };
    let measured_of = measured_of(archive, snapshot, desk.day);
    let mut out = String::from("---\n");
    let _ = writeln!(out, "date: {}", desk.day);
    let _ = match text_of(list, "scope") {
        Some(scope) => writeln!(out, "scope: {}", scalar(&scope)),
        None => writeln!(out, "scope:   # required"),
    };
    let _ = writeln!(out, "inspector:   # required: who inspects, one or several");
    let _ = writeln!(out, "checklist: {}", list.name);
    if let Some(oversight) = oversight {
        // What was measured names readers and records.
        let _ = writeln!(out, "restrict: {{answers.evidence: {oversight}}}");
    }
    out.push_str("answers:\n");
    for item in items(list) {
        let _ = writeln!(out, "  - item: {}\n    question: {}", scalar(&item.id), scalar(&item.question));
        let measured = item.measure.as_deref().and_then(|what| ground.measure(what));
        match measured.as_ref().and_then(|measured| measured.fine) {
            Some(fine) => {
                let _ = writeln!(out, "    answer: {}", if fine { "yes" } else { "no" });
            }
            None => out.push_str("    # answer:   # yes, no or not-applicable\n"),
        }
        if let Some(Measured { seen, .. }) = measured {
            let _ = writeln!(out, "    evidence: {}", scalar(&format!("{measured_of}{seen}")));
        }
    }
    out.push_str("# result:   # passed, findings or failed\n");
    out.push_str("# What is found goes into registers/inspection-findings/, each with an owner and a day.\n---\n");
    Ok(Some(out))
}

/// The checklist in force on a day: begun by then, and none that took its place was. Of several the latest.
fn in_force(archive: &Archive, day: Date) -> Option<&Record> {
    let all: Vec<&Record> = archive
        .registers
        .lay_out(|held| held.release().1)
        .filter(|record| record.record_type.name == CHECKLIST && begins(record).is_some_and(|from| from <= day))
        .collect();
    let replaced: BTreeSet<String> = all.iter().filter_map(|record| text_of(record, "supersedes")).collect();
    let standing = all.into_iter().filter(|record| !replaced.contains(&record.name.to_string()));
    standing.max_by_key(|record| (begins(record), record.name.to_string()))
}

fn begins(record: &Record) -> Option<Date> {
    record.field("in_force")?.release().1.value.day()
}

/// Whether the type has the fields that are filled in.
fn knows(record_type: &RecordType) -> bool {
    let has = |name: &str| record_type.field("answers").is_some_and(|f| f.members.iter().any(|m| m.name == name));
    record_type.field(CHECKLIST).is_some() && ["item", "question", "answer", "evidence"].into_iter().all(has)
}

fn items(list: &Record) -> Vec<Item> {
    let Some(field) = list.field("items") else { return Vec::new() };
    let groups = field.release().1.value.groups();
    let item = |group: &Shelf<Field>| {
        Some(Item { id: said(group, "id")?, question: said(group, "question")?, measure: said(group, "measure") })
    };
    groups.filter_map(item).collect()
}

fn text_of(record: &Record, name: &str) -> Option<String> {
    word(&record.field(name)?.release().1.value)
}

fn said(group: &Shelf<Field>, name: &str) -> Option<String> {
    word(&group.select(|field| field.name == name)?.release().1.value)
}

/// What a value says, as its file does.
fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::Choice { word, .. } => word.clone(),
        Value::Reference(name) => name.clone(),
        other => other.plain("zh"),
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// When and of what it was measured: the beginning of each sentence.
fn measured_of(archive: &Archive, snapshot: &Snapshot, day: Date) -> String {
    let (head, dirty) = match snapshot.origin() {
        Origin::Commit(facts) => (Some(facts), false),
        Origin::WorkTree { head, dirty } => (head.as_ref(), *dirty),
        Origin::Index { head } => (head.as_ref(), true),
        Origin::OutsideGit => (None, false),
    };
    let short = head.map(|facts| facts.short.clone()).unwrap_or_default();
    if archive.settings.language == "zh" {
        let commit = if short.is_empty() { String::new() } else { format!("，提交 {short}") };
        format!("程序于 {day} 查得{commit}{}。", if dirty { "及未提交的修改" } else { "" })
    } else {
        let commit = if short.is_empty() { String::new() } else { format!(", commit {short}") };
        format!("Measured by the program on {day}{commit}{}. ", if dirty { " and what is not committed" } else { "" })
    }
}
