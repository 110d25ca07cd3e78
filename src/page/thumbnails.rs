//! Which attached files have a small picture.

use super::address::{Addresses, FileAddress};
use crate::access::Clearance;
use crate::archive::AttachedFile;
use std::collections::BTreeSet;

/// The files of which there is a thumbnail. That there is one is as much a part of a file as its content: only who was
/// given the file can ask.
#[derive(Default)]
pub struct Thumbnails {
    paths: BTreeSet<String>,
}

impl Thumbnails {
    /// Notes that a file has one.
    pub fn note(&mut self, file: &AttachedFile) {
        self.paths.insert(file.entry.path.clone());
    }

    /// Where the thumbnail of a file stands, if it has one. `clearance` is what its part asks.
    #[must_use]
    pub fn of(&self, addresses: &Addresses<'_>, file: &AttachedFile, clearance: &Clearance) -> Option<FileAddress> {
        self.paths.contains(&file.entry.path).then(|| addresses.thumbnail(file, clearance))
    }
}
