//! What is due, day by day: each rule on the day before it counts, and on the day on which it does.

use super::bed::Bed;
use jiff::civil::Date;
use strongroom::archive::Archive;
use strongroom::reckoning::{Agenda, Due, Duty, Sight};
use strongroom::repository::open_work_tree;

const SETTINGS: &str = "\
title: A
oversight: compliance
audiences:
  legal: {readers: [zhao-min]}
  compliance: {readers: []}
tiers:
  gold: {title: G, requires: [check, weekly], review: 90d, visit: 1m}
  plain: {title: P}
";

const DOSSIER_TYPE: &str = "\
title: D
file: dossier.yaml
due: {every: review, by: verified, from: since, unless: {status: lost}, who: account_manager}
fields:
  name: {kind: text}
  tier: {kind: text, required: true}
  industry: {kind: text}
  since: {kind: date}
  status: {kind: choice, of: [active, lost]}
  account_manager: {kind: person}
";

/// An archive of one dossier of its own types.
fn bed(tier: &str) -> Bed {
    let bed = Bed::bare();
    bed.write("strongroom.yaml", SETTINGS);
    bed.write("readers/zhao-min.yaml", "name: 赵敏\nkeys: []\n");
    bed.write("types/dossier.yaml", DOSSIER_TYPE);
    dossier(&bed, tier, "verified: {on: 2026-11-20}");
    for required in ["check", "weekly"] {
        of_type(&bed, required, "fields: {next: {kind: date}}");
    }
    bed
}

fn dossier(bed: &Bed, tier: &str, more: &str) {
    let text = format!("name: Y\ntier: {tier}\nindustry: i\naccount_manager: 孙倩\naudience: staff\n{more}\n");
    bed.write("customers/yunxi/dossier.yaml", &text);
}

/// A type with these rules.
fn of_type(bed: &Bed, name: &str, rules: &str) {
    bed.write(&format!("types/{name}.yaml"), &format!("title: {name}\nfolder: {name}s\naudience: staff\n{rules}\n"));
}

fn record(bed: &Bed, path: &str, keys: &str) {
    bed.write(&format!("customers/yunxi/{path}.yaml"), &format!("{keys}\n"));
}

/// All that an archivist is told on a day: the day, the state, the matter and what is missing.
fn told(bed: &Bed, day: &str) -> Vec<String> {
    let day: Date = day.parse().unwrap();
    let reading = Archive::read(&open_work_tree(bed.path()).unwrap(), day);
    let errors: Vec<_> =
        reading.findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    assert!(!reading.findings.has_errors(), "{errors:#?}");
    let agenda = Agenda::of(&reading.archive, Sight::Everything);
    let line = |due: &Due| {
        let state = format!("{:?}", due.state(day)).to_lowercase();
        let missing = match &due.duty {
            Duty::Missing(first, last) => format!(" {first}..{last}"),
            _ => String::new(),
        };
        format!("{} {state} {}{missing}", due.day, due.matter)
    };
    let all: Vec<String> = agenda.due.lay_out(|held| line(held.release().1)).collect();
    all.into_iter().filter(|line| !line.contains(" dossier/") && !line.contains(" reader/")).collect()
}

fn told_of_dossier(bed: &Bed, day: &str) -> Vec<String> {
    let reading = Archive::read(&open_work_tree(bed.path()).unwrap(), day.parse().unwrap());
    let agenda = Agenda::of(&reading.archive, Sight::Everything);
    let all = agenda.due.lay_out(|held| held.release().1.clone());
    all.filter(|due| due.matter.starts_with("dossier/")).map(|due| due.day.to_string()).collect()
}

#[test]
fn a_field_is_told_from_its_own_time_on_and_overdue_the_day_after() {
    let bed = bed("plain");
    of_type(&bed, "deed", "fields: {until: {kind: date, due: {before: 1m}}}");
    record(&bed, "deeds/a", "until: 2027-03-31");
    assert_eq!(told(&bed, "2027-02-27"), ["2027-03-31 coming deed.until/yunxi/deeds/a"]);
    assert_eq!(told(&bed, "2027-02-28"), ["2027-03-31 due deed.until/yunxi/deeds/a"]);
    assert_eq!(told(&bed, "2027-03-31"), ["2027-03-31 due deed.until/yunxi/deeds/a"]);
    assert_eq!(told(&bed, "2027-04-01"), ["2027-03-31 overdue deed.until/yunxi/deeds/a"]);
}

