//! Who can open what asks for a clearance, by the archive as it stands on its day. All of it asks the functions by which
//! keyrings are made.

use crate::access::{Clearance, Reader, STAFF, Standing};
use crate::archive::{Archive, Readable};

/// A reader who can open something, and what lets them.
#[derive(Clone, Debug)]
pub struct Opener<'a> {
    /// The reader.
    pub reader: &'a Reader,
    /// The audiences that let the reader in, or `oversight`.
    pub by: String,
}

/// Whether the reader is in a keyring on the archive's day.
#[must_use]
pub fn is_present(archive: &Archive, reader: &Reader) -> bool {
    archive.present_readers().any(|(present, _)| present.name == reader.name)
}

/// Whether the reader can open what asks for this clearance. What is open asks for no key.
#[must_use]
pub fn can_open(archive: &Archive, reader: &Reader, clearance: &Clearance) -> bool {
    clearance.is_open() || archive.cleared(clearance).any(|cleared| cleared.name == reader.name)
}

/// Whether the reader belongs to the audience that oversees all.
#[must_use]
pub fn oversees(archive: &Archive, reader: &str) -> bool {
    archive.settings.oversight.as_ref().is_some_and(|audience| archive.settings.audiences.has(audience, reader))
}

/// The audiences to which a reader belongs, by name.
#[must_use]
pub fn audiences_of<'a>(archive: &'a Archive, reader: &str) -> Vec<&'a str> {
    let audiences = archive.settings.audiences.iter();
    audiences.map(|(name, _)| name).filter(|name| archive.settings.audiences.has(name, reader)).collect()
}

/// Whether this audience alone opens what is not open to everybody.
#[must_use]
pub fn suffices(archive: &Archive, audience: &str, part: &Readable) -> bool {
    let oversight = archive.settings.oversight.as_deref() == Some(audience);
    if part.clearance.is_open() {
        return audience == STAFF;
    }
    oversight || part.clearance.met_by(|asked| asked == audience)
}

/// Whether the reader is in the keyrings, until when, or why not.
#[must_use]
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

/// The present readers who can open what asks for this; of what is open nobody, since it asks for no key.
#[must_use]
pub fn openers<'a>(archive: &'a Archive, clearance: &'a Clearance) -> Vec<Opener<'a>> {
    if clearance.is_open() {
        return Vec::new();
    }
    archive.cleared(clearance).map(|reader| Opener { reader, by: by(archive, &reader.name, clearance) }).collect()
}

/// The audiences that let a reader in, or `oversight`.
#[must_use]
pub(super) fn by(archive: &Archive, reader: &str, clearance: &Clearance) -> String {
    let audiences = &archive.settings.audiences;
    if !clearance.met_by(|audience| audiences.has(audience, reader)) {
        return "oversight".to_owned();
    }
    let mut names: Vec<&str> = clearance.audiences().filter(|name| audiences.has(name, reader)).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" and ")
}
