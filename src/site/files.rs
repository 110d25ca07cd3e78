//! Attached files: open ones as they are, sealed ones sealed file by file, streamed.

use super::door::{Door, DoorError};
use super::gate::Withheld;
use super::hashing::Hashing;
use super::swap::Publication;
use crate::access::Held;
use crate::archive::AttachedFile;
use crate::page::{Addresses, FileAddress, media_type};
use crate::proof::Digest;
use crate::repository::Snapshot;
use crate::sealing::{ClearanceKey, FileHead, same_content, seal_file};
use base64::Engine as _;
use std::io::{self, BufWriter, Read as _, Write as _};
use std::sync::Arc;

/// Sealed files up to this size also stand in the site as a script, for pages that are opened from a folder.
const LARGEST_SCRIPT: u64 = 8 << 20;

/// What came of a file.
pub struct PublishedFile {
    /// The addresses that were written, with what they are.
    pub outputs: Vec<(String, super::gate::Kind)>,
    /// The digest of the sealed file, for the gate's ledger.
    pub sealed: Option<[u8; 32]>,
    /// The plain file's digest and length, where it is restricted.
    pub withheld: Option<Withheld>,
    /// The file's path in the archive, for the gate's words.
    pub path: String,
}

/// Publishes one file.
///
/// # Errors
/// When it cannot be read, sealed or written.
pub fn publish_file(
    door: &Door<'_>,
    addresses: &Addresses<'_>,
    snapshot: &Snapshot,
    publication: &Publication,
    held: Held<&AttachedFile>,
) -> Result<PublishedFile, DoorError> {
    let (clearance, file) = held.release();
    let path = file.entry.path.clone();
    let failed = |error: &dyn std::fmt::Display| DoorError::new(format!("{path}: {error}"));
    match addresses.file(file, &clearance) {
        FileAddress::Open(address) => {
            let mut content = snapshot.open_content(&file.entry).map_err(|e| failed(&e))?;
            let mut output = Hashing::new(BufWriter::new(publication.create(&address).map_err(|e| failed(&e))?));
            io::copy(&mut content, &mut output).and_then(|_| output.flush()).map_err(|e| failed(&e))?;
            publication.note(&address, Digest(output.digest()));
            let outputs = vec![(address, super::gate::Kind::OpenFile)];
            Ok(PublishedFile { outputs, sealed: None, withheld: None, path })
        }
        FileAddress::Sealed { address, clearance: id } => {
            let Some(key) = door.clearance_key(&clearance)? else {
                return Ok(PublishedFile { outputs: Vec::new(), sealed: None, withheld: None, path });
            };
            let head = head_of(file, &address, id);
            let sealed = Sealed { snapshot, publication, file, head, key };
            sealed.publish(&address, path)
        }
    }
}

/// A file, sealed in memory, as it stands in a site: at its address with `.age`.
///
/// # Errors
/// When it cannot be read or sealed.
pub fn seal_in_memory(
    snapshot: &Snapshot,
    file: &AttachedFile,
    head: &FileHead,
    key: &ClearanceKey,
) -> Result<Vec<u8>, DoorError> {
    let content = snapshot.open_content(&file.entry).map_err(DoorError::new)?;
    let mut sealed = Vec::new();
    seal_file(head, content, file.size, &mut sealed, std::slice::from_ref(&key.recipient)).map_err(DoorError::new)?;
    Ok(sealed)
}

/// What a sealed file says of itself inside.
pub fn head_of(file: &AttachedFile, address: &str, clearance: String) -> FileHead {
    let media_type = media_type(&file.name).to_owned();
    FileHead { place: address.to_owned(), clearance, name: file.name.clone(), media_type }
}

/// A sealed file as a script that hands it to a page which cannot fetch.
pub fn script_of(address: &str, sealed: &[u8]) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(sealed);
    format!("strongroom.deliver({},\"{encoded}\")\n", serde_json::Value::from(address))
}

struct Sealed<'a> {
    snapshot: &'a Snapshot,
    publication: &'a Publication,
    file: &'a AttachedFile,
    head: FileHead,
    key: Arc<ClearanceKey>,
}

impl Sealed<'_> {
    fn publish(&self, address: &str, path: String) -> Result<PublishedFile, DoorError> {
        let failed = |error: &dyn std::fmt::Display| DoorError::new(format!("{path}: {error}"));
        let sealed_at = format!("{address}.age");
        let script_at = format!("{address}.js");
        let kept = self.kept(&sealed_at).map_err(|e| failed(&e))?;
        let mut plain = Hashing::new(self.snapshot.open_content(&self.file.entry).map_err(|e| failed(&e))?);
        let length = self.file.size;
        let meant = if let Some(meant) = kept {
            io::copy(&mut plain, &mut io::sink()).map_err(|e| failed(&e))?;
            meant
        } else {
            let output = self.publication.create(&sealed_at).map_err(|e| failed(&e))?;
            let mut output = Hashing::new(BufWriter::new(output));
            let recipients = [self.key.recipient.clone()];
            seal_file(&self.head, &mut plain, length, &mut output, &recipients).map_err(|e| failed(&e))?;
            output.flush().map_err(|e| failed(&e))?;
            output.digest()
        };
        self.publication.note(&sealed_at, Digest(meant));
        let mut sealed =
            Hashing::new(std::fs::File::open(self.publication.folder().join(&sealed_at)).map_err(|e| failed(&e))?);
        let mut outputs = vec![(sealed_at, super::gate::Kind::KnownCiphertext)];
        if length <= LARGEST_SCRIPT {
            let mut bytes = Vec::new();
            sealed.read_to_end(&mut bytes).map_err(|e| failed(&e))?;
            self.publication.write(&script_at, script_of(address, &bytes).as_bytes()).map_err(|e| failed(&e))?;
            outputs.push((script_at, super::gate::Kind::Script));
        } else {
            io::copy(&mut sealed, &mut io::sink()).map_err(|e| failed(&e))?;
        }
        let withheld = Withheld { source: 0, length, digest: plain.digest() };
        let sealed = sealed.digest();
        if sealed != meant {
            return Err(failed(&"its sealed file was changed by somebody else while the site was made"));
        }
        Ok(PublishedFile { outputs, sealed: Some(sealed), withheld: Some(withheld), path })
    }

    /// Keeps the sealed file of the site before, where it opens with the key and holds the same; gives its digest as it
    /// was looked at then.
    fn kept(&self, sealed_at: &str) -> Result<Option<[u8; 32]>, DoorError> {
        let Some(before) = self.publication.previous() else { return Ok(None) };
        let Ok(old) = std::fs::File::open(before.join(sealed_at)) else { return Ok(None) };
        let plain = self.snapshot.open_content(&self.file.entry).map_err(DoorError::new)?;
        let mut old = Hashing::new(old);
        let reader = io::BufReader::new(&mut old);
        let same = same_content(reader, &self.head, plain, self.file.size, &self.key).unwrap_or(false);
        let kept = same && self.publication.keep(sealed_at).map_err(DoorError::new)?;
        Ok(kept.then(|| old.digest()))
    }
}
