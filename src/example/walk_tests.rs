//! The repository of the example, read with libgit2: what each commit changed, and that all machines write the same.

use super::past::Example;
use crate::provenance::{ALLOWED_SIGNERS, Signed, Signers, Verdict};
use crate::text::Source;
use git2::{Commit, ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};
use std::collections::{BTreeMap, BTreeSet};

/// A commit with what it changed against its first parent.
pub(super) struct Step<'r> {
    pub(super) commit: Commit<'r>,
    /// All its files.
    pub(super) files: BTreeMap<String, Oid>,
    pub(super) changed: Vec<Changed>,
}

/// A path that a commit changed.
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) old: Option<Vec<u8>>,
    pub(super) new: Option<Vec<u8>>,
}

impl Changed {
    pub(super) fn texts(&self) -> Option<(&str, &str)> {
        Some((text(&self.old)?, text(&self.new)?))
    }

    /// Lines that are only in the old, and only in the new text.
    pub(super) fn lines(&self) -> Option<(Vec<&str>, Vec<&str>)> {
        let (old, new) = self.texts()?;
        let (was, is): (BTreeSet<&str>, BTreeSet<&str>) = (old.lines().collect(), new.lines().collect());
        Some((
            old.lines().filter(|line| !is.contains(line)).collect(),
            new.lines().filter(|line| !was.contains(line)).collect(),
        ))
    }

    /// Whether a line that begins like this was exchanged for another that begins like it, and both fit.
    pub(super) fn value(&self, key: &str, fits: impl Fn(&str, &str) -> bool) -> bool {
        let Some((old, new)) = self.lines() else { return false };
        let values = |lines: Vec<&str>| lines.iter().find_map(|l| l.trim().strip_prefix(key).map(str::to_owned));
        matches!((values(old), values(new)), (Some(was), Some(is)) if fits(&was, &is))
    }
}

pub(super) fn text(bytes: &Option<Vec<u8>>) -> Option<&str> {
    std::str::from_utf8(bytes.as_ref()?).ok()
}

fn files(commit: &Commit<'_>) -> BTreeMap<String, Oid> {
    let mut files = BTreeMap::new();
    let tree = commit.tree().unwrap();
    tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
        if entry.kind() == Some(ObjectType::Blob) {
            files.insert(format!("{folder}{}", entry.name().unwrap()), entry.id());
        }
        TreeWalkResult::Ok
    })
    .unwrap();
    files
}

pub(super) fn walk(repository: &Repository) -> Vec<Step<'_>> {
    let mut walk = repository.revwalk().unwrap();
    walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE).unwrap();
    walk.push_head().unwrap();
    let content = |id: &Oid| repository.find_blob(*id).unwrap().content().to_vec();
    let step = |id: Oid| {
        let commit = repository.find_commit(id).unwrap();
        let now = files(&commit);
        let before = commit.parent(0).map(|parent| files(&parent)).unwrap_or_default();
        let paths: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let changed = paths.into_iter().filter(|path| before.get(*path) != now.get(*path)).map(|path| Changed {
            path: path.clone(),
            old: before.get(path).map(content),
            new: now.get(path).map(content),
        });
        Step { changed: changed.collect(), files: now, commit }
    };
    walk.map(|id| step(id.unwrap())).collect()
}

pub(super) fn record(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".yaml")
}

/// The folder of the dossier, with its group; none for what lies elsewhere.
pub(super) fn dossier(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.strip_prefix("customers/")?.split('/');
    Some((parts.next()?, parts.next()?))
}

/// How many of the lines of a file are in another, of a hundred.
pub(super) fn alike(one: &str, other: &str) -> usize {
    let lines: BTreeSet<&str> = other.lines().collect();
    let all = one.lines().count().max(other.lines().count()).max(1);
    one.lines().filter(|line| lines.contains(line)).count() * 100 / all
}

impl Step<'_> {
    pub(super) fn merge(&self) -> bool {
        self.commit.parent_count() == 2
    }

    pub(super) fn any(&self, fits: impl Fn(&Changed) -> bool) -> bool {
        !self.merge() && self.changed.iter().any(fits)
    }

    /// Whether one file went and another came such that it fits: path and text of both.
    pub(super) fn moved(&self, fits: impl Fn((&str, &str), (&str, &str)) -> bool) -> bool {
        let gone = self.changed.iter().filter(|c| c.new.is_none());
        let mut gone = gone.filter_map(|c| Some((c.path.as_str(), text(&c.old)?)));
        let came = |from| {
            let came = self.changed.iter().filter(|c| c.old.is_none());
            came.filter_map(|c| Some((c.path.as_str(), text(&c.new)?))).any(|to| fits(from, to))
        };
        !self.merge() && gone.any(came)
    }

    pub(super) fn conflict(&self, repository: &Repository) -> bool {
        let sides = (self.commit.parent(0).unwrap(), self.commit.parent(1).unwrap());
        repository.merge_commits(&sides.0, &sides.1, None).unwrap().has_conflicts()
    }
}

#[test]
fn two_runs_write_the_same_commits_and_the_tip_is_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    let one = Example::read().unwrap().write(&folder.path().join("one")).unwrap();
    let two = Example::read().unwrap().write(&folder.path().join("two")).unwrap();
    assert_eq!(one, two);
    let repository = Repository::open(folder.path().join("one")).unwrap();
    let tip = repository.head().unwrap().peel_to_commit().unwrap();
    assert_eq!(tip.id().to_string(), one.last().unwrap().to_string());
    let archive = super::embedded::archive();
    let files = files(&tip);
    assert!(files.keys().eq(archive.keys()));
    for (path, id) in files {
        assert!(repository.find_blob(id).unwrap().content() == &*archive[&path], "{path}");
        assert!(std::fs::read(folder.path().join("one").join(&path)).unwrap() == *archive[&path], "{path}");
    }
    assert!(repository.statuses(None).unwrap().is_empty());
}

#[test]
fn signatures_are_good_but_for_three_that_are_shown_for_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let ids = Example::read().unwrap().write(folder.path()).unwrap();
    let repository = Repository::open(folder.path()).unwrap();
    let archive = super::embedded::archive();
    let source = Source::decode(ALLOWED_SIGNERS, &archive[ALLOWED_SIGNERS]).unwrap();
    let mut findings = Vec::new();
    let signers = Signers::read(&source, &mut findings);
    assert_eq!(findings, []);
    let mut verdicts = BTreeMap::new();
    for id in &ids {
        let id = Oid::from_str(&id.to_string()).unwrap();
        let committer = repository.find_commit(id).unwrap().committer().to_owned();
        let (signature, signed) = match repository.extract_signature(&id, None) {
            Ok((signature, signed)) => (signature.to_vec(), signed.to_vec()),
            Err(_) => continue,
        };
        let mail = String::from_utf8(committer.email_bytes().to_vec()).unwrap();
        let verdict = match signers.judge(&signature, &signed, committer.when().seconds(), &mail) {
            Signed::Ssh(Verdict::Good { .. }) => "good",
            Signed::Ssh(Verdict::OtherPerson { .. }) => "of another person",
            Signed::Ssh(Verdict::UnknownKey { .. }) => "unknown",
            Signed::Ssh(Verdict::OutsideItsTime { .. }) => "outside its time",
            other => panic!("{other:?}"),
        };
        *verdicts.entry(verdict).or_insert(0) += 1;
    }
    assert!(verdicts.remove("good") > Some(20));
    let odd = [("of another person", 1), ("outside its time", 1), ("unknown", 1)];
    assert_eq!(verdicts, odd.into());
}
