//! The last gate and the past: whatever page-making went wrong, no restricted word of an earlier state is published.

use super::canary::{han, word};
use super::fixture::{DAY, House, files_of};
use super::past::{both, lived};
use super::past_attack::A;
use super::tricks::house_with;
use std::path::Path;
use strongroom::archive::Archive;
use strongroom::finding::{Finding, Severity, withhold};
use strongroom::history::History;
use strongroom::provenance::Signers;
use strongroom::repository::{Past, open_commit};
use strongroom::site::PublishError;

/// Puts a text into a finished page, as a fault in a template might.
fn print_on(page: &Path, text: &str) {
    let html = std::fs::read_to_string(page).unwrap();
    std::fs::write(page, html.replace("</main>", &format!("<p>{text}</p></main>"))).unwrap();
}

/// What the gate says where the home page prints a text.
fn printing(house: &House, text: &str, excerpts: bool) -> Vec<Finding> {
    let sabotage = |folder: &Path| print_on(&folder.join("index.html"), text);
    match house.build_with(DAY, (&house.site(), &house.state()), excerpts, &sabotage) {
        Ok(_) => Vec::new(),
        Err(PublishError::Findings(findings)) => findings.into_iter().collect(),
        Err(error) => panic!("{error}"),
    }
}

/// That the build is stopped where the page prints the two words of a canary, and what is said of the last one.
fn is_stopped(house: &House, label: &str) -> Finding {
    let errors = printing(house, &format!("{} and then {}", word(label), han(label)), true);
    let errors: Vec<Finding> = errors.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    for canary in [word(label), han(label)] {
        let told = |error: &&Finding| error.message.contains("index.html") && error.message.contains(&canary);
        let error = errors.iter().find(told).unwrap_or_else(|| panic!("{label} ({canary}) went through: {errors:#?}"));
        assert_eq!(error.code.0, "restricted-text-in-site");
    }
    errors.into_iter().next_back().unwrap()
}

#[test]
fn a_past_value_that_a_page_prints_stops_the_build_and_both_places_are_named() {
    let house = lived(&[
        &format!("---\nnote: {}\n---\n# Price\n\n{}。\n", both("first note"), both("first price")),
        &format!(
            "---\nnote: {}\nrestrict: {{note: finance}}\n---\n# Price {{audience=legal}}\n\n{}。\n",
            both("second note"),
            both("second price")
        ),
        "---\ntitle: t\n---\n# Other\n\nnothing of it\n",
    ]);
    house.must_build();
    let before = files_of(&house.site());
    for label in ["first note", "second note", "first price", "second price"] {
        let said = is_stopped(&house, label);
        assert_eq!(said.place.as_ref().map(|place| place.file.as_str()), Some(A), "{label}");
        assert!(said.message.contains("‹one/things/a›"), "{}", said.message);
        assert!(said.message.contains(" of 2025-01-0"), "the day of a commit: {}", said.message);
    }
    assert_eq!(files_of(&house.site()), before, "the site stands as it was");
}

