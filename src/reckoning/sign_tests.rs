//! Each rule for signs, with what triggers it and what is near it and does not.

use super::fixture::{Everybody, archive_of};
use super::{Reading, signs};
use std::fmt::Write;

/// The signs that stand in a dossier of these files, for whoever may read all of it: the rule, and what it was read from.
fn told(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let archive = archive_of(files);
    let dossier = archive.dossiers.everybody().remove(0);
    let told = signs(&archive, dossier).told.into_iter().map(|(account, _)| account.release().1);
    told.filter_map(|account| {
        let rule = account.matter.split('/').next().unwrap_or_default().to_owned();
        let sign = account.sign.filter(|sign| sign.holds_on(archive.day))?;
        let reading = match sign.reading {
            Reading::Ends(day) => (day - archive.day).get_days().to_string(),
            Reading::Numbers(numbers) => numbers.join(" "),
            Reading::Lower(columns) => {
                let told = columns.iter().map(|(column, percent)| format!("{} {percent}", column.in_language("en")));
                told.collect::<Vec<_>>().join(", ")
            }
            Reading::On(day) => day.to_string(),
            Reading::There => String::new(),
        };
        Some((rule, reading))
    })
    .collect()
}

fn rule(files: &[(&str, &str)]) -> Vec<String> {
    told(files).into_iter().map(|(rule, reading)| format!("{rule} {reading}")).collect()
}

fn contract(until: &str, more: &str) -> String {
    format!("---\nnumber: n\nuntil: {until}\n{more}---\n")
}

#[test]
fn a_contract_that_ends_within_ninety_days_is_a_sign_and_one_that_ends_later_is_none() {
    let ends = |day: &str| rule(&[("contracts/a.md", &contract(day, ""))]);
    assert_eq!(ends("2027-02-21"), ["contract.ending 90"]);
    assert_eq!(ends("2027-02-22"), [""; 0]);
    assert_eq!(ends("2026-11-22"), ["contract.ending -1"]);
    assert_eq!(ends("2026-08-24"), [""; 0]);
}

#[test]
fn a_contract_that_is_followed_or_at_its_end_anyway_is_no_sign() {
    let old = contract("2026-12-31", "");
    let next = contract("2029-12-31", "supersedes: one/contracts/old\n");
    assert_eq!(rule(&[("contracts/old.md", &old), ("contracts/next.md", &next)]), [""; 0]);
    let other = contract("2029-12-31", "supersedes: one/contracts/next\n");
    let files = [("contracts/old.md", &*old), ("contracts/next.md", &*next), ("contracts/other.md", &*other)];
    assert_eq!(rule(&files[..1]), ["contract.ending 38"]);
    assert_eq!(rule(&[files[0], ("contracts/other.md", &contract("2029-12-31", ""))]), ["contract.ending 38"]);
    assert_eq!(rule(&[("contracts/old.md", &contract("2026-12-31", "status: terminated\n"))]), [""; 0]);
    assert_eq!(rule(&[("contracts/old.md", &contract("2026-12-31", "status: in-force\n"))]), ["contract.ending 38"]);
}

#[test]
fn satisfaction_that_fell_twice_is_a_sign_and_one_fall_is_none() {
    let scores = |scores: &[&str]| {
        let files: Vec<(String, String)> = scores
            .iter()
            .enumerate()
            .map(|(n, score)| (format!("satisfaction/{n}.yaml"), format!("date: 2026-0{}-01\nscore: {score}\n", n + 1)))
            .collect();
        rule(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>())
    };
    assert_eq!(scores(&["90", "88.5", "80"]), ["satisfaction.falling 90 88.5 80"]);
    assert_eq!(scores(&["70", "90", "88", "80"]), ["satisfaction.falling 90 88 80"]);
    assert_eq!(scores(&["90", "88"]), [""; 0]);
    assert_eq!(scores(&["90", "88", "88"]), [""; 0]);
    assert_eq!(scores(&["90", "80", "70", "71"]), [""; 0]);
}

