//! What an archive published on a day: the newest commit of its line that reads without an error.

use crate::archive::{Archive, SETTINGS};
use crate::repository::{ContentId, Line, OpenError, Past, PastChange, Snapshot};
use jiff::civil::Date;

/// Whoever reads an archive as it was published: from its commits, by the program as it is now.
pub struct Publisher<'a> {
    /// All commits.
    pub past: &'a Past,
    /// Those on which the branch stood.
    pub line: &'a Line,
    /// Opens the files of a commit.
    pub open: &'a dyn Fn(ContentId) -> Result<Snapshot, OpenError>,
    /// Whether nothing but what reading finds keeps an archive from being built: the settings may make errors of checks.
    pub sound: &'a dyn Fn(&Archive, &Snapshot) -> bool,
}

/// A commit of the line that published nothing new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The step of the line.
    pub step: usize,
    /// Whether its files could be read at all.
    pub readable: bool,
}

/// What stood on a day.
pub struct Published {
    /// What was published; nothing before the first commit that could be.
    pub stood: Option<Stood>,
    /// Newer commits that published nothing, the newest first.
    pub passed: Vec<Passed>,
}

/// A published archive.
pub struct Stood {
    /// The step of the line that it comes from.
    pub step: usize,
    /// Its files.
    pub snapshot: Snapshot,
    /// The archive, read on the day.
    pub archive: Archive,
}

/// What came of trying a commit.
pub(super) enum Tried {
    Sound(Box<Stood>),
    /// It holds no settings: nobody meant to publish it.
    NoArchive,
    Passed(Passed),
}

impl Publisher<'_> {
    /// What was published on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Published {
        let mut passed = Vec::new();
        let last = self.line.on(day);
        for step in last.into_iter().flat_map(|last| (0..=last).rev()) {
            match self.attempt(step, |snapshot| Archive::read(snapshot, day)) {
                Tried::Sound(stood) => return Published { stood: Some(*stood), passed },
                Tried::NoArchive => {}
                Tried::Passed(one) => passed.push(one),
            }
        }
        Published { stood: None, passed }
    }

    /// Reads a step of the line.
    pub(super) fn attempt(&self, step: usize, read: impl FnOnce(&Snapshot) -> crate::archive::Reading) -> Tried {
        let commit = self.line.steps.get(step).and_then(|step| self.past.commits.get(step.commit));
        let snapshot = match commit.map(|commit| (self.open)(commit.id)) {
            Some(Ok(snapshot)) => snapshot,
            // Where the archive's folder was not there yet, there was no archive.
            None | Some(Err(OpenError::NoSuchFolder { .. })) => return Tried::NoArchive,
            Some(Err(_)) => return Tried::Passed(Passed { step, readable: false }),
        };
        if snapshot.file(SETTINGS).is_none() {
            return Tried::NoArchive;
        }
        let reading = read(&snapshot);
        if reading.findings.has_errors() || !(self.sound)(&reading.archive, &snapshot) {
            return Tried::Passed(Passed { step, readable: true });
        }
        Tried::Sound(Box::new(Stood { step, snapshot, archive: reading.archive }))
    }

    /// What the commits that came to stand after one step, up to another, changed in the archive, oldest first.
    pub(super) fn changes(&self, after: Option<usize>, to: usize) -> impl Iterator<Item = (usize, &PastChange)> {
        let first = after.map_or(0, |after| after + 1);
        let steps = self.line.steps.get(first..=to).unwrap_or_default();
        let landed = steps.iter().flat_map(|step| step.landed.iter().copied());
        landed.flat_map(|number| {
            let changes = self.past.commits.get(number).map_or(&[][..], |commit| commit.changes.as_slice());
            changes.iter().map(move |change| (number, change))
        })
    }

    /// The path inside the archive, for one that lies in it.
    pub(super) fn in_archive<'p>(&self, path: &'p str) -> Option<&'p str> {
        match self.past.folder.as_str() {
            "" => Some(path),
            folder => path.strip_prefix(folder)?.strip_prefix('/'),
        }
    }
}
