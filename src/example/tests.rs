//! What the past of the example must keep to, whatever it tells.

use super::embedded;
use super::past::Example;
use super::script::{People, read_commits, read_people};
use crate::archive::Archive;
use crate::finding::Finding;
use crate::repository::{ContentId, Files, NewCommit, Snapshot, open_commit};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn past() -> Example {
    Example::read().unwrap_or_else(|error| panic!("{error}"))
}

/// A small past: a file begun, changed on main and on a branch, and merged.
const SCRIPT: &str = "\
- {date: 2025-01-01T09:00, by: a, says: begin, adds: [x.yaml, d/]}
- {date: 2025-01-02T09:00, by: a, branch: b, says: here, before: {x.yaml: [{was: 'n: 1', now: 'n: 2'}]}, adds: [new.md]}
- {date: 2025-01-03T09:00, by: a, says: there, before: {x.yaml: [{was: 'n: 1', now: 'n: 3'}]}}
- {date: 2025-01-04T09:00, by: a, merges: b, says: both, settles: [x.yaml], before: {x.yaml: [{was: 'n: 3', now: 'n: 5'}]}}
- {date: 2025-01-05T09:00, by: a, says: more, before: {x.yaml: {tier: ~}}, moves: {d/old.md: d/y.md}}
";

fn people() -> People {
    read_people("people.yaml", "a: {name: 甲, mail: a@yunxi-telecom.example}\n").unwrap()
}

fn files(all: &[(&str, &str)]) -> Files {
    all.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().into())).collect()
}

fn small(script: &str) -> Result<Example, String> {
    let archive = files(&[("x.yaml", "n: 5\ntier: gold\n"), ("d/y.md", "y"), ("new.md", "new")]);
    read_commits("small.yaml", script, &people())
        .and_then(|commits| Example::of(commits, &archive))
        .map_err(|error| error.to_string())
}

#[test]
fn a_past_is_worked_out_from_its_end() {
    let past = small(SCRIPT).unwrap();
    let states: Vec<&Files> = past.commits().iter().map(|commit| &commit.files).collect();
    assert_eq!(*states[0], files(&[("x.yaml", "n: 1\n"), ("d/old.md", "y")]));
    assert_eq!(*states[1], files(&[("x.yaml", "n: 2\n"), ("d/old.md", "y"), ("new.md", "new")]));
    assert_eq!(*states[2], files(&[("x.yaml", "n: 3\n"), ("d/old.md", "y")]));
    assert_eq!(*states[3], files(&[("x.yaml", "n: 5\n"), ("d/old.md", "y"), ("new.md", "new")]));
    assert_eq!(*states[4], files(&[("x.yaml", "n: 5\ntier: gold\n"), ("d/y.md", "y"), ("new.md", "new")]));
    let parents: Vec<&[usize]> = past.commits().iter().map(|commit| commit.parents.as_slice()).collect();
    assert_eq!(parents, [&[][..], &[0], &[0], &[2, 1], &[3]]);
    assert_eq!(past.commits()[1].author.at.zoned().unwrap().to_string(), "2025-01-02T09:00:00+08:00[+08:00]");
}

#[test]
fn a_past_that_does_not_lead_to_the_files_is_refused_with_its_line() {
    let refused = |from: &str, to: &str| {
        let script = SCRIPT.replace(from, to);
        assert_ne!(script, SCRIPT);
        small(&script).err().unwrap_or_else(|| panic!("{to} was taken"))
    };
    let error = refused("now: 'n: 5'", "now: 'n: 6'");
    assert!(error.contains("small.yaml:4") && error.contains("0 times, not 1: n: 6"), "{error}");
    assert!(refused("adds: [x.yaml, d/]", "adds: [x.yaml]").contains("no commit adds d/old.md"));
    assert!(refused("{tier: ~}", "{tire: ~}").contains("`tire` stands 0 times"));
    assert!(refused("merges: b, ", "").contains("never merged"));
    assert!(refused("2025-01-03", "2025-01-02").contains("small.yaml:3"));
    assert!(refused("by: a, says: more", "by: b, says: more").contains("b is nobody"));
    assert!(refused("says: more", "tells: more").contains("no key `tells`"));
    assert!(refused("settles: [x.yaml], ", "").contains("small.yaml:2"));
}

#[test]
fn the_example_in_the_program_is_the_folder() {
    fn walk(folder: &Path, top: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                walk(&entry.path(), top, found);
            } else {
                let path = entry.path().strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                found.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive");
    let mut folder = BTreeMap::new();
    walk(&top, &top, &mut folder);
    let embedded = embedded::archive();
    // The compiler does not see that a file has come or gone: build src/example/embedded.rs again.
    let names = |files: &mut dyn Iterator<Item = &String>| files.cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&mut embedded.keys()), names(&mut folder.keys()), "touch src/example/embedded.rs");
    for (path, content) in folder {
        assert!(*embedded[&path] == *content, "{path}");
    }
    let past = past();
    assert!(past.commits().last().unwrap().files == embedded, "the last commit is not the archive");
}

#[test]
fn the_past_is_long_enough_to_be_looked_at() {
    let past = past();
    let (first, last) = (past.commits().first().unwrap(), past.commits().last().unwrap());
    assert!(past.commits().len() >= 100, "{} commits", past.commits().len());
    assert!(last.author.at.seconds - first.author.at.seconds >= 2 * 365 * 24 * 3600);
    let authors: BTreeSet<&str> = past.commits().iter().map(|commit| commit.author.name.as_str()).collect();
    assert!(authors.len() >= 5, "{authors:?}");
    assert!(past.commits().iter().all(|commit| commit.author.mail.ends_with("@yunxi-telecom.example")));
    assert!(past.commits().iter().all(|commit| commit.committer.at.offset_minutes == 480));
}

