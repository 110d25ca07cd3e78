//! What is kept of a repository's past between builds, so that each build reads only what is new.
//!
//! What is found out about a commit depends on nothing but the commit, so it can be kept; the order of the commits and
//! what merges settled are found anew each time. The commits lie in segments, sealed files that nobody opens without
//! the archive's sealing key, and a manifest says which they are. New commits become a segment of their own, which is
//! joined with small ones before it, so that there are never many and adding one commit costs the same whatever there
//! is. What does not fit the repository any more is thrown away, and the outcome says so.

mod form;
mod manifest;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use self::form::{KeptEntry, Reader, Writer};
use self::manifest::{Manifest, NoManifest, Segment};
use self::store::{Nothing, Store};
use crate::repository::{ContentId, Gap, OpenError, Past, PastEntry, PastReader};
use crate::sealing::{SealingKey, SealingKeyError};

/// How many bytes a segment has at most before it is sealed, unless a single commit has more.
const MOST_BYTES: usize = 2 << 20;

/// The past of one archive, kept in a folder of its own.
pub struct Kept<'a> {
    store: Store<'a>,
}

/// What became of what was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many commits were read from the repository; all others were kept.
    pub read: usize,
    /// Why what was kept had to be thrown away, if it had to.
    pub discarded: Option<Misfit>,
    /// The commit that the past led to the last time, if it is no longer part of it.
    pub rewritten: Option<ContentId>,
    /// Why nothing could be kept for the next time, in the words of the system.
    pub not_kept: Option<String>,
}

/// Why what was kept does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It comes from another version of Strongroom.
    OtherVersion,
    /// It is the past of another folder of the repository.
    OtherFolder,
    /// The clone was a shallow one, or has become one, or ends elsewhere.
    OtherBoundary,
    /// Its last commit does not lead to the present one: history was rewritten, or it is that of another branch.
    Rewritten,
    /// Objects that were missing are there now.
    Filled,
    /// It is damaged, or sealed under another key.
    Damaged,
}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::OtherVersion => "what was kept of the history comes from another version of Strongroom",
            Self::OtherFolder => "what was kept of the history is that of another folder",
            Self::OtherBoundary => "the repository goes back further than it did, or less far",
            Self::Rewritten => "the history was rewritten, or this is another branch",
            Self::Filled => "what was missing from the repository is there now",
            Self::Damaged => "what was kept of the history is damaged or sealed under another key",
        })
    }
}

/// What is kept after it was brought up to date.
struct Refreshed {
    outcome: Outcome,
    /// What can be read again; `None` where `new` is everything.
    kept: Option<Manifest>,
    /// The commits that were read and are not in `kept`.
    new: Vec<PastEntry>,
}

/// Why something kept cannot be used or added to.
enum Failure {
    Unfit(Misfit),
    Io(io::Error),
}

impl<'a> Kept<'a> {
    /// What is kept in a folder, which is made when something is. It must not hold anything else.
    ///
    /// # Errors
    /// None that can be brought about from outside.
    pub fn at(folder: PathBuf, key: &'a SealingKey) -> Result<Self, SealingKeyError> {
        Ok(Self { store: Store::at(folder, key)? })
    }

    /// Reads what is new and keeps it. What was kept before is not opened.
    ///
    /// # Errors
    /// Where the repository cannot be read. That nothing can be written is no error, but said.
    pub fn extend(&self, reader: &PastReader) -> Result<Outcome, OpenError> {
        match self.store.lock() {
            Ok(_lock) => Ok(self.refresh(reader)?.outcome),
            Err(error) => Ok(Outcome { not_kept: Some(error.to_string()), ..Outcome::default() }),
        }
    }

