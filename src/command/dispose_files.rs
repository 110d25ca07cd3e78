//! The lines of a disposal's register, and the files that go with a disposal.

use super::desk::Failure;
use crate::archive::{called, resolve};
use crate::checks::{Case, Standing, standing};
use crate::finding::quote;
use crate::record::{Record, Retention};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The line of a record in the register of its disposal, which stays when nothing else does.
pub(super) fn entry_lines(record: &Record, day: Date) -> String {
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let title = record.title.as_ref().release().1.0.in_language("zh").to_owned();
    let class = record.record_type.title.in_language("zh").to_owned();
    let mut line = format!("  - record: {}\n", json(&called(&record.name)));
    line.push_str(&format!("    title: {}\n    class: {}\n", json(&title), json(&class)));
    let number = record.field("class_number").map(|held| held.release().1.value.written().into_owned());
    if let Some(number) = number {
        line.push_str(&format!("    class_number: {}\n", json(&number)));
    }
    let from = match &record.record_type.retention {
        Some(Retention::For(term)) => match record.field(&term.from) {
            Some(field) => field.release().1.value.last_day(),
            None => record.date.as_ref().map(|date| *date.as_ref().release().1),
        },
        _ => record.date.as_ref().map(|date| *date.as_ref().release().1),
    };
    if let Some(from) = from {
        line.push_str(&format!("    years: {}\n", json(&format!("{}—{}", from.year(), day.year()))));
        let years = day.year() - from.year() - i16::from((day.month(), day.day()) < (from.month(), from.day()));
        line.push_str(&format!("    kept: {}\n", json(&format!("{years}y"))));
    }
    if let Some(Retention::For(term)) = &record.record_type.retention {
        let (count, unit) = term.keep.parts();
        let unit = unit.chars().next().unwrap_or('y');
        line.push_str(&format!("    keep: {}\n", json(&format!("{count}{unit}"))));
    }
    if let Some(Standing::Until(end)) = standing(record) {
        line.push_str(&format!("    due: {end}\n"));
    }
    line
}

/// The files that go with records: their own, and those attached to them that nothing else names.
pub(super) fn removal(case: &Case<'_>, records: &[&Record]) -> Result<Vec<String>, Failure> {
    let going: BTreeSet<String> = records.iter().map(|record| called(&record.name)).collect();
    let mut files: BTreeSet<String> = BTreeSet::new();
    let attached = |record: &Record| -> Vec<String> {
        record.attachments.lay_out(|held| resolve(&record.file, &held.release().1.path)).flatten().collect()
    };
    for record in records {
        let alone = !record.in_list
            || case
                .records()
                .filter(|other| other.file == record.file)
                .all(|other| going.contains(&called(&other.name)));
        if !alone {
            let message = format!("{} is an item of a list whose other items stay", quote(&called(&record.name)));
            return Err(Failure::new(message, "remove the item by hand, and write `executed_on` into the disposal"));
        }
        files.insert(record.file.clone());
        files.extend(attached(record));
    }
    for other in case.records().filter(|other| !going.contains(&called(&other.name))) {
        for file in attached(other) {
            files.remove(&file);
        }
    }
    Ok(files.into_iter().filter(|file| case.snapshot.file(file).is_some()).collect())
}

/// A disposal's file with the day on which it was done.
pub(super) fn with_day(text: &str, file: &str, day: Date) -> String {
    let line = format!("executed_on: {day}\n");
    if !file.ends_with(".md") {
        return format!("{}\n{line}", text.trim_end());
    }
    let close = text.match_indices("\n---").next().map(|(at, _)| at + 1);
    match close {
        Some(at) => format!("{}{line}{}", text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default()),
        None => format!("---\n{line}---\n{text}"),
    }
}
