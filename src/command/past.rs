//! Reading an archive's past for a command: its commits, who may have signed them, and what they changed.

use super::desk::{Desk, Failure};
use crate::archive::Archive;
use crate::finding::Finding;
use crate::history::{History, Kept};
use crate::provenance::{ALLOWED_SIGNERS, Signers};
use crate::repository::{OpenError, Origin, Past, PastReader, Snapshot};
use crate::site::State;
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
        Err(error) if is_no_past(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether an archive has no past yet, which is no fault.
fn is_no_past(error: &OpenError) -> bool {
    matches!(
        error,
        OpenError::NoRepository { .. }
            | OpenError::EmptyRepository { .. }
            | OpenError::UnbornHead { .. }
            | OpenError::NoSuchFolder { .. }
    )
}

/// Reads the past as far as it is there, and keeps what it read for the next build.
///
/// # Errors
/// When the repository cannot be read, or the sealing key cannot be had, under which the past is kept.
pub fn history(
    desk: &Desk<'_>,
    snapshot: &Snapshot,
    archive: &Archive,
    place: &Where<'_>,
    state: &State,
) -> Result<Option<History>, Failure> {
    let _progress = desk.terminal.progress(Phase::Past, None);
    if matches!(snapshot.origin(), Origin::OutsideGit) {
        return Ok(None);
    }
    let reader = match PastReader::open(place.archive, place.subfolder, place.rev) {
        Ok(reader) => reader,
        Err(error) if is_no_past(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let key = state.sealing_key().map_err(|error| Failure { message: error.to_string(), remedy: None })?;
    let kept = Kept::at(state.folder().join("history"), &key)
        .map_err(|error| Failure { message: error.to_string(), remedy: None })?;
    let (past, outcome) = kept.past(reader)?;
    if let Some(why) = &outcome.not_kept {
        desk.terminal.warn(&format!("the history was read, and could not be kept for the next build: {why}"));
    }
    let signers = signers(snapshot, &mut Vec::new());
    let mut history = History::read(&past, archive, &signers);
    // Whoever builds an older commit or another branch on purpose is told nothing new by it.
    if let (Some(former), None) = (outcome.rewritten, place.rev) {
        let short: String = former.to_string().chars().take(10).collect();
        let gap = format!("the history was rewritten after the last publication, which told it up to commit {short}");
        desk.terminal.warn(&gap);
        history.gaps.push(gap);
    }
    Ok(Some(history))
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
