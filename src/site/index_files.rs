//! The files of the search indexes: one index for what is open, and one for each clearance, sealed for it.
//!
//! A shard's address is a digest of what it holds, under the sealing key: it stays while the shard stays, changes when it
//! changes, so that no browser puts an old shard beside a new one, and says nothing. The manifest of an index, which
//! names its shards, has an address that stays: `search/open`, or `search/` and the id of the clearance.

use super::door::{Door, DoorError, Finished};
use super::gate::Kind;
use super::state::Stamps;
use crate::access::{Clearance, Held};
use crate::dossier::Dossier;
use crate::page::Desk;
use crate::sealing::{ClearanceKey, letters, packed, seal};
use crate::search::{Batch, Document, Index, Shard, documents, register_documents};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Documents are made of this many dossiers at a time, one lot beside another.
const LOT: usize = 32;

/// The place of the open index's manifest.
const OPEN: &str = "search/open";

/// What is known as the clearance of what is open.
const STAFF: &str = "staff";

/// The files of all indexes.
#[derive(Default)]
pub struct Indexed {
    /// The files, with what they are to the gate.
    pub files: Vec<(Finished, Kind)>,
    /// SHA-256 of what was sealed, for the gate's ledger.
    pub sealed: Vec<[u8; 32]>,
    /// What the next build knows the sealed ones by.
    pub stamps: Stamps,
}

impl Indexed {
    fn join(&mut self, other: Self) {
        self.files.extend(other.files);
        self.sealed.extend(other.sealed);
        self.stamps.extend(other.stamps);
    }
}

/// What stands before the content of a shard, so that one that was moved is refused.
#[derive(Serialize)]
struct Head<'h> {
    strongroom: u8,
    place: &'h str,
    clearance: &'h str,
}

#[derive(Serialize)]
struct Manifest<'m> {
    #[serde(flatten)]
    head: Head<'m>,
    index: &'m RawValue,
    /// The ids of the clearances that have an index; in the open one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<&'m [String]>,
}

/// Makes the files of the indexes that a reader may read, in the clear, for who looks with that reader's eyes.
///
/// # Errors
/// When something cannot be packed.
pub fn index_shown(desk: &Desk<'_>, door: &Door<'_>, holds: &Clearance) -> Result<Vec<Finished>, DoorError> {
    let mut batches = batches(desk, door)?;
    batches.retain(|clearance, _| holds.implies(clearance));
    let made = bind_all(door, batches, (None, &Stamps::new()), |_| Ok(None))?;
    Ok(made.files.into_iter().map(|(file, _)| file).collect())
}

/// Makes the files of all indexes. What was sealed by the build before, and holds the same for the same readers, is kept.
///
/// # Errors
/// When something cannot be sealed.
pub fn index_files(
    desk: &Desk<'_>,
    door: &Door<'_>,
    before: Option<&Path>,
    old: &Stamps,
) -> Result<Indexed, DoorError> {
    bind_all(door, batches(desk, door)?, (before, old), |clearance| door.clearance_key(clearance))
}

/// Lays down the index of each clearance under the key that it is given; one that is given none, in the clear.
fn bind_all(
    door: &Door<'_>,
    mut batches: BTreeMap<Clearance, Batch>,
    (before, old): (Option<&Path>, &Stamps),
    key_of: impl Fn(&Clearance) -> Result<Option<Arc<ClearanceKey>>, DoorError>,
) -> Result<Indexed, DoorError> {
    let open = batches.remove(&Clearance::open()).unwrap_or_default();
    let sealed: Vec<(Clearance, Batch)> = batches.into_iter().collect();
    let ids: Vec<String> = sealed.iter().map(|(clearance, _)| door.clearance_id(clearance)).collect();
    let binder = Binder { door, before, old, canonical: STAFF.to_owned(), id: STAFF.to_owned(), key: None };
    let mut all = binder.bind(OPEN, open, Some(&ids))?;
    for ((clearance, batch), id) in sealed.into_iter().zip(ids) {
        let key = key_of(&clearance)?;
        let place = format!("search/{id}");
        let binder = Binder { door, before, old, canonical: clearance.canonical(), id, key };
        all.join(binder.bind(&place, batch, None)?);
    }
    Ok(all)
}

/// Notes for which clearances there is an index, without making it.
///
/// # Errors
/// When no key can be derived.
pub fn note_indexes(desk: &Desk<'_>, door: &Door<'_>) -> Result<(), DoorError> {
    batches(desk, door).map(drop)
}

/// The documents of each clearance that somebody meets.
fn batches(desk: &Desk<'_>, door: &Door<'_>) -> Result<BTreeMap<Clearance, Batch>, DoorError> {
    let dossiers: Vec<Held<&Dossier>> = desk.archive.dossiers.lay_out(|held| held).collect();
    let of_lot = |lot: &[Held<&Dossier>]| sorted(door, lot.iter().flat_map(|held| documents(desk, held)));
    let lots: Vec<_> = dossiers.par_chunks(LOT).map(of_lot).collect::<Result<_, DoorError>>()?;
    let registers = sorted(door, register_documents(desk).into_iter())?;
    let mut all: BTreeMap<Clearance, Batch> = BTreeMap::new();
    for (clearance, batch) in lots.into_iter().chain([registers]).flatten() {
        all.entry(clearance).or_default().join(batch);
    }
    Ok(all)
}