#[test]
fn traffic_that_sinks_by_a_fifth_is_a_sign() {
    let weeks = |voice: &dyn Fn(usize) -> String, count: usize| {
        let mut rows = String::from("week,voice\n");
        for n in 1..=count {
            writeln!(rows, "2026-W{n:02},{}", voice(n)).unwrap();
        }
        rule(&[("traffic/2026.csv", &rows)])
    };
    let last_four = |low: usize| move |n: usize| if n > 36 { low.to_string() } else { "100".to_owned() };
    assert_eq!(weeks(&last_four(70), 40), ["traffic.sinking Voice traffic 27"]);
    assert_eq!(weeks(&last_four(85), 40), [""; 0]);
    assert_eq!(weeks(&|n| (100 + n).to_string(), 40), [""; 0]);
    // Twelve weeks are too few to be set against half a year, and a gap is no fall.
    assert_eq!(weeks(&|n| if n > 8 { "50".to_owned() } else { "100".to_owned() }, 12), [""; 0]);
    assert_eq!(weeks(&|n| if n == 38 { String::new() } else { "100".to_owned() }, 40), [""; 0]);
}

#[test]
fn columns_of_one_series_that_sink_are_one_sign() {
    let mut rows = String::from("week,voice,inbound,outbound\n");
    for n in 1..=40 {
        let (low, still) = if n > 36 { (60, 95) } else { (100, 100) };
        writeln!(rows, "2026-W{n:02},{low},{still},{low}").unwrap();
    }
    let sunk = "traffic.sinking Voice traffic 36, Outbound 36";
    assert_eq!(rule(&[("traffic/2026.csv", &rows)]), [sunk]);
}

#[test]
fn what_sinks_at_the_same_time_of_every_year_is_no_sign_and_what_sinks_below_it_is_one() {
    let years = |then: usize, now: usize, known: std::ops::RangeInclusive<usize>| {
        let year = |year: u16, low: usize, known: std::ops::RangeInclusive<usize>| {
            let mut rows = String::from("week,voice\n");
            for n in known {
                writeln!(rows, "{year}-W{n:02},{}", if n > 36 { low } else { 100 }).unwrap();
            }
            rows
        };
        let (before, after) = (year(2025, then, known), year(2026, now, 1..=40));
        rule(&[("traffic/2025.csv", &before), ("traffic/2026.csv", &after)])
    };
    let sunk = ["traffic.sinking Voice traffic 36"];
    assert_eq!(years(100, 60, 1..=52), sunk);
    assert_eq!(years(75, 60, 1..=52), sunk, "a fifth below the year before is as far");
    assert_eq!(years(74, 60, 1..=52), [""; 0]);
    assert_eq!(years(50, 60, 1..=52), [""; 0]);
    // Of the last four weeks two are enough to say what the season is, and one is not.
    assert_eq!(years(60, 60, 39..=52), [""; 0]);
    assert_eq!(years(60, 60, 40..=52), sunk);
}

#[test]
fn open_risks_of_churn_and_open_disputes_are_signs_and_closed_ones_are_none() {
    let risk = |text: &str| rule(&[("risks/r.md", &format!("---\ndate: 2026-10-01\n{text}---\n"))]);
    assert_eq!(risk("kind: churn\n"), ["risk.churn 2026-10-01"]);
    assert_eq!(risk("kind: churn\nclosed: 2026-11-01\n"), [""; 0]);
    assert_eq!(risk("kind: payment\n"), [""; 0]);
    let dispute = |text: &str| rule(&[("disputes/d.md", &format!("---\nsubject: s\n{text}---\n"))]);
    assert_eq!(dispute("status: mediation\n"), ["dispute.open "]);
    assert_eq!(dispute("status: settled\n"), [""; 0]);
}

#[test]
fn what_competitors_did_within_a_year_is_a_sign() {
    let note = |day: &str| rule(&[("competition/c.md", &format!("---\ncompetitor: c\nsource: s\ndate: {day}\n---\n"))]);
    assert_eq!(note("2025-11-24"), ["competitor-note.competing 2025-11-24"]);
    assert_eq!(note("2025-11-23"), [""; 0]);
}
