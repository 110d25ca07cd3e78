//! `access` of days that have passed: a reviewer's questions, with answers that were worked out by hand.

use super::bed::{Bed, CONTRACT, KEYS, SETTINGS, reader};
use serde_json::Value;
use std::process::Command;

const RECORD: &str = "yunxi/contracts/2024-017";
/// Another public key that nobody holds.
const THIRD: &str = "age1rpsjcstg4h8nwshn0kttd6znglvw529c7f63ww0wygfk9rap0fmsdmpqa8";
const FILE: &str = "customers/yunxi/contracts/2024-017.md";

/// An archive whose first commit is of 2026-01-05: li-wei in finance, zhao-min in legal.
fn begun() -> Bed {
    let bed = Bed::new();
    bed.commit_as("sun-qian", "2026-01-05", "begin");
    bed
}

fn told(bed: &Bed, arguments: &[&str]) -> Value {
    let mut all = vec!["access", "--format", "json"];
    all.extend(arguments);
    let run = bed.run(&all);
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.words);
    serde_json::from_str(&run.data).unwrap()
}

fn names(list: &Value) -> Vec<String> {
    let name = |one: &Value| one["reader"].as_str().or(one.as_str()).unwrap().to_owned();
    list.as_array().unwrap().iter().map(name).collect()
}

/// Who could open a part of a record on a day.
fn who(bed: &Bed, record: &str, part: &str, day: &str) -> Vec<String> {
    let told = told(bed, &["--record", record, "--as-of", day]);
    let parts = told["parts"].as_array().unwrap();
    let part = parts.iter().find(|one| one["part"].as_str().unwrap().starts_with(part)).unwrap();
    if part["everybody"] == true { vec!["everybody".to_owned()] } else { names(&part["readers"]) }
}

/// The spells of a part: who, by what, from when to when, what began and what ended it.
fn spells(bed: &Bed, record: &str, part: &str) -> Vec<String> {
    let told = told(bed, &["--record", record, "--ever"]);
    let parts = told["parts"].as_array().unwrap();
    let part = parts.iter().find(|one| one["part"].as_str().unwrap().starts_with(part)).unwrap();
    let turn = |turn: &Value| {
        let why = turn["why"].as_array().cloned().unwrap_or_default();
        let one = |why: &Value| {
            let by = why["commit"]["author"].as_str().map_or_else(|| "a day".to_owned(), str::to_owned);
            format!("{} ({by})", why["what"].as_str().unwrap())
        };
        why.iter().map(one).collect::<Vec<_>>().join(" + ")
    };
    let spell = |spell: &Value| {
        let who = spell["reader"].as_str().unwrap_or("everybody");
        let [by, first, last] = ["by", "first", "last"].map(|key| spell[key].as_str().unwrap());
        format!("{who}, {by}, {first}..{last}: {} | {}", turn(&spell["began"]), turn(&spell["ended"]))
    };
    part["spells"].as_array().unwrap().iter().map(spell).collect()
}

#[test]
fn nothing_was_published_before_the_first_commit() {
    let bed = begun();
    let run = bed.run(&["access", "--as-of", "2026-01-04"]);
    assert_eq!(run.code, 0);
    assert!(run.data.starts_with("On 2026-01-04 nothing was published yet"), "{}", run.data);
    assert_eq!(who(&bed, RECORD, "title", "2026-01-05"), ["li-wei", "zhao-min"]);
}

#[test]
fn a_training_lapses_and_a_record_opens_on_days_without_a_commit() {
    let bed = Bed::new();
    bed.write("readers/li-wei.yaml", &reader("李薇", KEYS[0], "2026-04-30"));
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "[legal, finance]\nopen_from: 2026-06-01"));
    bed.commit_as("sun-qian", "2026-01-05", "begin");
    for (day, readers) in [
        ("2026-04-30", &["li-wei", "zhao-min"][..]),
        ("2026-05-01", &["zhao-min"]),
        ("2026-05-31", &["zhao-min"]),
        ("2026-06-01", &["everybody"]),
    ] {
        assert_eq!(who(&bed, RECORD, "title", day), readers, "{day}");
    }
    // The heading's own restriction is not ended by the opening.
    assert_eq!(who(&bed, RECORD, "section", "2026-06-01"), [""; 0]);
    let opened = "`open_from: 2026-06-01` ended its own `audience`, which asked for finance or legal (a day)";
    assert_eq!(
        spells(&bed, RECORD, "title"),
        [
            format!("everybody, for all staff, 2026-06-01..2026-11-23: {opened} | "),
            "li-wei, finance, 2026-01-05..2026-04-30: the record came (sun-qian) | the training lapsed: it was valid until \
             2026-04-30 (a day)"
                .to_owned(),
            format!("zhao-min, legal, 2026-01-05..2026-05-31: the record came (sun-qian) | {opened}"),
        ]
    );
}

