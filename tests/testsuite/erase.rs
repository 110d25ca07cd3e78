//! Erasing: nothing of the record is left in any object of the new repository, and everything else is as it was.

use super::bed::{Bed, SETTINGS};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use strongroom::provenance::demonstration_key;

/// Words that stand nowhere but in what is erased.
const CANARIES: [&str; 4] = ["鹭鸶渡口三号院", "heron-ferry-13900001111", "SCANNED-HERON-BYTES", "鹭鸶改名之后"];

const PROPOSAL: &str = "records: [yunxi/contacts/people/wang, yunxi/letters/a]\nwhat: erased\nreason: 本人要求\n\
                        proposed_by: 叶青\napproved_by: 吴洁\nexecuted_on: 2026-06-01\n";
const TYPES: [(&str, &str); 2] = [
    ("types/letter.yaml", "title: 函\nfolder: letters\naudience: staff\nfields: {sender: {kind: text}}\n"),
    (
        "types/contact.yaml",
        "title: 联系人\nfolder: contacts\naudience: staff\nkey: id\nfields: {id: {kind: text}, name: {kind: text}}\n",
    ),
];

fn list(wang: &str) -> String {
    format!("type: contact\nrecords:\n{wang}  - id: zhou\n    name: 周宁\n")
}

/// A history with a record that was renamed, changed, merged and removed, and an item of a list that was too.
fn bed() -> Bed {
    let bed = Bed::new();
    let settings = SETTINGS.replace("tiers:", "  management: {readers: []}\ntiers:");
    bed.write("strongroom.yaml", &settings);
    TYPES.iter().for_each(|(path, text)| bed.write(path, text));
    let wang = format!("  - id: wang\n    name: {}\n", CANARIES[1]);
    bed.write("customers/yunxi/contacts/people.yaml", &list(&wang));
    let letter = format!("---\nsender: {}\nattachments: [a.pdf]\n---\nOne line of it.\nAnother line.\n", CANARIES[0]);
    bed.write("customers/yunxi/letters/a.md", &letter);
    bed.write("customers/yunxi/letters/a.pdf", &format!("%PDF {}", CANARIES[2].repeat(40)));
    bed.commit_as("he-jun", "2026-01-01", "a beginning");
    bed.git(&["mv", "customers/yunxi/letters/a.md", "customers/yunxi/letters/b.md"]);
    bed.write("customers/yunxi/letters/b.md", &letter.replace("Another", CANARIES[3]));
    bed.commit_as("he-jun", "2026-02-01", "another name");
    bed.git(&["branch", "old"]);
    bed.git(&["-c", "tag.gpgsign=false", "tag", "-a", "v1", "-m", "a tag"]);
    bed.git(&["mv", "customers/yunxi/letters/b.md", "customers/yunxi/letters/a.md"]);
    bed.commit_as("he-jun", "2026-03-01", "the old name");
    bed.write("customers/yunxi/contacts/people.yaml", &list(""));
    std::fs::remove_file(bed.path().join("customers/yunxi/letters/a.md")).unwrap();
    std::fs::remove_file(bed.path().join("customers/yunxi/letters/a.pdf")).unwrap();
    bed.write("registers/disposals/one.yaml", PROPOSAL);
    bed.commit_as("he-jun", "2026-06-01", "gone\n\nDisposal: erased on request");
    bed
}

/// The key, and the folder beside the archive in which everything is to lie.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        std::fs::write(place.0.path().join("key"), demonstration_key("wu-jie").unwrap().private).unwrap();
        place
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    fn erase(&self, bed: &Bed) -> super::bed::Run {
        let (key, out) = (self.0.path().join("key"), self.out());
        bed.run(&["erase", "registers/disposals/one", "-o", out.to_str().unwrap(), "--sign", key.to_str().unwrap()])
    }
}