    /// The past of the commit at which the repository was opened, from what is kept and what is new, which is kept as
    /// well. It is the same as if all had been read.
    ///
    /// # Errors
    /// As [`extend`](Self::extend).
    pub fn past(&self, reader: PastReader) -> Result<(Past, Outcome), OpenError> {
        let _lock = match self.store.lock() {
            Ok(lock) => lock,
            Err(error) => {
                let entries = reader.all()?;
                let outcome = Outcome { read: entries.len(), not_kept: Some(error.to_string()), ..Outcome::default() };
                return Ok((reader.past(entries), outcome));
            }
        };
        let Refreshed { mut outcome, kept, mut new } = self.refresh(&reader)?;
        if let Some(manifest) = kept {
            match self.entries(&reader, &manifest, new) {
                Ok((entries, again)) => {
                    outcome.read += again;
                    new = entries;
                }
                Err(misfit) => Refreshed { outcome, new, .. } = self.anew(&reader, Some(misfit))?,
            }
        }
        Ok((reader.past(new), outcome))
    }

    /// The same, of what is kept as far as it fits, for whoever only looks: nothing is written, and what a build would say
    /// of a history that was rewritten is left for it to say.
    ///
    /// # Errors
    /// Where the repository cannot be read.
    pub fn look(&self, reader: PastReader) -> Result<Past, OpenError> {
        let entries = match self.fitting(&reader)? {
            Some(entries) => entries,
            None => reader.all()?,
        };
        Ok(reader.past(entries))
    }

    /// All commits, where what is kept leads to the present one.
    fn fitting(&self, reader: &PastReader) -> Result<Option<Vec<PastEntry>>, OpenError> {
        let manifest = self.store.manifest().ok();
        let fits = |manifest: &Manifest| manifest.folder == reader.folder() && manifest.boundary == reader.boundary();
        let Some(manifest) = manifest.filter(fits) else { return Ok(None) };
        let Some(new) = reader.since(manifest.tip)? else { return Ok(None) };
        // A build may be at work on it meanwhile: then it does not fit, and all is read.
        Ok(self.entries(reader, &manifest, new).ok().map(|(entries, _)| entries))
    }

    /// Brings what is kept up to date, as far as it fits and can be written.
    fn refresh(&self, reader: &PastReader) -> Result<Refreshed, OpenError> {
        let manifest = match self.store.manifest() {
            Ok(manifest) if manifest.folder != reader.folder() => Err(Some(Misfit::OtherFolder)),
            Ok(manifest) if manifest.boundary != reader.boundary() => Err(Some(Misfit::OtherBoundary)),
            Ok(manifest) => Ok(manifest),
            Err(Nothing::Kept) => Err(None),
            Err(Nothing::Usable(NoManifest::OtherVersion)) => Err(Some(Misfit::OtherVersion)),
            Err(Nothing::Usable(NoManifest::Damaged)) => Err(Some(Misfit::Damaged)),
        };
        let manifest = match manifest {
            Ok(manifest) => manifest,
            Err(misfit) => return self.anew(reader, misfit),
        };
        if manifest.tip == reader.tip() {
            return Ok(Refreshed { outcome: Outcome::default(), kept: Some(manifest), new: Vec::new() });
        }
        let Some(new) = reader.since(manifest.tip)? else {
            let mut anew = self.anew(reader, Some(Misfit::Rewritten))?;
            anew.outcome.rewritten = Some(manifest.tip);
            return Ok(anew);
        };
        let outcome = Outcome { read: new.len(), ..Outcome::default() };
        match self.add(reader, manifest.segments.clone(), &new) {
            Ok(extended) => Ok(Refreshed { outcome, kept: Some(extended), new: Vec::new() }),
            Err(Failure::Unfit(misfit)) => self.anew(reader, Some(misfit)),
            Err(Failure::Io(error)) => {
                let outcome = Outcome { not_kept: Some(error.to_string()), ..outcome };
                Ok(Refreshed { outcome, kept: Some(manifest), new })
            }
        }
    }

    /// Reads everything and keeps it.
    fn anew(&self, reader: &PastReader, discarded: Option<Misfit>) -> Result<Refreshed, OpenError> {
        let new = reader.all()?;
        let not_kept = match self.add(reader, Vec::new(), &new) {
            Ok(_) => None,
            Err(Failure::Io(error)) => Some(error.to_string()),
            Err(Failure::Unfit(misfit)) => Some(misfit.to_string()),
        };
        let outcome = Outcome { read: new.len(), discarded, not_kept, ..Outcome::default() };
        Ok(Refreshed { outcome, kept: None, new })
    }