#[test]
fn one_who_leaves_reads_to_the_last_day_of_the_file_and_then_no_more() {
    let bed = begun();
    bed.write("readers/li-wei.yaml", &format!("{}until: 2026-03-31\n", reader("李薇", KEYS[0], "2027-03-01")));
    bed.commit_as("he-jun", "2026-03-10", "leaves");
    assert_eq!(who(&bed, RECORD, "field `amount`", "2026-03-31"), ["li-wei"]);
    assert_eq!(who(&bed, RECORD, "field `amount`", "2026-04-01"), [""; 0]);
    bed.write("strongroom.yaml", &SETTINGS.replace("[li-wei]", "[]"));
    std::fs::remove_file(bed.path().join("readers/li-wei.yaml")).unwrap();
    bed.commit_as("he-jun", "2026-05-02", "gone");
    assert_eq!(
        spells(&bed, RECORD, "field `amount`"),
        ["li-wei, finance, 2026-01-05..2026-03-31: the record came (sun-qian) | `until: 2026-03-31` passed (a day)"]
    );
    // One who is gone can still be asked after.
    let told = told(&bed, &["--reader", "li-wei", "--ever"]);
    assert_eq!(told["in_keyrings"][0]["last"], "2026-03-31");
    assert_eq!(told["keys"][0]["times"][0]["last"], "2026-05-01");
    assert_eq!(told["audiences"][0]["times"][0]["last"], "2026-05-01");
    let run = bed.run(&["access", "--reader", "li-wei", "--as-of", "2026-06-01"]);
    assert!(run.data.contains("li-wei was not there on that day"), "{}", run.data);
}

#[test]
fn an_audience_that_is_called_otherwise_leaves_no_gap() {
    let bed = begun();
    bed.write("strongroom.yaml", &SETTINGS.replace("finance:", "accounting:"));
    bed.write("types/contract.yaml", "title: C\nfolder: contracts\naudience: [legal, accounting]\nfields: {number: {kind: text}, amount: {kind: money, audience: accounting}}\n");
    bed.write(FILE, &CONTRACT.replace("finance", "accounting"));
    bed.commit_as("he-jun", "2026-02-10", "rename");
    let told = spells(&bed, RECORD, "field `amount`");
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("li-wei, finance, 2026-01-05..2026-02-09: "), "{told:#?}");
    assert!(told[0].contains("the audience `finance` is no more (he-jun)"), "{told:#?}");
    assert!(told[1].starts_with("li-wei, accounting, 2026-02-10..2026-11-23: "), "{told:#?}");
    let gone = bed.run(&["access", "--audience", "finance", "--between", "2026-01-01", "2026-12-31"]);
    assert!(gone.data.contains("2026-01-05 to 2026-02-09"), "{}", gone.data);
}

#[test]
fn a_type_that_is_replaced_is_named_as_the_rule_with_its_commit() {
    let bed = Bed::new();
    bed.write(FILE, &CONTRACT.replace("audience: [legal, finance]\n", ""));
    bed.commit_as("sun-qian", "2026-01-05", "begin");
    let fields = "fields: {number: {kind: text}, amount: {kind: money, audience: finance}}\n";
    bed.write("types/contract.yaml", &format!("title: C\nfolder: contracts\naudience: finance\n{fields}"));
    bed.commit_as("he-jun", "2026-02-10", "narrow the type");
    assert_eq!(who(&bed, RECORD, "title", "2026-02-09"), ["li-wei", "zhao-min"]);
    assert_eq!(who(&bed, RECORD, "title", "2026-02-10"), ["li-wei"]);
    let told = spells(&bed, RECORD, "title");
    let narrowed =
        "the audience of the type `contract` asked for finance or legal or sales, and then for finance (he-jun)";
    assert_eq!(told[1], format!("zhao-min, legal, 2026-01-05..2026-02-09: the record came (sun-qian) | {narrowed}"));
}

