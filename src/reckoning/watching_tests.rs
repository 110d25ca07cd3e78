//! Each alarm of the weekly reports, with what triggers it and what is near it and does not.

use super::fixture::{Everybody, archive_of};
use super::{Alarm, Standing, Week, Weeks, What, watching, weeks_shown};
use crate::access::Clearance;
use crate::archive::Archive;

/// Rows of weeks up to 2026-W46, the last number last.
fn rows(header: &str, numbers: &[&str]) -> String {
    let last = Week::read("2026-W46").unwrap();
    let row = |(n, number): (usize, &&str)| format!("{},{number}\n", last.earlier(numbers.len() - 1 - n));
    let rows: Vec<String> = numbers.iter().enumerate().filter(|(_, number)| !number.is_empty()).map(row).collect();
    format!("week,{header}\n{}", rows.concat())
}

/// What those see of the only dossier who hold a clearance, as words.
fn told_to(archive: &Archive, holds: &Clearance) -> Vec<String> {
    let seen = seen(archive);
    let accounts: Vec<_> = seen.lay_out(|account| account.map(Clone::clone)).collect();
    let account = accounts.iter().find_map(|account| account.within(holds)).unwrap();
    account.alarms.iter().map(words).collect()
}

fn seen(archive: &Archive) -> super::Seen<Weeks<'_>> {
    let dossier = archive.dossiers.everybody().remove(0);
    let record_type = archive.types.get("traffic").unwrap();
    watching(archive, record_type, record_type.watch.as_ref().unwrap(), dossier)
}

fn words(alarm: &Alarm<'_>) -> String {
    let what = match &alarm.what {
        What::Fell(change) | What::Rose(change) => {
            format!("{} {:+.0}", change.title.in_language("en"), change.percent())
        }
        What::Missing => "missing".to_owned(),
        What::Silent => "silent".to_owned(),
    };
    format!("{} {} {what}", alarm.first, alarm.last)
}

fn told(table: &str) -> Vec<String> {
    told_to(&archive_of(&[("traffic/2026.csv", table)]), &Clearance::open())
}

fn voice(numbers: &[&str]) -> Vec<String> {
    told(&rows("voice", numbers))
}

#[test]
fn a_fall_by_two_fifths_is_an_alarm_and_one_by_less_is_none() {
    let steady = ["10", "10", "10", "10", "10", "10", "10", "10"];
    assert_eq!(voice(&[&steady[..], &["6.0"]].concat()), ["2026-W46 2026-W46 Voice traffic -40"]);
    assert_eq!(voice(&[&steady[..], &["6.1"]].concat()), [""; 0]);
    assert_eq!(voice(&[&steady[..], &["16"]].concat()), ["2026-W46 2026-W46 Voice traffic +60"]);
    assert_eq!(voice(&[&steady[..], &["15.9"]].concat()), [""; 0]);
}

#[test]
fn what_is_usual_is_the_median_of_weeks_before_of_which_there_must_be_enough() {
    // One week of storm among eight does not move what is usual.
    assert_eq!(voice(&["10", "10", "90", "10", "10", "10", "10", "10", "6"]), ["2026-W46 2026-W46 Voice traffic -40"]);
    assert_eq!(voice(&["10", "10", "10", "4"]), [""; 0]);
    assert_eq!(voice(&["10", "10", "10", "10", "4"]), ["2026-W46 2026-W46 Voice traffic -60"]);
}

#[test]
fn alarms_of_weeks_in_a_row_are_one_and_say_the_farthest() {
    let told = voice(&["10", "10", "10", "10", "10", "10", "10", "10", "5", "3", "4"]);
    assert_eq!(told, ["2026-W44 2026-W46 Voice traffic -70"]);
}

#[test]
fn a_fall_in_a_week_of_few_working_days_is_none() {
    let numbers = ["10", "10", "10", "10", "10", "10", "10", "10", "5"];
    let holidays = |days: &str| {
        let archive = archive_of(&[
            ("traffic/2026.csv", &rows("voice", &numbers)),
            ("../../strongroom.yaml", &format!("{}holidays: [{days}]\n", super::fixture::SETTINGS)),
        ]);
        told_to(&archive, &Clearance::open())
    };
    assert_eq!(holidays("2026-11-09..2026-11-11"), [""; 0]);
    assert_eq!(holidays("2026-11-09..2026-11-10"), ["2026-W46 2026-W46 Voice traffic -50"]);
}

