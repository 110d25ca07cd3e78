//! `access`: who can read what, and by which rule.

use super::bed::{Bed, DAY};
use jiff::civil::Date;
use strongroom::access::Clearance;
use strongroom::archive::Archive;
use strongroom::repository::open_work_tree;

#[test]
fn a_record_is_told_part_by_part_with_readers_and_rules() {
    let bed = Bed::new();
    let run = bed.run(&["access", "--record", "yunxi/contracts/2024-017"]);
    assert_eq!(run.code, 0);
    assert!(
        run.data.contains(
            "for finance or legal; its own `audience` (finance or legal)\n      li-wei (finance), zhao-min (legal)"
        ),
        "{}",
        run.data
    );
    assert!(run.data.contains("field `amount`: for finance; its own `audience` (finance or legal) and this field's audience in the type `contract` (finance)\n      li-wei (finance)"), "{}", run.data);
    assert!(run.data.contains("section ‹价格条款› (line 9): for finance; its own `audience` (finance or legal) and the heading at line 9 (finance)"), "{}", run.data);
    assert!(
        run.data.ends_with("But whoever can clone the repository reads everything in it, whatever is listed here.\n")
    );
}

#[test]
fn a_reader_is_told_what_opens_and_what_does_not() {
    let bed = Bed::new();
    let run = bed.run(&["access", "--reader", "zhao-min"]);
    assert!(run.data.contains("in the keyrings until 2027-03-01"), "{}", run.data);
    assert!(run.data.contains("does not open what is for finance: parts of 1 record\n"), "{}", run.data);
    assert!(run.data.contains("  not   section") || run.data.contains("  not   field `amount`"), "{}", run.data);
    let lapsed = bed.run(&["--date", "2028-01-01", "access", "--reader", "zhao-min"]);
    assert_eq!(lapsed.code, 2, "the day is given once");
}

#[test]
fn oversight_is_named_as_a_rule_and_a_restriction_of_a_part_too() {
    let bed = Bed::new();
    let settings =
        bed.read("strongroom.yaml").replace("compliance: {readers: []}", "compliance: {readers: [zhao-min]}");
    bed.write("strongroom.yaml", &settings);
    let contract =
        bed.read("customers/yunxi/contracts/2024-017.md").replace("---\nThe", "restrict: {title: finance}\n---\nThe");
    bed.write("customers/yunxi/contracts/2024-017.md", &contract);
    let run = bed.run(&["access", "--record", "yunxi/contracts/2024-017"]);
    assert!(run.data.contains("zhao-min (oversight)"), "{}", run.data);
    assert!(
        run.data.contains(
            "title: for finance; its own `audience` (finance or legal) and a restriction of this part (finance)"
        ),
        "{}",
        run.data
    );
}

#[test]
fn an_audience_is_told_with_its_readers_and_what_it_suffices_for() {
    let bed = Bed::new();
    let run = bed.run(&["access", "--audience", "finance"]);
    assert!(run.data.starts_with("finance:\n  li-wei: 李薇, in the keyrings until 2027-03-01\n"), "{}", run.data);
    assert!(run.data.contains("field `amount`"), "{}", run.data);
    let run = bed.run(&["access", "--audience", "legal"]);
    assert!(!run.data.contains("field `amount`"), "{}", run.data);
}

#[test]
fn unknown_names_suggest_the_nearest() {
    let bed = Bed::new();
    for (arguments, near) in [
        (["access", "--reader", "li-wie"], "li-wei"),
        (["access", "--audience", "fiance"], "finance"),
        (["access", "--record", "yunxi/contracts/2024-071"], "yunxi/contracts/2024-017"),
    ] {
        let run = bed.run(&arguments);
        assert_eq!(run.code, 1);
        assert!(run.words.contains(&format!("did you mean ‹{near}›?")), "{}", run.words);
    }
}

#[test]
fn programs_read_the_same() {
    let bed = Bed::new();
    for arguments in [
        &["access", "--format", "json"][..],
        &["access", "--reader", "li-wei", "--format", "json"],
        &["access", "--record", "yunxi", "--format", "json"],
        &["access", "--audience", "staff", "--format", "json"],
    ] {
        let run = bed.run(arguments);
        assert_eq!(run.code, 0);
        let told: serde_json::Value = serde_json::from_str(&run.data).unwrap();
        assert!(told["repository"].as_str().unwrap().contains("clone"));
    }
}

#[test]
fn the_rules_that_are_told_come_to_the_clearance_that_is_sealed_to() {
    let bed = Bed::new();
    bed.write("customers/yunxi/dossier.yaml", "name: {zh: 云溪, en: Yunxi}\ntier: gold\nindustry: 电力\naccount_manager: 孙倩\naudience: [sales, legal, finance]\nrestrict: {industry: legal}\n");
    bed.write("customers/yunxi/traffic/2025.csv", "week,voice\n2025-W01,12\n");
    let archive = Archive::read(&open_work_tree(bed.path()).unwrap(), DAY.parse::<Date>().unwrap()).archive;
    let parts = archive.readable();
    assert!(parts.len() > 10);
    for part in &parts {
        let told = part.because.iter().fold(Clearance::open(), |all, rule| all.and(&rule.asks));
        assert_eq!(told, part.clearance, "{} {}", part.record, part.part);
    }
    let listed: std::collections::BTreeSet<_> =
        parts.iter().map(|part| &part.clearance).filter(|c| !c.is_open()).collect();
    assert_eq!(listed, archive.clearances().keys().collect());
}
