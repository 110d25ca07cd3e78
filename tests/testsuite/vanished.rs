//! Records that vanished: what counts as gone, what is a note of it, and what is said to whom.

use super::bed::{Bed, CONTRACT};
use serde_json::Value;

const FILE: &str = "customers/yunxi/contracts/2024-017.md";
const LIST: &str = "customers/yunxi/circuits/all.yaml";
const TYPE: &str = "title: 电路\nfolder: circuits\naudience: staff\nkey: number\nfields:\n  number: {kind: text}\n  from: {kind: text}\n  to: {kind: text}\n";
const SETTINGS_MORE: &str = "  technical: {readers: []}\n  management: {readers: []}\n";

fn circuits(items: &[&str]) -> String {
    let mut list = "type: circuit\nrecords:\n".to_owned();
    for number in items {
        list.push_str(&format!("  - {{number: {number}, from: 机房 {number}, to: 厂区 {number}}}\n"));
    }
    list
}

/// The archive of all tests with a list of circuits, committed on the first of May.
fn bed() -> Bed {
    let bed = Bed::new();
    let settings = bed.read("strongroom.yaml").replace("tiers:", &format!("{SETTINGS_MORE}tiers:"));
    bed.write("strongroom.yaml", &settings);
    bed.write("types/circuit.yaml", TYPE);
    bed.write(LIST, &circuits(&["YX-1", "YX-2", "YX-3"]));
    bed.commit_as("he-jun", "2026-05-01", "a beginning");
    bed
}

/// The findings of `check` that say so, as file and message.
fn vanished(bed: &Bed) -> Vec<(String, String)> {
    let run = bed.run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.data).unwrap();
    assert_eq!(report["errors"], 0, "{}", run.data);
    let all = report["findings"].as_array().unwrap().iter();
    let of_code = all.filter(|finding| finding["code"] == "record-vanished");
    let told = of_code.map(|finding| {
        assert_eq!(finding["severity"], "warning");
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        assert!(text("remedy").contains("Disposal: "), "{finding}");
        (text("file"), text("message"))
    });
    told.collect()
}

fn removed(bed: &Bed, path: &str, message: &str) {
    std::fs::remove_file(bed.path().join(path)).unwrap();
    bed.commit_as("sun-qian", "2026-05-02", message);
}

#[test]
fn a_record_that_went_without_a_note_is_a_warning_that_says_what_to_do() {
    let bed = bed();
    assert_eq!(vanished(&bed), []);
    removed(&bed, FILE, "tidy up");
    let [(file, message)] = &vanished(&bed)[..] else { panic!("one warning") };
    assert_eq!(file, FILE);
    assert!(message.starts_with("the record yunxi/contracts/2024-017 vanished with commit "), "{message}");
    assert!(message.contains(" of 2026-05-02 by ‹sun-qian›"), "{message}");
    let run = bed.run(&["check"]);
    assert_eq!(run.code, 0);
    assert!(run.data.contains("warning[record-vanished]"), "{}", run.data);
    assert!(run.data.contains("`strongroom new disposal`, with `records: [yunxi/contracts/2024-017]`"), "{}", run.data);
    assert!(run.data.contains(&format!("~1 -- {FILE}`")), "{}", run.data);
    assert_eq!(bed.run(&["check", "--strict"]).code, 1);
    assert_eq!(bed.run(&["check", "--rev", "HEAD~1", "--strict"]).code, 0, "it was there then");
    assert_eq!(bed.run(&["check", "--rev", "HEAD", "--strict"]).code, 1);
}

