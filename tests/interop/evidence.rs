//! An evidence bag is an ordinary bag: PyPI's `bagit`, by others, accepts it, and refuses one that was touched. Zips and tars
//! of it open with `unzip` and `tar`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The archive with its history, made once.
fn archive() -> &'static Path {
    static ARCHIVE: OnceLock<PathBuf> = OnceLock::new();
    ARCHIVE.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("interop-evidence");
        let _ = fs::remove_dir_all(&folder);
        assert_cmd::Command::new(env!("CARGO_BIN_EXE_strongroom"))
            .args(["init", "--example"])
            .arg(&folder)
            .assert()
            .success();
        folder
    })
}

fn bag(to: &Path, more: &[&str]) {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command
        .args(["--date", "2026-11-23", "evidence", "yunxi-hydropower", "--archive"])
        .arg(archive())
        .arg("-o")
        .arg(to);
    command.args(more).assert().success();
}

/// A Python that has `bagit`: the one that `STRONGROOM_BAGIT` names, as `tests/run` sets it, or the system's.
fn python() -> Option<String> {
    let python = std::env::var("STRONGROOM_BAGIT").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", "import bagit"]).output().is_ok_and(|run| run.status.success());
    has.then_some(python)
}

fn accepts(python: &str, bag: &Path) -> bool {
    let check = "import sys, bagit; bag = bagit.Bag(sys.argv[1]); bag.validate(); assert bag.is_valid()";
    Command::new(python).args(["-c", check]).arg(bag).output().unwrap().status.success()
}

#[test]
fn another_program_accepts_the_bag_and_refuses_it_once_touched() {
    let Some(python) = python() else {
        writeln!(std::io::stderr(), "SKIPPED: no Python with `bagit` is at hand; tests/run fetches one").unwrap();
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let at = out.path().join("bag");
    for whom in [&["--everything"][..], &["--as", "zhao-min"]] {
        bag(&at, whom);
        assert!(accepts(&python, &at), "{whom:?}");
        let file = at.join("data/bag.json");
        let whole = fs::read(&file).unwrap();
        fs::write(&file, [&whole[..], b" "].concat()).unwrap();
        assert!(!accepts(&python, &at), "{whom:?}");
    }
}

#[test]
fn packed_bags_hold_the_same_files_as_a_folder() {
    let out = tempfile::tempdir().unwrap();
    let at = |name: &str| out.path().join(name);
    for name in ["bag", "yunxi.zip", "yunxi.tar"] {
        bag(&at(name), &["--as", "zhao-min"]);
    }
    let run = |program: &str, arguments: &[&str]| {
        assert!(Command::new(program).args(arguments).current_dir(out.path()).status().unwrap().success(), "{program}");
    };
    run("unzip", &["-q", "yunxi.zip", "-d", "by-zip"]);
    fs::create_dir(at("by-tar")).unwrap();
    run("tar", &["-xf", "yunxi.tar", "-C", "by-tar"]);
    run("diff", &["-r", "bag", "by-zip/yunxi"]);
    run("diff", &["-r", "bag", "by-tar/yunxi"]);
}

#[test]
fn the_metadata_are_an_ro_crate_that_names_every_file_of_the_payload() {
    let out = tempfile::tempdir().unwrap();
    let at = out.path().join("bag");
    bag(&at, &["--as", "zhao-min"]);
    let text = fs::read(at.join("data/ro-crate-metadata.json")).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(told["@context"], "https://w3id.org/ro/crate/1.2/context");
    let graph = told["@graph"].as_array().unwrap();
    let by_id = |id: &str| graph.iter().find(|entity| entity["@id"] == id).unwrap_or_else(|| panic!("no {id}"));
    assert_eq!(by_id("ro-crate-metadata.json")["about"]["@id"], "./");
    let root = by_id("./");
    for needed in ["name", "description", "datePublished", "license", "publisher", "author"] {
        assert!(!root[needed].is_null(), "{needed}");
    }
    // What is referred to is there, once; the graph is flat.
    let mut ids: Vec<&str> = graph.iter().map(|entity| entity["@id"].as_str().unwrap()).collect();
    for part in root["hasPart"].as_array().unwrap().iter().chain(root["author"].as_array().unwrap()) {
        by_id(part["@id"].as_str().unwrap());
    }
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    let manifest = fs::read_to_string(at.join("manifest-sha256.txt")).unwrap();
    let digests: Vec<&str> = manifest.lines().map(|line| &line[..64]).collect();
    let files: Vec<&str> = graph.iter().filter_map(|entity| entity["sha256"].as_str()).collect();
    assert_eq!(files.len(), digests.len() - 1, "all but the metadata themselves");
    assert!(files.iter().all(|digest| digests.contains(digest)));
}
