//! Reading an archive's past for a command: its commits, who may have signed them, and what they changed.

use super::desk::{Desk, Failure};
use crate::archive::Archive;
use crate::finding::Finding;
use crate::history::History;
use crate::provenance::{ALLOWED_SIGNERS, Signers};
use crate::repository::{OpenError, Origin, Past, Snapshot};
use crate::terminal::Phase;
use crate::text::Source;
use std::path::Path;

/// The list of signers is written by hand, and short.
const LARGEST: u64 = 1 << 20;

/// Where the past is read.
pub struct Where<'a> {
    /// The archive's folder, or a repository.
    pub archive: &'a Path,
    /// The archive's folder inside it.
    pub subfolder: Option<&'a str>,
    /// The commit up to which it is read; HEAD if nothing is said.
    pub rev: Option<&'a str>,
}

/// Reads the commits. `None` for a folder outside git, and where nothing was committed yet.
///
/// # Errors
/// When the repository cannot be read.
pub fn commits(snapshot: &Snapshot, place: &Where<'_>) -> Result<Option<Past>, Failure> {
    if matches!(snapshot.origin(), Origin::OutsideGit) {
        return Ok(None);
    }
    match Past::read(place.archive, place.subfolder, place.rev) {
        Ok(past) => Ok(Some(past)),
        Err(
            OpenError::NoRepository { .. }
            | OpenError::EmptyRepository { .. }
            | OpenError::UnbornHead { .. }
            | OpenError::NoSuchFolder { .. },
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Reads the past as far as it is there.
///
/// # Errors
/// When the repository cannot be read.
pub fn history(
    desk: &Desk<'_>,
    snapshot: &Snapshot,
    archive: &Archive,
    place: &Where<'_>,
) -> Result<Option<History>, Failure> {
    let _progress = desk.terminal.progress(Phase::Past, None);
    let signers = signers(snapshot, &mut Vec::new());
    Ok(commits(snapshot, place)?.map(|past| History::read(&past, archive, &signers)))
}

/// The archive's list of who may sign; empty where it has none.
pub fn signers(snapshot: &Snapshot, findings: &mut Vec<Finding>) -> Signers {
    let bytes = snapshot.file(ALLOWED_SIGNERS).and_then(|entry| snapshot.read(entry, LARGEST).ok());
    match bytes.map(|bytes| Source::decode(ALLOWED_SIGNERS, &bytes)) {
        Some(Ok(source)) => Signers::read(&source, findings),
        Some(Err(finding)) => {
            findings.push(*finding);
            Signers::default()
        }
        None => Signers::default(),
    }
}