#[test]
fn a_record_that_moves_to_another_dossier_is_followed_under_its_names() {
    let bed = begun();
    bed.write(
        "customers/anhe/dossier.yaml",
        &bed.read("customers/yunxi/dossier.yaml")
            .replace("audience: staff", "audience: legal")
            .replace("云溪水电", "安河"),
    );
    bed.commit_as("sun-qian", "2026-01-20", "another customer");
    let text = bed.read(FILE);
    std::fs::remove_file(bed.path().join(FILE)).unwrap();
    bed.write("customers/anhe/contracts/2024-017.md", &text);
    bed.commit_as("he-jun", "2026-02-10", "move");
    let now = "anhe/contracts/2024-017";
    for name in [RECORD, now] {
        assert_eq!(who(&bed, name, "title", "2026-02-09"), ["li-wei", "zhao-min"], "{name}");
        assert_eq!(who(&bed, name, "title", "2026-02-10"), ["zhao-min"], "{name}");
        let told = spells(&bed, name, "title");
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(told[0].starts_with("li-wei, finance, 2026-01-05..2026-02-09"), "{told:#?}");
        assert!(
            told[0].contains("the record moved: yunxi/contracts/2024-017 became anhe/contracts/2024-017 (he-jun)"),
            "{told:#?}"
        );
        assert!(told[1].starts_with("zhao-min, legal, 2026-01-05..2026-11-23"), "{told:#?}");
    }
    // What is gone can be asked after as well.
    std::fs::remove_file(bed.path().join("customers/anhe/contracts/2024-017.md")).unwrap();
    bed.commit_as("he-jun", "2026-03-01", "gone");
    let told = spells(&bed, RECORD, "title");
    assert!(
        told[1].ends_with("2026-01-05..2026-02-28: the record came (sun-qian) | the record went (he-jun)"),
        "{told:#?}"
    );
    let run = bed.run(&["access", "--record", now, "--as-of", "2026-04-01"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("was not published on 2026-04-01"), "{}", run.words);
}

#[test]
fn a_heading_and_a_restricted_field_are_told_part_by_part() {
    let bed = begun();
    bed.write(
        FILE,
        &CONTRACT
            .replace("## 价格条款 {audience=finance}", "## 价格条款")
            .replace("---\nThe", "restrict: {number: legal}\n---\nThe"),
    );
    bed.commit_as("he-jun", "2026-02-10", "open the heading, restrict the number");
    assert_eq!(who(&bed, RECORD, "section", "2026-02-09"), ["li-wei"]);
    assert_eq!(who(&bed, RECORD, "section", "2026-02-10"), ["li-wei", "zhao-min"]);
    assert_eq!(who(&bed, RECORD, "field `number`", "2026-02-09"), ["li-wei", "zhao-min"]);
    assert_eq!(who(&bed, RECORD, "field `number`", "2026-02-10"), ["zhao-min"]);
    let told = spells(&bed, RECORD, "section");
    assert!(
        told[1].contains(
            "zhao-min, legal, 2026-02-10..2026-11-23: a heading asked for finance, and no longer does (he-jun) | "
        ),
        "{told:#?}"
    );
    let told = spells(&bed, RECORD, "field `number`");
    assert!(told[0].ends_with(" | a restriction of this part came to ask for legal (he-jun)"), "{told:#?}");
}

#[test]
fn a_key_that_is_taken_away_ends_what_it_opened() {
    let bed = begun();
    bed.write("readers/li-wei.yaml", &reader("李薇", KEYS[0], "2027-03-01").replace(&format!("[{}]", KEYS[0]), "[]"));
    bed.commit_as("he-jun", "2026-02-10", "the laptop is lost");
    bed.write("readers/li-wei.yaml", &reader("李薇", THIRD, "2027-03-01"));
    let keyless = who(&bed, RECORD, "field `amount`", "2026-02-10");
    assert_eq!(keyless, [""; 0]);
    let told = spells(&bed, RECORD, "field `amount`");
    assert_eq!(
        told,
        [
            "li-wei, finance, 2026-01-05..2026-02-09: the record came (sun-qian) | the reader's last key was taken away (he-jun)"
        ]
    );
    let told = told_of_keys(&bed);
    assert_eq!(told, [format!("{} 2026-01-05..2026-02-09", KEYS[0])]);
}

fn told_of_keys(bed: &Bed) -> Vec<String> {
    let told = told(bed, &["--reader", "li-wei", "--ever"]);
    let one = |key: &Value| {
        let time = &key["times"][0];
        format!(
            "{} {}..{}",
            key["key"].as_str().unwrap(),
            time["first"].as_str().unwrap(),
            time["last"].as_str().unwrap()
        )
    };
    told["keys"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn what_another_branch_changed_counts_from_its_merge_and_is_told_with_both_commits() {
    let bed = begun();
    bed.git(&["checkout", "-q", "-b", "narrower"]);
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "finance"));
    bed.commit_as("he-jun", "2026-02-10", "narrow");
    bed.git(&["checkout", "-q", "-"]);
    bed.write("notes.md", "x\n");
    bed.commit_as("sun-qian", "2026-02-20", "beside");
    bed.git(&["merge", "-q", "--no-ff", "--no-commit", "narrower"]);
    bed.conclude("wu-jie", "2026-03-05", "merge");
    assert_eq!(who(&bed, RECORD, "title", "2026-02-15"), ["li-wei", "zhao-min"]);
    assert_eq!(who(&bed, RECORD, "title", "2026-03-04"), ["li-wei", "zhao-min"]);
    assert_eq!(who(&bed, RECORD, "title", "2026-03-05"), ["li-wei"]);
    let told = told(&bed, &["--record", RECORD, "--between", "2026-02-01", "2026-03-31"]);
    let spell = &told["parts"][1]["spells"][1];
    assert_eq!((&spell["reader"], &spell["began"]), (&"zhao-min".into(), &Value::Null));
    let why = &spell["ended"]["why"][0];
    assert_eq!(why["commit"]["author"], "he-jun");
    assert_eq!(why["stood_with"]["author"], "wu-jie");
    assert_eq!(spell["ended"]["on"], "2026-03-05");
}

#[test]
fn a_commit_with_an_error_publishes_nothing_until_it_is_mended() {
    let bed = begun();
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "finanse"));
    bed.commit_as("he-jun", "2026-02-10", "a slip");
    bed.write("notes.md", "x\n");
    bed.commit_as("sun-qian", "2026-02-12", "something else");
    let run = bed.run(&["access", "--record", RECORD, "--as-of", "2026-02-12"]);
    assert!(run.data.contains("does not read without errors, and published nothing"), "{}", run.data);
    assert_eq!(who(&bed, RECORD, "title", "2026-02-12"), ["li-wei", "zhao-min"]);
    bed.write("notes.md", "y\n");
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "finance"));
    bed.commit_as("wu-jie", "2026-02-20", "mend");
    let told = told(&bed, &["--record", RECORD, "--ever"]);
    assert_eq!(told["published_nothing"].as_array().unwrap().len(), 2, "{told:#}");
    assert!(spells(&bed, RECORD, "title")[1].contains("zhao-min, legal, 2026-01-05..2026-02-19"), "{told:#}");
}

