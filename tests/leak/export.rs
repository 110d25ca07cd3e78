//! An export holds exactly what its reader's keys open: in every place of the archive with canaries, and in archives by
//! chance.

use super::canary::forms;
use super::fixture::House;
use super::houses;
use super::places::{NOWHERE, OF_READERS, OPEN, SEALED};
use super::random::plan;
use super::unpack::Haystack;
use proptest::prelude::*;
use strongroom::access::Clearance;
use strongroom::archive::Archive;
use strongroom::exchange::export::{Head, Selection, Sheet, Whom, asset_table, holding, write_export};
use strongroom::repository::Snapshot;

/// What an export leaves out on purpose: the bytes of files, and where links lead in a text that is given as words.
const NOT_EXPORTED: &[&str] =
    &["picture", "linkhost", "refhost", "footlabel", "alt", "text file", "binary file", "pdf file", "inner file bytes"];

/// Everything that can be exported for somebody: all records as JSON, each type as a table, the assets.
fn exported(archive: &Archive, snapshot: &Snapshot, whom: Whom<'_>) -> Haystack {
    let holds = holding(archive, whom);
    let all = |record_type| Selection { archive, holds: &holds, record_type, dossier: None };
    let mut haystack = Haystack::new();
    let mut json = Vec::new();
    let head = Head { archive: "a", commit: None, day: "2026-11-23".into(), r#for: "x".into(), notice: "n" };
    write_export(&head, &all(None), &mut json).unwrap();
    haystack.add("export.json", &json);
    for record_type in archive.types.iter() {
        let sheet = Sheet::of(&all(Some(&record_type.name)), record_type, snapshot, "n");
        haystack.add("export.csv", sheet.csv().as_bytes());
    }
    haystack.add("assets.csv", asset_table(&all(None), "n").as_bytes());
    haystack
}

fn whom<'a>(archive: &'a Archive, reader: &str) -> Whom<'a> {
    Whom::Reader(archive.readers.iter().find(|other| other.name == reader).unwrap())
}

#[test]
fn an_export_holds_what_its_reader_may_read_and_nothing_else() {
    let house = houses::full();
    let (archive, snapshot) = (house.read().archive, house.snapshot());
    let mut wrong = Vec::new();
    let mut hold = |who: &str, found: &Haystack, reads: &dyn Fn(&str, &str, &str) -> bool| {
        for (label, readers, audiences) in SEALED {
            // The folder of a dossier for legal alone, which no page names.
            let (readers, audiences) = if *label == "slug" { ("leg mix", "legal") } else { (*readers, *audiences) };
            let (may, does) = (reads(label, readers, audiences), found.holds(&forms(label)));
            let left_out = NOT_EXPORTED.iter().any(|other| label == other);
            if does && !may || !does && may && !left_out {
                wrong.push(format!("{label} for {who}: {does}"));
            }
        }
        for label in OPEN.iter().filter(|label| **label != "open file") {
            if !found.holds(&forms(label)) {
                wrong.push(format!("{label} is missing for {who}"));
            }
        }
        for label in NOWHERE.iter().chain(OF_READERS) {
            if found.holds(&forms(label)) {
                wrong.push(format!("{label} for {who}"));
            }
        }
    };
    for reader in ["fin", "leg", "mix", "sal", "ovs", "lap"] {
        let found = exported(&archive, &snapshot, whom(&archive, reader));
        hold(reader, &found, &|_, readers, _| reader == "ovs" || readers.split(' ').any(|name| name == reader));
    }
    for audience in ["finance", "legal", "sales", "technical", "staff"] {
        let found = exported(&archive, &snapshot, Whom::Audience(audience));
        hold(audience, &found, &|_, _, audiences| audiences.split(' ').any(|name| name == audience));
    }
    hold("everything", &exported(&archive, &snapshot, Whom::Everything), &|_, _, _| true);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_table_says_nothing_of_rows_and_columns_that_are_not_in_it() {
    let small = |extra: bool| {
        let mut house = House::new();
        house.put("strongroom.yaml", "title: A\naudiences:\n  legal: {readers: []}\n");
        house.reader("r", "2030-01-01");
        house.put(
            "types/thing.yaml",
            "title: T\nfolder: things\naudience: staff\nfields: {a: {kind: text}, b: {kind: text, many: true}}\n",
        );
        house.put("customers/x/dossier.yaml", "name: X\ntier: t\nindustry: i\naccount_manager: m\naudience: staff\n");
        let more = if extra {
            "b: [\"one\\ntwo\", three]\nrestrict: {b: legal, date: legal, original: legal}\ndate: 2026-01-01\noriginal: {room: R}\n"
        } else {
            ""
        };
        house.put("customers/x/things/1.md", format!("---\na: one\n{more}---\n"));
        if extra {
            house.put(
                "customers/x/things/2.md",
                "---\na: {zh: 二, en: two}\naudience: legal\nmarking: {level: 秘密}\n---\n",
            );
            house.put(
                "customers/y/dossier.yaml",
                "name: Y\ntier: t\nindustry: i\naccount_manager: m\naudience: legal\n",
            );
        }
        let (archive, snapshot) = (house.read().archive, house.snapshot());
        assert!(house.errors().is_empty(), "{:?}", house.errors());
        let holds = holding(&archive, whom(&archive, "r"));
        let selection = Selection { archive: &archive, holds: &holds, record_type: Some("thing"), dossier: None };
        let sheet = Sheet::of(&selection, archive.types.get("thing").unwrap(), &snapshot, "n").csv();
        let all = Selection { record_type: None, ..selection };
        let mut json = Vec::new();
        let head = Head { archive: "a", commit: None, day: "d".into(), r#for: "x".into(), notice: "n" };
        write_export(&head, &all, &mut json).unwrap();
        (sheet, String::from_utf8(json).unwrap(), asset_table(&all, "n"))
    };
    assert_eq!(small(true), small(false));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn an_export_of_any_archive_holds_exactly_what_its_readers_keys_open(plan in plan()) {
        let house = plan.house();
        prop_assert!(house.errors().is_empty(), "{:?}", house.errors());
        let (archive, snapshot) = (house.read().archive, house.snapshot());
        for reader in 0..5 {
            let name = format!("r{reader}");
            let found = exported(&archive, &snapshot, whom(&archive, &name));
            for (canary, asks) in plan.canaries() {
                let held = found.holds(std::slice::from_ref(&canary));
                prop_assert_eq!(held, plan.reads(reader, &asks), "{} by {}", canary, name);
            }
            // The rule is that by which the site seals.
            let holds = holding(&archive, whom(&archive, &name));
            for clearance in archive.clearances().keys().chain([&Clearance::open()]) {
                let sealed_for = clearance.is_open() || archive.cleared(clearance).any(|reader| reader.name == name);
                prop_assert_eq!(holds.implies(clearance), sealed_for, "{:?} by {}", clearance, name);
            }
        }
    }
}
