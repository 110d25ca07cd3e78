//! What `access` says to people. Whether somebody can open something is asked of the archive alone, by the same
//! functions that make the keyrings.

use super::desk::counted;
use crate::access::{Clearance, Reader, STAFF, Standing};
use crate::archive::{Archive, Cause, Readable};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What no list of readers can say.
pub const WHOEVER_CLONES: &str = "whoever can clone the repository reads everything in it, whatever is listed here";

/// Whether the reader is in a keyring on the archive's day.
pub fn is_present(archive: &Archive, reader: &Reader) -> bool {
    archive.present_readers().any(|(present, _)| present.name == reader.name)
}

/// Whether the reader can open what asks for this clearance. What is open asks for no key.
pub fn can_open(archive: &Archive, reader: &Reader, clearance: &Clearance) -> bool {
    clearance.is_open() || archive.cleared(clearance).any(|cleared| cleared.name == reader.name)
}

/// Whether the reader belongs to the audience that oversees all.
pub fn oversees(archive: &Archive, reader: &Reader) -> bool {
    archive.settings.oversight.as_ref().is_some_and(|audience| archive.settings.audiences.has(audience, &reader.name))
}

/// The audiences to which the reader belongs.
pub fn audiences_of<'a>(archive: &'a Archive, reader: &Reader) -> Vec<&'a str> {
    let audiences = archive.settings.audiences.iter();
    audiences.filter(|(_, audience)| audience.readers.contains(&reader.name)).map(|(name, _)| name).collect()
}

/// The readers of an audience who have a file.
pub fn members<'a>(archive: &'a Archive, audience: &str) -> Vec<&'a Reader> {
    archive.readers.iter().filter(|reader| archive.settings.audiences.has(audience, &reader.name)).collect()
}

/// Whether this audience alone opens what is not open to everybody.
pub fn suffices(archive: &Archive, audience: &str, part: &Readable) -> bool {
    let oversight = archive.settings.oversight.as_deref() == Some(audience);
    if part.clearance.is_open() {
        return audience == STAFF;
    }
    oversight || part.clearance.met_by(|asked| asked == audience)
}

/// Whether the reader is in the keyrings, until when, or why not.
pub fn standing(archive: &Archive, reader: &Reader) -> String {
    match reader.standing(archive.day, archive.settings.training_required) {
        Standing::Good(Some(day)) => format!("in the keyrings until {day}"),
        Standing::Good(None) => "in the keyrings, without an end".to_owned(),
        Standing::Left(day) => format!("left out of every keyring: `until: {day}` has passed"),
        Standing::Lapsed(Some(day)) => format!("left out of every keyring: the last training was valid until {day}"),
        Standing::Lapsed(None) => "left out of every keyring: no training is recorded".to_owned(),
        Standing::Keyless => "left out of every keyring: the file names no key".to_owned(),
    }
}

/// The present readers who can open what asks for this, each with what lets them: audiences, or oversight.
pub fn openers<'a>(archive: &'a Archive, clearance: &'a Clearance) -> Vec<(&'a Reader, String)> {
    if clearance.is_open() {
        return Vec::new();
    }
    archive.cleared(clearance).map(|reader| (reader, by(archive, reader, clearance))).collect()
}

/// The audiences that let a reader in, or `oversight`.
fn by(archive: &Archive, reader: &Reader, clearance: &Clearance) -> String {
    if !clearance.met_by(|audience| archive.settings.audiences.has(audience, &reader.name)) {
        return "oversight".to_owned();
    }
    let mut names: Vec<&str> =
        clearance.audiences().filter(|name| archive.settings.audiences.has(name, &reader.name)).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" and ")
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
    let audiences = audiences_of(archive, reader);
    let listed = if audiences.is_empty() { "none but staff".to_owned() } else { audiences.join(", ") };
    let _ = writeln!(out, "audiences: {listed}");
    if oversees(archive, reader) {
        let _ = writeln!(out, "oversees: meets every restriction");
    }
    let open = by_clearance(parts).into_iter().find(|(clearance, _)| clearance.is_open()).map_or(0, |(_, count)| count);
    let _ = writeln!(out, "\nwithout a key, as everybody: {}, wholly or in part", counted(open, "record"));

    let restricted: Vec<&Readable> = parts.iter().filter(|part| !part.clearance.is_open()).collect();
    let met = by_clearance(parts).into_iter().filter(|(clearance, _)| !clearance.is_open());
    let (met, not): (Vec<_>, Vec<_>) = met.partition(|(clearance, _)| can_open(archive, reader, clearance));
    for (heading, clearances) in [("opens", &met), ("does not open", &not)] {
        for (clearance, count) in clearances {
            let why =
                if heading == "opens" { format!(", by {}", by(archive, reader, clearance)) } else { String::new() };
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
    close(out)
}

/// Who can open each part of a record.
pub fn record(archive: &Archive, parts: &[&Readable]) -> String {
    let mut out = String::new();
    let mut named = None;
    for group in grouped(parts.iter().copied()) {
        let Some(first) = group.first() else { continue };
        if named != Some(&first.record) {
            let gap = if named.is_some() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{} ({}), {}", first.record, first.record_type, first.file);
            named = Some(&first.record);
        }
        let _ = writeln!(out, "  {}", line(&group));
        let readers = openers(archive, &first.clearance);
        let who = match (first.clearance.is_open(), readers.is_empty()) {
            (true, _) => "everybody who can open the site, without a key".to_owned(),
            (false, true) => "nobody: it is left out of the site".to_owned(),
            (false, false) => {
                let each: Vec<String> = readers.iter().map(|(reader, by)| format!("{} ({by})", reader.name)).collect();
                each.join(", ")
            }
        };
        let _ = writeln!(out, "      {who}");
    }
    close(out)
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
    close(out)
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
                        .map(|(reader, by)| {
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
    close(out)
}

/// Neighbouring parts of one record that ask for the same by the same rules.
fn grouped<'a>(parts: impl Iterator<Item = &'a Readable>) -> Vec<Vec<&'a Readable>> {
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

fn line(group: &[&Readable]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let parts: Vec<String> = group.iter().map(|part| part.part.to_string()).collect();
    let rules = first.because.iter().map(|rule| match (&rule.cause, rule.asks.is_open()) {
        (Cause::Opened(_), _) | (_, true) => rule.cause.to_string(),
        (cause, false) => format!("{cause} ({})", rule.asks.words()),
    });
    format!("{}: for {}; {}", parts.join(", "), first.clearance.words(), rules.collect::<Vec<_>>().join(" and "))
}

fn close(mut out: String) -> String {
    let _ = writeln!(out, "\nBut {WHOEVER_CLONES}.");
    out
}
