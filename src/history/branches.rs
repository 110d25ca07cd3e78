//! What stood when, by the branches of the commits: what another branch held at the time is none of it.
//!
//! All commits are told in one order, and what one after the other changed comes to what the last one holds. Where
//! branches lie side by side, a commit does not hold what that order comes to, but what its own parents held and what it
//! changed itself. So the time in which something stood is a list of spans: stretches of the one order, all commits of
//! which hold it. One thing the changes do not tell: that a merge did by itself, against all that it joined, what a
//! third branch had done already.

#[cfg(test)]
mod tests;

use super::held_files::HeldFiles;
use super::lineage::{Lineage, Places, Version};
use crate::repository::{ContentId, Past, PastCommit};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// Commits that follow one another in the one order, by their numbers.
pub type Span = Range<usize>;

/// What a commit did to a path: it holds this from then on, or nothing.
type Write = (Arc<str>, Option<ContentId>);

/// What commits did, by their numbers.
type Writes = Vec<(usize, Vec<Write>)>;

/// The branches of a repository.
#[derive(Default)]
pub struct Branches {
    parents: Vec<Vec<usize>>,
    /// The commits to which all before them lead, and from which all after them come: each holds what the one order
    /// comes to.
    joints: Vec<usize>,
    /// What was done to each path that was ever changed beside another branch.
    beside: HashMap<Arc<str>, Vec<(usize, Option<ContentId>)>>,
}

impl Branches {
    /// Finds where branches lie side by side.
    #[must_use]
    pub fn of(past: &Past) -> Self {
        let numbers: HashMap<ContentId, usize> =
            past.commits.iter().enumerate().map(|(number, commit)| (commit.id, number)).collect();
        let known = |(number, commit): (usize, &PastCommit)| -> Vec<usize> {
            let known = commit.parents.iter().filter_map(|id| numbers.get(id).copied());
            known.filter(|parent| *parent < number).collect()
        };
        let parents: Vec<Vec<usize>> = past.commits.iter().enumerate().map(known).collect();
        let joints = joints_of(&parents);
        let mut branches = Self { parents, joints, beside: HashMap::new() };
        let commits = || past.commits.iter().enumerate();
        let written = commits().filter(|(number, _)| !branches.follows_all(*number)).flat_map(|(_, c)| writes_of(c));
        let paths: HashSet<Arc<str>> = written.map(|(path, _)| path).collect();
        for (number, commit) in commits().filter(|_| !paths.is_empty()) {
            for (path, held) in writes_of(commit).filter(|(path, _)| paths.contains(path)) {
                branches.beside.entry(path).or_default().push((number, held));
            }
        }
        branches
    }

    /// The commits that a commit follows.
    #[must_use]
    pub fn parents(&self, commit: usize) -> &[usize] {
        self.parents.get(commit).map_or(&[], Vec::as_slice)
    }

    /// The commits that hold each version of a file: from the one that brought it until every branch holds another.
    #[must_use]
    pub fn spans(&self, lineage: &Lineage) -> Vec<Vec<Span>> {
        let mut runs: HashMap<Arc<str>, Vec<(usize, HeldFiles)>> = HashMap::new();
        let all = self.parents.len();
        let of_version = |(n, version): (usize, &Version)| {
            let next = lineage.versions.get(n + 1).map_or(all, |next| next.commit);
            let in_order = version.commit..next.max(version.commit + 1);
            let beside = self.beside.get(&version.path).zip(version.blob);
            let Some((written, blob)) = beside else { return vec![in_order] };
            let runs = runs.entry(Arc::clone(&version.path)).or_insert_with(|| {
                let write = |(at, held): &(usize, _)| (*at, vec![(Arc::clone(&version.path), *held)]);
                self.runs(&written.iter().map(write).collect())
            });
            let until = if next == all || self.follows_all(next) { next } else { self.joint_from(next) };
            let spans = spans_of(runs, in_order.start..until, |files| files.get(&version.path) == Some(blob));
            // Where the commits around it are not to be had in full, the one order has to do.
            if spans.is_empty() { vec![in_order] } else { spans }
        };
        lineage.versions.iter().enumerate().map(of_version).collect()
    }

    /// Whether nothing lies beside a commit: it follows the one before it, and that one all others.
    fn follows_all(&self, commit: usize) -> bool {
        let joint = |commit: usize| self.joints.binary_search(&commit).is_ok();
        joint(commit) && commit.checked_sub(1).is_none_or(joint)
    }

    /// The last commit up to one to which all before it lead: what stood from there on stood to the end of its branch.
    #[must_use]
    pub fn joint_before(&self, commit: usize) -> usize {
        let at = self.joints.partition_point(|joint| *joint <= commit);
        at.checked_sub(1).and_then(|at| self.joints.get(at)).copied().unwrap_or_default()
    }

    /// The first commit from one on to which all before it lead.
    fn joint_from(&self, commit: usize) -> usize {
        let at = self.joints.partition_point(|joint| *joint < commit);
        self.joints.get(at).copied().unwrap_or(self.parents.len())
    }

