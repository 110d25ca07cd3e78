//! What types mark as personal: refused in the open, shown nowhere but in its record, and listed for the person.

use super::bed::{Bed, SETTINGS};
use serde_json::Value;

const PEOPLE: &str = "\
type: contact
records:
  - {id: liao, name: 廖远, role: handler, post: 科长, phone: 139 0000 0000}
  - {id: wen, name: 温岚, role: user}
";

const PAPER: &str = "\
---
title: 身份证明
kind: identity
holder: 廖远
contact: yunxi/contacts/people/liao
number: X-20261123
attachments: [liao.png]
---
Checked against the original.
";

fn bed() -> Bed {
    let bed = Bed::new();
    let settings =
        SETTINGS.replace("  compliance:", "  technical: {readers: []}\n  management: {readers: []}\n  compliance:");
    bed.write("strongroom.yaml", &settings);
    bed.write("customers/yunxi/contacts/people.yaml", PEOPLE);
    bed.write("customers/yunxi/credentials/liao.md", PAPER);
    bed.write_bytes("customers/yunxi/credentials/liao.png", b"\x89PNG\r\n\x1a\n");
    bed.write("types/memo.yaml", "title: 便笺\nfolder: memos\naudience: staff\nfields:\n  by: {kind: person}\n");
    bed.write("customers/yunxi/memos/one.md", "---\nby: 孙倩\n---\nCalled today.\n\n廖远 wants it soon.\n");
    bed
}

