//! A hold against every way to lose a record.

use super::of_past::of_past;
use crate::archive::Archive;
use crate::finding::Severity;
use crate::repository::{Files, Moment, NewCommit, Past, Stamp, open_commit, write_history};
use std::sync::Arc;

const CONTRACT: &str = "customers/group/yunxi/contracts/2024-017.md";
const HOLD: &str = "customers/group/yunxi/holds/line.yaml";
const LIST: &str = "customers/group/yunxi/contacts/people.yaml";
const SERIES: &str = "customers/group/yunxi/traffic/2026.csv";
const SCAN: &str = "customers/group/yunxi/contracts/2024-017.pdf";

/// The archive in which a hold was placed on all that there is of one contract, and on other things.
fn begun() -> Vec<(&'static str, String)> {
    let contract =
        "---\nnumber: 2024-017\nsigned: 2024-03-18\nattachments: [2024-017.pdf]\n---\nOne.\n\n## Price\n\nTwo.\n";
    let people = "records:\n  - {id: wang, name: 王敏}\n  - {id: zhou, name: 周宁}\n";
    let hold = "documents: [yunxi/contracts/2024-017, yunxi/contacts/people/wang, yunxi/traffic/2026]\nplaced_by: 何军\nplaced_on: 2026-05-01\n";
    vec![
        ("strongroom.yaml", "title: x\n".to_owned()),
        ("customers/group/yunxi/dossier.yaml", "name: 云溪\naudience: staff\n".to_owned()),
        ("customers/other/dossier.yaml", "name: 别家\naudience: staff\n".to_owned()),
        (CONTRACT, contract.to_owned()),
        (SCAN, "%PDF one".to_owned()),
        (LIST, people.to_owned()),
        (SERIES, "week,use\n2026-W01,5\n2026-W02,6\n".to_owned()),
        (HOLD, hold.to_owned()),
    ]
}

#[derive(Default)]
struct Told(Vec<NewCommit>);

impl Told {
    fn begun() -> Self {
        let mut told = Self::default();
        let files = begun();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        told.put(&[], &files);
        told
    }

    /// A commit after others: files of the first of them, and these; nothing takes one away.
    fn put(&mut self, parents: &[usize], files: &[(&str, &str)]) -> usize {
        let mut all: Files = parents.first().map(|at| self.0[*at].files.clone()).unwrap_or_default();
        for (path, text) in files {
            all.insert((*path).to_owned(), Arc::from(text.as_bytes()));
            if text.is_empty() {
                all.remove(*path);
            }
        }
        let at = Moment { seconds: 1_772_414_100 + self.0.len() as i64 * 60, offset_minutes: 480 };
        let stamp = Stamp { name: "sun-qian".into(), mail: "sun.qian@yunxi.example".into(), at };
        let (author, committer) = (stamp.clone(), stamp);
        self.0.push(NewCommit { files: all, parents: parents.to_vec(), author, committer, message: "x\n".into() });
        self.0.len() - 1
    }

    /// Moves a file, as git would.
    fn moved(&mut self, from: &str, to: &str) {
        let content = Arc::clone(&self.0[0].files[from]);
        let at = self.put(&[self.0.len() - 1], &[(from, "")]);
        self.0[at].files.insert(to.to_owned(), content);
    }

    fn edited(&mut self, path: &str, was: &str, now: &str) {
        let text = String::from_utf8(self.0.last().unwrap().files[path].to_vec()).unwrap();
        assert!(text.contains(was), "{text}");
        self.put(&[self.0.len() - 1], &[(path, &text.replace(was, now))]);
    }

    /// Code, severity, file and message of what is found.
    fn found(&self) -> Vec<(&'static str, Severity, String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_history(&path, &self.0, &|_, _| None).unwrap();
        let snapshot = open_commit(&path, None, None).unwrap();
        let archive = Archive::read(&snapshot, "2026-11-23".parse().unwrap()).archive;
        let findings = of_past(&Past::read(&path, None, None).unwrap(), &snapshot, &archive);
        let file = |finding: &crate::finding::Finding| finding.place.as_ref().unwrap().file.to_string();
        findings.iter().map(|f| (f.code.0, f.severity, file(f), f.message.clone())).collect()
    }