#[test]
fn weeks_months_and_years_are_due_on_their_last_day() {
    let bed = bed("plain");
    of_type(
        &bed,
        "deed",
        "fields:\n  w: {kind: week, due: {}}\n  m: {kind: month, due: {}}\n  y: {kind: year, due: {}}",
    );
    record(&bed, "deeds/a", "w: 2026-W53\nm: 2028-02\ny: 2026");
    let days: Vec<String> = told(&bed, "2026-01-01").iter().map(|line| line[..10].to_owned()).collect();
    assert_eq!(days, ["2026-12-31", "2027-01-03", "2028-02-29"]);
}

#[test]
fn what_is_done_closed_or_settled_is_not_due_and_what_is_nearly_so_is() {
    let bed = bed("plain");
    of_type(
        &bed,
        "deed",
        "fields:\n  by: {kind: date, due: {unless: [done_on, date]}}\n  done_on: {kind: date}\n  next: {kind: date, due: {unless: {state: [won, lost]}}}\n  state: {kind: choice, of: [open, won, lost]}",
    );
    record(&bed, "deeds/done", "by: 2026-12-01\ndone_on: 2026-11-01");
    record(&bed, "deeds/made", "by: 2026-12-01\ndate: 2026-11-30");
    record(&bed, "deeds/lost", "next: 2026-12-02\nstate: lost");
    record(&bed, "deeds/open", "by: 2026-12-01\nnext: 2026-12-02\nstate: open");
    assert_eq!(
        told(&bed, "2026-11-23"),
        ["2026-12-01 due deed.by/yunxi/deeds/open", "2026-12-02 due deed.next/yunxi/deeds/open"]
    );
}

#[test]
fn a_record_that_another_takes_the_place_of_is_not_due() {
    let bed = bed("plain");
    of_type(
        &bed,
        "deed",
        "fields:\n  until: {kind: date, due: {}}\n  supersedes: {kind: reference, to: deed, due: {ends: true}}",
    );
    record(&bed, "deeds/old", "until: 2026-12-01");
    record(&bed, "deeds/other", "until: 2026-12-02");
    record(&bed, "deeds/new", "until: 2027-12-01\nsupersedes: yunxi/deeds/old");
    let matters = told(&bed, "2026-11-23");
    assert_eq!(
        matters,
        ["2026-12-02 due deed.until/yunxi/deeds/other", "2027-12-01 coming deed.until/yunxi/deeds/new"]
    );
}

#[test]
fn of_records_that_follow_one_another_the_last_alone_is_due_kind_by_kind() {
    let bed = bed("plain");
    of_type(
        &bed,
        "deed",
        "fields:\n  kind: {kind: text}\n  holder: {kind: text}\n  until: {kind: date, due: {last: [kind, holder]}}",
    );
    for (name, kind, holder, date, until) in [
        ("a1", "office", "x", "2025-01-01", "2026-12-01"),
        ("a2", "office", "x", "2026-01-01", "2026-12-02"),
        ("b1", "office", "y", "2025-01-01", "2026-12-03"),
        ("c1", "power", "x", "2025-01-01", "2026-12-04"),
    ] {
        let keys = format!("kind: {kind}\nholder: {holder}\ndate: {date}\nuntil: {until}");
        record(&bed, &format!("deeds/{name}"), &keys);
    }
    let names: Vec<String> =
        told(&bed, "2026-11-23").iter().map(|line| line.rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["a2", "b1", "c1"]);
}

#[test]
fn days_inside_groups_are_due_one_by_one() {
    let bed = bed("plain");
    of_type(
        &bed,
        "deed",
        "fields:\n  points:\n    kind: group\n    many: true\n    fields:\n      what: {kind: text}\n      fix_by: {kind: date, due: {before: 14d, unless: fixed_on}}\n      fixed_on: {kind: date}",
    );
    record(
        &bed,
        "deeds/a",
        "points:\n  - {what: x, fix_by: 2026-12-01, fixed_on: 2026-11-01}\n  - {what: y, fix_by: 2026-12-02}\n  - {what: z}",
    );
    assert_eq!(told(&bed, "2026-11-23"), ["2026-12-02 due deed.fix_by/yunxi/deeds/a/2"]);
}