#[test]
fn what_the_same_weeks_of_the_year_before_had_as_well_is_no_alarm() {
    let year = |peak: &str| {
        let mut numbers = vec!["10"; 60];
        numbers[59] = "50";
        numbers[59 - 51] = peak;
        voice(&numbers)
    };
    assert_eq!(year("10"), ["2026-W46 2026-W46 Voice traffic +400"]);
    assert_eq!(year("45"), [""; 0]);
    assert_eq!(year("30"), ["2026-W46 2026-W46 Voice traffic +400"]);
}

#[test]
fn a_missing_week_is_an_alarm_and_so_is_silence_but_not_the_week_that_may_still_come() {
    assert_eq!(voice(&["10", "", "10", "10"]), ["2026-W44 2026-W44 missing"]);
    // The day is in week 48, of which and of week 47 nothing is there: one week is none, two are silence.
    assert_eq!(voice(&["10", "10", "10", "10", ""]), ["2026-W46 2026-W47 silent"]);
    assert_eq!(voice(&["10", "10", "10", "10"]), [""; 0]);
}

#[test]
fn a_week_is_awaited_with_the_last_day_for_it_until_a_second_one_makes_it_silence() {
    let standings = |numbers: &[&str]| {
        let archive = archive_of(&[("traffic/2026.csv", &rows("voice", numbers))]);
        let seen = seen(&archive);
        let all: Vec<_> = seen.lay_out(|account| account.in_the_open().unwrap().standings.clone()).collect();
        format!("{:?}", &all[0][..2])
    };
    // Three days after the Sunday of week 47.
    let standing = standings(&["10", "10", "10", "10"]);
    assert!(standing.starts_with("[Awaited(Some(2026-11-25)), "), "{standing}");
    assert_eq!(standings(&["10", "10", "10", "10", ""]), "[Missing, Missing]");
}

#[test]
fn alarms_of_long_ago_are_in_the_grid_alone() {
    let mut numbers = vec!["10"; 30];
    numbers[12] = "2";
    let archive = archive_of(&[("traffic/2026.csv", &rows("voice", &numbers))]);
    assert_eq!(told_to(&archive, &Clearance::open()), [""; 0]);
    let seen = seen(&archive);
    let standings: Vec<_> = seen.lay_out(|account| account.in_the_open().unwrap().standings.clone()).collect();
    let alarms = standings[0].iter().filter(|standing| matches!(standing, Standing::Alarm(_)));
    assert_eq!(alarms.count(), 1);
}

#[test]
fn the_grid_goes_back_over_week_53_whatever_the_series_hold() {
    let mut archive = archive_of(&[]);
    archive.day = "2027-01-12".parse().unwrap();
    let record_type = archive.types.get("traffic").unwrap();
    let shown = weeks_shown(&archive, record_type.watch.as_ref().unwrap());
    let names: Vec<String> = shown.iter().take(3).map(ToString::to_string).collect();
    assert_eq!(names, ["2027-W01", "2026-W53", "2026-W52"]);
    assert_eq!(shown.len(), 53);
}

#[test]
fn whoever_may_read_more_columns_sees_more_alarms_and_no_fewer() {
    let numbers = ["10,10", "10,10", "10,10", "10,10", "10,10", "5,2"];
    let series = "type: traffic\nrows: [a.csv]\nrestrict: {inbound: legal}\n";
    let archive = archive_of(&[("traffic/a.csv", &rows("voice,inbound", &numbers)), ("traffic/s.yaml", series)]);
    assert_eq!(told_to(&archive, &Clearance::open()), ["2026-W46 2026-W46 Voice traffic -50"]);
    assert_eq!(told_to(&archive, &Clearance::any_of(["legal"])), ["2026-W46 2026-W46 Inbound -80"]);
}