    /// What the commits hold, from each on that holds something else than the one before it in the one order.
    fn runs(&self, written: &Writes) -> Vec<(usize, HeldFiles)> {
        let mut runs: Vec<(usize, HeldFiles)> = Vec::new();
        let mut put = |at: usize, files: &HeldFiles| {
            if runs.last().is_none_or(|(_, last)| !last.is(files)) {
                runs.push((at, files.clone()));
            }
        };
        // What all commits so far come to: what a merge changed is told against this.
        let mut in_order = HeldFiles::default();
        put(0, &in_order);
        let mut rest = written.iter().peekable();
        while let Some((commit, changed)) = rest.peek().copied() {
            if self.follows_all(*commit) {
                apply(&mut in_order, changed);
                put(*commit, &in_order);
                rest.next();
                continue;
            }
            let joint_before = self.joints.partition_point(|joint| joint < commit).checked_sub(1);
            let first = joint_before.and_then(|at| self.joints.get(at)).map_or(0, |joint| joint + 1);
            let last = self.joint_from(*commit).min(self.parents.len().saturating_sub(1));
            let start = in_order.clone();
            let mut held: Vec<HeldFiles> = Vec::with_capacity((last + 1).saturating_sub(first));
            for number in first..=last {
                let changed = rest.next_if(|(at, _)| *at == number).map_or(&[][..], |(_, changed)| changed.as_slice());
                apply(&mut in_order, changed);
                let of_parent =
                    |parent: &usize| parent.checked_sub(first).and_then(|at| held.get(at)).unwrap_or(&start);
                let mut parents = self.parents(number).iter().map(of_parent);
                let one = parents.next().cloned().unwrap_or_default();
                let mut own = one.clone();
                for other in parents {
                    // On what its parents agree, a merge agrees as well; the rest it settles.
                    let apart = one.differing(other);
                    apart.iter().for_each(|(path, _)| own.set(path, in_order.get(path)));
                }
                apply(&mut own, changed);
                put(number, &own);
                held.push(own);
            }
            if let Some(own) = held.last() {
                in_order = own.clone();
            }
        }
        runs
    }
}

/// For every commit the files of some kind that it holds, by their paths in the archive.
#[must_use]
pub fn files_of(past: &Past, branches: &Branches, places: &Places, wanted: &dyn Fn(&str) -> bool) -> Vec<HeldFiles> {
    let in_archive = |(path, held): Write| {
        let path = places.in_archive(&path).filter(|path| wanted(path))?;
        Some((Arc::from(path), held))
    };
    let of_commit = |commit: &PastCommit| writes_of(commit).filter_map(in_archive).collect::<Vec<Write>>();
    let written: Writes = past.commits.iter().map(of_commit).enumerate().filter(|(_, w)| !w.is_empty()).collect();
    let mut runs = branches.runs(&written).into_iter().peekable();
    let mut held = HeldFiles::default();
    let of_number = |number: usize| {
        while let Some((_, files)) = runs.next_if(|(start, _)| *start <= number) {
            held = files;
        }
        held.clone()
    };
    (0..past.commits.len()).map(of_number).collect()
}

/// What a commit did to paths of the repository. What moved leaves before anything comes: files may change places.
fn writes_of(commit: &PastCommit) -> impl Iterator<Item = Write> + '_ {
    let left = commit.changes.iter().filter_map(|change| Some((Arc::clone(&change.moved.as_ref()?.from), None)));
    let come = commit.changes.iter().map(|change| (Arc::clone(&change.path), change.new.as_ref().map(|file| file.id)));
    left.chain(come)
}

/// The spans within one in which something holds.
fn spans_of(runs: &[(usize, HeldFiles)], within: Span, holds: impl Fn(&HeldFiles) -> bool) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let first = runs.partition_point(|(start, _)| *start <= within.start).saturating_sub(1);
    for (at, (start, files)) in runs.iter().enumerate().skip(first) {
        let start = within.start.max(*start);
        let end = runs.get(at + 1).map_or(within.end, |(next, _)| within.end.min(*next));
        if start >= within.end {
            break;
        }
        if start >= end || !holds(files) {
            continue;
        }
        match spans.last_mut().filter(|last| last.end == start) {
            Some(last) => last.end = end,
            None => spans.push(start..end),
        }
    }
    spans
}

/// Whether two times have a commit in common.
#[must_use]
pub fn meet(one: &[Span], other: &[Span]) -> bool {
    last_in_common(one, other).is_some()
}

/// The last commit that two times have in common.
#[must_use]
pub fn last_in_common(one: &[Span], other: &[Span]) -> Option<usize> {
    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
    let common = pairs.filter(|(one, other)| one.start < other.end && other.start < one.end);
    common.map(|(one, other)| one.end.min(other.end).saturating_sub(1)).max()
}

fn apply(files: &mut HeldFiles, writes: &[Write]) {
    writes.iter().for_each(|(path, held)| files.set(path, *held));
}

/// The commits to which all before them lead, and from which all after them come.
fn joints_of(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut last_child: Vec<usize> = vec![0; parents.len()];
    for (number, parents) in parents.iter().enumerate() {
        for parent in parents {
            if let Some(last) = last_child.get_mut(*parent) {
                *last = number;
            }
        }
    }
    let mut open = 0_usize;
    let mut joints = Vec::new();
    for (number, parents) in parents.iter().enumerate() {
        let mut parents = parents.clone();
        parents.sort_unstable();
        parents.dedup();
        let closed = parents.iter().filter(|parent| last_child.get(**parent) == Some(&number)).count();
        open = open.saturating_sub(closed) + 1;
        if parents.is_empty() {
            // A history of its own begins here: what came before it is none of its past.
            joints.clear();
        }
        if open == 1 {
            joints.push(number);
        }
    }
    joints
}
