//! Rows of a series to which something was to follow and did not: weekly reports that nobody read.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::texts;
use super::notice::Notice;
use crate::finding::{Code, Finding, quote};
use crate::record::{FieldDue, FieldType, Record, Series, SeriesColumn};
use crate::text::map::parse_day;
use jiff::civil::Date;

/// Rows in which a day stands and not the one that was to follow it.
pub const ROW_UNANSWERED: Notice = Notice::warning(Code("row-unanswered"));

/// Looks at rows to which something was to follow.
pub(super) const CHECK: Check = Check { notices: &[ROW_UNANSWERED], find };

/// Of so many rows each is told by itself.
const TOLD: usize = 8;

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for open in case.dossiers.iter().filter(|open| !open.is_lost()) {
        for record in &open.records {
            let Some(series) = &record.series else { continue };
            for field in &record.record_type.fields {
                if let Some((due, follows)) = field.due.as_ref().and_then(|due| Some((due, due.follows.as_deref()?))) {
                    findings.extend(in_series(case, open, record, series, &Rule { field, due, follows }));
                }
            }
        }
    }
    findings
}

/// A column whose day follows that of another.
struct Rule<'a> {
    field: &'a FieldType,
    due: &'a FieldDue,
    follows: &'a str,
}

fn in_series(
    case: &Case<'_>,
    open: &OpenDossier<'_>,
    record: &Record,
    series: &Series,
    rule: &Rule<'_>,
) -> Vec<Finding> {
    let column = |name: &str| {
        let columns = series.columns.iter().map(|column| column.as_ref().release().1);
        columns.into_iter().find(|column| column.name == name)
    };
    let (Some(days), Some(by)) = (column(rule.follows), series.columns.get(series.by)) else { return Vec::new() };
    let by: &SeriesColumn = by.as_ref().release().1;
    let answers = column(&rule.field.name);
    let answered = |n: usize| answers.and_then(|column| column.cells.get(n)).is_some_and(|cell| !cell.is_empty());
    let rows = days.cells.iter().zip(by.cells.iter()).enumerate();
    let late: Vec<(&str, Date)> = rows
        .filter(|(n, _)| !answered(*n))
        .filter_map(|(_, (day, label))| Some((label, parse_day(day)?)))
        .filter(|(_, day)| until(case, rule.due, *day) < case.day())
        .collect();
    let who = rule.due.who.iter().find_map(|name| texts(open.root(), name).first().map(ToString::to_string));
    let whose = who.map(|who| format!("; it is for {}", quote(&who))).unwrap_or_default();
    let told = late.iter().take(TOLD).map(|(label, day)| {
        let message = format!("{label} has {day} in `{}` and nothing in `{}`{whose}", rule.follows, rule.field.name);
        let remedy = format!("see that it is done, and write the day into `{}`", rule.field.name);
        ROW_UNANSWERED.at(case.at_cell(record, &by.name, label, 0), message, remedy)
    });
    let mut findings: Vec<Finding> = told.collect();
    if let Some(left) = late.len().checked_sub(TOLD).filter(|left| *left > 0) {
        let message = format!("{left} more rows have nothing in `{}`", rule.field.name);
        let remedy = "see to those that are told, and check again";
        findings.push(ROW_UNANSWERED.at(case.at_record(record), message, remedy));
    }
    findings
}

/// The last day on which the answer is in time.
fn until(case: &Case<'_>, due: &FieldDue, day: Date) -> Date {
    let last = due.grace.after(day);
    if due.working { case.archive.settings.calendar.working_from(last) } else { last }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const TRAFFIC: &str = "customers/yunxi/traffic/2026.csv";

    fn reported(rows: &str) -> Vec<String> {
        let mut shelves = Shelves::new();
        shelves.put(TRAFFIC, &format!("week,voice,delivered,read_on\n{rows}"));
        shelves.places()
    }

    #[test]
    fn a_report_that_nobody_read_for_a_week_is_found_at_its_row() {
        // The archive's day is Monday, 23 November 2026.
        let found = reported("2026-W44,1,2026-11-02,2026-11-03\n2026-W45,1,2026-11-09,\n2026-W46,1,2026-11-16,\n");
        assert_eq!(found, [format!("row-unanswered {TRAFFIC}:3:1")]);
    }

    #[test]
    fn a_report_that_was_not_delivered_yet_need_not_be_read() {
        assert!(reported("2026-W44,1,,\n2026-W45,1,,\n").is_empty());
        let mut without = Shelves::new();
        without.put(TRAFFIC, "week,voice\n2026-W44,1\n");
        assert!(without.codes().is_empty());
    }

    #[test]
    fn the_last_day_is_a_working_day() {
        // Seven days after Saturday the 14th is a Saturday, and nobody works before the 23rd.
        assert!(reported("2026-W45,1,2026-11-14,\n").is_empty());
        assert_eq!(reported("2026-W45,1,2026-11-13,\n").len(), 1);
    }

    #[test]
    fn many_rows_are_told_by_their_number() {
        let rows: String = (1..=10).map(|week| format!("2026-W{week:02},1,2026-05-04,\n")).collect();
        assert_eq!(reported(&rows).len(), 9);
    }
}
