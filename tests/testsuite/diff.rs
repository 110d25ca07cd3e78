//! `diff`: what one commit says otherwise than another, net, for archivists and for a reader.

use super::bed::{Bed, CONTRACT, SETTINGS};
use serde_json::Value;

const PATH: &str = "customers/yunxi/contracts/2024-017.md";

const MEMO: &str = "title: 便笺\nfolder: memos\naudience: staff\nfields:\n  purpose: {kind: text}\n";

/// Three commits: the amount goes up and down again, the parties come, and a memo.
fn bed() -> Bed {
    let bed = Bed::new();
    bed.write("types/memo.yaml", MEMO);
    bed.commit_as("sun-qian", "2026-03-01", "Start");
    bed.git(&["tag", "one"]);
    bed.write(PATH, &CONTRACT.replace("1280000", "1300000"));
    bed.commit_as("sun-qian", "2026-03-02", "Raise the amount");
    bed.git(&["tag", "two"]);
    bed.write(PATH, &CONTRACT.replace("title: 专线租用合同", "title: 专线租用合同（续）\nparties: [云溪水电]"));
    bed.write("customers/yunxi/memos/2026-03-03.md", "---\ndate: 2026-03-03\npurpose: 回访\n---\nAll is well.\n");
    bed.commit_as("li-wei", "2026-03-03", "Memo");
    bed
}

fn told(bed: &Bed, arguments: &[&str]) -> Value {
    let mut all = vec!["diff"];
    all.extend(arguments);
    all.extend(["--format", "json"]);
    let run = bed.run(&all);
    assert_eq!(run.code, 0, "{arguments:?} {}{}", run.data, run.words);
    serde_json::from_str(&run.data).unwrap()
}