fn sorted(
    door: &Door<'_>,
    documents: impl Iterator<Item = Held<Document>>,
) -> Result<BTreeMap<Clearance, Batch>, DoorError> {
    let mut batches: BTreeMap<Clearance, Batch> = BTreeMap::new();
    for held in documents {
        let (clearance, document) = held.release();
        if clearance.is_open() || door.clearance_key(&clearance)?.is_some() {
            batches.entry(clearance).or_default().add(&document).map_err(DoorError::new)?;
        }
    }
    Ok(batches)
}

/// Lays down the index of one clearance.
struct Binder<'a> {
    door: &'a Door<'a>,
    before: Option<&'a Path>,
    old: &'a Stamps,
    canonical: String,
    id: String,
    /// The key of the clearance; none for what is open.
    key: Option<Arc<ClearanceKey>>,
}

impl Binder<'_> {
    fn bind(&self, place: &str, batch: Batch, sealed: Option<&[String]>) -> Result<Indexed, DoorError> {
        let index = Index::of(batch).map_err(DoorError::new)?;
        let (terms, documents) = (self.names(&index.terms), self.names(&index.documents));
        let listed = index.manifest(&terms, &documents).map_err(DoorError::new)?;
        let manifest = Manifest { head: self.head(place), index: &listed, sealed };
        let manifest = serde_json::to_vec(&manifest).map_err(DoorError::new)?;
        let shards = index.terms.iter().zip(&terms).chain(index.documents.iter().zip(&documents));
        let shards: Vec<_> = shards.collect();
        let made = shards.into_par_iter().map(|(shard, name)| {
            let place = format!("search/{name}");
            let mut plain = serde_json::to_vec(&self.head(&place)).map_err(DoorError::new)?;
            plain.push(b'\n');
            plain.extend_from_slice(&shard.bytes);
            self.file(&place, &plain)
        });
        let mut all = self.file(place, &manifest)?;
        for made in made.collect::<Result<Vec<_>, DoorError>>()? {
            all.join(made);
        }
        Ok(all)
    }

    fn head<'h>(&'h self, place: &'h str) -> Head<'h> {
        Head { strongroom: 1, place, clearance: &self.id }
    }

    fn names(&self, shards: &[Shard]) -> Vec<String> {
        let name = |shard: &Shard| {
            let digest = self.door.key.digest("search shard", &[self.canonical.as_bytes(), &shard.bytes]);
            letters(digest.get(..10).unwrap_or_default())
        };
        shards.iter().map(name).collect()
    }

    /// One file of the index: packed, sealed where it has to be, as a script that hands it to the page.
    fn file(&self, place: &str, plain: &[u8]) -> Result<Indexed, DoorError> {
        let address = format!("{place}.js");
        let Some(key) = &self.key else {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            let gzip = encoder.write_all(plain).and_then(|()| encoder.finish()).map_err(DoorError::new)?;
            return Ok(Indexed { files: vec![(self.script(place, &gzip), Kind::Script)], ..Indexed::default() });
        };
        let stamp = |sealed: &[u8]| {
            let (plain, sealed) = (Sha256::digest(plain), Sha256::digest(sealed));
            let parts: [&[u8]; 4] = [address.as_bytes(), key.recipient.as_str().as_bytes(), &plain, &sealed];
            letters(&self.door.key.digest("search stamp", &parts))
        };
        let kept = self.kept(&address).filter(|sealed| self.old.get(&address) == Some(&stamp(sealed)));
        let sealed = match kept {
            Some(kept) => kept,
            None => {
                let packed = packed(plain).map_err(DoorError::new)?;
                seal(&packed, std::slice::from_ref(&key.recipient)).map_err(DoorError::new)?
            }
        };
        Ok(Indexed {
            files: vec![(self.script(place, &sealed), Kind::Script)],
            sealed: vec![Sha256::digest(&sealed).into()],
            stamps: Stamps::from([(address.clone(), stamp(&sealed))]),
        })
    }

    /// What the site before holds in a sealed file of this address.
    fn kept(&self, address: &str) -> Option<Vec<u8>> {
        self.old.get(address)?;
        let script = std::fs::read_to_string(self.before?.join(address)).ok()?;
        let (_, rest) = script.split_once(",\"")?;
        STANDARD.decode(rest.split('"').next()?).ok()
    }

    fn script(&self, place: &str, bytes: &[u8]) -> Finished {
        let text = format!("strongroom.deliver(\"{place}\",\"{}\")\n", STANDARD.encode(bytes));
        self.door.ciphertext(format!("{place}.js"), text.into_bytes())
    }
}