#[test]
fn the_command_that_the_remedy_shows_brings_it_back() {
    let bed = bed();
    removed(&bed, FILE, "tidy up");
    let run = bed.run(&["check", "--format", "json"]);
    let commit = run.data.split("git checkout ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    bed.git(&["checkout", &commit, "--", FILE]);
    assert_eq!(vanished(&bed), [], "what is not committed yet counts");
}

#[test]
fn a_line_in_the_message_is_a_note_in_either_language_and_an_empty_one_is_none() {
    for (message, noted) in [
        ("gone\n\nDisposal: destroyed, list 2026-3", true),
        ("移交\n\n处置：移交法务\n审批：吴洁", true),
        ("gone\n\nDisposal:", false),
        ("Disposal: in the summary", false),
        ("gone\n\nReason: it was old", false),
    ] {
        let bed = bed();
        removed(&bed, FILE, message);
        assert_eq!(vanished(&bed).is_empty(), noted, "{message}");
    }
}

#[test]
fn a_record_of_disposal_is_a_note_afterwards_in_a_register_or_in_a_dossier() {
    let note = |names: &str| format!("---\nrecords: [{names}]\nwhat: destroyed\nreason: 保管期满\n---\n");
    for (path, names, noted) in [
        ("registers/disposals/2026-1.md", "yunxi/contracts/2024-017", true),
        ("customers/yunxi/disposals/2026-1.md", "yunxi/contracts/2024-017.md", true),
        ("registers/disposals/2026-1.md", "yunxi/contracts/2024-01", false),
        ("registers/disposals/2026-1.md", "other/contracts/2024-017", false),
    ] {
        let bed = bed();
        removed(&bed, FILE, "tidy up");
        bed.write(path, &note(names));
        assert_eq!(vanished(&bed).is_empty(), noted, "{path} with {names}");
    }
}

#[test]
fn what_was_renamed_moved_or_came_back_did_not_vanish() {
    let bed = bed();
    let elsewhere = "customers/yunxi/contracts/renamed.md";
    bed.git(&["mv", FILE, elsewhere]);
    bed.commit_as("he-jun", "2026-05-02", "renamed");
    assert_eq!(vanished(&bed), []);
    bed.write(elsewhere, &bed.read(elsewhere).replace("once a year in March", "twice a year"));
    bed.git(&["mv", elsewhere, FILE]);
    bed.commit_as("he-jun", "2026-05-03", "renamed with a change");
    assert_eq!(vanished(&bed), []);
    removed(&bed, FILE, "gone");
    assert_eq!(vanished(&bed).len(), 1);
    bed.write(FILE, "---\nnumber: 2024-017\ntitle: 又一份\n---\nAnother text altogether.\n");
    bed.commit_as("he-jun", "2026-05-04", "and here again");
    assert_eq!(vanished(&bed), []);
    bed.git(&["mv", FILE, elsewhere]);
    bed.commit_as("he-jun", "2026-05-05", "and renamed once more");
    assert_eq!(vanished(&bed), []);
    std::fs::create_dir_all(bed.path().join("customers/power")).unwrap();
    bed.git(&["mv", "customers/yunxi", "customers/power/yunxi"]);
    bed.commit_as("he-jun", "2026-05-06", "the whole dossier in another group");
    assert_eq!(vanished(&bed), []);
}

#[test]
fn an_item_of_a_list_counts_as_a_record() {
    let bed = bed();
    bed.write(LIST, &circuits(&["YX-1", "YX-3"]));
    bed.commit_as("sun-qian", "2026-05-02", "a row less");
    let [(file, message)] = &vanished(&bed)[..] else { panic!("one warning") };
    assert_eq!(file, LIST);
    assert!(message.contains("the record yunxi/circuits/all/‹YX-2› vanished"), "{message}");
    bed.write("registers/disposals/a.yaml", "records: yunxi/circuits/all/YX-2\nwhat: error\nreason: 重复\n");
    assert_eq!(vanished(&bed), []);
    std::fs::remove_file(bed.path().join("registers/disposals/a.yaml")).unwrap();
    bed.write(LIST, &circuits(&["YX-1", "YX-2", "YX-3"]));
    assert_eq!(vanished(&bed), [], "it is back, not yet committed");
}

#[test]
fn an_item_that_got_another_key_or_moved_to_another_list_or_file_did_not_vanish() {
    let bed = bed();
    bed.write(LIST, &circuits(&["YX-1", "YX-2", "YX-3"]).replace("number: YX-2", "number: YX-0002"));
    bed.commit_as("he-jun", "2026-05-02", "a number corrected");
    bed.write(LIST, &circuits(&["YX-3"]));
    bed.write("customers/yunxi/circuits/plant.yaml", &circuits(&["YX-1"]));
    bed.write("customers/yunxi/circuits/YX-0002.yaml", "number: YX-0002\nfrom: 别处\n");
    bed.commit_as("he-jun", "2026-05-03", "divided");
    assert_eq!(vanished(&bed), []);
    std::fs::remove_file(bed.path().join(LIST)).unwrap();
    std::fs::remove_file(bed.path().join("customers/yunxi/circuits/YX-0002.yaml")).unwrap();
    bed.write("customers/yunxi/circuits/plant.yaml", &circuits(&["YX-0002", "YX-1", "YX-3"]));
    bed.commit_as("he-jun", "2026-05-04", "and joined again");
    assert_eq!(vanished(&bed), []);
}

#[test]
fn a_list_that_was_broken_for_a_while_lost_what_it_lost() {
    let bed = bed();
    bed.write(LIST, "type: circuit\nrecords:\n  - {number: [\n");
    bed.commit_as("he-jun", "2026-05-02", "broken");
    bed.write(LIST, &circuits(&["YX-1", "YX-2"]));
    bed.commit_as("he-jun", "2026-05-03", "mended");
    let told = vanished(&bed);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.contains("‹YX-3›"), "{told:?}");
}

#[test]
fn a_dossier_that_went_as_a_whole_is_one_warning_and_one_note() {
    let bed = bed();
    bed.git(&["rm", "-rq", "customers/yunxi"]);
    bed.commit_as("sun-qian", "2026-05-02", "a customer less");
    let told = vanished(&bed);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.starts_with("the dossier yunxi and the 2 records in it vanished"), "{told:?}");
    bed.write("registers/disposals/a.md", "---\nrecords: yunxi\nwhat: transferred\nreason: 划归邻区\n---\n");
    assert_eq!(vanished(&bed), []);
}

