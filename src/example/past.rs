//! From the last state back to the first: all commits of the example, and the repository that is made of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::embedded;
use super::script::{ScriptError, Scripted};
use crate::provenance::{demonstration_key, sign};
use crate::repository::{ContentId, Files, NewCommit, WritingError, write_history};

/// The example archive and the commits that led to it.
pub struct Example {
    commits: Vec<NewCommit>,
    /// The commits that are signed, each with the word of the demonstration key.
    signed: BTreeMap<usize, String>,
}

impl Example {
    /// Works its past out, from `archive/` as it was when the program was built.
    ///
    /// # Errors
    /// Where a commit cannot have led to what follows it.
    pub fn read() -> Result<Self, ScriptError> {
        Self::of(embedded::commits()?, &embedded::archive())
    }

    /// The files of its last commit.
    #[must_use]
    pub fn files(&self) -> Files {
        self.commits.last().map(|last| last.files.clone()).unwrap_or_default()
    }

    /// The example with one more commit, which adds files that are made from it: `archive/` does not hold them. Whoever
    /// committed last commits them, a quarter of an hour later.
    #[must_use]
    pub fn with_made(mut self, files: Files, message: &str) -> Self {
        if let Some(mut next) = self.commits.last().cloned() {
            next.parents = vec![self.commits.len() - 1];
            next.committer.at.seconds += 15 * 60;
            next.author = next.committer.clone();
            next.files.extend(files);
            next.message = format!("{message}\n");
            self.commits.push(next);
        }
        self
    }

    /// Writes it as a new repository with a work tree, and returns the ids of its commits in order. The ids
    /// are the same everywhere: names, clocks and signatures are those of the example.
    ///
    /// # Errors
    /// Where there is a repository in the folder already, or it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Vec<ContentId>, WritingError> {
        let signer = |number: usize, bytes: &[u8]| {
            let key = demonstration_key(self.signed.get(&number)?)?;
            sign(&key.private, bytes)
        };
        write_history(folder, &self.commits, &signer)
    }

    #[cfg(test)]
    pub(super) fn commits(&self) -> &[NewCommit] {
        &self.commits
    }

    pub(super) fn of(scripted: Vec<Scripted>, archive: &Files) -> Result<Self, ScriptError> {
        let branches = branches(&scripted)?;
        let states = states(&scripted, &branches, archive)?;
        let mut commits = Vec::new();
        let (mut signed, mut main, mut tips) = (BTreeMap::new(), None, BTreeMap::new());
        for (number, (told, files)) in scripted.into_iter().zip(states).enumerate() {
            let mut parents = Vec::new();
            match &told.branch {
                None => {
                    parents.extend(main.replace(number));
                    parents.extend(told.merges.as_ref().and_then(|branch| tips.get(branch)));
                }
                Some(branch) => parents.extend(tips.insert(branch.clone(), number).or(main)),
            }
            if let Some(key) = told.signed {
                signed.insert(number, key);
            }
            let message = format!("{}\n", told.message.trim_end());
            commits.push(NewCommit { files, parents, author: told.author, committer: told.committer, message });
        }
        Ok(Self { commits, signed })
    }
}

/// The commits of each branch, in order. Each is begun and merged once, and time does not run backwards.
fn branches(scripted: &[Scripted]) -> Result<BTreeMap<&str, Vec<usize>>, ScriptError> {
    let mut branches: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut merged = BTreeSet::new();
    let mut before = i64::MIN;
    for (number, told) in scripted.iter().enumerate() {
        let wrong = |message: &str| Err(ScriptError { place: told.place.clone(), message: message.to_owned() });
        if told.committer.at.seconds <= before || told.author.at.seconds > told.committer.at.seconds {
            return wrong("it is committed after the commit above it, and not before it was made");
        }
        before = told.committer.at.seconds;
        match (told.branch.as_deref(), told.merges.as_deref()) {
            (Some(_), Some(_)) => return wrong("main alone merges"),
            (Some(branch), None) if merged.contains(branch) => return wrong("this branch is merged already"),
            (Some(_), None) if number == 0 => return wrong("the first commit is on main"),
            (Some(branch), None) => branches.entry(branch).or_default().push(number),
            (None, Some(branch)) if !branches.contains_key(branch) => return wrong("there is no such branch"),
            (None, Some(branch)) if !merged.insert(branch) => return wrong("this branch is merged already"),
            _ => {}
        }
    }
    match branches.iter().find(|(branch, _)| !merged.contains(*branch)) {
        Some((branch, _)) => Err(ScriptError { place: (*branch).to_owned(), message: "it is never merged".into() }),
        None => Ok(branches),
    }
}

/// The files of every commit. Main is undone from its last commit to its first, each merge with what its branch
/// brought; then the branches are done again from where they began.
fn states(
    scripted: &[Scripted],
    branches: &BTreeMap<&str, Vec<usize>>,
    archive: &Files,
) -> Result<Vec<Files>, ScriptError> {
    let mut states = vec![Files::new(); scripted.len()];
    // What each edit had added, for the edits of branches.
    let mut added: BTreeMap<(usize, usize), Files> = BTreeMap::new();
    let mut now = archive.clone();
    let mut undo = |told: &Scripted, number: usize, settled: &[String], now: &mut Files| {
        for (at, (place, edit)) in told.edits.iter().enumerate().rev() {
            if edit.changes().is_some_and(|path| settled.iter().any(|settled| settled == path)) {
                continue;
            }
            let taken = edit.undo(now, archive).map_err(|message| ScriptError { place: place.clone(), message })?;
            added.insert((number, at), taken);
        }
        Ok(())
    };
    for (number, told) in scripted.iter().enumerate().rev().filter(|(_, told)| told.branch.is_none()) {
        if let Some(state) = states.get_mut(number) {
            state.clone_from(&now);
        }
        undo(told, number, &[], &mut now)?;
        let merged = told.merges.as_deref().and_then(|branch| branches.get(branch));
        for &number in merged.into_iter().flatten().rev() {
            if let Some(told_there) = scripted.get(number) {
                undo(told_there, number, &told.settles, &mut now)?;
            }
        }
    }
    if !now.is_empty() {
        let paths: Vec<&str> = now.keys().map(String::as_str).collect();
        let place = scripted.first().map(|told| told.place.clone()).unwrap_or_default();
        return Err(ScriptError { place, message: format!("no commit adds {}", paths.join(", ")) });
    }
    for commits in branches.values() {
        let first = commits.first().copied().unwrap_or_default();
        let begun = scripted.iter().take(first).rposition(|told| told.branch.is_none());
        let mut now = begun.and_then(|at| states.get(at)).cloned().unwrap_or_default();
        for &number in commits {
            let Some(told) = scripted.get(number) else { continue };
            for (at, (place, edit)) in told.edits.iter().enumerate() {
                let nothing = Files::new();
                let taken = added.get(&(number, at)).unwrap_or(&nothing);
                edit.redo(&mut now, taken).map_err(|message| ScriptError { place: place.clone(), message })?;
            }
            if let Some(state) = states.get_mut(number) {
                state.clone_from(&now);
            }
        }
    }
    Ok(states)
}
