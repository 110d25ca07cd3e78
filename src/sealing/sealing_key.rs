//! The archive's sealing key: 32 random bytes from which everything derives that must stay the same between builds
//! and must not be guessed: the key pair of each clearance, addresses, clearance names, the salt.
//!
//! It is kept with the build's state, never in the archive or the site. Losing it reseals everything and locks nobody
//! out.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Identity, Recipient, SecretText, letters};
use crate::entropy;

/// The key's text form is Bech32 (BIP 173) in capitals with this prefix: one line, versioned, with a checksum.
const PREFIX: &str = "strongroom-sealing-key-v1-";

/// What key pairs and keyed digests derive under, so that none can stand for another.
const CLEARANCE_USE: &[u8] = b"strongroom v1 clearance key pair";
const DIGEST_USE: &[u8] = b"strongroom v1 keyed digest";
const KEEPING_USE: &[u8] = b"strongroom v1 kept between builds";

/// Why there is no sealing key.
#[derive(Debug)]
pub enum SealingKeyError {
    /// Others than its owner can read or change the key file.
    Exposed(PathBuf),
    /// Everybody can replace files in the key's folder.
    FolderOpenToAll(PathBuf),
    /// The file holds no sealing key that this version knows.
    Malformed(PathBuf),
    /// The file cannot be read or made.
    Io(PathBuf, io::Error),
    /// No random bytes for a new key.
    NoEntropy(entropy::Error),
    /// The derivation gave no key; of the functions used here none can fail for the lengths they are given.
    Derivation,
}

impl fmt::Display for SealingKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exposed(path) => write!(
                f,
                "the sealing key {0} can be read or changed by others than its owner; if nobody has, say \
                 `chmod 600 {0}`, otherwise delete it, and the next build seals everything anew",
                path.display()
            ),
            Self::FolderOpenToAll(path) => write!(
                f,
                "everybody can replace files in {0}, where the sealing key lies; say `chmod 700 {0}`",
                path.display()
            ),
            Self::Malformed(path) => write!(
                f,
                "{} holds no sealing key that this version of Strongroom knows; restore it, or delete it, and the \
                 next build seals everything anew",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "the sealing key {}: {error}", path.display()),
            Self::NoEntropy(error) => error.fmt(f),
            Self::Derivation => f.write_str("no key could be derived from the sealing key"),
        }
    }
}

impl std::error::Error for SealingKeyError {}

/// The key pair of one clearance: content is sealed to the recipient, keyrings hold the identity.
#[derive(Clone, Debug)]
pub struct ClearanceKey {
    /// Opens what is sealed for this clearance.
    pub identity: Identity,
    /// What content of this clearance is sealed to.
    pub recipient: Recipient,
}

/// The archive's sealing key. Wiped on drop, never printed.
pub struct SealingKey {
    secret: Zeroizing<[u8; 32]>,
    /// What keyed digests are made with, derived once for the many of them.
    digests: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(not shown)")
    }
}

impl SealingKey {
    fn of(secret: Zeroizing<[u8; 32]>) -> Self {
        let mut digests = Zeroizing::new([0; 32]);
        let derived = Hkdf::<Sha256>::new(Some(DIGEST_USE), secret.as_slice()).expand(&[], digests.as_mut_slice());
        debug_assert!(derived.is_ok(), "HKDF gives 32 bytes");
        Self { secret, digests }
    }