/// Keys of the past: what they say has happened by the time it is written down.
const HAPPENED: &[&str] = &[
    "date",
    "checked_on",
    "surveyed",
    "signed",
    "submitted_on",
    "approved_on",
    "lent",
    "returned",
    "found_on",
    "fixed_on",
    "closed",
    "installed",
    "opened",
    "bought",
];

#[test]
fn nothing_is_dated_after_the_commit_that_brings_it() {
    let mut wrong = Vec::new();
    let past = past();
    for (number, commit) in past.commits().iter().enumerate() {
        let day = commit.author.at.zoned().unwrap().date().to_string();
        for (path, text) in
            changed(&past, number).filter_map(|(path, now)| Some((path, std::str::from_utf8(now).ok()?)))
        {
            for line in text.lines() {
                let line = line.trim_start_matches([' ', '-']);
                let (key, value) = line.split_once(": ").unwrap_or_default();
                let date = match key {
                    key if HAPPENED.contains(&key) => value,
                    "verified" => value.trim_start_matches("{on: ").get(..10).unwrap_or_default(),
                    "{course" => value.split_once("passed: ").map_or("", |(_, rest)| &rest[..10]),
                    _ => continue,
                };
                if date.len() == 10 && date > day.as_str() {
                    wrong.push(format!("{day} {path}: {line}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The files that a commit left otherwise than its first parent had them.
fn changed(past: &Example, number: usize) -> impl Iterator<Item = (&String, &[u8])> {
    let commit = &past.commits()[number];
    let before = commit.parents.first().map(|&parent: &usize| &past.commits()[parent]);
    let same = move |path: &String, now: &[u8]| {
        before.and_then(|before: &NewCommit| before.files.get(path)).is_some_and(|was| **was == *now)
    };
    commit.files.iter().map(|(path, now)| (path, &**now)).filter(move |(path, now)| !same(path, now))
}

#[test]
fn every_commit_opens_as_an_archive_and_one_alone_has_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let past = past();
    let ids = past.write(folder.path()).unwrap();
    let mut broken = Vec::new();
    for (id, commit) in ids.iter().zip(past.commits()) {
        let day = commit.committer.at.zoned().unwrap().date();
        let snapshot = open_commit(folder.path(), None, Some(&id.to_string())).unwrap();
        let reading = Archive::read(&snapshot, day);
        if reading.findings.has_errors() {
            let said: Vec<String> = reading.findings.iter().map(|finding| format!("{:?}", finding.code)).collect();
            broken.push((commit.message.lines().next().unwrap().to_owned(), said.concat()));
        }
    }
    assert_eq!(broken.len(), 1, "{broken:#?}");
    assert!(broken[0].1.contains("yaml-syntax"), "{broken:#?}");
}

/// What is wrong with the example on purpose, so that somebody who tries the program finds something. All of it is told
/// in the records themselves.
const MEANT: [&str; 16] = [
    "consultation-without-effect registers/consultations/2026.yaml",
    "contract-expired customers/education/linxi-vocational/contracts/2023-035.md",
    "contract-expired customers/retail/helilin-supermarkets/contracts/2023-030.md",
    "credit-report-stale customers/manufacturing/norrvik-bearings/credit/2025.md",
    "equipment-unchecked registers/equipment/store.yaml",
    "licence-expired customers/energy/shiyan-solar/licences/licence.md",
    "over-restricted customers/energy/yunxi-hydropower/contracts/2024-017.md",
    "over-restricted customers/hospitality/yanshan-springs/agreements/BM-2026-01.md",
    "over-restricted customers/manufacturing/liping-paper/disputes/2026-interruption.md",
    "recurrence-gap customers/energy/qingyue-gas/maintenance/2026-06-10.md",
    "reader-left-out readers/chen-fang.yaml",
    "row-unanswered customers/logistics/xunlu-logistics/traffic/2026.csv",
    "series-gap customers/logistics/nandukou-port/traffic/2026.csv",
    "signer-without-credential customers/finance/songlong-microcredit/contracts/2025-050.md",
    "tier-against-importance customers/agriculture/wuyan-tea/dossier.yaml",
    "undertaking-outdated registers/undertakings/undertakings.yaml",
];

#[test]
fn nothing_is_wrong_with_the_example_but_what_is_meant() {
    let past = past();
    let files = past.commits().last().unwrap().files.iter();
    let entries = files.map(|(path, bytes)| (path.clone(), ContentId::of(bytes).unwrap(), bytes.to_vec()));
    let snapshot = Snapshot::in_memory(entries.collect());
    let reading = Archive::read(&snapshot, "2026-11-23".parse().unwrap());
    let checked = crate::checks::run(&reading.archive, &snapshot);
    let twice = crate::site::written_twice(&reading.archive);
    let place = |finding: &Finding| finding.place.as_ref().map(|place| place.file.clone()).unwrap_or_default();
    let all = reading.findings.iter().chain(&checked).chain(&twice);
    let found: BTreeSet<String> = all.map(|finding| format!("{} {}", finding.code, place(finding))).collect();
    assert_eq!(found, MEANT.iter().map(ToString::to_string).collect());
}