#[test]
fn what_a_branch_took_away_is_noted_on_the_branch() {
    for (message, noted) in [("gone", false), ("gone\n\nDisposal: destroyed", true)] {
        let bed = bed();
        bed.git(&["checkout", "-q", "-b", "side"]);
        removed(&bed, FILE, message);
        bed.git(&["checkout", "-q", "main"]);
        bed.write("README.md", "x\n");
        bed.commit_as("he-jun", "2026-05-03", "meanwhile");
        bed.git(&["merge", "-q", "--no-ff", "-m", "joined", "side"]);
        assert_eq!(vanished(&bed).is_empty(), noted);
    }
}

#[test]
fn attachments_readers_and_a_folder_outside_git_are_no_matter_of_this() {
    let bed = bed();
    bed.write("customers/yunxi/contracts/scan.csv", "a,b\n1,2\n");
    bed.write(FILE, &CONTRACT.replace("audience:", "attachments: [scan.csv]\naudience:"));
    bed.commit_as("he-jun", "2026-05-02", "with a scan");
    bed.write(FILE, CONTRACT);
    std::fs::remove_file(bed.path().join("customers/yunxi/contracts/scan.csv")).unwrap();
    bed.commit_as("he-jun", "2026-05-03", "without it");
    assert_eq!(vanished(&bed), []);
    std::fs::remove_dir_all(bed.path().join(".git")).unwrap();
    std::fs::remove_file(bed.path().join(FILE)).unwrap();
    assert_eq!(vanished(&bed), []);
}

#[test]
fn a_build_warns_too_and_check_uses_what_it_kept_and_begins_nothing_itself() {
    let bed = bed();
    removed(&bed, FILE, "tidy up");
    let outside = tempfile::tempdir().unwrap();
    let state = outside.path().join("state");
    let (site, kept) = (outside.path().join("site"), state.to_str().unwrap());
    let check = || bed.run(&["check", "--state", kept]);
    assert!(check().data.contains("record-vanished"));
    assert!(!state.exists(), "a check makes no key");
    let build = |strict: &[&str]| {
        let mut words = vec!["build", ".", "-o", site.to_str().unwrap(), "--state", kept];
        words.extend(strict);
        bed.run(&words)
    };
    let strict = build(&["--strict"]);
    assert!(strict.code == 1 && !site.exists(), "{}", strict.words);
    let run = build(&[]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert!(run.words.contains("warning[record-vanished]"), "{}", run.words);
    assert!(state.join("history").exists());
    assert!(check().data.contains("record-vanished"));
}

#[test]
fn without_excerpts_the_key_of_an_item_is_not_shown() {
    let bed = bed();
    bed.write(LIST, &circuits(&["YX-1", "YX-3"]));
    bed.commit_as("sun-qian", "2026-05-02", "a row less");
    let run = bed.run(&["check", "--no-excerpts"]);
    assert!(run.data.contains("record-vanished") && !run.data.contains("YX-2"), "{}", run.data);
}

#[test]
fn what_is_staged_says_what_would_vanish_and_which_line_to_write() {
    let bed = bed();
    std::fs::remove_file(bed.path().join(FILE)).unwrap();
    bed.write(LIST, &circuits(&["YX-2", "YX-3"]));
    bed.git(&["add", "-A"]);
    let run = bed.run(&["check", "--staged"]);
    assert_eq!(run.code, 0);
    assert!(run.data.contains("vanishes: yunxi/circuits/all/‹YX-1›; yunxi/contracts/2024-017: "), "{}", run.data);
    assert!(run.data.contains("`Disposal: ") && run.data.contains("`处置：…`"), "{}", run.data);
    let told: Value = serde_json::from_str(&bed.run(&["check", "--staged", "--format", "json"]).data).unwrap();
    let vanishing = told["opens"].as_array().unwrap().iter().find(|said| said["kind"] == "vanishes").unwrap();
    assert_eq!(vanishing["records"], serde_json::json!(["yunxi/circuits/all/‹YX-1›", "yunxi/contracts/2024-017"]));
    let note = "---\nrecords: [yunxi/circuits/all/YX-1, yunxi/contracts/2024-017]\nwhat: error\nreason: 误录\n---\n";
    bed.write("registers/disposals/a.md", note);
    bed.git(&["add", "-A"]);
    assert!(!bed.run(&["check", "--staged"]).data.contains("vanishes"), "the commit itself holds the note");
}

#[test]
fn what_is_staged_as_moved_does_not_vanish() {
    let bed = bed();
    bed.git(&["mv", FILE, "customers/yunxi/contracts/renamed.md"]);
    bed.write("customers/yunxi/contracts/renamed.md", &CONTRACT.replace("once a year in March", "twice a year"));
    bed.git(&["add", "-A"]);
    let run = bed.run(&["check", "--staged"]);
    assert!(!run.data.contains("vanishes"), "{}", run.data);
    bed.git(&["rm", "-rqf", "customers/yunxi"]);
    let run = bed.run(&["check", "--staged"]);
    assert!(run.data.contains("vanishes: the dossier yunxi with 2 records: "), "{}", run.data);
}