/// Each change as `record part before → after`.
fn changes(told: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |change: &Value| {
        let (record, part) = (word(&change["record"]), word(&change["part"]));
        format!("{record} {part} {} → {}", word(&change["before"]), word(&change["after"]))
    };
    told["changes"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn what_went_and_came_back_between_two_commits_is_no_difference() {
    let bed = bed();
    let net = changes(&told(&bed, &["one..HEAD", "yunxi/contracts/2024-017"]));
    assert_eq!(
        net,
        ["contracts/2024-017 title 专线租用合同 → 专线租用合同（续）", "contracts/2024-017 parties - → 云溪水电"]
    );
    let step = changes(&told(&bed, &["two..HEAD", "yunxi/contracts/2024-017"]));
    assert!(step.contains(&"contracts/2024-017 amount 1,300,000 元 → 1,280,000 元".to_owned()), "{step:?}");
    assert!(changes(&told(&bed, &["HEAD..HEAD"])).is_empty());
    let back = changes(&told(&bed, &["HEAD..two", "yunxi"]));
    assert!(back.iter().any(|change| change.starts_with("memos/2026-03-03 record 便笺 → -")), "{back:?}");
    let both = told(&bed, &["one"]);
    assert_eq!(both["to"], told(&bed, &["one..HEAD"])["to"]);
}

#[test]
fn a_renamed_record_is_one_change_and_not_two() {
    let bed = bed();
    bed.git(&["mv", PATH, "customers/yunxi/contracts/2024-018.md"]);
    bed.commit_as("li-wei", "2026-03-04", "Rename");
    let net = changes(&told(&bed, &["two..HEAD", "yunxi/contracts"]));
    assert!(
        net.iter().any(|change| change.contains("contracts/2024-018 record yunxi/contracts/2024-017.md →")),
        "{net:?}"
    );
    assert!(!net.iter().any(|change| change.starts_with("contracts/2024-017 ")), "{net:?}");
}

#[test]
fn a_reader_is_told_what_both_clearances_allow_and_an_audience_no_more() {
    let bed = bed();
    bed.write(PATH, &CONTRACT.replace("1280000", "1400000").replace("once a year", "twice a year"));
    bed.commit_as("sun-qian", "2026-03-05", "Raise");
    let finance = changes(&told(&bed, &["one..HEAD", "--as", "li-wei"]));
    assert!(finance.iter().any(|change| change.contains("amount")), "{finance:?}");
    let legal = bed.run(&["diff", "one..HEAD", "--as", "zhao-min", "--format", "json"]).data;
    assert!(!legal.contains("1,400,000") && !legal.contains("amount") && !legal.contains("twice a year"), "{legal}");
    let staff = bed.run(&["diff", "one..HEAD", "--audience", "staff", "--format", "json"]).data;
    assert!(!staff.contains("2024-017") && !staff.contains("finance"), "{staff}");
}

#[test]
fn a_value_that_opened_shows_its_reader_nothing_of_what_it_was_while_it_was_sealed() {
    let bed = Bed::new();
    bed.write("types/memo.yaml", MEMO);
    let memo = "customers/yunxi/memos/2026-03-03.md";
    bed.write(memo, "---\ndate: 2026-03-03\npurpose: 催款谈判\naudience: finance\n---\nText.\n");
    bed.commit_as("sun-qian", "2026-03-03", "Memo");
    bed.write(memo, "---\ndate: 2026-03-03\npurpose: 回访\naudience: [finance, legal]\n---\nText.\n");
    bed.commit_as("sun-qian", "2026-03-04", "Open the memo");
    let legal = bed.run(&["diff", "HEAD~1..HEAD", "--as", "zhao-min", "--format", "json"]).data;
    assert!(legal.contains("回访") && !legal.contains("催款谈判"), "{legal}");
    let finance = bed.run(&["diff", "HEAD~1..HEAD", "--as", "li-wei"]).data;
    assert!(finance.contains("purpose: 催款谈判 → 回访"), "{finance}");
    assert!(!finance.contains("zhao-min"), "who else gains is for archivists: {finance}");
}

#[test]
fn what_opens_and_closes_is_told_also_where_only_a_rule_changed() {
    let bed = bed();
    bed.write(
        "strongroom.yaml",
        &SETTINGS.replace("legal: {readers: [zhao-min]}", "legal: {readers: [zhao-min, li-wei]}"),
    );
    bed.write(
        PATH,
        &CONTRACT.replace("{audience=finance}", "").replace("audience: [legal, finance]", "audience: legal"),
    );
    bed.commit_as("sun-qian", "2026-03-05", "Other rules");
    let all = told(&bed, &["two..HEAD"]);
    let said: Vec<&str> = all["opens"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap()).collect();
    assert!(said.iter().any(|one| one.contains("in the first for") && one.contains("in the second for")), "{said:?}");
    assert!(said.iter().any(|one| one.contains("li-wei") && one.contains("joins legal")), "{said:?}");
    assert!(changes(&all).iter().any(|change| change.contains("strongroom.yaml audiences")), "{all}");
    let settings = changes(&told(&bed, &["two..HEAD", "settings"]));
    assert!(
        !settings.is_empty() && settings.iter().all(|change| change.starts_with("strongroom.yaml")),
        "{settings:?}"
    );
}

#[test]
fn a_commit_a_name_and_a_range_that_there_are_not_are_refused_with_a_remedy() {
    let bed = bed();
    for arguments in [
        ["diff", "one..nowhere", ""],
        ["diff", "..HEAD", ""],
        ["diff", "one...HEAD", ""],
        ["diff", "one..HEAD", "yunxy"],
        ["diff", "one..HEAD", "yunxi/contracts/2024-07"],
    ] {
        let run = bed.run(&arguments.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>());
        assert_eq!(run.code, 1, "{arguments:?}: {}", run.data);
        assert!(run.words.contains("help: "), "{arguments:?}: {}", run.words);
    }
    bed.write(PATH, "---\naudeince: legal\n---\n");
    bed.commit_as("sun-qian", "2026-03-05", "Break");
    assert_eq!(bed.run(&["diff", "one..HEAD", "--as", "li-wei"]).code, 1);
    assert_eq!(bed.run(&["diff", "one..HEAD"]).code, 1, "an archivist is told, and that the archive has errors");
}

#[test]
fn the_table_has_a_line_for_each_change() {
    let bed = bed();
    let table = bed.run(&["diff", "one..HEAD", "yunxi/contracts", "--format", "csv"]).data;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "dossier,record,type,part,change,before,after,before_raw,after_raw,audience");
    assert!(lines[1].starts_with("yunxi,contracts/2024-017,contract,title,changed,"), "{table}");
    assert_eq!(lines.len(), 3, "{table}");
}