#[test]
fn a_day_on_which_nobody_works_moves_where_the_rule_says_so() {
    let bed = bed("plain");
    bed.write("strongroom.yaml", &format!("{SETTINGS}holidays: [2026-10-01..2026-10-07]\nworkdays: [2026-10-10]\n"));
    of_type(
        &bed,
        "deed",
        "fields:\n  moved: {kind: date, due: {working: true}}\n  fixed: {kind: date, due: {}}\n  sunday: {kind: date, due: {working: yes}}",
    );
    record(&bed, "deeds/a", "moved: 2026-10-02\nfixed: 2026-10-02\nsunday: 2026-10-11");
    let days: Vec<String> = told(&bed, "2026-09-20").iter().map(|line| line.replace(" due ", " ")).collect();
    assert_eq!(
        days,
        [
            "2026-10-02 deed.fixed/yunxi/deeds/a",
            "2026-10-08 deed.moved/yunxi/deeds/a",
            "2026-10-12 deed.sunday/yunxi/deeds/a"
        ]
    );
}

#[test]
fn the_next_one_counts_from_the_last_and_from_what_it_says_itself_where_that_is_earlier() {
    let bed = bed("plain");
    of_type(&bed, "check", "due: {every: 3m, next: next, before: 7d}\nfields: {next: {kind: date}}");
    assert_eq!(told(&bed, "2026-11-23"), Vec::<String>::new(), "nothing asks for a first one");
    record(&bed, "checks/1", "date: 2026-08-31");
    record(&bed, "checks/0", "date: 2026-02-01");
    assert_eq!(told(&bed, "2026-11-22"), ["2026-11-30 coming check/yunxi"]);
    assert_eq!(told(&bed, "2026-11-23"), ["2026-11-30 due check/yunxi"]);
    assert_eq!(told(&bed, "2026-12-01"), ["2026-11-30 overdue check/yunxi"]);
    record(&bed, "checks/1", "date: 2026-08-31\nnext: 2026-11-25");
    assert_eq!(told(&bed, "2026-11-23"), ["2026-11-25 due check/yunxi"]);
    record(&bed, "checks/1", "date: 2026-08-31\nnext: 2027-05-25");
    assert_eq!(told(&bed, "2026-11-23"), ["2026-11-30 due check/yunxi"]);
}

#[test]
fn what_the_tier_requires_and_never_was_is_due_from_the_customers_start() {
    let bed = bed("gold");
    of_type(&bed, "check", "due: {every: 90d}\nfields: {next: {kind: date}}");
    assert_eq!(told(&bed, "2026-11-23"), Vec::<String>::new(), "nobody knows since when");
    dossier(&bed, "gold", "since: 2026-11-01");
    assert_eq!(told(&bed, "2026-11-23"), ["2027-01-30 coming check/yunxi"]);
    dossier(&bed, "gold", "since: 2026-01-01");
    assert_eq!(told(&bed, "2026-11-23"), ["2026-04-01 overdue check/yunxi"]);
    dossier(&bed, "plain", "since: 2026-01-01");
    assert_eq!(told(&bed, "2026-11-23"), Vec::<String>::new());
}

#[test]
fn visits_follow_the_tier_and_plans_that_were_not_kept_are_overdue() {
    let bed = bed("gold");
    of_type(
        &bed,
        "visit",
        "due: {every: visit}\nfields:\n  by: {kind: person, many: true}\n  planned: {kind: date, due: {before: 7d, unless: date, who: by}}",
    );
    record(&bed, "visits/made", "date: 2026-10-31\nplanned: 2026-10-30");
    record(&bed, "visits/plan", "planned: 2026-11-20\nby: [何军]");
    assert_eq!(
        told(&bed, "2026-11-23"),
        ["2026-11-20 overdue visit.planned/yunxi/visits/plan", "2026-11-30 due visit/yunxi"]
    );
    dossier(&bed, "plain", "");
    assert_eq!(told(&bed, "2026-11-23"), ["2026-11-20 overdue visit.planned/yunxi/visits/plan"]);
}

