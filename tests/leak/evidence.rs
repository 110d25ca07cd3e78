//! Evidence bags hold nothing beyond their reader's clearance: in no file, name, id or digest; and what there is beside
//! changes nothing in them.

use super::canary::forms;
use super::fixture::{DAY, House, files_of};
use super::houses;
use super::places::{NOWHERE, OPEN, SEALED};
use super::unpack::Haystack;
use std::collections::BTreeMap;
use std::path::Path;
use strongroom::exchange::export::{Whom, holding};

/// The files of a bag of all dossiers that a reader may know of; nobody named for everything.
pub fn bag(house: &House, reader: Option<&str>, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let archive = house.read().archive;
    let whom = match reader {
        Some(name) => Whom::Reader(archive.readers.iter().find(|known| known.name == name).unwrap()),
        None => Whom::Everything,
    };
    let holds = holding(&archive, whom);
    let dossiers: Vec<String> = archive.dossiers.within(&holds).map(|dossier| dossier.name.to_string()).collect();
    let out = tempfile::tempdir().unwrap();
    let target = out.path().join("bag");
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.args(["--date", DAY, "evidence", "--archive"]).arg(house.archive()).arg("-o").arg(&target).args(more);
    match reader {
        Some(name) => command.args(["--as", name]),
        None => command.arg("--everything"),
    };
    let output = command.args(&dossiers).output().unwrap();
    assert!(output.status.success() || dossiers.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    if target.exists() { files_of(Path::new(&target)) } else { BTreeMap::new() }
}

/// Everything that a bag's files and their names hold.
pub fn haystack(files: &BTreeMap<String, Vec<u8>>) -> Haystack {
    let mut haystack = Haystack::new();
    // The style sheet is the program's own, and long.
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("data/assets/")) {
        haystack.add(path, bytes);
    }
    haystack
}

#[test]
fn a_bag_holds_what_its_reader_may_read_and_nothing_else() {
    let house = houses::full();
    house.commit("all of it");
    let mut wrong = Vec::new();
    for reader in ["fin", "leg", "mix", "sal", "ovs", "lap"] {
        let files = bag(&house, Some(reader), &["--as-of", "2026-01-01"]);
        // Whoever oversees may have git's objects; who does not, never, since the settings are for those who do.
        assert!(reader == "ovs" || !files.contains_key("data/git/history.bundle"), "{reader}");
        let found = haystack(&files);
        for (label, readers, _) in SEALED {
            let readers = if *label == "slug" { "leg mix" } else { *readers };
            let may = reader == "ovs" || readers.split(' ').any(|name| name == reader);
            if found.holds(&forms(label)) && !may {
                wrong.push(format!("{label} for {reader}"));
            }
        }
        for label in NOWHERE.iter().filter(|_| reader != "ovs") {
            if found.holds(&forms(label)) {
                wrong.push(format!("{label} for {reader}"));
            }
        }
        // Registers belong to no dossier, and are in no bag.
        let there = OPEN.iter().filter(|label| found.holds(&forms(label))).count();
        assert!(there > OPEN.len() / 2, "{reader} has {there} of what is open");
    }
    let all = haystack(&bag(&house, None, &["--git", "ids"]));
    let there = SEALED.iter().filter(|(label, ..)| all.holds(&forms(label))).count();
    assert!(there > SEALED.len() / 2, "a bag of everything has {there} of {}", SEALED.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_lies_beside_changes_nothing_in_a_bag() {
    let made = |extra: bool| {
        let mut house = House::new();
        house.put("strongroom.yaml", "title: A\naudiences:\n  legal: {readers: [l]}\n");
        house.reader("r", "2030-01-01");
        house.reader("l", "2030-01-01");
        house.put(
            "types/thing.yaml",
            "title: T\nfolder: things\naudience: staff\nfields: {a: {kind: text}, b: {kind: text, audience: legal}}\n",
        );
        house.put("customers/x/dossier.yaml", "name: X\ntier: t\nindustry: i\naccount_manager: m\naudience: staff\n");
        house.put("customers/x/things/1.md", "---\na: one\n---\nOpen.\n");
        house.put(
            "customers/x/things/3.md",
            if extra { "---\na: three\nb: closed\n---\n" } else { "---\na: three\n---\n" },
        );
        house.commit("first");
        if extra {
            house.put(
                "customers/x/things/2.md",
                "---\na: hidden\naudience: legal\nattachments: [s.pdf]\n---\nHidden.\n",
            );
            house.put("customers/x/things/s.pdf", "%PDF hidden");
            house.put(
                "customers/y/dossier.yaml",
                "name: Y\ntier: t\nindustry: i\naccount_manager: m\naudience: legal\n",
            );
            house.put("customers/x/things/3.md", "---\na: three\nb: changed\n---\n");
        }
        house.commit("second");
        // Keys are made anew for each house; they stand in no bag, but in the ids of commits.
        let repository = git2::Repository::open(house.archive()).unwrap();
        let mut walk = repository.revwalk().unwrap();
        walk.push_head().unwrap();
        let ids: Vec<String> = walk.map(|id| id.unwrap().to_string()).collect();
        let mut files = bag(&house, Some("r"), &["--as-of", "2026-01-01"]);
        files.retain(|path, _| !path.contains("manifest-sha256") && path != "data/ro-crate-metadata.json");
        let same = |bytes: Vec<u8>| {
            let mut text = String::from_utf8(bytes).unwrap();
            for (n, id) in ids.iter().enumerate() {
                text = text.replace(id, &format!("COMMIT {n}")).replace(&id[..10], &format!("SHORT {n}"));
            }
            text
        };
        files.into_iter().map(|(path, bytes)| (path, same(bytes))).collect::<BTreeMap<_, _>>()
    };
    let (with, without) = (made(true), made(false));
    assert!(without.contains_key("data/dossiers/x/then/records.csv"));
    assert_eq!(with.keys().collect::<Vec<_>>(), without.keys().collect::<Vec<_>>());
    for (path, text) in with {
        // The number of bytes that ids take is the same, and that of everything else.
        assert_eq!(text, without[&path], "{path}");
    }
}
