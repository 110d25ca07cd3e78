//! Unified credit: who belongs together, what counts, what is never added up, and for whom it is reckoned.

use super::credit::{Credit, credit};
use super::fixture::archive_beside;
use crate::access::Clearance;
use crate::archive::Archive;
use crate::record::amount_text;

/// `one` and `two` belong to the Hill Group, under two ways of writing it, and `three` to none.
fn archive(files: &[(&str, &str)]) -> Archive {
    let root = |name: &str, group: &str| {
        format!("name: {name}\ntier: gold\nindustry: x\naccount_manager: y\naudience: staff\n{group}")
    };
    let one = root("One", "group: Hill Group\n");
    let two = root("Two", "group: HILL group\n");
    let three = root("Three Ltd", "");
    let mut beside = vec![
        ("customers/one/dossier.yaml", one.as_str()),
        ("customers/two/dossier.yaml", two.as_str()),
        ("customers/three/dossier.yaml", three.as_str()),
    ];
    beside.extend_from_slice(files);
    archive_beside(&[], &beside)
}

/// What those see who may read what these audiences may: the first account that is theirs.
fn seen<'a>(archive: &'a Archive, who: &[&str]) -> Vec<Credit<'a>> {
    let holds = who.iter().fold(Clearance::open(), |all, name| all.and(&Clearance::any_of([*name])));
    let seen = credit(archive);
    let accounts: Vec<_> = seen.lay_out(|account| account.map(|all| all.iter().map(copy).collect())).collect();
    accounts.into_iter().find(|account| holds.implies(account.clearance())).unwrap().release().1
}

fn copy<'a>(credit: &Credit<'a>) -> Credit<'a> {
    Credit {
        name: credit.name.clone(),
        is_group: credit.is_group,
        members: credit.members.clone(),
        limits: credit.limits.clone(),
        standings: credit.standings.clone(),
    }
}

/// How everything stands today, as `name: exposure/limit currency`.
fn today(archive: &Archive, who: &[&str]) -> Vec<String> {
    let line = |credit: &Credit<'_>| {
        let of = |standing: &super::CreditCourse| {
            let moment = standing.today().unwrap();
            let limit = moment.limit.map_or_else(|| "-".to_owned(), amount_text);
            format!(" {}/{limit} {}", amount_text(moment.exposure()), standing.currency)
        };
        format!("{}:{}", credit.name, credit.standings.iter().map(of).collect::<String>())
    };
    seen(archive, who).iter().map(line).collect()
}

const LINE: (&str, &str) = (
    "customers/one/credit-lines/a.md",
    "---\ngroup: Hill Group\nlimit: 1000 CNY\nused: 700 CNY\napproved_on: 2026-01-01\nvalid_until: 2027-01-01\n---\n",
);

fn exposures(of: &str, rows: &str) -> (String, String) {
    (format!("customers/{of}/exposures/a.yaml"), format!("type: exposure\nrecords:\n{rows}"))
}

#[test]
fn what_a_group_uses_is_the_sum_of_what_its_members_have_not_settled() {
    let one = exposures(
        "one",
        "  - {number: A, amount: 300 CNY, as_of: 2026-02-01}\n  - {number: B, amount: 5000 CNY, as_of: 2026-02-01, settled: 2026-06-01}\n",
    );
    let two = exposures(
        "two",
        "  - {number: A, amount: 0.1 CNY, as_of: 2026-02-01}\n  - {number: B, amount: 0.2 CNY, as_of: 2026-11-24}\n",
    );
    let archive = archive(&[LINE, (&one.0, &one.1), (&two.0, &two.1)]);
    assert_eq!(today(&archive, &["finance"]), ["Hill Group: 300.1/1,000 CNY"]);
    let group = seen(&archive, &["finance"]).remove(0);
    assert_eq!(group.members.iter().map(|member| &*member.name).collect::<Vec<_>>(), ["one", "two"]);
    let course = &group.standings[0].course;
    let of = |month: &str| course.iter().find(|moment| moment.day.to_string().starts_with(month)).unwrap();
    assert_eq!(of("2026-03").headroom().map(amount_text).as_deref(), Some("-4,300.1"));
    assert_eq!(of("2026-06").of_members, [3_000_000, 1000], "what was settled on a day counts no more on it");
    assert_eq!(course.first().map(|moment| moment.day.to_string()).as_deref(), Some("2026-01-31"));
    assert_eq!(course.last().map(|moment| moment.day), Some(archive.day));
}

