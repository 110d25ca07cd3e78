//! What somebody holds: the clearance that decides what an export shows, by the rule by which the site seals.

use crate::access::{Clearance, Reader};
use crate::archive::Archive;

/// For whom an export is made.
#[derive(Clone, Copy, Debug)]
pub enum Whom<'a> {
    /// A reader, with all that the reader's keys open.
    Reader(&'a Reader),
    /// Whoever belongs to this audience, and to no other.
    Audience(&'a str),
    /// The archivist, who has the repository.
    Everything,
}

/// What is held: everything that asks for no more may be shown. A reader who is in no keyring on the archive's day holds
/// what all staff do.
#[must_use]
pub fn holding(archive: &Archive, whom: Whom<'_>) -> Clearance {
    let settings = &archive.settings;
    let all = || settings.audiences.iter().map(|(name, _)| name);
    let each = |names: &mut dyn Iterator<Item = &str>| {
        names.fold(Clearance::open(), |held, name| held.and(&Clearance::any_of([name])))
    };
    match whom {
        Whom::Everything => each(&mut all()),
        Whom::Audience(name) if settings.oversight.as_deref() == Some(name) => each(&mut all()),
        Whom::Audience(name) => Clearance::any_of([name]),
        Whom::Reader(reader) => {
            let present = archive.present_readers().any(|(present, _)| present.name == reader.name);
            let belongs = |name: &&str| archive.belongs(&reader.name, &Clearance::any_of([*name]));
            if present { each(&mut all().filter(belongs)) } else { Clearance::open() }
        }
    }
}
