//! Reading an archive's past for a command: its commits, who may have signed them, and what they changed.

use super::desk::{Desk, Failure};
use crate::archive::Archive;
use crate::checks::{of_past, vanished};
use crate::finding::Finding;
use crate::history::{History, Kept, Outcome as KeptOutcome};
use crate::provenance::{ALLOWED_SIGNERS, Signers};
use crate::repository::{OpenError, Origin, Past, PastReader, Snapshot};
use crate::sealing::SealingKey;
use crate::site::State;
use crate::terminal::Phase;
use crate::text::Source;
use std::path::Path;

/// The list of signers is written by hand, and short.
const LARGEST: u64 = 1 << 20;

/// Where a state keeps the commits.
const KEPT: &str = "history";

/// Where the past is read.
pub struct Where<'a> {
    /// The archive's folder, or a repository.
    pub archive: &'a Path,
    /// The archive's folder inside it.
    pub subfolder: Option<&'a str>,
    /// The commit up to which it is read; HEAD if nothing is said.
    pub rev: Option<&'a str>,
}

/// Reads the commits, for whoever only looks; what builds kept of them in a state need not be read again. `None` for a
/// folder outside git, and where nothing was committed yet.
///
/// # Errors
/// When the repository cannot be read.
pub fn commits(snapshot: &Snapshot, place: &Where<'_>, state: Option<&State>) -> Result<Option<Past>, Failure> {
    let Some(reader) = reader(snapshot, place)? else { return Ok(None) };
    let known = state.and_then(|state| Some((state.folder().join(KEPT), state.key_that_is_there()?)));
    if let Some((folder, key)) = &known
        && let Ok(kept) = Kept::at(folder.clone(), key)
    {
        return Ok(Some(kept.look(reader)?));
    }
    let entries = reader.all()?;
    Ok(Some(reader.past(entries)))
}

/// Opens the repository at the commit whose past is asked for; `None` where there is no past.
fn reader(snapshot: &Snapshot, place: &Where<'_>) -> Result<Option<PastReader>, Failure> {
    if matches!(snapshot.origin(), Origin::OutsideGit) {
        return Ok(None);
    }
    match PastReader::open(place.archive, place.subfolder, place.rev) {
        Ok(reader) => Ok(Some(reader)),
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

/// What a build is told of the past.
pub struct Told {
    /// The archive's history.
    pub history: History,
    /// What an archivist should be told of it.
    pub findings: Vec<Finding>,
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
) -> Result<Option<Told>, Failure> {
    let Some((past, rewritten)) = past_of(desk, snapshot, place, state)? else { return Ok(None) };
    let signers = signers(snapshot, &mut Vec::new());
    let mut history = History::read(&past, archive, &signers);
    history.gaps.extend(rewritten);
    let mut findings = vanished(&past, snapshot, archive);
    findings.extend(of_past(&past, snapshot, archive));
    Ok(Some(Told { history, findings }))
}

/// Reads the commits as far as they are there, and keeps what was read of them for the next build; with a sentence where
/// the history was rewritten since the one before. `None` where there is no past.
///
/// # Errors
/// When the repository cannot be read, or the sealing key cannot be had, under which the past is kept.
pub fn past_of(
    desk: &Desk<'_>,
    snapshot: &Snapshot,
    place: &Where<'_>,
    state: &State,
) -> Result<Option<(Past, Option<String>)>, Failure> {
    let _progress = desk.terminal.progress(Phase::Past, None);
    let key = || state.sealing_key().map_err(|error| Failure { message: error.to_string(), remedy: None });
    let Some((past, outcome)) = kept(snapshot, place, Some(state), || key().map(Some))? else { return Ok(None) };
    if let Some(why) = &outcome.not_kept {
        desk.terminal.warn(&format!("the history was read, and could not be kept for the next build: {why}"));
    }
    // Whoever builds an older commit or another branch on purpose is told nothing new by it.
    let former = outcome.rewritten.filter(|_| place.rev.is_none());
    let rewritten = former.map(|former| {
        let short: String = former.to_string().chars().take(10).collect();
        format!("the history was rewritten after the last publication, which told it up to commit {short}")
    });
    if let Some(gap) = &rewritten {
        desk.terminal.warn(gap);
    }
    Ok(Some((past, rewritten)))
}

/// What is found in the past of an archive, for `check`: of what is staged, nothing of records that vanished before. What builds keep of the past is used and extended
/// where a build has begun to keep it; nothing is begun for it, so that a machine which only checks holds no key. An
/// archive that can be read is checked also where its past cannot.
#[must_use]
pub fn past_findings(
    desk: &Desk<'_>,
    snapshot: &Snapshot,
    archive: &Archive,
    place: &Where<'_>,
    state: Option<&State>,
) -> Vec<Finding> {
    let _progress = desk.terminal.progress(Phase::Past, None);
    let key = || Ok(state.and_then(State::key_that_is_there));
    match kept(snapshot, place, state, key) {
        Ok(None) => Vec::new(),
        Ok(Some((past, _))) => {
            let mut findings = of_past(&past, snapshot, archive);
            // A commit is not held up by what others left unsaid; what it takes away itself is told apart.
            if !matches!(snapshot.origin(), Origin::Index { .. }) {
                findings.extend(vanished(&past, snapshot, archive));
            }
            findings
        }
        Err(failure) => {
            desk.terminal.warn(&format!(
                "the history could not be read, so that nothing is said of records that vanished, of holds and of who changed what: {}",
                failure.message
            ));
            Vec::new()
        }
    }
}

/// The past from what is kept of it, or from the repository where there is no key. `None` where there is no past.
fn kept(
    snapshot: &Snapshot,
    place: &Where<'_>,
    state: Option<&State>,
    key: impl FnOnce() -> Result<Option<SealingKey>, Failure>,
) -> Result<Option<(Past, KeptOutcome)>, Failure> {
    let Some(reader) = reader(snapshot, place)? else { return Ok(None) };
    let (Some(key), Some(state)) = (key()?, state) else {
        let entries = reader.all()?;
        return Ok(Some((reader.past(entries), KeptOutcome::default())));
    };
    let kept = Kept::at(state.folder().join(KEPT), &key)
        .map_err(|error| Failure { message: error.to_string(), remedy: None })?;
    Ok(Some(kept.past(reader)?))
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