#[test]
fn without_exposures_the_record_of_the_limit_says_what_is_used() {
    assert_eq!(today(&archive(&[LINE]), &["finance"]), ["Hill Group: 700/1,000 CNY"]);
}

#[test]
fn amounts_of_several_currencies_stand_beside_one_another() {
    let one = exposures(
        "one",
        "  - {number: A, amount: 300 CNY, as_of: 2026-02-01}\n  - {number: B, amount: 50 USD, as_of: 2026-02-01}\n",
    );
    let archive = archive(&[LINE, (&one.0, &one.1)]);
    assert_eq!(today(&archive, &["finance"]), ["Hill Group: 300/1,000 CNY 50/- USD"]);
}

#[test]
fn of_two_limits_that_count_none_is_the_one_and_of_one_after_the_other_the_present_one_is() {
    let second = |days: &str| format!("---\ngroup: Two\nlimit: 400 CNY\n{days}---\n");
    let path = "customers/two/credit-lines/b.md";
    let beside = second("approved_on: 2026-02-01\n");
    let archive_of_two = archive(&[LINE, (path, &beside)]);
    assert_eq!(seen(&archive_of_two, &["finance"])[0].counting(archive_of_two.day).count(), 2);
    assert_eq!(today(&archive_of_two, &["finance"]), ["Hill Group: 700/- CNY"]);
    let before = second("approved_on: 2025-02-01\nvalid_until: 2025-12-31\n");
    assert_eq!(today(&archive(&[LINE, (path, &before)]), &["finance"]), ["Hill Group: 700/1,000 CNY"]);
}

#[test]
fn earlier_limits_counted_in_their_days() {
    let line = LINE.1.replace("used: 700 CNY\n", "earlier: [{limit: 800 CNY, from: 2025-06-01, until: 2025-09-30}]\n");
    let archive = archive(&[(LINE.0, &line)]);
    let group = seen(&archive, &["finance"]).remove(0);
    let limits: Vec<Option<i128>> = group.standings[0].course.iter().map(|moment| moment.limit).collect();
    assert_eq!(limits[..4], [Some(8_000_000); 4]);
    assert_eq!(limits[4..7], [None; 3]);
    assert!(limits[7..].iter().all(|limit| *limit == Some(10_000_000)));
}

#[test]
fn a_customer_of_no_group_has_a_limit_by_any_of_its_names() {
    let line = "---\ngroup: three\nlimit: 10 CNY\n---\n";
    let archive = archive(&[("customers/three/credit-lines/a.md", line)]);
    assert_eq!(today(&archive, &["finance"]), ["Hill Group:", "Three Ltd: 0/10 CNY"]);
}

#[test]
fn in_the_open_there_are_members_and_nothing_else() {
    assert_eq!(today(&archive(&[LINE]), &[]), ["Hill Group:"]);
    assert_eq!(today(&archive(&[LINE]), &["technical"]), ["Hill Group:"]);
}

#[test]
fn what_is_used_counts_for_those_alone_who_may_read_it() {
    let line = LINE.1.replace("---\n", "").to_owned() + "restrict: {used: legal}\n";
    let line = format!("---\n{line}---\n");
    let archive = archive(&[(LINE.0, &line)]);
    assert_eq!(today(&archive, &["finance"]), ["Hill Group: 0/1,000 CNY"]);
    assert_eq!(today(&archive, &["finance", "legal"]), ["Hill Group: 700/1,000 CNY"]);
}

#[test]
fn an_account_stands_for_whoever_could_read_a_limit_whether_there_is_one_or_not() {
    let asked = |files: &[(&str, &str)]| {
        let archive = archive(files);
        let seen = credit(&archive);
        let mut asked: Vec<String> = seen.clearances().map(Clearance::canonical).collect();
        asked.sort();
        asked
    };
    let one = exposures("one", "  - {number: A, amount: 300 CNY, as_of: 2026-02-01}\n");
    assert_eq!(asked(&[]), asked(&[LINE, (&one.0, &one.1)]));
}