    #[track_caller]
    fn violated(&self, file: &str, says: &str) {
        let found = self.found();
        let hit = found.iter().any(|(code, severity, at, message)| {
            (*code, *severity, at.as_str()) == ("hold-violated", Severity::Error, file) && message.contains(says)
        });
        assert!(hit, "{says} at {file}: {found:#?}");
    }
}

const RELEASE: (&str, &str) =
    ("placed_on: 2026-05-01\n", "placed_on: 2026-05-01\nreleased_by: 赵敏\nreleased_on: 2026-11-01\n");

/// A way to lose something.
type Way = Box<dyn Fn(&mut Told)>;

#[test]
fn what_is_held_and_stays_is_no_finding() {
    let mut told = Told::begun();
    assert_eq!(told.found(), []);
    told.edited(SERIES, "2026-W02,6\n", "2026-W02,6\n2026-W03,7\n");
    told.edited(LIST, "周宁", "周宁宁");
    told.put(&[2], &[("customers/group/yunxi/visits/2026-11-01.md", "---\n---\nx\n")]);
    assert!(told.found().iter().all(|(code, ..)| *code == "held-changed"), "{:#?}", told.found());
}

#[test]
fn every_way_to_lose_a_record_violates_its_hold() {
    let gone = "its file is gone with commit ";
    let ways: Vec<(&str, &str, Way)> = vec![
        (
            CONTRACT,
            gone,
            Box::new(|told| {
                told.put(&[0], &[(CONTRACT, "")]);
            }),
        ),
        (
            SCAN,
            gone,
            Box::new(|told| {
                told.put(&[0], &[(SCAN, "")]);
            }),
        ),
        (
            SCAN,
            "its content was replaced",
            Box::new(|told| {
                told.put(&[0], &[(SCAN, "%PDF two")]);
            }),
        ),
        (
            CONTRACT,
            "it names its attachment ‹2024-017.pdf› no more",
            Box::new(|told| told.edited(CONTRACT, "attachments: [2024-017.pdf]\n", "")),
        ),
        (CONTRACT, "its file lies in no dossier any more", Box::new(|told| told.moved(CONTRACT, "notes/2024-017.md"))),
        (
            CONTRACT,
            "its type ‹contract› became ‹visit›",
            Box::new(|told| told.moved(CONTRACT, "customers/group/yunxi/visits/2024-017.md")),
        ),
        (
            CONTRACT,
            "its type ‹contract› became ‹visit›",
            Box::new(|told| told.edited(CONTRACT, "---\nnumber", "---\ntype: visit\nnumber")),
        ),
        (
            CONTRACT,
            "nothing of what it said is left",
            Box::new(|told| {
                told.put(&[0], &[(CONTRACT, "---\ntitle: x\n---\n")]);
            }),
        ),
        (CONTRACT, "the field ‹signed› is gone", Box::new(|told| told.edited(CONTRACT, "signed: 2024-03-18\n", ""))),
        (CONTRACT, "the section ‹Price› is gone", Box::new(|told| told.edited(CONTRACT, "## Price\n\nTwo.\n", ""))),
        (LIST, "the item ‹wang› is gone", Box::new(|told| told.edited(LIST, "  - {id: wang, name: 王敏}\n", ""))),
        (
            LIST,
            gone,
            Box::new(|told| {
                told.put(&[0], &[(LIST, "")]);
            }),
        ),
        (SERIES, "the row ‹2026-W01› is gone", Box::new(|told| told.edited(SERIES, "2026-W01,5\n", ""))),
        (
            HOLD,
            "the hold on ‹yunxi/contacts/people/wang› is gone",
            Box::new(|told| {
                told.put(&[0], &[(HOLD, "")]);
            }),
        ),
        (
            HOLD,
            "names ‹yunxi/contacts/people/wang› no more",
            Box::new(|told| told.edited(HOLD, "yunxi/contacts/people/wang, ", "")),
        ),
        (HOLD, "is no hold any more", Box::new(|told| told.edited(HOLD, "documents", "type: visit\ndocuments"))),
        (HOLD, "is no hold any more", Box::new(|told| told.edited(HOLD, "documents: [", "documents: [["))),
    ];
    for (file, says, lose) in ways {
        let mut told = Told::begun();
        lose(&mut told);
        told.violated(file, says);
    }
}