/// What is held about somebody, as `record part how`.
fn about(bed: &Bed, name: &str, whom: &[&str]) -> Vec<String> {
    let mut arguments = vec!["export", "--about", name, "--format", "json"];
    arguments.extend(whom);
    let run = bed.run(&arguments);
    assert_eq!(run.code, 0, "{}{}", run.data, run.words);
    let told: Value = serde_json::from_str(&run.data).unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |line: &Value| {
        let personal = if line["personal"] == true { " personal" } else { "" };
        format!("{} {} {}{personal}", word(&line["record"]), word(&line["part"]), word(&line["how"]))
    };
    told["held"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn what_is_personal_is_refused_where_all_staff_may_read_it() {
    let bed = bed();
    assert_eq!(bed.run(&["check"]).code, 0, "{:?}", bed.found());
    let people = "customers/yunxi/contacts/people.yaml";
    bed.write(people, &PEOPLE.replace("type: contact", "type: contact\naudience: staff"));
    assert_eq!(bed.run(&["check"]).code, 0, "the type restricts the telephone: {:?}", bed.found());
    bed.write(
        people,
        &PEOPLE.replace("type: contact", "type: contact\naudience: staff").replace("role: user", "mail: a@b"),
    );
    bed.expect_error("personal-in-open", people, 5);
    let restricted = PEOPLE.replace("role: user", "mail: a@b, restrict: {mail: legal}");
    bed.write(people, &restricted.replace("type: contact", "type: contact\naudience: staff"));
    assert_eq!(bed.run(&["check"]).code, 0, "{:?}", bed.found());
    let paper = "customers/yunxi/credentials/liao.md";
    bed.write(paper, &PAPER.replace("kind: identity", "kind: identity\naudience: staff"));
    bed.expect_error("personal-in-open", paper, 0);
}

#[test]
fn an_opening_to_come_is_refused_when_it_is_written_and_not_on_its_day() {
    let bed = bed();
    let paper = "customers/yunxi/credentials/liao.md";
    bed.write(paper, &PAPER.replace("kind: identity", "kind: identity\naudience: legal\nopen_from: 2030-01-01"));
    bed.expect_error("personal-in-open", paper, 0);
}

#[test]
fn no_type_shows_a_personal_field_away_from_its_record() {
    let good = "title: 人\nfolder: persons\naudience: legal\nkey: id\nfields:\n  id: {kind: text}\n  born: {kind: date, personal: true}\nregister: [id]\n";
    let bed = bed();
    bed.write("types/person.yaml", good);
    assert_eq!(bed.run(&["check"]).code, 0, "{:?}", bed.found());
    for (from, to, line) in [
        ("register: [id]", "register: [id, born]", 8),
        ("key: id", "key: born", 4),
        ("personal: true", "personal: true, due: {before: 30d}", 7),
        ("id: {kind: text}", "id: {kind: date, due: {before: 3d, last: [born]}}", 6),
        ("audience: legal", "audience: legal\nkind: series", 8),
    ] {
        bed.write("types/person.yaml", &good.replace(from, to));
        bed.expect_error("broken-type", "types/person.yaml", line);
    }
}

#[test]
fn the_past_of_a_contact_that_stood_openly_is_still_told_but_for_what_is_restricted_today() {
    let bed = bed();
    let people = "customers/yunxi/contacts/people.yaml";
    bed.write(
        people,
        &PEOPLE.replace("records:", "audience: staff\nrecords:").replace("role: user", "mail: wen@example.invalid"),
    );
    bed.commit_as("sun-qian", "2026-11-01", "Start");
    bed.write(people, &PEOPLE.replace("role: user", "post: 主任"));
    bed.commit_as("sun-qian", "2026-11-02", "Restrict");
    let told = |whom: &str| bed.run(&["diff", "HEAD~1..HEAD", "--as", whom, "--format", "json"]);
    let refused = told("zhao-min");
    assert!(refused.code == 1 && refused.words.contains("1 error"), "the first commit is in error: {}", refused.words);
    let history = bed.run(&["history", "yunxi/contacts/people", "--field", "mail", "--format", "json"]);
    let told: Value = serde_json::from_str(&history.data).unwrap();
    let audiences: Vec<&str> =
        told["changes"].as_array().unwrap().iter().map(|c| c["audience"].as_str().unwrap()).collect();
    assert!(!audiences.is_empty() && audiences.iter().all(|audience| audience.contains("legal")), "{audiences:?}");
}

#[test]
fn no_imported_file_is_named_after_what_is_personal() {
    let bed = bed();
    bed.write("outside/table.csv", "id,name,phone\nx,温岚,139\n");
    let mapping = "type: contact\ndossier: yunxi\nfile: \"{phone}\"\ncolumns: {id: id, name: name, phone: phone}\n";
    bed.write("outside/mapping.yaml", mapping);
    let run = bed.run(&["import", "outside/table.csv", "--mapping", "outside/mapping.yaml"]);
    assert!(run.code == 1 && run.words.contains("‹phone› is personal"), "{}", run.words);
}

#[test]
fn all_that_is_held_about_a_contact_is_listed_with_how_and_whether_it_is_personal() {
    let bed = bed();
    let all = about(&bed, "yunxi/contacts/people/liao", &["--everything"]);
    for line in [
        "yunxi/contacts/people/liao name record",
        "yunxi/contacts/people/liao phone record personal",
        "yunxi/credentials/liao number refers personal",
        "yunxi/credentials/liao text refers personal",
        "yunxi/credentials/liao attachments refers personal",
        "yunxi/memos/one text mentions",
    ] {
        assert!(all.iter().any(|other| other == line), "{line} in {all:#?}");
    }
    assert!(!all.iter().any(|line| line.contains("wen") || line.contains("memos/one by")), "{all:#?}");
    // A sentence that does not name the person is none of it.
    let table = bed.run(&["export", "--about", "yunxi/contacts/people/liao", "--everything"]);
    assert!(table.data.contains("廖远 wants it soon.") && !table.data.contains("Called today"), "{}", table.data);
    assert!(table.words.contains("history"), "{}", table.words);
}

#[test]
fn a_list_about_a_person_holds_what_its_reader_may_read() {
    let bed = bed();
    let legal = about(&bed, "yunxi/contacts/people/liao", &["--as", "zhao-min"]);
    assert!(legal.iter().any(|line| line.contains("credentials/liao number")), "{legal:#?}");
    assert!(!legal.iter().any(|line| line.contains("phone")), "the telephone is for others: {legal:#?}");
    let staff = bed.run(&["export", "--about", "yunxi/contacts/people/liao", "--audience", "staff"]);
    assert_eq!((staff.code, staff.data.as_str()), (1, ""), "{}", staff.words);
    let nobody = bed.run(&["export", "--about", "yunxi/contacts/people/nobody", "--audience", "staff"]);
    assert_eq!(staff.words.replace("/liao", "/nobody"), nobody.words, "whether there is one is not told");
}