#[test]
fn who_reads_a_past_version_today_is_told_beside_who_could_read_it_then() {
    let bed = begun();
    bed.write("readers/chen-fang.yaml", &reader("陈芳", THIRD, "2027-03-01"));
    bed.write("strongroom.yaml", &SETTINGS.replace("[li-wei]", "[chen-fang]"));
    bed.commit_as("he-jun", "2026-05-01", "one goes, one comes");
    let told = told(&bed, &["--record", RECORD, "--as-of", "2026-02-01"]);
    let amount = told["parts"].as_array().unwrap().iter().find(|part| part["part"] == "field `amount`").unwrap();
    assert_eq!(names(&amount["readers"]), ["li-wei"]);
    assert_eq!(names(&amount["today"]["readers"]), ["chen-fang"]);
    // What is restricted today restricts its past.
    bed.write(FILE, &CONTRACT.replace("---\nThe", "restrict: {title: legal}\n---\nThe"));
    bed.commit_as("he-jun", "2026-06-01", "restrict the title");
    let run = bed.run(&["access", "--record", RECORD, "--as-of", "2026-02-01"]);
    assert!(
        run.data.contains("then:  li-wei (finance), zhao-min (legal)\n      today: zhao-min (legal)"),
        "{}",
        run.data
    );
    assert!(run.data.contains("What was read stays read."), "{}", run.data);
}