#[test]
fn a_dossier_is_looked_over_as_often_as_its_tier_says() {
    let bed = bed("gold");
    assert_eq!(told_of_dossier(&bed, "2026-11-23"), ["2027-02-18"]);
    dossier(&bed, "gold", "since: 2026-01-31");
    assert_eq!(told_of_dossier(&bed, "2026-11-23"), ["2026-05-01"], "nobody ever did");
    dossier(&bed, "plain", "");
    assert_eq!(told_of_dossier(&bed, "2026-11-23"), Vec::<String>::new());
}

#[test]
fn nothing_is_due_of_a_customer_who_has_left() {
    let bed = bed("plain");
    of_type(&bed, "deed", "fields: {until: {kind: date, due: {}}}");
    of_type(&bed, "check", "due: {every: 90d}\nfields: {next: {kind: date}}");
    record(&bed, "deeds/a", "until: 2026-12-01");
    record(&bed, "checks/a", "date: 2026-01-01");
    assert_eq!(told(&bed, "2026-11-23").len(), 2);
    dossier(&bed, "plain", "status: lost");
    assert_eq!(told(&bed, "2026-11-23"), Vec::<String>::new());
    dossier(&bed, "plain", "status: active");
    assert_eq!(told(&bed, "2026-11-23").len(), 2);
}

fn weekly(bed: &Bed, rows: &[&str]) {
    bed.write(
        "types/weekly.yaml",
        "title: W\nkind: series\nfolder: weeklys\naudience: staff\ndue: {every: week, grace: 3d}\nfields:\n  week: {kind: week, required: true}\n  voice: {kind: number}\n",
    );
    let rows: String = rows.iter().map(|week| format!("{week},1\n")).collect();
    bed.write("customers/yunxi/weeklys/all.csv", &format!("week,voice\n{rows}"));
}

#[test]
fn a_week_without_a_row_is_due_after_its_end_and_overdue_after_the_grace() {
    let bed = bed("plain");
    weekly(&bed, &["2026-W44", "2026-W45"]);
    // Week 46 ends on Sunday, 15 November.
    assert_eq!(told(&bed, "2026-11-14"), ["2026-11-18 coming weekly/yunxi 2026-W46..2026-W46"]);
    assert_eq!(told(&bed, "2026-11-15"), ["2026-11-18 due weekly/yunxi 2026-W46..2026-W46"]);
    let on_wednesday = told(&bed, "2026-11-18");
    assert_eq!(on_wednesday[0], "2026-11-18 due weekly/yunxi 2026-W46..2026-W46");
    assert_eq!(on_wednesday[1], "2026-11-25 coming weekly/yunxi 2026-W47..2026-W47");
    assert_eq!(told(&bed, "2026-11-19")[0], "2026-11-18 overdue weekly/yunxi 2026-W46..2026-W46");
}

#[test]
fn week_53_is_expected_in_the_years_that_have_it_alone() {
    let bed = bed("plain");
    weekly(&bed, &["2026-W52", "2027-W01"]);
    assert_eq!(told(&bed, "2027-01-10")[0], "2027-01-06 overdue weekly/yunxi 2026-W53..2026-W53");
    weekly(&bed, &["2026-W52", "2026-W53", "2027-W01"]);
    assert!(told(&bed, "2027-01-10").iter().all(|line| line.contains(" coming ")));
    weekly(&bed, &["2025-W52", "2026-W01"]);
    assert!(told(&bed, "2026-01-04").iter().all(|line| line.contains(" coming ")), "2025 has 52 weeks");
}

#[test]
fn weeks_in_a_row_are_one_matter_and_holidays_are_no_gap() {
    let bed = bed("plain");
    weekly(&bed, &["2026-W05", "2026-W10", "2026-W12"]);
    assert_eq!(
        told(&bed, "2026-03-22"),
        ["2026-02-11 overdue weekly/yunxi 2026-W06..2026-W09", "2026-03-18 overdue weekly/yunxi 2026-W11..2026-W11",]
    );
    // Week 8 is off as a whole; a single day worked in it, and it is expected.
    bed.write("strongroom.yaml", &format!("{SETTINGS}holidays: [2026-02-16..2026-02-20]\n"));
    weekly(&bed, &["2026-W07", "2026-W09", "2026-W10", "2026-W11", "2026-W12"]);
    assert_eq!(told(&bed, "2026-03-22"), Vec::<String>::new());
    bed.write("strongroom.yaml", &format!("{SETTINGS}holidays: [2026-02-16..2026-02-20]\nworkdays: [2026-02-22]\n"));
    assert_eq!(told(&bed, "2026-03-22"), ["2026-02-25 overdue weekly/yunxi 2026-W08..2026-W08"]);
}