    /// Adds commits to what is kept in these segments.
    fn add(&self, reader: &PastReader, mut segments: Vec<Segment>, new: &[PastEntry]) -> Result<Manifest, Failure> {
        let mut pieces = pieces(new);
        if let [(piece, commits)] = pieces.as_mut_slice() {
            // Joined with what is not much larger, every byte is written anew only a few times, and segments stay few.
            while let Some(last) = segments.pop_if(|last| is_joined(last.bytes, piece.len())) {
                let before = self.store.segment(&last).ok_or(Failure::Unfit(Misfit::Damaged))?;
                *piece = [before.expose(), piece].concat();
                *commits += last.commits;
            }
        }
        let added: Result<Vec<_>, _> =
            pieces.par_iter().map(|(piece, commits)| self.store.add(piece, *commits)).collect();
        segments.append(&mut added.map_err(Failure::Io)?);
        let manifest = Manifest::of(reader, segments);
        self.store.keep(&manifest).map_err(Failure::Io)?;
        Ok(manifest)
    }

    /// All commits that are kept, with `new` ones, and how many of them had to be read again.
    fn entries(
        &self,
        reader: &PastReader,
        manifest: &Manifest,
        new: Vec<PastEntry>,
    ) -> Result<(Vec<PastEntry>, usize), Misfit> {
        let segments: Option<Vec<_>> = manifest.segments.par_iter().map(|segment| self.segment(segment)).collect();
        let (mut entries, mut again) = (new, Vec::new());
        for KeptEntry { id, commit } in segments.ok_or(Misfit::Damaged)?.into_iter().flatten() {
            match commit {
                Some(commit) => entries.push(PastEntry { commit, gaps: Vec::new() }),
                None => again.push(id),
            }
        }
        let read = reader.only(&again).map_err(|_| Misfit::Damaged)?;
        entries.extend(read);
        let there: HashSet<_> = entries.iter().map(|entry| entry.commit.id).collect();
        let closed = entries.iter().all(|entry| {
            let missing = entry.commit.parents.iter().filter(|parent| !there.contains(*parent));
            missing.into_iter().all(|parent| entry.gaps.iter().any(|gap| explains(gap, entry.commit.id, *parent)))
        });
        if there.contains(&reader.tip()) && closed { Ok((entries, again.len())) } else { Err(Misfit::Filled) }
    }

    fn segment(&self, segment: &Segment) -> Option<Vec<KeptEntry>> {
        let plain = self.store.segment(segment)?;
        let mut reader = Reader::of(plain.expose());
        let mut entries = Vec::new();
        while !reader.is_at_end() {
            entries.push(reader.entry()?);
        }
        (entries.len() as u64 == segment.commits).then_some(entries)
    }
}

/// Commits in pieces that become segments, each with their number.
fn pieces(entries: &[PastEntry]) -> Vec<(Vec<u8>, u64)> {
    let mut pieces = Vec::new();
    let (mut writer, mut commits) = (Writer::default(), 0);
    for entry in entries {
        writer.entry(entry);
        commits += 1;
        if writer.0.len() >= MOST_BYTES {
            pieces.push((std::mem::take(&mut writer.0), std::mem::take(&mut commits)));
        }
    }
    if commits > 0 {
        pieces.push((writer.0, commits));
    }
    pieces
}

/// Whether a piece is joined with the segment before it, by their bytes.
fn is_joined(before: u64, piece: usize) -> bool {
    let piece = piece as u64;
    before <= piece.saturating_mul(2) && before.saturating_add(piece) <= MOST_BYTES as u64
}

/// Whether a gap of a commit is why a parent is not there.
fn explains(gap: &Gap, commit: ContentId, parent: ContentId) -> bool {
    match gap {
        Gap::Shallow { commit: boundary } => *boundary == commit,
        Gap::Missing { id, .. } | Gap::Damaged { id, .. } => *id == parent,
        _ => false,
    }
}