#[test]
fn a_clock_that_ran_behind_is_said_and_reorders_nothing() {
    let bed = begun();
    bed.write("strongroom.yaml", &SETTINGS.replace("[li-wei]", "[]"));
    bed.commit_as("he-jun", "2025-12-24", "by a wrong clock");
    assert_eq!(who(&bed, RECORD, "field `amount`", "2026-01-05"), [""; 0]);
    let run = bed.run(&["access", "--as-of", "2025-12-31"]);
    assert!(run.data.contains("nothing was published yet"), "{}", run.data);
    assert!(run.words.contains("a clock ran wrong"), "{}", run.words);
}

#[test]
fn those_who_can_clone_the_repository_are_listed_as_the_settings_of_the_time_named_them() {
    let bed = begun();
    let now = bed.run(&["access", "--audience", "finance"]);
    assert!(!now.data.contains("The settings name"), "{}", now.data);
    bed.write("strongroom.yaml", &format!("{SETTINGS}repository_readers: [zhao-min, IT operations, li-wie]\n"));
    bed.commit_as("he-jun", "2026-02-10", "name them");
    assert_eq!(bed.found(), ["warning unknown-repository-reader strongroom.yaml:10:47"]);
    let then = bed.run(&["access", "--as-of", "2026-02-10"]);
    assert!(then.data.ends_with("The settings name as such: zhao-min, IT operations, li-wie.\n"), "{}", then.data);
    assert!(!bed.run(&["access", "--as-of", "2026-02-09"]).data.contains("IT operations"));
    let ever = told(&bed, &["--ever"]);
    assert_eq!(ever["repository_readers"][0]["name"], "IT operations");
    assert_eq!(ever["repository_readers"][0]["times"][0]["first"], "2026-02-10");
    assert!(ever["repository"].as_str().unwrap().contains("whoever can clone"));
}

#[test]
fn a_bare_repository_answers_the_same() {
    let bed = begun();
    bed.write(FILE, &CONTRACT.replace("[legal, finance]", "finance"));
    bed.commit_as("he-jun", "2026-02-10", "narrow");
    let bare = Bed::bare();
    let from = bed.path().to_str().unwrap();
    let status =
        Command::new("git").args(["clone", "-q", "--bare", from, "."]).current_dir(bare.path()).status().unwrap();
    assert!(status.success());
    for question in [
        &["--record", RECORD, "--as-of", "2026-02-09"][..],
        &["--record", RECORD, "--ever"],
        &["--reader", "zhao-min", "--between", "2026-01-01", "2026-06-30"],
        &["--audience", "legal", "--ever"],
        &["--ever"],
    ] {
        assert_eq!(told(&bare, question), told(&bed, question), "{question:?}");
    }
}

#[test]
fn names_that_never_were_suggest_the_nearest_that_ever_was() {
    let bed = begun();
    std::fs::remove_file(bed.path().join(FILE)).unwrap();
    bed.commit_as("he-jun", "2026-02-10", "gone");
    for (question, near) in [
        (["access", "--record", "yunxi/contracts/2024-071", "--ever"], RECORD),
        (["access", "--reader", "li-wie", "--ever"], "li-wei"),
        (["access", "--audience", "fiance", "--ever"], "finance"),
    ] {
        let run = bed.run(&question);
        assert_eq!(run.code, 1);
        assert!(run.words.contains(&format!("did you mean ‹{near}›?")), "{}", run.words);
    }
    let run = bed.run(&["access", "--record", "yunxi/contracts/2024-071", "--as-of", "2026-03-01"]);
    assert!(run.words.contains(&format!("did you mean ‹{RECORD}›?")), "{}", run.words);
    let run = bed.run(&["access", "--between", "2026-03-01", "2026-02-01"]);
    assert_eq!((run.code, run.words.contains("is before")), (1, true), "{}", run.words);
}
