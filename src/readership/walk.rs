//! A time, day by day, in stretches in which nothing changed of who could read what.

use super::names::Move;
use super::published::{Passed, Publisher, Stood, Tried};
use crate::access::Reader;
use crate::archive::{Archive, Known, SETTINGS};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Days on which the same people could read the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The step of the line that stood published.
    pub step: usize,
}

/// What tells a stretch from the one before.
#[derive(Default)]
pub(super) struct Turned {
    /// Paths of the archive that changed; all of them may have where it is the first.
    pub paths: BTreeSet<String>,
    /// Files that moved, as the commits tell it, in their order.
    pub moves: Vec<Move>,
    /// Whether it is the first.
    pub first: bool,
    /// Whether records open on its first day.
    pub opens: bool,
}

impl Turned {
    /// Whether settings, types or readers changed.
    pub fn rules(&self) -> bool {
        self.first || self.paths.iter().any(|path| is_rule(path))
    }
}

/// Whether a path says who may read by a rule: settings, types and readers.
pub(super) fn is_rule(path: &str) -> bool {
    path == SETTINGS || path.starts_with("types/") || path.starts_with("readers/")
}

/// A time that is walked.
pub struct Walk<'a> {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// Which files of the archive can change the answer: other commits need not be read.
    pub relevant: &'a dyn Fn(&str) -> bool,
    /// Told how many commits of the line are done, and of how many.
    pub progress: &'a dyn Fn(usize, usize),
}

/// What is told of each stretch.
pub(super) type Visit<'v> = dyn FnMut(Stretch, &Archive, Turned) + 'v;

impl Publisher<'_> {
    /// Walks a time, and tells of each stretch in turn the archive as it stood on its first day. Gives the commits that
    /// published nothing.
    pub(super) fn walk(&self, walk: &Walk<'_>, visit: &mut Visit<'_>) -> Vec<Passed> {
        let before = self.on(walk.first);
        let mut passed = before.passed;
        let mut walking = Walking {
            publisher: self,
            relevant: self.relevant_until(walk.relevant),
            stood: None,
            known: Known::default(),
            pending: Turned::default(),
        };
        if let Some(stood) = before.stood {
            walking.pending.first = true;
            walking.stood = Some((stood, walk.first));
        }
        let first = self.line.on(walk.first).map_or(0, |step| step + 1);
        let end = self.line.on(walk.last).map_or(0, |step| step + 1);
        // Of the commits that stand already when the time begins, the newest alone was asked.
        let mut tried = BTreeSet::from_iter(passed.iter().map(|passed| passed.step));
        let mut at = first;
        while at < end {
            let day = self.line.steps.get(at).map_or(walk.last, |step| step.day);
            let newest = self.line.on(day).unwrap_or(at);
            (walk.progress)(newest + 1 - first, end - first);
            walking.day(day, newest, &mut tried, &mut passed, visit);
            at = newest.max(at) + 1;
        }
        walking.close(walk.last, visit);
        passed.sort_unstable_by_key(|passed| passed.step);
        passed
    }

    /// For each step how many changes up to it can change the answer.
    fn relevant_until(&self, relevant: &dyn Fn(&str) -> bool) -> Vec<usize> {
        let relevant = |path: &str| self.in_archive(path).is_some_and(relevant);
        let mut found = 0;
        let of_step = |step: usize| {
            let changes = self.changes(step.checked_sub(1), step).filter(|(_, change)| {
                relevant(&change.path) || change.moved.as_ref().is_some_and(|moved| relevant(&moved.from))
            });
            found += changes.count();
            found
        };
        (0..self.line.steps.len()).map(of_step).collect()
    }
}

struct Walking<'a> {
    publisher: &'a Publisher<'a>,
    /// For each step how many changes up to it can change the answer.
    relevant: Vec<usize>,
    /// What stands published, and from which day that is not told yet.
    stood: Option<(Stood, Date)>,
    known: Known,
    pending: Turned,
}

impl Walking<'_> {
    /// A day on which commits came: the newest of them that reads without an error is published, where it changes
    /// something.
    fn day(
        &mut self,
        day: Date,
        newest: usize,
        tried: &mut BTreeSet<usize>,
        passed: &mut Vec<Passed>,
        visit: &mut Visit<'_>,
    ) {
        let stands = self.stood.as_ref().map(|(stood, _)| stood.step);
        let oldest = stands.map_or(0, |stands| stands + 1);
        for step in (oldest..=newest).rev() {
            if !self.changes_something(stands, step) {
                return;
            }
            if !tried.insert(step) {
                continue;
            }
            let (publisher, known) = (self.publisher, &mut self.known);
            match publisher.attempt(step, |snapshot| Archive::read_again(snapshot, day, known)) {
                Tried::NoArchive => {}
                Tried::Passed(one) => passed.push(one),
                Tried::Sound(stood) => {
                    if let Ok(yesterday) = day.yesterday() {
                        self.close(yesterday, visit);
                    }
                    self.pending = self.turned(stands, step);
                    self.stood = Some((*stood, day));
                    return;
                }
            }
        }
    }

    fn changes_something(&self, after: Option<usize>, to: usize) -> bool {
        let until = |step: usize| self.relevant.get(step).copied().unwrap_or_default();
        after.is_none_or(|after| until(after) != until(to))
    }

    fn turned(&self, after: Option<usize>, to: usize) -> Turned {
        let mut turned = Turned { first: after.is_none(), ..Turned::default() };
        if turned.first {
            return turned;
        }
        for (commit, change) in self.publisher.changes(after, to) {
            let Some(path) = self.publisher.in_archive(&change.path) else { continue };
            turned.paths.insert(path.to_owned());
            if let Some(from) = change.moved.as_ref().and_then(|moved| self.publisher.in_archive(&moved.from)) {
                turned.paths.insert(from.to_owned());
                turned.moves.push(Move { commit, from: from.to_owned(), to: path.to_owned() });
            }
        }
        turned
    }

    /// Tells what stood until a day, in stretches: openings come and trainings end between commits.
    fn close(&mut self, last: Date, visit: &mut Visit<'_>) {
        let Some((mut stood, mut first)) = self.stood.take() else { return };
        while first <= last {
            let openings = stood.archive.openings.iter().map(|(day, _)| *day);
            let ends = stood.archive.readers.iter().flat_map(ends_of);
            let opens = openings.filter(|day| *day > first && *day <= last).min();
            let turn = opens.into_iter().chain(ends.filter(|day| *day > first && *day <= last)).min();
            let until = turn.and_then(|turn| turn.yesterday().ok()).unwrap_or(last);
            let pending = std::mem::take(&mut self.pending);
            stood.archive.day = first;
            visit(Stretch { first, last: until, step: stood.step }, &stood.archive, pending);
            let Some(turn) = turn else { break };
            if opens == Some(turn) {
                stood.archive = Archive::read_again(&stood.snapshot, turn, &mut self.known).archive;
                self.pending.opens = true;
            }
            first = turn;
        }
        self.stood = Some((stood, last.tomorrow().unwrap_or(last)));
    }
}

/// The days on which a reader's standing may end: after the last one that a file names.
fn ends_of(reader: &Reader) -> impl Iterator<Item = Date> {
    let last = reader.training.iter().map(|training| training.valid_until).chain(reader.until);
    last.filter_map(|day| day.tomorrow().ok()).collect::<Vec<_>>().into_iter()
}
