//! Who may change the rules, on histories that are made for it: straight, branched, merged, cut.

use super::of_past::of_past;
use crate::archive::Archive;
use crate::finding::{Finding, Severity};
use crate::provenance::{demonstration_key, sign};
use crate::repository::{Files, Moment, NewCommit, Past, Stamp, open_commit, write_history};
use std::sync::Arc;

const RULES: &str = "audiences: {legal: {readers: []}}\n";

/// A history that is being made.
#[derive(Default)]
pub(super) struct Told {
    pub(super) commits: Vec<NewCommit>,
    pub(super) signed: Vec<Option<&'static str>>,
}

/// The line of `allowed_signers` of somebody.
fn line(person: &str) -> String {
    let key = demonstration_key(person).unwrap().public;
    format!("{}@yunxi.example {key}\n", person.replace('-', "."))
}

impl Told {
    /// An archive whose first commit names Li Wei and Wu Jie, who have keys; Sun Qian has one and is not named.
    fn begun() -> Self {
        let mut told = Self::default();
        told.put(&[], None, &[("strongroom.yaml", &format!("{RULES}signers: [li-wei, wu.jie@yunxi.example]\n"))]);
        let allowed: String = ["li-wei", "wu-jie", "sun-qian"].map(line).concat();
        told.signed[0] = Some("sun-qian");
        told.commits[0].files.insert("allowed_signers".into(), Arc::from(allowed.as_bytes()));
        told
    }

    /// A commit after others, with the files of the first of them and these; an empty text takes a file away.
    pub(super) fn put(&mut self, parents: &[usize], by: Option<&'static str>, files: &[(&str, &str)]) -> usize {
        let mut all: Files = parents.first().map(|at| self.commits[*at].files.clone()).unwrap_or_default();
        for (path, text) in files {
            all.insert((*path).to_owned(), Arc::from(text.as_bytes()));
            if text.is_empty() {
                all.remove(*path);
            }
        }
        let name = by.unwrap_or("nobody");
        let at = Moment { seconds: 1_772_414_100 + self.commits.len() as i64 * 60, offset_minutes: 480 };
        let stamp = Stamp { name: name.into(), mail: format!("{}@yunxi.example", name.replace('-', ".")), at };
        let message = format!("第 {} 次\n", self.commits.len());
        self.commits.push(NewCommit {
            files: all,
            parents: parents.to_vec(),
            author: stamp.clone(),
            committer: stamp,
            message,
        });
        self.signed.push(by);
        self.commits.len() - 1
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let key = |n: usize| demonstration_key(self.signed[n]?);
        write_history(&path, &self.commits, &|n, bytes| sign(&key(n)?.private, bytes)).unwrap();
        let snapshot = open_commit(&path, None, None).unwrap();
        let archive = Archive::read(&snapshot, "2026-11-23".parse().unwrap()).archive;
        of_past(&Past::read(&path, None, None).unwrap(), &snapshot, &archive)
    }

    /// The files that changes are told of.
    fn told(&self) -> Vec<String> {
        let findings = self.findings();
        assert!(findings.iter().all(|finding| finding.severity == Severity::Error && !finding.remedy.is_empty()));
        findings.iter().map(|finding| finding.place.as_ref().unwrap().file.to_string()).collect()
    }
}

const TYPE: (&str, &str) = ("types/note.yaml", "title: 便笺\nfolder: notes\naudience: staff\n");

#[test]
fn who_is_named_may_change_the_rules_and_nobody_else() {
    for (by, found) in [(Some("li-wei"), 0), (Some("wu-jie"), 0), (Some("sun-qian"), 1), (None, 1)] {
        for path in ["types/note.yaml", "readers/x.yaml", "theme/words/zh.yaml", "strongroom.yaml", "allowed_signers"] {
            let mut told = Told::begun();
            told.put(&[0], by, &[(path, "title: x\n")]);
            assert_eq!(told.told(), vec![path.to_owned(); found], "{by:?}");
        }
    }
}

#[test]
fn everybody_may_change_everything_else_and_anything_before_signers_were_named() {
    let mut told = Told::begun();
    told.put(&[0], None, &[("customers/yunxi/dossier.yaml", "name: x\n"), ("types.md", "x"), ("notes/types/a", "x")]);
    assert_eq!(told.told(), [""; 0]);
    let mut told = Told::default();
    told.put(&[], None, &[("strongroom.yaml", RULES)]);
    told.put(&[0], None, &[TYPE]);
    told.put(&[1], None, &[("strongroom.yaml", &format!("{RULES}signers: li-wei\n"))]);
    told.put(&[2], None, &[("types/note.yaml", "")]);
    assert_eq!(told.told(), ["types/note.yaml"], "from the commit that named them on");
}

#[test]
fn who_takes_the_names_away_or_adds_himself_is_judged_by_what_stood_before() {
    for text in [RULES.to_owned(), format!("{RULES}signers: sun-qian\n"), "title: [\n".to_owned(), String::new()] {
        let mut told = Told::begun();
        let gone = told.put(&[0], Some("sun-qian"), &[("strongroom.yaml", &text)]);
        assert_eq!(told.told(), ["strongroom.yaml"], "{text}");
        if text.is_empty() || text.starts_with("title") {
            told.put(&[gone], None, &[TYPE]);
            assert_eq!(told.told().len(), 2, "settings that are gone let nobody in: {text}");
        }
    }
    let mut told = Told::begun();
    let added = told.put(&[0], Some("wu-jie"), &[("strongroom.yaml", &format!("{RULES}signers: sun-qian\n"))]);
    told.put(&[added], Some("sun-qian"), &[TYPE]);
    told.put(&[added + 1], Some("li-wei"), &[("types/note.yaml", "")]);
    assert_eq!(told.told(), ["types/note.yaml"], "Li Wei is named no more");
}