#[test]
fn what_is_gone_was_renamed_or_moved_is_searched_for_as_well() {
    let house = house_with(&[]);
    let old = format!("customers/one/things/{}.md", word("old name"));
    let sealed = |label: &str| format!("---\naudience: legal\ntitle: {0}\nnote: {0}\n---\n{0}。\n", both(label));
    house.put(&old, sealed("kept words"));
    house.put("customers/one/things/gone.md", sealed("gone words"));
    let rows = |items: &str| format!("type: thing\naudience: legal\nrecords:\n{items}");
    let item = |code: &str, label: &str| format!("  - {{code: {code}, note: {}}}\n", both(label));
    let both_rows = format!("{}{}", item(&word("first key"), "first row"), item("second", "second row"));
    house.put("customers/one/things/rows.yaml", rows(&both_rows));
    house.commit("all of it");
    house.remove(&old);
    house.put(&format!("customers/one/things/{}.md", word("new name")), sealed("kept words"));
    house.remove("customers/one/things/gone.md");
    house.put("customers/one/things/rows.yaml", rows(&item("second", "second row")));
    house.commit("one renamed, one gone, a row less");
    house.must_build();
    assert!(is_stopped(&house, "gone words").message.contains("‹one/things/gone›"));
    is_stopped(&house, "first row");
    let told = printing(&house, &format!("{} or {}", word("old name"), word("first key")), true);
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn a_message_that_is_not_for_everybody_is_searched_for_also_where_it_is_for_nobody() {
    let house = lived(&["---\naudience: legal\nnote: a\n---\n"]);
    house.put(A, "---\naudience: legal\nnote: b\n---\n");
    house.commit(&format!("{}\n\nReason: {}\n", both("sealed summary"), both("sealed reason")));
    house.commit(&both("empty commit"));
    house.must_build();
    for label in ["sealed summary", "sealed reason", "empty commit"] {
        let said = is_stopped(&house, label);
        assert!(said.place.is_none(), "{label} stands in no file");
        assert!(said.message.contains("in the message of commit "), "{}", said.message);
    }
}

#[test]
fn what_was_committed_beside_the_archive_is_none_of_its_texts() {
    let folder = tempfile::tempdir().unwrap();
    let repository = git2::Repository::init(folder.path()).unwrap();
    let commit = |path: &str, content: &str, message: &str| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
        let mut index = repository.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::FORCE, None).unwrap();
        let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
        let parent = repository.head().ok().map(|head| head.peel_to_commit().unwrap());
        let person = git2::Signature::new("a", "a@example.invalid", &git2::Time::new(1_735_693_200, 0)).unwrap();
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        repository.commit(Some("HEAD"), &person, &person, message, &tree, &parents).unwrap();
    };
    commit("kept/strongroom.yaml", "title: Archive\naudiences: {}\n", &word("in the archive"));
    commit("program/main.c", "int main;\n", &word("beside it"));
    let kept = folder.path().join("kept");
    let archive = Archive::read(&open_commit(&kept, None, None).unwrap(), DAY.parse().unwrap()).archive;
    let past = Past::read(&kept, None, None).unwrap();
    let history = History::read(&past, &archive, &Signers::default());
    let told = |label: &str| history.texts().iter().any(|text| text.text.contains(&word(label)));
    assert!(told("in the archive"));
    assert!(!told("beside it"));
}

#[test]
fn what_the_past_tells_in_the_open_or_the_present_says_stops_nothing() {
    let house = lived(&[
        &format!("---\nnote: {}\n---\n{}。\n", both("open note"), both("open text")),
        &format!("---\nnote: {}\naudience: legal\n---\n", both("again open")),
        &format!("---\nnote: {}\n---\n{}。\n", both("again open"), both("last text")),
    ]);
    house.put(A, "---\nnote: x\n---\n");
    house.put("customers/one/things/b.md", format!("---\nnote: {}\n---\n", both("again open")));
    house.commit("the words of a restricted time stand openly elsewhere");
    house.must_build();
    let all = ["open note", "open text", "again open", "last text"].map(|label| format!("<p>{}</p>", both(label)));
    assert_eq!(printing(&house, &all.join(""), true), Vec::new());
}

#[test]
fn without_excerpts_neither_the_words_nor_the_record_are_shown() {
    let house = lived(&[&format!("---\naudience: legal\nnote: {}\n---\n", both("quiet"))]);
    house.put(A, "---\naudience: legal\nnote: x\n---\n");
    house.commit("another");
    let findings = printing(&house, &word("quiet"), false);
    let said = findings.iter().find(|finding| finding.severity == Severity::Error).expect("the build is stopped");
    let shown = withhold(&said.message);
    assert!(!shown.contains(&word("quiet")) && !shown.contains("things/a"), "{shown}");
    assert!(shown.contains("index.html") && shown.contains("16 characters"), "{shown}");
}
