//! Adding a publishing to the log: an entry, and a checkpoint that signs all entries so far.
//!
//! Each file is written beside its place and put there whole, the checkpoint last. A build that is killed in between
//! leaves an entry that nobody signed, and the next one signs over it. Two builds at once wait for one another.

use super::checkpoint::{Checkpoint, is_origin};
use super::digest::Digest;
use super::entry::Entry;
use super::log::{CHECKPOINTS, ENTRIES, Log, checkpoint_file, entry_file};
use super::{merkle, timestamp};
use crate::entropy;
use crate::finding::{Finding, Severity};
use crate::provenance::{SigningKey, TEXT_NAMESPACE};
use jiff::civil::Date;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// What is published, and the log that it goes to.
#[derive(Clone, Copy)]
pub struct Publishing<'a> {
    /// The log's folder.
    pub folder: &'a Path,
    /// How the log is to be called, where it has no entry yet.
    pub origin: Option<&'a str>,
    /// The commit's id.
    pub commit: &'a str,
    /// The digest of all files of the archive in this commit.
    pub tree: Digest,
    /// The day for which the site is built.
    pub day: Date,
}

/// The head of the log after a publishing.
pub struct Published {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The signed note.
    pub note: Vec<u8>,
    /// The signature beside it.
    pub signature: Vec<u8>,
}

/// Why nothing was added to a log.
#[derive(Debug)]
pub enum LogError {
    /// The disk refused.
    Io(io::Error),
    /// The log is not whole, so that nobody should sign it.
    Broken(Box<Finding>),
    /// The key does not sign.
    Key(Box<Finding>),
    /// The name is none that a log can have, or not this log's.
    Origin(String),
    /// There are no random bytes.
    Entropy(entropy::Error),
    /// Something else stands where a file of the log goes.
    Taken(String),
}

impl std::fmt::Display for LogError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the log cannot be written: {error}"),
            Self::Broken(finding) => {
                let at = finding.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
                write!(f, "the log is not whole: {}{at}", finding.message)
            }
            Self::Key(finding) => f.write_str(&finding.message),
            Self::Origin(why) => f.write_str(why),
            Self::Entropy(error) => error.fmt(f),
            Self::Taken(file) => write!(f, "something else stands in the log at {file}"),
        }
    }
}

impl std::error::Error for LogError {}

impl LogError {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        match self {
            Self::Broken(finding) | Self::Key(finding) => Some(&finding.remedy),
            Self::Origin(_) => Some("a name has neither blanks nor plus signs, such as `yunxi.example/archive`"),
            Self::Io(_) | Self::Entropy(_) => None,
            Self::Taken(_) => Some("look at it with `strongroom verify LOG`"),
        }
    }
}

impl From<io::Error> for LogError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Adds a publishing to the log and signs it. Where the last entry says the same already, it is not said twice.
///
/// # Errors
/// When the log is not whole, or cannot be written or signed.
pub fn append(publishing: &Publishing<'_>, key: &SigningKey) -> Result<Published, LogError> {
    let Publishing { folder, commit, tree, day, .. } = *publishing;
    for part in [ENTRIES, CHECKPOINTS] {
        fs::create_dir_all(folder.join(part))?;
    }
    // The lock is on the folder itself, so that none of its files need be there for it.
    let lock = File::open(folder)?;
    lock.lock()?;
    let mut findings = Vec::new();
    let mut log = Log::read(folder, &mut findings)?;
    super::log_check::roots(&log, &mut findings);
    if let Some(error) = findings.into_iter().find(|finding| finding.severity == Severity::Error) {
        return Err(LogError::Broken(Box::new(error)));
    }
    let origin = origin(&log, publishing.origin)?;
    let same = log.entries.last().is_some_and(|last| last.same_publishing(commit, &tree, day));
    if !same {
        let mut salt = [0; 32];
        entropy::fill(&mut salt).map_err(LogError::Entropy)?;
        let number = log.entries.len() as u64;
        let before = merkle::root(&log.leaves);
        let entry = Entry { number, day, commit: commit.to_owned(), tree, before, salt: Digest(salt) };
        let text = entry.text();
        add(folder, &entry_file(number), text.as_bytes(), false)?;
        log.leaves.push(merkle::leaf(text.as_bytes()));
        log.entries.push(entry);
    }
    let checkpoint = Checkpoint { origin, size: log.entries.len() as u64, root: merkle::root(&log.leaves) };
    if let Some(head) = log.heads.pop().filter(|head| head.note.checkpoint == checkpoint)
        && let Some(signature) = head.signature
    {
        return Ok(Published { checkpoint, note: head.text, signature });
    }
    let note = checkpoint.note(key).into_bytes();
    let signature = key.sign(TEXT_NAMESPACE, &note).map_err(LogError::Key)?.into_bytes();
    let file = checkpoint_file(checkpoint.size);
    add(folder, &format!("{file}.sig"), &signature, true)?;
    add(folder, &format!("{file}.tsq"), &timestamp::request(&note), true)?;
    add(folder, &file, &note, false)?;
    Ok(Published { checkpoint, note, signature })
}

/// The log's name: the one that it has, or the one that it is given at first.
fn origin(log: &Log, given: Option<&str>) -> Result<String, LogError> {
    if let Some(given) = given.filter(|given| !is_origin(given)) {
        return Err(LogError::Origin(format!("{} is no name for a log", crate::finding::quote(given))));
    }
    let known = log.head().map(|head| head.note.checkpoint.origin.clone());
    match (known, given) {
        (Some(known), Some(given)) if known != given => {
            Err(LogError::Origin(format!("this log is called {}", crate::finding::quote(&known))))
        }
        (Some(known), _) => Ok(known),
        (None, Some(given)) => Ok(given.to_owned()),
        (None, None) => {
            let mut bytes = [0; 8];
            entropy::fill(&mut bytes).map_err(LogError::Entropy)?;
            let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(format!("strongroom-log-{name}"))
        }
    }
}

/// Puts a file into the log, whole or not at all. What a killed build left beside a checkpoint that never came may be
/// replaced; nothing else ever is.
fn add(folder: &Path, file: &str, bytes: &[u8], may_be_left: bool) -> Result<(), LogError> {
    let path = folder.join(file);
    let parent = path.parent().unwrap_or(folder);
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let mut beside = tempfile::Builder::new().prefix(".new-").tempfile_in(parent)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    if may_be_left {
        beside.persist(&path).map_err(|error| error.error)?;
    } else {
        beside.persist_noclobber(&path).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => LogError::Taken(file.to_owned()),
            _ => LogError::Io(error.error),
        })?;
    }
    File::open(parent)?.sync_all()?;
    Ok(())
}
