//! `due`: its forms, its exit status, what a reader is told, and rules that say what cannot be.

use super::bed::{Bed, DAY};

fn bed() -> Bed {
    let bed = Bed::new();
    let contract = bed.read("customers/yunxi/contracts/2024-017.md");
    bed.write("customers/yunxi/contracts/2024-017.md", &contract.replace("---\nThe", "until: 2026-11-20\n---\nThe"));
    bed.write(
        "customers/yunxi/licences/licence.yaml",
        "title: 执照\nkind: enterprise\nnumber: Z-1\nholder: 云溪水电\nvalid_until: 2026-12-24\n",
    );
    bed
}

/// The matters of a JSON answer.
fn matters(answer: &str) -> Vec<String> {
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
    answer["due"].as_array().unwrap().iter().map(|due| due["matter"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_overdue_and_due_is_listed_with_its_day_and_who_has_to_do_it() {
    let run = bed().run(&["due"]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert!(
        run.data.contains("Overdue: 1 matter\n  2026-11-20  Contract · Ends: 3 days overdue (孙倩)\n"),
        "{}",
        run.data
    );
    assert!(run.data.contains("2026-12-24  Licence · Valid until: in 31 days"), "{}", run.data);
    assert!(run.words.contains(&format!("as of {DAY}")), "{}", run.words);
}

#[test]
fn a_week_is_to_be_handed_in_until_its_day_and_missing_after_it() {
    let bed = bed();
    bed.write(
        "types/weekly.yaml",
        "title: 周报\nkind: series\nfolder: weeklys\naudience: staff\ndue: {every: week, grace: 3d}\nfields:\n  week: {kind: week, required: true}\n",
    );
    bed.write("customers/yunxi/weeklys/all.csv", "week\n2026-W45\n");
    let run = bed.run(&["due"]);
    assert!(run.data.contains("2026-11-18  周报 · Missing: 2026-W46: 5 days overdue"), "{}", run.data);
    assert!(run.data.contains("2026-11-25  周报 · To hand in: 2026-W47: in 2 days"), "{}", run.data);
}

#[test]
fn what_is_to_follow_a_day_is_due_until_it_says_something() {
    let bed = bed();
    let fields = "fields:\n  sent: {kind: date}\n  to: {kind: person}\n  read_on: {kind: date, due: {follows: sent, grace: 3d, who: to}, title: 阅知}\n";
    bed.write("types/word.yaml", &format!("title: 反馈\nfolder: words\naudience: staff\n{fields}"));
    let told = |more: &str| {
        bed.write("customers/yunxi/words/a.yaml", &format!("title: 降\nto: 方以宁\n{more}"));
        bed.run(&["due"]).data
    };
    let late = told("sent: 2026-11-19\n");
    assert!(late.contains("2026-11-22  反馈 · 阅知: 1 day overdue (方以宁)"), "{late}");
    assert!(told("sent: 2026-11-20\n").contains("2026-11-23  反馈 · 阅知: due today"));
    assert!(!told("sent: 2026-11-19\nread_on: 2026-11-23\n").contains("阅知"));
    assert!(!told("").contains("阅知"));
}

#[test]
fn a_job_can_fail_on_what_is_overdue() {
    let bed = bed();
    assert_eq!(bed.run(&["due", "--fail-on", "overdue"]).code, 1);
    let contract = bed.read("customers/yunxi/contracts/2024-017.md");
    bed.write("customers/yunxi/contracts/2024-017.md", &contract.replace("2026-11-20", "2026-11-23"));
    assert_eq!(bed.run(&["due", "--fail-on", "overdue"]).code, 0, "its last day has come, and not gone");
    assert_eq!(bed.run(&["due", "--fail-on", "due"]).code, 1);
}

#[test]
fn a_time_may_be_asked_for_in_place_of_what_rules_say() {
    let bed = bed();
    assert_eq!(matters(&bed.run(&["--format", "json", "due", "--within", "30d"]).data).len(), 1);
    assert_eq!(matters(&bed.run(&["--format", "json", "due", "--within", "31d"]).data).len(), 2);
    let run = bed.run(&["due", "--within", "30"]);
    assert_eq!(run.code, 2);
    assert!(run.words.contains("d, w, m or y"), "{}", run.words);
}

#[test]
fn a_reader_is_told_what_the_reader_may_read_and_nothing_else() {
    let bed = bed();
    let all = matters(&bed.run(&["--format", "json", "due"]).data);
    assert!(all.contains(&"contract.until/yunxi/contracts/2024-017".to_owned()), "{all:?}");
    // Contracts are for legal and finance here, and readers' trainings for compliance.
    let legal = matters(&bed.run(&["--format", "json", "due", "--reader", "zhao-min"]).data);
    assert!(legal.contains(&"contract.until/yunxi/contracts/2024-017".to_owned()), "{legal:?}");
    let until = bed.read("customers/yunxi/contracts/2024-017.md").replace("restrict", "x");
    bed.write(
        "customers/yunxi/contracts/2024-017.md",
        &until.replacen("until:", "restrict: {until: finance}\nuntil:", 1),
    );
    let legal = bed.run(&["due", "--reader", "zhao-min"]);
    assert!(!legal.data.contains("2026-11-20"), "{}", legal.data);
    assert!(bed.run(&["due", "--reader", "li-wei"]).data.contains("2026-11-20"));
    let nobody = bed.run(&["due", "--reader", "zhao-minn"]);
    assert_eq!(nobody.code, 1);
    assert!(nobody.words.contains("zhao-min"), "{}", nobody.words);
}

#[test]
fn a_reader_is_told_of_the_readers_own_training_alone() {
    let bed = bed();
    for (name, key) in [("li-wei", 0), ("zhao-min", 1)] {
        let text = bed.read(&format!("readers/{name}.yaml")).replace("2027-03-01", "2026-12-01");
        bed.write(&format!("readers/{name}.yaml"), &text);
        assert!(text.contains(super::bed::KEYS[key]));
    }
    let told = matters(&bed.run(&["--format", "json", "due", "--reader", "zhao-min"]).data);
    assert!(told.contains(&"reader/zhao-min".to_owned()), "{told:?}");
    assert!(!told.contains(&"reader/li-wei".to_owned()), "{told:?}");
    assert!(matters(&bed.run(&["--format", "json", "due"]).data).contains(&"reader/li-wei".to_owned()));
}

/// The content lines of a calendar file, unfolded; each as it stands is short enough and ends as it should.
fn content_lines(text: &str) -> Vec<String> {
    assert!(text.ends_with("\r\n"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_calendar_file_is_what_calendars_read_and_the_same_every_time() {
    let bed = bed();
    let long = "一份名字很长的，带有；分号与,逗号;和\\反斜线的执照副本，用来看折行";
    bed.write(
        "customers/yunxi/licences/licence.yaml",
        &format!("title: '{long}'\nkind: enterprise\nnumber: Z-1\nholder: 云溪水电\nvalid_until: 2026-12-24\n"),
    );
    let text = bed.run(&["--format", "ics", "due"]).data;
    assert_eq!(text, bed.run(&["--format", "ics", "due"]).data);
    let lines = content_lines(&text);
    assert_eq!(lines.first().unwrap(), "BEGIN:VCALENDAR");
    assert_eq!(lines.last().unwrap(), "END:VCALENDAR");
    let count = |line: &str| lines.iter().filter(|l| *l == line).count();
    assert!(count("BEGIN:VEVENT") > 1);
    assert_eq!(count("BEGIN:VEVENT"), count("END:VEVENT"));
    assert_eq!(count("BEGIN:VEVENT"), count("DTSTAMP:20261123T000000Z"));
    assert!(lines.contains(&"DTSTART;VALUE=DATE:20261224".to_owned()));
    assert!(lines.contains(&"DTEND;VALUE=DATE:20261225".to_owned()));
    let escaped = long.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    assert!(lines.iter().any(|line| line.starts_with("DESCRIPTION:") && line.contains(&escaped)), "{lines:#?}");
    let uids = |text: &str| {
        let mut uids: Vec<String> = content_lines(text).into_iter().filter(|line| line.starts_with("UID:")).collect();
        uids.sort();
        uids
    };
    let before = uids(&text);
    assert_eq!(before.iter().collect::<std::collections::BTreeSet<_>>().len(), before.len(), "no two are called alike");
    // A day that moves takes its event along.
    let licence = bed.read("customers/yunxi/licences/licence.yaml").replace("2026-12-24", "2026-12-28");
    bed.write("customers/yunxi/licences/licence.yaml", &licence);
    assert_eq!(uids(&bed.run(&["--format", "ics", "due"]).data), before);
}

#[test]
fn a_calendar_of_nothing_is_still_a_calendar() {
    let bed = Bed::new();
    let lines = content_lines(&bed.run(&["--format", "ics", "due"]).data);
    assert!(lines.contains(&"BEGIN:VTIMEZONE".to_owned()) && !lines.contains(&"BEGIN:VEVENT".to_owned()), "{lines:#?}");
    assert_eq!(bed.run(&["--format", "ics", "check"]).code, 2);
}

#[test]
fn rules_that_say_what_cannot_be_are_findings_with_a_remedy() {
    let cases = [
        ("fields: {until: {kind: date, due: {before: 90}}}", "`before`: ‹90› is no length of time"),
        ("fields: {until: {kind: date, due: {before: 1.5m}}}", "no whole number"),
        ("fields: {until: {kind: text, due: {before: 90d}}}", "`until` cannot be due: it names no day"),
        ("fields: {until: {kind: date, many: true, due: {}}}", "`until` cannot be due"),
        ("fields: {until: {kind: date, due: {unless: cloesd}}, closed: {kind: date}}", "`unless` names ‹cloesd›"),
        (
            "fields: {until: {kind: date, due: {unless: {s: opne}}}, s: {kind: choice, of: [open]}}",
            "‹opne› is none of the choices",
        ),
        ("fields: {until: {kind: date, due: {last: holdr}}, holder: {kind: text}}", "`last` names ‹holdr›"),
        ("fields: {until: {kind: date, due: {who: ownr}}, owner: {kind: person}}", "`who` names ‹ownr›"),
        ("due: {every: fortnight}\nfields: {a: {kind: text}}", "`every`: ‹fortnight› is no length of time"),
        ("due: {every: 0d}\nfields: {a: {kind: text}}", "no time at all"),
        ("due: {every: 90d, by: a}\nfields: {a: {kind: text}}", "`by` names ‹a›"),
        ("due: {every: 90d, grace: soon}\nfields: {a: {kind: text}}", "`grace`: ‹soon›"),
        ("due: {every: week, next: a}\nfields: {a: {kind: date}}", "`next` goes with a length of time"),
        ("kind: series\ndue: {every: 7d}\nfields: {w: {kind: week}}", "a series is due by the week"),
    ];
    for (rules, message) in cases {
        let bed = Bed::new();
        bed.write("types/deed.yaml", &format!("title: D\nfolder: deeds\naudience: staff\n{rules}\n"));
        let run = bed.run(&["check"]);
        assert_eq!(run.code, 1, "{rules}");
        assert!(run.data.contains("error[broken-due]") && run.data.contains(message), "{rules}\n{}", run.data);
        assert!(run.data.contains("types/deed.yaml") && run.data.contains("help: "), "{}", run.data);
    }
}

#[test]
fn rules_that_are_nearly_wrong_are_right() {
    for rules in [
        "fields: {until: {kind: date, due: {}}}",
        "fields: {until: {kind: date, due: {before: 3mo, unless: date, who: account_manager}}}",
        "fields: {until: {kind: month, due: {unless: {s: open}, last: true}}, s: {kind: choice, of: [open]}}",
        "due: {every: visit, by: verified, working: yes, review: 2y}\nfields: {a: {kind: text}}",
        "kind: series\ndue: {every: month, grace: 1w}\nfields: {m: {kind: month}}",
    ] {
        let bed = Bed::new();
        bed.write("types/deed.yaml", &format!("title: D\nfolder: deeds\naudience: staff\n{rules}\n"));
        let run = bed.run(&["check"]);
        assert_eq!(run.code, 0, "{rules}\n{}", run.data);
    }
}

#[test]
fn settings_and_records_that_name_no_day_are_findings() {
    let bed = Bed::new();
    let settings = bed.read("strongroom.yaml");
    for (wrong, message) in [
        ("holidays: [2026-10-08..2026-10-01]\n", "ends before it begins"),
        ("holidays: [2026-02-29]\n", "neither a day nor days in a row"),
        ("workdays: saturday\n", "neither a day nor days in a row"),
    ] {
        bed.write("strongroom.yaml", &format!("{settings}{wrong}"));
        let run = bed.run(&["check"]);
        assert!(run.data.contains("error[broken-due]") && run.data.contains(message), "{wrong}\n{}", run.data);
    }
    bed.write("strongroom.yaml", &settings.replace("{title: 金牌}", "{title: 金牌, visit: monthly}"));
    assert!(bed.run(&["check"]).data.contains("`visit`: ‹monthly› is no length of time"));
    bed.write("strongroom.yaml", &settings);
    let dossier = bed.read("customers/yunxi/dossier.yaml");
    bed.write("customers/yunxi/dossier.yaml", &format!("{dossier}verified: {{on: 上周, by: 孙倩}}\n"));
    assert!(bed.run(&["check"]).data.contains("error[impossible-date]"));
    bed.write("customers/yunxi/dossier.yaml", &format!("{dossier}verified: {{on: 2026-11-01, by: 上周}}\n"));
    assert_eq!(bed.run(&["check"]).code, 0);
}
