//! What `access` says to people. Whether somebody can open something is asked of the archive alone, by the same
//! functions that make the keyrings.

use super::desk::counted;
use crate::access::{Clearance, Reader, STAFF};
use crate::archive::{Archive, Cause, Readable, Settings};
use crate::finding::harmless;
use crate::readership::{Opener, audiences_of, can_open, is_present, openers, oversees, standing, suffices};
use crate::record::RecordName;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What no list of readers can say.
pub const WHOEVER_CLONES: &str = "whoever can clone the repository reads everything in it, whatever is listed here";

/// The readers of an audience who have a file.
pub fn members<'a>(archive: &'a Archive, audience: &str) -> Vec<&'a Reader> {
    archive.readers.iter().filter(|reader| archive.settings.audiences.has(audience, &reader.name)).collect()
}

/// Each clearance that the archive asks for, with the number of records that hold such a part; the open one first.
pub fn by_clearance(parts: &[Readable]) -> Vec<(Clearance, usize)> {
    let mut counted: BTreeMap<&Clearance, (usize, Option<&Readable>)> = BTreeMap::new();
    for part in parts {
        let (count, last) = counted.entry(&part.clearance).or_default();
        if last.is_none_or(|last| last.record != part.record) {
            *count += 1;
            *last = Some(part);
        }
    }
    counted.into_iter().map(|(clearance, (count, _))| (clearance.clone(), count)).collect()
}

/// What a reader can read.
pub fn reader(archive: &Archive, reader: &Reader, parts: &[Readable]) -> String {
    let mut out = String::new();
    let post = reader.post.as_ref().map(|post| format!(", {post}")).unwrap_or_default();
    let _ = writeln!(out, "{}: {}{post}", reader.name, reader.display_name());
    let _ = writeln!(out, "{}", standing(archive, reader));
    let audiences = audiences_of(archive, &reader.name);
    let listed = if audiences.is_empty() { "none but staff".to_owned() } else { audiences.join(", ") };
    let _ = writeln!(out, "audiences: {listed}");
    if oversees(archive, &reader.name) {
        let _ = writeln!(out, "oversees: meets every restriction");
    }
    let open = by_clearance(parts).into_iter().find(|(clearance, _)| clearance.is_open()).map_or(0, |(_, count)| count);
    let _ = writeln!(out, "\nwithout a key, as everybody: {}, wholly or in part", counted(open, "record"));

    let restricted: Vec<&Readable> = parts.iter().filter(|part| !part.clearance.is_open()).collect();
    let met = by_clearance(parts).into_iter().filter(|(clearance, _)| !clearance.is_open());
    let (met, not): (Vec<_>, Vec<_>) = met.partition(|(clearance, _)| can_open(archive, reader, clearance));
    for (heading, clearances) in [("opens", &met), ("does not open", &not)] {
        for (clearance, count) in clearances {
            let own = || openers(archive, clearance).into_iter().find(|opener| opener.reader.name == reader.name);
            let why = own().map(|own| format!(", by {}", own.by)).unwrap_or_default();
            let _ = writeln!(
                out,
                "{heading} what is for {}: parts of {}{why}",
                clearance.words(),
                counted(*count, "record")
            );
        }
    }
    let mut at = 0;
    while let Some(first) = restricted.get(at) {
        let of_record: Vec<&&Readable> =
            restricted.iter().skip(at).take_while(|part| part.record == first.record).collect();
        at += of_record.len();
        let _ = writeln!(out, "\n{} ({})", first.record, first.record_type);
        for (word, wanted) in [("reads", true), ("not", false)] {
            let told = of_record.iter().filter(|part| can_open(archive, reader, &part.clearance) == wanted);
            for group in grouped(told.map(|part| **part)) {
                let _ = writeln!(out, "  {word:<5} {}", line(&group));
            }
        }
    }
    close(out, &archive.settings)
}

/// Begins what is said of another record than before with its name, its type and its file.
pub fn headed<'a>(out: &mut String, named: &mut Option<&'a RecordName>, part: &'a Readable) {
    if *named != Some(&part.record) {
        let gap = if named.is_some() { "\n" } else { "" };
        let _ = writeln!(out, "{gap}{} ({}), {}", part.record, part.record_type, part.file);
        *named = Some(&part.record);
    }
}

/// Who can open each part of a record.
pub fn record(archive: &Archive, parts: &[&Readable]) -> String {
    let mut out = String::new();
    let mut named = None;
    for group in grouped(parts.iter().copied()) {
        let Some(first) = group.first() else { continue };
        headed(&mut out, &mut named, first);
        let _ = writeln!(out, "  {}", line(&group));
        let _ = writeln!(out, "      {}", who(archive, &first.clearance));
    }
    close(out, &archive.settings)
}

