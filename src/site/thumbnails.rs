//! Thumbnails: beside each open picture a small one, beside each sealed file something of one size, a picture or none.
//!
//! So who counts sealed files learns twice their number, and nothing of which of them are pictures. What the build
//! before made is kept by a stamp over the id that git gives the file, and not drawn again: an archive of ten thousand
//! scans is drawn once.

use super::door::{Door, DoorError};
use super::files::script_of;
use super::gate::{Kind, Withheld};
use super::state::Stamps;
use super::swap::Publication;
use crate::access::Held;
use crate::archive::AttachedFile;
use crate::page::{Addresses, FileAddress, Thumbnails};
use crate::picture::{LARGEST_FILE, MAKING, beginning_of_a_picture, thumbnail};
use crate::repository::Snapshot;
use crate::sealing::{ClearanceKey, FileHead, letters, seal_file_to, unseal_file};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::Read as _;

/// What a sealed thumbnail is called, for whoever takes it apart.
pub const NAME: &str = "thumbnail.jpg";
/// Every sealed thumbnail is a tar of this length: the largest picture, its head and the tar's own lines.
const SEALED_SIZE: u64 = 24 << 10;
/// By so many bytes the kind of a picture is known.
const BEGINNING: u64 = 64;

/// What was made.
#[derive(Default)]
pub struct Made {
    /// Which files have a thumbnail, for the pages.
    pub thumbnails: Thumbnails,
    /// The addresses that were written, with what they are.
    pub outputs: Vec<(String, Kind)>,
    /// The digests of what was sealed, for the gate's ledger.
    pub sealed: Vec<[u8; 32]>,
    /// What must stand nowhere as it is, with the paths of the files that it shows.
    pub withheld: Vec<(Withheld, String)>,
    /// What the next build knows them by.
    pub stamps: Stamps,
}

/// Makes the thumbnails of all attached files, or keeps those of the site before.
///
/// # Errors
/// When a file cannot be read, or a thumbnail not be sealed or written. A file that is no picture, or a damaged one, has
/// no thumbnail, and that is no error.
pub fn publish_thumbnails(
    door: &Door<'_>,
    addresses: &Addresses<'_>,
    snapshot: &Snapshot,
    publication: &Publication,
    old: &Stamps,
) -> Result<Made, DoorError> {
    let maker = Maker { door, addresses, snapshot, publication, old };
    let files: Vec<Held<&AttachedFile>> = door.archive.attached.iter().collect();
    let all = files.into_par_iter().map(|held| maker.make(held)).collect::<Result<Vec<_>, _>>()?;
    let mut made = Made::default();
    for (file, one) in all {
        if one.shows {
            made.thumbnails.note(file);
        }
        made.outputs.extend(one.outputs);
        made.sealed.extend(one.sealed);
        made.withheld.extend(one.withheld.map(|withheld| (withheld, file.entry.path.clone())));
        made.stamps.extend(one.stamp);
    }
    Ok(made)
}

/// The small picture in a sealed thumbnail; empty where the file is none.
///
/// # Errors
/// When it cannot be read or does not open.
pub fn opened(publication: &Publication, address: &str, key: &ClearanceKey) -> Result<Vec<u8>, DoorError> {
    let sealed = std::fs::read(publication.folder().join(format!("{address}.age"))).map_err(DoorError::new)?;
    let file =
        unseal_file(sealed.as_slice(), std::slice::from_ref(&key.identity), Some(address)).map_err(DoorError::new)?;
    let mut content = Vec::new();
    file.copy_to(&mut content).map_err(DoorError::new)?;
    Ok(content)
}

struct Maker<'a> {
    door: &'a Door<'a>,
    addresses: &'a Addresses<'a>,
    snapshot: &'a Snapshot,
    publication: &'a Publication,
    old: &'a Stamps,
}

/// What came of one file.
#[derive(Default)]
struct One {
    shows: bool,
    outputs: Vec<(String, Kind)>,
    sealed: Option<[u8; 32]>,
    withheld: Option<Withheld>,
    stamp: Option<(String, String)>,
}

