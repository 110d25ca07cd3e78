//! Which attached files have a small picture.

use super::address::{Addresses, FileAddress};
use crate::access::Clearance;
use crate::archive::AttachedFile;
use std::collections::BTreeSet;

/// The ends of the names of files that can be drawn.
const DRAWN: [&str; 9] = ["jpg", "jpeg", "png", "webp", "tif", "tiff", "gif", "bmp", "pdf"];

/// The files of which there is a thumbnail. That there is one is as much a part of a file as its content: only who was
/// given the file can ask.
#[derive(Default)]
pub struct Thumbnails {
    paths: BTreeSet<String>,
    by_name: bool,
}

impl Thumbnails {
    /// Of all files whose names say that they can be drawn, where none is drawn before somebody looks at it.
    #[must_use]
    pub fn by_name() -> Self {
        Self { paths: BTreeSet::new(), by_name: true }
    }

    /// Notes that a file has one.
    pub fn note(&mut self, file: &AttachedFile) {
        self.paths.insert(file.entry.path.clone());
    }

    /// Where the thumbnail of a file stands, if it has one. `clearance` is what its part asks.
    #[must_use]
    pub fn of(&self, addresses: &Addresses<'_>, file: &AttachedFile, clearance: &Clearance) -> Option<FileAddress> {
        let is_there = self.paths.contains(&file.entry.path) || self.by_name && can_be_drawn(&file.name);
        is_there.then(|| addresses.thumbnail(file, clearance))
    }
}

fn can_be_drawn(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| DRAWN.iter().any(|drawn| end.eq_ignore_ascii_case(drawn)))
}
