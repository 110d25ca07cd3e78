//! The folder in which a history is kept: sealed files, and a lock for whoever is at work on them.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use super::manifest::{Manifest, NoManifest, Segment};
use crate::sealing::{Identity, Recipient, SealingKey, SealingKeyError, SecretBytes, letters, open, seal};

const MANIFEST: &str = "manifest.age";
const LOCK: &str = "lock";
/// What the names of segments end in.
const ENDING: &str = ".age";

/// What the names of files begin with that a killed build left half written.
const HALF: &str = ".half-";

/// Sealed files in a folder that only its owner can open.
pub(super) struct Store<'a> {
    folder: PathBuf,
    key: &'a SealingKey,
    identity: Identity,
    recipient: Recipient,
}

/// Why nothing is known to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nothing {
    /// There is no manifest.
    Kept,
    /// There is one, of no use.
    Usable(NoManifest),
}

impl<'a> Store<'a> {
    pub(super) fn at(folder: PathBuf, key: &'a SealingKey) -> Result<Self, SealingKeyError> {
        let identity = key.keeping_identity("history")?;
        Ok(Self { folder, key, recipient: identity.recipient(), identity })
    }

    /// Makes the folder where there is none, and keeps others out until the lock is dropped. They wait.
    pub(super) fn lock(&self) -> io::Result<File> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let lock = File::options().create(true).truncate(false).write(true).open(self.folder.join(LOCK))?;
        lock.lock()?;
        Ok(lock)
    }

    pub(super) fn manifest(&self) -> Result<Manifest, Nothing> {
        let sealed = match fs::read(self.folder.join(MANIFEST)) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Nothing::Kept),
            Err(_) => return Err(Nothing::Usable(NoManifest::Damaged)),
        };
        let damaged = Nothing::Usable(NoManifest::Damaged);
        let plain = open(&sealed, std::slice::from_ref(&self.identity)).map_err(|_| damaged)?;
        Manifest::parse(plain.expose()).map_err(Nothing::Usable)
    }

    /// Puts a manifest in the place of the one before, and removes the segments that it does not name.
    pub(super) fn keep(&self, manifest: &Manifest) -> io::Result<()> {
        self.write(MANIFEST, &self.seal(&manifest.to_bytes())?)?;
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_segment(name) || name.starts_with(HALF)) else { continue };
            if !manifest.segments.iter().any(|segment| segment.name == name) {
                // What cannot be removed now is removed by the next one.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    /// The commits of a segment; `None` where the file is not what the manifest says.
    pub(super) fn segment(&self, segment: &Segment) -> Option<SecretBytes> {
        let sealed = fs::read(self.folder.join(&segment.name)).ok().filter(|_| is_segment(&segment.name))?;
        if self.digest(&sealed) != segment.digest {
            return None;
        }
        let plain = open(&sealed, std::slice::from_ref(&self.identity)).ok()?;
        (plain.expose().len() as u64 == segment.bytes).then_some(plain)
    }

    /// Writes a segment, which counts as soon as a manifest names it.
    pub(super) fn add(&self, plain: &[u8], commits: u64) -> io::Result<Segment> {
        let sealed = self.seal(plain)?;
        let digest = self.digest(&sealed);
        // Sealing draws random bytes, so that no two segments have one name.
        let name = letters(digest.get(..12).unwrap_or_default()) + ENDING;
        self.write(&name, &sealed)?;
        Ok(Segment { name, digest, commits, bytes: plain.len() as u64 })
    }

    fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        seal(plain, std::slice::from_ref(&self.recipient)).map_err(io::Error::other)
    }

    fn digest(&self, sealed: &[u8]) -> [u8; 32] {
        self.key.digest("kept history", &[sealed])
    }

    /// Whoever reads finds the whole file or the one before.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let file = tempfile::Builder::new().prefix(HALF).tempfile_in(&self.folder)?;
        fs::write(file.path(), bytes)?;
        file.persist(self.folder.join(name)).map_err(|error| error.error)?;
        Ok(())
    }
}

fn is_segment(name: &str) -> bool {
    name.strip_suffix(ENDING).is_some_and(|name| name.len() == 24 && name.bytes().all(|c| (b'k'..=b'z').contains(&c)))
}