impl Maker<'_> {
    fn make<'f>(&self, held: Held<&'f AttachedFile>) -> Result<(&'f AttachedFile, One), DoorError> {
        let (clearance, file) = held.release();
        let one = match self.addresses.thumbnail(file, &clearance) {
            FileAddress::Open(address) => self.open(file, address),
            FileAddress::Sealed { address, clearance: id } => match self.door.clearance_key(&clearance)? {
                Some(key) => self.sealed(file, &head_of_thumbnail(address, id), &key),
                None => Ok(One::default()),
            },
        };
        one.map(|one| (file, one)).map_err(|error| DoorError::new(format!("{}: {error}", file.entry.path)))
    }

    fn open(&self, file: &AttachedFile, address: String) -> Result<One, DoorError> {
        let before = self.before(&address).unwrap_or_default();
        let kept = self.old.get(&address).is_some_and(|known| *known == self.stamp(file, &address, "", &before));
        let content = if kept { before } else { drawn(self.snapshot, file)? };
        let stamp = self.stamp(file, &address, "", &content);
        let mut one = One { shows: !content.is_empty(), stamp: Some((address.clone(), stamp)), ..One::default() };
        if one.shows {
            self.publication.write(&address, &content).map_err(DoorError::new)?;
            one.outputs.push((address, Kind::OpenFile));
        }
        Ok(one)
    }

    fn sealed(&self, file: &AttachedFile, head: &FileHead, key: &ClearanceKey) -> Result<One, DoorError> {
        let address = &head.place;
        let sealed_at = format!("{address}.age");
        let recipient = key.recipient.as_str();
        let known = |sealed: &Vec<u8>| {
            self.old.get(address).is_some_and(|known| *known == self.stamp(file, address, recipient, sealed))
        };
        let kept = self.before(&sealed_at).filter(known).and_then(|sealed| Some((plain(&sealed, head, key)?, sealed)));
        let (content, sealed) = match kept {
            Some(kept) => kept,
            None => {
                let content = drawn(self.snapshot, file)?;
                let sealed = sealed_thumbnail(head, &content, key)?;
                (content, sealed)
            }
        };
        self.publication.write(&sealed_at, &sealed).map_err(DoorError::new)?;
        let script_at = format!("{address}.js");
        self.publication.write(&script_at, script_of(address, &sealed).as_bytes()).map_err(DoorError::new)?;
        let shows = !content.is_empty();
        let digest = Sha256::digest(&content).into();
        Ok(One {
            shows,
            outputs: vec![(sealed_at, Kind::KnownCiphertext), (script_at, Kind::Script)],
            sealed: Some(Sha256::digest(&sealed).into()),
            withheld: shows.then_some(Withheld { source: 0, length: content.len() as u64, digest }),
            stamp: Some((address.clone(), self.stamp(file, address, recipient, &sealed))),
        })
    }

    /// What stood at an address of the site before.
    fn before(&self, address: &str) -> Option<Vec<u8>> {
        std::fs::read(self.publication.previous()?.join(address)).ok()
    }

    /// A keyed digest of what a thumbnail depends on and of what came of it. It covers the bytes that stand in the site,
    /// so that what somebody put in their place is not carried on.
    fn stamp(&self, file: &AttachedFile, address: &str, recipient: &str, written: &[u8]) -> String {
        let (id, written) = (file.entry.id.to_string(), Sha256::digest(written));
        let parts = [MAKING.as_bytes(), address.as_bytes(), id.as_bytes(), recipient.as_bytes(), &written];
        letters(&self.door.key.digest("thumbnail stamp", &parts))
    }
}

/// What a sealed thumbnail says of itself inside.
pub fn head_of_thumbnail(address: String, clearance: String) -> FileHead {
    FileHead { place: address, clearance, name: NAME.to_owned(), media_type: "image/jpeg".to_owned() }
}

/// A thumbnail sealed to its readers, of the size that all of them have; `content` is empty where there is no picture.
///
/// # Errors
/// When it cannot be sealed.
pub fn sealed_thumbnail(head: &FileHead, content: &[u8], key: &ClearanceKey) -> Result<Vec<u8>, DoorError> {
    let mut sealed = Vec::new();
    let recipients = std::slice::from_ref(&key.recipient);
    seal_file_to(head, content, content.len() as u64, SEALED_SIZE, &mut sealed, recipients).map_err(DoorError::new)?;
    Ok(sealed)
}

/// The thumbnail of a file; empty where there can be none.
///
/// # Errors
/// When the file cannot be read.
pub fn drawn(snapshot: &Snapshot, file: &AttachedFile) -> Result<Vec<u8>, DoorError> {
    let mut content = snapshot.open_content(&file.entry).map_err(DoorError::new)?;
    if content.length() > LARGEST_FILE {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::new();
    content.by_ref().take(BEGINNING).read_to_end(&mut bytes).map_err(DoorError::new)?;
    if !beginning_of_a_picture(&bytes) {
        return Ok(Vec::new());
    }
    content.read_to_end(&mut bytes).map_err(DoorError::new)?;
    Ok(thumbnail(&bytes).unwrap_or_default())
}

/// What is in a sealed thumbnail of the build before; none where it does not open as what it should be.
fn plain(sealed: &[u8], head: &FileHead, key: &ClearanceKey) -> Option<Vec<u8>> {
    let file = unseal_file(sealed, std::slice::from_ref(&key.identity), Some(&head.place)).ok()?;
    let mut content = Vec::new();
    (file.head() == head).then(|| file.copy_to(&mut content).ok()).flatten()?;
    Some(content)
}