#[test]
fn a_required_series_is_expected_from_the_customers_start() {
    let bed = bed("gold");
    weekly(&bed, &["2026-W45"]);
    std::fs::remove_file(bed.path().join("customers/yunxi/weeklys/all.csv")).unwrap();
    assert_eq!(told(&bed, "2026-11-15"), Vec::<String>::new(), "nobody knows since when");
    dossier(&bed, "gold", "since: 2026-11-01");
    assert_eq!(told(&bed, "2026-11-15")[0], "2026-11-04 overdue weekly/yunxi 2026-W44..2026-W45");
}

#[test]
fn monthly_records_are_expected_month_by_month() {
    let bed = bed("plain");
    of_type(&bed, "report", "due: {every: month, by: period, grace: 10d}\nfields: {period: {kind: month}}");
    record(&bed, "reports/1", "period: 2027-12");
    record(&bed, "reports/2", "period: 2028-01");
    assert_eq!(told(&bed, "2028-03-10")[0], "2028-03-10 due report/yunxi 2028-02..2028-02");
    assert_eq!(told(&bed, "2028-03-11")[0], "2028-03-10 overdue report/yunxi 2028-02..2028-02");
}

#[test]
fn markings_openings_and_terms_of_review_are_told() {
    let bed = bed("plain");
    of_type(&bed, "deed", "due: {review: 1y, before: 0d}\nfields: {x: {kind: text}}");
    record(&bed, "deeds/a", "date: 2024-02-29\nmarking: {level: L, until: 2026-12-31, review: 2026-11-30}");
    record(&bed, "deeds/b", "date: 2024-02-29\nverified: {on: 2026-05-01}");
    record(&bed, "deeds/c", "audience: legal\nopen_from: 2026-12-05");
    assert_eq!(
        told(&bed, "2026-11-23"),
        [
            "2025-02-28 overdue deed.review/yunxi/deeds/a",
            "2026-11-30 due marking.review/yunxi/deeds/a",
            "2026-12-05 due opening/yunxi/deeds/c",
            "2026-12-31 due marking.until/yunxi/deeds/a",
            "2027-05-01 coming deed.review/yunxi/deeds/b",
        ]
    );
    assert!(!told(&bed, "2026-12-05").iter().any(|line| line.contains("opening/")), "it is open by then");
}

#[test]
fn trainings_and_leavings_of_readers_are_told() {
    let bed = bed("plain");
    let reader = |until: &str| {
        format!(
            "name: 赵敏\nkeys: []\n{until}training:\n  - {{course: a, valid_until: 2026-05-01}}\n  - {{course: b, valid_until: 2026-12-01}}\n"
        )
    };
    let days = |bed: &Bed, day: &str| {
        let reading = Archive::read(&open_work_tree(bed.path()).unwrap(), day.parse().unwrap());
        let agenda = Agenda::of(&reading.archive, Sight::Everything);
        let all = agenda.due.lay_out(|held| held.release().1.clone());
        let of_readers = all.filter(|due| due.matter.starts_with("reader/"));
        of_readers.map(|due| format!("{} {:?}", due.day, due.duty)).collect::<Vec<_>>()
    };
    bed.write("readers/zhao-min.yaml", &reader(""));
    assert_eq!(days(&bed, "2026-11-23"), ["2026-12-01 Training(\"b\")"]);
    bed.write("readers/zhao-min.yaml", &reader("until: 2026-11-30\n"));
    assert_eq!(days(&bed, "2026-11-23"), ["2026-11-30 Leaving"], "who leaves first needs no other training");
    assert_eq!(days(&bed, "2026-12-01"), Vec::<String>::new(), "and then is gone");
}