    /// Makes a key that is kept nowhere.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn generate() -> Result<Self, SealingKeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy::fill(bytes.as_mut_slice()).map_err(SealingKeyError::NoEntropy)?;
        Ok(Self::of(bytes))
    }

    /// Reads the key at `path`, or makes it there on first use: the folder for its owner alone (0700), the file too
    /// (0600). Of several processes that come first at once one makes the key and all get the same: nobody's key is
    /// overwritten.
    ///
    /// # Errors
    /// When the file is open to others, holds something else, or cannot be read or made.
    pub fn load_or_make(path: &Path) -> Result<Self, SealingKeyError> {
        let failed = |error| SealingKeyError::Io(path.to_owned(), error);
        match Self::load(path) {
            Err(SealingKeyError::Io(_, error)) if error.kind() == io::ErrorKind::NotFound => {}
            known => return known,
        }
        let folder = folder_of(path);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        refuse_open_folder(folder).map_err(failed)?.map_or(Ok(()), Err)?;
        let (key, file) = Self::written_beside(path)?;
        match file.persist_noclobber(path) {
            Ok(_) => {
                File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
                Ok(key)
            }
            Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => Self::load(path),
            Err(lost) => Err(failed(lost.error)),
        }
    }

    /// Puts a new key in the place of the one at `path`, of which nothing stays; also of one that others can read.
    ///
    /// # Errors
    /// When there is none, everybody may replace files beside it, or it cannot be written.
    pub fn renew(path: &Path) -> Result<Self, SealingKeyError> {
        let failed = |error| SealingKeyError::Io(path.to_owned(), error);
        if !fs::symlink_metadata(path).map_err(failed)?.is_file() {
            return Err(SealingKeyError::Malformed(path.to_owned()));
        }
        let folder = folder_of(path);
        refuse_open_folder(folder).map_err(failed)?.map_or(Ok(()), Err)?;
        let (key, file) = Self::written_beside(path)?;
        file.persist(path).map_err(|lost| failed(lost.error))?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok(key)
    }

    /// A new key, whole in a file beside its place, so that nobody ever reads half a key. The file is 0600 from its
    /// creation.
    fn written_beside(path: &Path) -> Result<(Self, tempfile::NamedTempFile), SealingKeyError> {
        let failed = |error| SealingKeyError::Io(path.to_owned(), error);
        let key = Self::generate()?;
        let text = key.to_text().ok_or(SealingKeyError::Derivation)?;
        let mut file = tempfile::NamedTempFile::new_in(folder_of(path)).map_err(failed)?;
        file.write_all(text.expose().as_bytes()).map_err(failed)?;
        file.write_all(b"\n").map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        Ok((key, file))
    }

    /// Reads the key at `path`.
    ///
    /// # Errors
    /// When there is none, the file is open to others, or it holds something else.
    pub fn load(path: &Path) -> Result<Self, SealingKeyError> {
        let failed = |error| SealingKeyError::Io(path.to_owned(), error);
        let file = File::open(path).map_err(failed)?;
        // Asked of the open file, so that what is judged is what is read.
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(SealingKeyError::Malformed(path.to_owned()));
        }
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(SealingKeyError::Exposed(path.to_owned()));
        }
        refuse_open_folder(folder_of(path)).map_err(failed)?.map_or(Ok(()), Err)?;
        let text = SecretText::read_from(file).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => SealingKeyError::Malformed(path.to_owned()),
            _ => failed(error),
        })?;
        Self::parse(text.expose()).ok_or_else(|| SealingKeyError::Malformed(path.to_owned()))
    }

    fn parse(text: &str) -> Option<Self> {
        let (prefix, bytes) = bech32::decode(text.trim_end()).ok()?;
        let bytes = Zeroizing::new(bytes);
        (prefix == bech32::Hrp::parse(PREFIX).ok()?).then_some(())?;
        let mut key = Zeroizing::new([0; 32]);
        (bytes.len() == key.len()).then(|| key.copy_from_slice(&bytes))?;
        Some(Self::of(key))
    }

    fn to_text(&self) -> Option<SecretText> {
        let prefix = bech32::Hrp::parse(PREFIX).ok()?;
        bech32::encode_upper::<bech32::Bech32>(prefix, self.secret.as_slice()).ok().map(SecretText::new)
    }

    /// The key pair of a clearance for its present readers: another as soon as the clearance, a reader or a reader's
    /// key is another. The order of `recipients`, and whether one is named twice, does not matter.
    ///
    /// HKDF with SHA-256 (RFC 5869) over the clearance in its canonical writing and the readers' keys, each preceded
    /// by its length; the 32 bytes are the X25519 secret.
    ///
    /// # Errors
    /// None that can be brought about from outside.
    pub fn clearance_key(&self, clearance: &str, recipients: &[Recipient]) -> Result<ClearanceKey, SealingKeyError> {
        let mut readers: Vec<&str> = recipients.iter().map(Recipient::as_str).collect();
        readers.sort_unstable();
        readers.dedup();
        let mut info = Vec::new();
        for part in std::iter::once(clearance).chain(readers) {
            info.extend_from_slice(&(part.len() as u64).to_be_bytes());
            info.extend_from_slice(part.as_bytes());
        }
        let identity = self.identity(CLEARANCE_USE, &info)?;
        Ok(ClearanceKey { recipient: identity.recipient(), identity })
    }

    /// Opens what a build keeps for the next one, sealed to this identity's recipient. `what` says what is kept.
    ///
    /// # Errors
    /// None that can be brought about from outside.
    pub fn keeping_identity(&self, what: &str) -> Result<Identity, SealingKeyError> {
        self.identity(KEEPING_USE, what.as_bytes())
    }

    fn identity(&self, usage: &[u8], info: &[u8]) -> Result<Identity, SealingKeyError> {
        let mut secret = Zeroizing::new([0; 32]);
        let derived = Hkdf::<Sha256>::new(Some(usage), self.secret.as_slice()).expand(info, secret.as_mut_slice());
        derived.map_err(|_| SealingKeyError::Derivation)?;
        Identity::from_secret(&secret).ok_or(SealingKeyError::Derivation)
    }

    /// A digest of `parts` that nobody without the key can make or check by guessing: HMAC with SHA-256 (RFC 2104).
    ///
    /// `domain` says what the digest is for; digests of different domains have nothing in common. Domain, number of
    /// parts and each part's length go in too, so that no two lists of parts read the same.
    pub fn digest(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = keyed(&self.digests);
        let count = (parts.len() as u64).to_be_bytes();
        for part in [domain.as_bytes(), &count].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// A name of 16 letters (64 bits) for a clearance in its canonical writing.
    pub fn clearance_id(&self, clearance: &str) -> String {
        letters(&self.digest("clearance", &[clearance.as_bytes()])[..8])
    }

    /// An address of 24 letters (96 bits) for what is sealed as a whole, which says nothing about it.
    pub fn page_address(&self, parts: &[&[u8]]) -> String {
        letters(&self.digest("page address", parts)[..12])
    }

    /// An address of 32 letters (128 bits) for a sealed attachment.
    pub fn file_address(&self, parts: &[&[u8]]) -> String {
        letters(&self.digest("file address", parts)[..16])
    }

    /// An address of 32 letters (128 bits) for an envelope that stands beside its page.
    pub fn envelope_address(&self, parts: &[&[u8]]) -> String {
        letters(&self.digest("envelope address", parts)[..16])
    }

    /// An address of 32 letters (128 bits) for rows that stand beside their page.
    pub fn rows_address(&self, parts: &[&[u8]]) -> String {
        letters(&self.digest("rows address", parts)[..16])
    }

    /// A number by which things may be put in an order that says nothing about them.
    pub fn order_number(&self, parts: &[&[u8]]) -> u32 {
        let [a, b, c, d, ..] = self.digest("order", parts);
        u32::from_be_bytes([a, b, c, d])
    }

    /// The salt of this archive's site, 32 letters. It is published: it only keeps the names of keyrings from being
    /// the same in two sites.
    pub fn salt(&self) -> String {
        letters(&self.digest("salt", &[])[..16])
    }
}

/// An HMAC under a key of exactly one digest's length, which it takes as it is.
fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    use hmac::digest::KeyInit;
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..32].copy_from_slice(key);
    let mac = <Hmac<Sha256> as KeyInit>::new(&block);
    zeroize::Zeroize::zeroize(block.as_mut_slice());
    mac
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The error to report where everybody may replace files in `folder`. A sticky folder is safe: in it only a file's
/// owner replaces it.
fn refuse_open_folder(folder: &Path) -> io::Result<Option<SealingKeyError>> {
    let mode = fs::metadata(folder)?.mode();
    let open = mode & 0o002 != 0 && mode & 0o1000 == 0;
    Ok(open.then(|| SealingKeyError::FolderOpenToAll(folder.to_owned())))
}

#[cfg(test)]
#[path = "sealing_key_tests.rs"]
mod tests;
