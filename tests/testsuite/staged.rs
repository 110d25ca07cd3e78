//! `check --staged`: what a commit would open, and to whom.

use super::bed::{Bed, CONTRACT, KEYS, SETTINGS, reader};

const FILE: &str = "customers/yunxi/contracts/2024-017.md";

fn staged(bed: &Bed) -> String {
    bed.git(&["add", "-A"]);
    bed.run(&["check", "--staged"]).data
}

fn committed() -> Bed {
    let bed = Bed::new();
    bed.commit();
    bed
}

#[test]
fn a_section_that_loses_its_restriction_is_told_with_before_and_after() {
    let bed = committed();
    bed.write(FILE, &CONTRACT.replace(" {audience=finance}", ""));
    let said = staged(&bed);
    assert!(
        said.contains(
            "opens: yunxi/contracts/2024-017, section ‹价格条款› (line 9): until now for finance; \
             from this commit on for finance or legal: zhao-min gains it"
        ),
        "{said}"
    );
}

#[test]
fn a_record_opened_to_everybody_is_told_as_a_whole() {
    let bed = committed();
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "staff"));
    let said = staged(&bed);
    assert!(
        said.contains("yunxi/contracts/2024-017, as a whole: until now for finance or legal; from this commit on for everybody (all staff)"),
        "{said}"
    );
    assert_eq!(said.matches("opens:").count(), 1, "{said}");
}

#[test]
fn a_renamed_heading_does_not_hide_that_its_text_opens() {
    let bed = committed();
    bed.write(FILE, &CONTRACT.replace("## 价格条款 {audience=finance}", "## 价格"));
    let said = staged(&bed);
    assert!(said.contains("holds words that stood in yunxi/contracts/2024-017, section ‹价格条款›"), "{said}");
    assert!(said.contains("for finance; here they are for finance or legal"), "{said}");
}

#[test]
fn text_moved_into_an_open_record_is_told() {
    let bed = Bed::new();
    bed.write(
        "strongroom.yaml",
        &SETTINGS.replace("  sales:", "  technical: {readers: []}\n  management: {readers: []}\n  sales:"),
    );
    bed.commit();
    bed.write(
        "customers/yunxi/visits/2026-11-01.md",
        "---\nby: 孙倩\naudience: staff\n---\nThe price is reviewed once a year in March.\n",
    );
    let said = staged(&bed);
    // The contract did not change: its words are found all the same where it is part of the commit.
    bed.write(FILE, &CONTRACT.replace("The price is reviewed once a year in March.", "Gone."));
    let moved = staged(&bed);
    assert!(said.contains("new: 1 record for everybody (all staff) (yunxi/visits/2026-11-01)"), "{said}");
    assert!(
        moved.contains("yunxi/visits/2026-11-01, the text before its headings: holds words that stood in"),
        "{moved}"
    );
}

#[test]
fn a_reader_who_joins_an_audience_gains_its_records() {
    let bed = committed();
    bed.write("strongroom.yaml", &SETTINGS.replace("[li-wei]", "[li-wei, zhao-min]"));
    let said = staged(&bed);
    assert!(
        said.contains("opens: zhao-min joins finance; can now read restricted parts of yunxi/contracts/2024-017"),
        "{said}"
    );
}

#[test]
fn another_key_a_new_training_and_oversight_are_openings() {
    let bed = Bed::new();
    bed.write("readers/zhao-min.yaml", &reader("赵敏", KEYS[1], "2026-01-01"));
    bed.commit();
    bed.write("readers/zhao-min.yaml", &reader("赵敏", KEYS[1], "2027-01-01"));
    assert!(staged(&bed).contains("zhao-min comes back into the keyrings with a new training; can now read"));
    bed.commit();
    bed.write(
        "readers/zhao-min.yaml",
        &reader("赵敏", "age10xy6pc60", "2027-01-01").replace("age10xy6pc60", &new_key(&bed)),
    );
    let said = staged(&bed);
    assert!(said.contains("zhao-min gets another key: whoever holds it reads what zhao-min may read"), "{said}");
    bed.commit();
    bed.write("strongroom.yaml", &SETTINGS.replace("oversight: compliance", "oversight: legal"));
    let said = staged(&bed);
    assert!(said.contains("`oversight` is now legal: its readers meet every restriction (zhao-min)"), "{said}");
    assert!(said.contains("zhao-min now oversees: meets every restriction; can now read"), "{said}");
}