fn git(at: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(at).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn has(bytes: &[u8], canary: &str) -> bool {
    bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
}

/// The files of a commit, each with the id of its content.
fn tree(at: &Path, commit: &str) -> BTreeMap<String, String> {
    let listed = String::from_utf8(git(at, &["-c", "core.quotePath=false", "ls-tree", "-r", commit])).unwrap();
    let line = |line: &str| line.split_once('\t').map(|(what, path)| (path.to_owned(), what.to_owned())).unwrap();
    listed.lines().map(line).collect()
}

/// Every file below a folder.
fn files(at: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn nothing_of_what_was_erased_is_left_and_everything_else_is_as_it_was() {
    let (bed, place) = (bed(), Place::new());
    let before = git(bed.path(), &["rev-parse", "main", "old", "v1"]);
    let run = place.erase(&bed);
    assert_eq!(run.code, 0, "{}{}", run.data, run.words);
    let new = place.out().join("archive.git");
    git(&new, &["fsck", "--strict", "--full"]);
    let objects = git(&new, &["cat-file", "--batch-all-objects", "--batch"]);
    let known = git(bed.path(), &["cat-file", "--batch-all-objects", "--batch"]);
    for canary in CANARIES {
        assert!(has(&known, canary), "the test searches for what was there: {canary}");
        assert!(!has(&objects, canary), "{canary}");
        for file in files(&place.out()) {
            assert!(!has(&std::fs::read(&file).unwrap(), canary), "{canary} in {}", file.display());
        }
    }
    let erased = ["letters/a.md", "letters/b.md", "letters/a.pdf", "contacts/people.yaml"];
    let map = std::fs::read_to_string(place.out().join("map.txt")).unwrap();
    let mut commits = 0;
    for line in map.lines().filter(|line| !line.starts_with('#')) {
        let [old, new_id, ..] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (old_tree, new_tree) = (tree(bed.path(), old), tree(&new, new_id));
        assert_eq!(old_tree.keys().collect::<Vec<_>>(), new_tree.keys().collect::<Vec<_>>(), "no path comes or goes");
        for (path, what) in &old_tree {
            let same = new_tree[path] == *what;
            assert!(same || erased.iter().any(|end| path.ends_with(end)), "{path} at {old}");
        }
        commits += 1;
    }
    assert_eq!(commits, 4 + 3, "four commits, two branches and a tag");
    let names = String::from_utf8(git(&new, &["for-each-ref", "--format=%(refname)"])).unwrap();
    assert_eq!(names.lines().collect::<Vec<_>>(), ["refs/heads/main", "refs/heads/old", "refs/tags/v1"]);
    assert_eq!(git(bed.path(), &["rev-parse", "main", "old", "v1"]), before, "the old one was only read");
    // Beside the item that went, the list says what it said.
    let old_list = git(&new, &["show", "main~2:customers/yunxi/contacts/people.yaml"]);
    assert_eq!(String::from_utf8(old_list).unwrap(), list("  - {id: \"wang\"}\n"));
    assert_eq!(bed.run(&["check", new.to_str().unwrap(), "--rev", "main"]).code, 0);
}

#[test]
fn tombstone_and_map_are_signed_and_the_report_names_what_stays() {
    let (bed, place) = (bed(), Place::new());
    assert_eq!(place.erase(&bed).code, 0);
    let signers = place.0.path().join("signers");
    std::fs::write(&signers, format!("wu.jie@yunxi.example {}\n", demonstration_key("wu-jie").unwrap().public))
        .unwrap();
    for name in ["tombstone.txt", "map.txt"] {
        let text = std::fs::File::open(place.out().join(name)).unwrap();
        let mut command = Command::new("ssh-keygen");
        command.args(["-Y", "verify", "-n", "strongroom-erasure", "-I", "wu.jie@yunxi.example", "-f"]).arg(&signers);
        let verified = command.arg("-s").arg(place.out().join(format!("{name}.sig"))).stdin(text).output().unwrap();
        assert!(verified.status.success(), "{name}: {}", String::from_utf8_lossy(&verified.stderr));
    }
    let stone = std::fs::read_to_string(place.out().join("tombstone.txt")).unwrap();
    assert!(stone.contains("erased: yunxi/letters/a\n") && stone.contains("disposal: registers/disposals/one\n"));
    let report = std::fs::read_to_string(place.out().join("report.md")).unwrap();
    for said in ["letters/b.md", "every clone", "forge", "backups", "bundles", "evidence bags", "messages"] {
        assert!(report.contains(said), "{said}: {report}");
    }
}

#[test]
fn nothing_is_erased_that_is_held_or_there_or_that_one_person_alone_decided() {
    let hold = "documents: yunxi\nplaced_by: 何军\nplaced_on: 2026-05-01\n";
    for (path, text, says) in [
        ("customers/yunxi/holds/a.yaml", hold, "the archive has errors"),
        ("registers/disposals/one.yaml", &PROPOSAL.replace("approved_by: 吴洁\n", ""), "the archive has errors"),
        ("registers/disposals/one.yaml", &PROPOSAL.replace("吴洁", "叶青"), "the archive has errors"),
        (
            "registers/disposals/one.yaml",
            &PROPOSAL.replace("approved_by: 吴洁\nexecuted_on: 2026-06-01\n", ""),
            "second person",
        ),
        ("registers/disposals/one.yaml", &PROPOSAL.replace("erased", "transferred"), "proposes no erasure"),
        (
            "registers/disposals/one.yaml",
            &PROPOSAL.replace("letters/a", "letters/none").replace("contacts/people/wang, yunxi/", ""),
            "nothing in the history",
        ),
        ("customers/yunxi/letters/a.md", "---\nsender: x\n---\n", "is there still"),
        ("registers/disposals/other.yaml", PROPOSAL, ""),
    ] {
        let (bed, place) = (bed(), Place::new());
        bed.write(path, text);
        bed.commit_as("he-jun", "2026-07-01", "more");
        let run = place.erase(&bed);
        assert_eq!(run.code, i32::from(!says.is_empty()), "{path} {text}: {}", run.words);
        assert!(run.words.contains(says), "{says}: {}", run.words);
        assert_eq!(place.out().exists(), says.is_empty(), "{says}");
    }
}

#[test]
fn a_hold_that_was_taken_away_unreleased_blocks_as_well() {
    let (bed, place) = (bed(), Place::new());
    bed.write(
        "customers/yunxi/holds/a.yaml",
        "documents: yunxi/contracts/2024-017\nplaced_by: 何军\nplaced_on: 2026-05-01\n",
    );
    bed.commit_as("he-jun", "2026-07-01", "hold");
    std::fs::remove_file(bed.path().join("customers/yunxi/holds/a.yaml")).unwrap();
    bed.commit_as("he-jun", "2026-07-02", "no hold\n\nDisposal: x");
    let run = place.erase(&bed);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("was never released"), "{}", run.words);
}

#[test]
fn what_another_record_holds_byte_for_byte_is_named_and_nothing_is_written() {
    let (bed, place) = (bed(), Place::new());
    bed.write("customers/yunxi/contracts/copy.pdf", &format!("%PDF {}", CANARIES[2].repeat(40)));
    bed.commit_as("he-jun", "2026-07-01", "a copy");
    let run = place.erase(&bed);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("‹customers/yunxi/contracts/copy.pdf› held the very same content"), "{}", run.words);
    assert!(!place.out().exists());
}

#[test]
fn the_new_repository_never_lies_in_one_that_is_kept() {
    let (bed, place) = (bed(), Place::new());
    let key = place.0.path().join("key");
    let run = bed.run(&["erase", "registers/disposals/one", "-o", "out", "--sign", key.to_str().unwrap()]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("which is kept in git"), "{}", run.words);
}