/// Who can open what asks for a clearance, each with what lets them.
pub fn who(archive: &Archive, clearance: &Clearance) -> String {
    let readers = openers(archive, clearance);
    match (clearance.is_open(), readers.is_empty()) {
        (true, _) => "everybody who can open the site, without a key".to_owned(),
        (false, true) => "nobody: it is left out of the site".to_owned(),
        (false, false) => {
            let each: Vec<String> =
                readers.iter().map(|Opener { reader, by }| format!("{} ({by})", reader.name)).collect();
            each.join(", ")
        }
    }
}

/// Who belongs to an audience, and what it alone opens.
pub fn audience(archive: &Archive, name: &str, parts: &[Readable]) -> String {
    let mut out = String::new();
    if name == STAFF {
        let _ = writeln!(out, "staff: everybody who can open the site, without a key");
    } else {
        let _ = writeln!(out, "{name}:");
        let members = members(archive, name);
        for reader in &members {
            let _ = writeln!(out, "  {}: {}, {}", reader.name, reader.display_name(), standing(archive, reader));
        }
        if members.is_empty() {
            let _ = writeln!(out, "  no readers");
        }
    }
    if archive.settings.oversight.as_deref() == Some(name) {
        let _ = writeln!(out, "oversees: meets every restriction");
    }
    let opened: Vec<&Readable> = parts.iter().filter(|part| suffices(archive, name, part)).collect();
    let _ = writeln!(out, "\nit suffices for:");
    for group in grouped(opened.iter().copied()) {
        if let Some(first) = group.first() {
            let _ = writeln!(out, "  {}: {}", first.record, line(&group));
        }
    }
    if opened.is_empty() {
        let _ = writeln!(out, "  nothing by itself");
    }
    close(out, &archive.settings)
}

/// Every clearance with its records and readers.
pub fn overview(archive: &Archive, parts: &[Readable]) -> String {
    let mut out = String::new();
    for (clearance, records) in by_clearance(parts) {
        let readers = openers(archive, &clearance);
        let who = match (clearance.is_open(), readers.is_empty()) {
            (true, _) => "no key is needed".to_owned(),
            (false, true) => "nobody can open it: it is left out of the site".to_owned(),
            (false, false) => {
                let each: Vec<String> =
                    readers
                        .iter()
                        .map(|Opener { reader, by }| {
                            if by == "oversight" { format!("{} (oversight)", reader.name) } else { reader.name.clone() }
                        })
                        .collect();
                each.join(", ")
            }
        };
        let _ = writeln!(out, "{}: parts of {}\n  {who}", clearance.words(), counted(records, "record"));
    }
    for reader in archive.readers.iter().filter(|reader| !is_present(archive, reader)) {
        let _ = writeln!(out, "{}: {}", reader.name, standing(archive, reader));
    }
    let _ = writeln!(out, "\n--reader, --record and --audience say more");
    close(out, &archive.settings)
}

/// Neighbouring parts of one record that ask for the same by the same rules.
pub fn grouped<'a>(parts: impl Iterator<Item = &'a Readable>) -> Vec<Vec<&'a Readable>> {
    let mut groups: Vec<Vec<&Readable>> = Vec::new();
    for part in parts {
        let alike = |group: &&mut Vec<&Readable>| {
            group.first().is_some_and(|first| {
                first.record == part.record && first.clearance == part.clearance && first.because == part.because
            })
        };
        match groups.iter_mut().rev().take(8).find(alike) {
            Some(group) => group.push(part),
            None => groups.push(vec![part]),
        }
    }
    groups
}

/// The parts of a group, for whom they are and by which rules.
pub fn line(group: &[&Readable]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let parts: Vec<String> = group.iter().map(|part| part.part.to_string()).collect();
    let rules = first.because.iter().map(|rule| match (&rule.cause, rule.asks.is_open()) {
        (Cause::Opened(_), _) | (_, true) => rule.cause.to_string(),
        (cause, false) => format!("{cause} ({})", rule.asks.words()),
    });
    let rules: Vec<String> = rules.collect();
    // What stands in the open because nothing restricts it has no rule to name.
    let because = if rules.is_empty() { String::new() } else { format!("; {}", rules.join(" and ")) };
    format!("{}: for {}{because}", parts.join(", "), first.clearance.words())
}

/// Ends an answer with what no list of readers can say.
fn close(mut out: String, settings: &Settings) -> String {
    let _ = writeln!(out, "\n{}", closing(&settings.repository_readers));
    out
}

/// That whoever can clone the repository reads everything, and whom the settings name as such.
pub fn closing(named: &[String]) -> String {
    let mut words = format!("But {WHOEVER_CLONES}.");
    if !named.is_empty() {
        let names: Vec<String> = named.iter().map(|name| harmless(name)).collect();
        let _ = write!(words, "\nThe settings name as such: {}.", names.join(", "));
    }
    words
}