fn new_key(bed: &Bed) -> String {
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("k.txt");
    let run = bed.run(&["key", "new", "k", "-o", file.to_str().unwrap(), "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    told["public_key"].as_str().unwrap().to_owned()
}

#[test]
fn a_type_that_opens_a_field_is_one_sentence_for_all_its_records() {
    let bed = Bed::new();
    for n in 0..9 {
        bed.write(&format!("customers/yunxi/contracts/{n}.md"), &format!("---\nnumber: {n}\namount: 5 CNY\n---\n"));
    }
    let of_type = "title: 合同\nfolder: contracts\naudience: [legal, sales, finance]\nkey: number\nfields:\n  number: {kind: text}\n  amount: {kind: money, audience: finance}\n";
    bed.write("types/contract.yaml", of_type);
    bed.commit();
    bed.write("types/contract.yaml", &of_type.replace(", audience: finance", ""));
    let said = staged(&bed);
    assert!(
        said.contains("opens: field `amount` of 9 records of type `contract` (the first is yunxi/contracts/0)"),
        "{said}"
    );
}

#[test]
fn what_closes_is_told_in_brief_and_an_ordinary_edit_in_one_line() {
    let bed = committed();
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "finance"));
    assert!(staged(&bed).contains("closes: "));
    bed.commit();
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "finance").replace("once a year", "twice a year"));
    assert_eq!(staged(&bed), "this commit opens nothing that was restricted, and nobody gains by it\n");
    bed.commit();
    bed.write("notes.txt", "x");
    bed.write("customers/yunxi/dossier.yaml", &bed.read("customers/yunxi/dossier.yaml"));
    assert!(!staged(&bed).contains("opens:"));
}

#[test]
fn a_commit_that_is_stopped_tells_its_errors_first_and_claims_nothing_of_what_it_opens() {
    let bed = committed();
    let dossier = bed.read("customers/yunxi/dossier.yaml");
    bed.write("customers/yunxi/dossier.yaml", &dossier.replace("custodian: 陶然\n", ""));
    bed.write(FILE, &CONTRACT.replace("audience=finance", "audience=finanse").replace("[legal, finance]", "staff"));
    bed.git(&["add", "-A"]);
    let run = bed.run(&["check", "--staged"]);
    assert_eq!(run.code, 1);
    let at = |what: &str| run.data.find(what).unwrap_or_else(|| panic!("no {what} in {}", run.data));
    assert!(at("error[unknown-audience]") < at("warning[no-custodian]"), "{}", run.data);
    assert!(run.data.ends_with("the commit is stopped; what it opens, and to whom, is told when these are mended\n"));
    assert!(!run.data.contains("opens nothing") && !run.data.contains("opens:"), "{}", run.data);
    let told = bed.run(&["check", "--staged", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.data).unwrap();
    assert_eq!(told["opens"], serde_json::Value::Null);

    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "staff"));
    bed.git(&["add", "-A"]);
    let warned = bed.run(&["check", "--staged"]);
    assert!(warned.code == 0 && warned.data.contains("opens:"), "a warning stops nothing: {}", warned.data);
    let strict = bed.run(&["check", "--staged", "--strict"]);
    assert!(strict.code == 1 && !strict.data.contains("opens:"), "{}", strict.data);
}

#[test]
fn a_first_commit_and_a_broken_head_are_said() {
    let bed = Bed::new();
    bed.git(&["init", "-q"]);
    assert!(staged(&bed).starts_with("nothing of this archive is committed yet"));
    bed.write(FILE, "---\nnumber: 2024-017\naudience: [legal\n---\n");
    bed.commit();
    bed.write(FILE, CONTRACT);
    let said = staged(&bed);
    assert!(said.contains("HEAD's archive has 1 error"), "{said}");
}

#[test]
fn the_index_counts_and_not_the_work_tree_and_git_may_name_another() {
    let bed = committed();
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "staff"));
    let run = bed.run(&["check", "--staged"]);
    assert_eq!(run.data, "nothing of the archive is staged\n");
    std::fs::copy(bed.path().join(".git/index"), bed.path().join(".git/other")).unwrap();
    bed.git(&["add", "-A"]);
    let other = bed.path().join(".git/other");
    let run = bed.run_with(&["check", "--staged"], &[("GIT_INDEX_FILE", other.to_str().unwrap())]);
    assert_eq!(run.data, "nothing of the archive is staged\n");
}

#[test]
fn programs_read_what_opens_beside_the_findings() {
    let bed = committed();
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "staff"));
    bed.git(&["add", "-A"]);
    let run = bed.run(&["check", "--staged", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    assert_eq!(told["errors"], 0);
    assert_eq!(told["opens"][0]["kind"], "opens");
    assert_eq!(told["opens"][0]["before"], "finance|legal");
    assert_eq!(told["opens"][0]["after"], "staff");
    let run = bed.run(&["check", "--staged", "--format", "json", "--no-excerpts"]);
    assert!(!run.data.contains("价格"), "{}", run.data);
}

#[test]
fn a_later_opening_is_told_when_it_is_set() {
    let bed = committed();
    bed.write(FILE, &CONTRACT.replace("---\nThe", "open_from: 2027-05-01\n---\nThe"));
    assert!(staged(&bed).contains("opens later: yunxi/contracts/2024-017: its own audience ends on 2027-05-01"));
}