#[test]
fn a_merge_that_joins_what_was_signed_needs_no_signature() {
    let mut told = Told::begun();
    let theirs = told.put(&[0], Some("li-wei"), &[TYPE]);
    let ours = told.put(&[0], None, &[("notes.md", "x")]);
    told.put(&[ours, theirs], None, &[TYPE]);
    assert_eq!(told.told(), [""; 0]);
}

#[test]
fn an_evil_merge_is_told() {
    // One that changes what neither branch has, one that undoes what a branch did, and one that keeps the old rules.
    for files in
        [vec![("types/note.yaml", "title: y\n")], vec![("types/note.yaml", "")], vec![TYPE, ("types/b.yaml", "x")]]
    {
        for (by, found) in [(None, 1), (Some("sun-qian"), 1), (Some("li-wei"), 0)] {
            let mut told = Told::begun();
            let theirs = told.put(&[0], Some("li-wei"), &[TYPE]);
            let ours = told.put(&[0], None, &[("notes.md", "x")]);
            told.put(&[ours, theirs], by, &files);
            assert_eq!(told.told().len(), found, "{files:?} {by:?}");
        }
    }
}

#[test]
fn a_branch_from_before_the_rules_brings_nothing_in_unsigned() {
    for (by, found) in [(None, 1), (Some("li-wei"), 0)] {
        let mut told = Told::default();
        told.put(&[], None, &[("strongroom.yaml", RULES)]);
        let side = told.put(&[0], None, &[TYPE]);
        let begun = Told::begun().commits[0].files.clone();
        let main = told.put(&[0], None, &[]);
        told.commits[main].files = begun;
        let last = told.put(&[main, side], by, &[TYPE]);
        assert_eq!(told.told().len(), found, "{by:?}");
        told.commits[last].parents.reverse();
        assert_eq!(told.told().len(), found, "whichever branch is named first: {by:?}");
    }
}

#[test]
fn who_was_dismissed_cannot_work_on_from_an_old_branch() {
    for reversed in [false, true] {
        let mut told = Told::begun();
        let main =
            told.put(&[0], Some("wu-jie"), &[("strongroom.yaml", &format!("{RULES}signers: wu.jie@yunxi.example\n"))]);
        let side = told.put(&[0], Some("li-wei"), &[TYPE]);
        let last = told.put(&[main, side], None, &[TYPE]);
        if reversed {
            told.commits[last].parents.reverse();
        }
        assert_eq!(told.told(), ["types/note.yaml"]);
    }
    let mut told = Told::begun();
    let names = format!("{RULES}signers: [li-wei, wu.jie@yunxi.example, sun-qian]\n");
    let main = told.put(&[0], Some("wu-jie"), &[("strongroom.yaml", &names)]);
    let main = told.put(&[main], Some("sun-qian"), &[TYPE]);
    let side = told.put(&[0], None, &[("notes.md", "x")]);
    told.put(&[side, main], None, &[("strongroom.yaml", &names), TYPE]);
    assert_eq!(told.told(), [""; 0], "a newcomer whom the main branch let in is welcome on an old one");
}

#[test]
fn a_commit_that_stands_is_ratified_by_one_who_might_have_made_it() {
    let mut told = Told::begun();
    told.put(&[0], None, &[TYPE]);
    let id = |told: &Told| {
        let remedy = told.findings()[0].remedy.clone();
        remedy.split("Ratifies: ").nth(1).unwrap().trim_end_matches('`').to_owned()
    };
    let offending = id(&told);
    for (by, found) in [(None, 1), (Some("sun-qian"), 1), (Some("li-wei"), 0)] {
        let last = told.put(&[1], by, &[]);
        told.commits[last].message = format!("追认\n\nRatifies: {}\n", &offending[..12]);
        assert_eq!(told.findings().len(), found, "{by:?}");
        told.commits.pop();
        told.signed.pop();
    }
}

#[test]
fn a_message_names_commit_person_file_and_reason() {
    let mut told = Told::begun();
    told.put(&[0], Some("sun-qian"), &[TYPE, ("readers/x.yaml", "name: x\n")]);
    let message = told.findings()[0].message.clone();
    for said in ["‹sun-qian›", "‹readers/x.yaml› and another file", "signed by ‹sun.qian@yunxi.example›", "2026-03-02"]
    {
        assert!(message.contains(said), "{said}: {message}");
    }
}

#[test]
fn a_shallow_clone_says_what_it_does_not_see() {
    let mut told = Told::begun();
    told.put(&[0], Some("li-wei"), &[TYPE]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let ids =
        write_history(&path, &told.commits, &|n, bytes| sign(&demonstration_key(told.signed[n]?)?.private, bytes));
    std::fs::write(path.join(".git/shallow"), format!("{}\n", ids.unwrap()[1])).unwrap();
    let snapshot = open_commit(&path, None, None).unwrap();
    let archive = Archive::read(&snapshot, "2026-11-23".parse().unwrap()).archive;
    let findings = of_past(&Past::read(&path, None, None).unwrap(), &snapshot, &archive);
    let codes: Vec<_> = findings.iter().map(|finding| (finding.code.0, finding.severity)).collect();
    assert_eq!(codes, [("signers-unseen", Severity::Warning)]);
}