#[test]
fn a_dossier_that_goes_as_a_whole_is_told_with_all_that_was_in_it() {
    for covers in ["dossier", "customer"] {
        let mut told = Told::begun();
        told.edited(HOLD, "placed_by", &format!("covers: {covers}\nplaced_by"));
        let files = begun();
        let gone: Vec<(&str, &str)> =
            files.iter().map(|(path, _)| (*path, "")).filter(|(p, _)| p.contains("yunxi/")).collect();
        told.put(&[1], &gone);
        told.violated(LIST, "(and 4 more files)");
        told.violated(HOLD, "the hold on ‹yunxi› is gone");
    }
}

#[test]
fn a_rename_inside_a_dossier_or_of_it_loses_nothing_and_is_followed() {
    let mut told = Told::begun();
    let renamed = "customers/group/yunxi/contracts/2024-017-A.md";
    told.moved(CONTRACT, renamed);
    assert!(told.found().iter().all(|(code, ..)| *code != "hold-violated"), "{:#?}", told.found());
    told.put(&[1], &[(renamed, "")]);
    told.violated(CONTRACT, "its file is gone with commit ");
}

#[test]
fn what_went_on_a_branch_or_with_a_clock_set_back_is_lost_as_well() {
    let mut told = Told::default();
    let files = begun();
    let without: Vec<(&str, &str)> =
        files.iter().filter(|(path, _)| *path != HOLD).map(|(path, text)| (*path, text.as_str())).collect();
    told.put(&[], &without);
    // The branch begins before the hold is placed, and its clock stands still.
    let side = told.put(&[0], &[(CONTRACT, "")]);
    let main = told.put(&[0], &[(HOLD, &files.last().unwrap().1)]);
    told.put(&[side, main], &[(HOLD, &files.last().unwrap().1)]);
    told.violated(CONTRACT, "its file is gone with commit ");
}

#[test]
fn what_came_back_is_not_lost() {
    let mut told = Told::begun();
    told.put(&[0], &[(CONTRACT, "")]);
    let content = begun().into_iter().find(|(path, _)| *path == CONTRACT).unwrap().1;
    told.put(&[1], &[(CONTRACT, &content)]);
    assert_eq!(told.found(), []);
}

#[test]
fn after_a_release_everything_may_go_and_nothing_before_it() {
    let mut told = Told::begun();
    told.edited(HOLD, RELEASE.0, RELEASE.1);
    assert_eq!(told.found(), []);
    told.put(&[1], &[(CONTRACT, ""), (SCAN, "")]);
    told.put(&[2], &[(HOLD, "")]);
    assert_eq!(told.found(), []);
    let mut told = Told::begun();
    told.put(&[0], &[(CONTRACT, "")]);
    told.edited(HOLD, RELEASE.0, RELEASE.1);
    let found = told.found();
    assert_eq!((found[0].0, found[0].1), ("hold-violated", Severity::Warning), "{found:#?}");
    // Half a release is none, and one that lets go of something in the same commit lets go of it too early.
    let mut told = Told::begun();
    told.edited(HOLD, RELEASE.0, "placed_on: 2026-05-01\nreleased_on: 2026-11-01\n");
    told.put(&[1], &[(SERIES, "")]);
    told.violated(SERIES, "its file is gone");
    let mut told = Told::begun();
    let text =
        begun().pop().unwrap().1.replace("yunxi/traffic/2026", "yunxi/traffic/2025").replace(RELEASE.0, RELEASE.1);
    told.put(&[0], &[(HOLD, &text)]);
    told.violated(HOLD, "names ‹yunxi/traffic/2026› no more");
}

#[test]
fn of_several_holds_one_that_was_released_leaves_the_others_standing() {
    let mut told = Told::begun();
    let hold = begun().pop().unwrap().1;
    told.put(&[0], &[("customers/group/yunxi/holds/price.yaml", &hold)]);
    told.edited(HOLD, RELEASE.0, RELEASE.1);
    told.put(&[2], &[(CONTRACT, "")]);
    told.violated(CONTRACT, "is held by ‹customers/group/yunxi/holds/price.yaml›");
    assert_eq!(told.found().iter().filter(|found| found.0 == "hold-violated").count(), 1);
}
