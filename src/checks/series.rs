//! Series with weeks, months or years that are missing, or that stand twice.

use super::all::Check;
use super::case::Case;
use super::notice::Notice;
use crate::archive::Calendar;
use crate::finding::{Code, Finding, quote};
use crate::record::{Kind, Record};
use jiff::civil::{Date, ISOWeekDate, Weekday};
use std::collections::BTreeMap;

/// Weeks, months or years that are missing inside a series.
pub const SERIES_GAP: Notice = Notice::warning(Code("series-gap"));
/// A week, month, year or day that stands in two rows of a series.
pub const SERIES_DUPLICATE: Notice = Notice::warning(Code("series-duplicate"));

/// Looks at series.
pub(super) const CHECK: Check = Check { notices: &[SERIES_GAP, SERIES_DUPLICATE], find };

/// More gaps or doubles than these in one series are told by their number.
const TOLD: usize = 8;

fn find(case: &Case<'_>) -> Vec<Finding> {
    case.records().flat_map(|record| in_series(case, record)).collect()
}

fn in_series(case: &Case<'_>, record: &Record) -> Vec<Finding> {
    let Some(series) = &record.series else { return Vec::new() };
    let Some(column) = series.columns.get(series.by).map(|column| column.as_ref().release().1) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut rows: BTreeMap<i64, (&str, usize)> = BTreeMap::new();
    // Where a column tells several lines apart, each may have the week for itself.
    let key = series.key.and_then(|key| series.columns.get(key)).map(|key| key.as_ref().release().1);
    let mut named: BTreeMap<(i64, &str), (&str, usize)> = BTreeMap::new();
    for (n, cell) in column.cells.iter().enumerate() {
        let Some(place) = place_in_time(column.kind, cell) else { continue };
        let line = key.and_then(|key| key.cells.get(n)).unwrap_or_default();
        named.entry((place, line)).and_modify(|(_, times)| *times += 1).or_insert((cell, 1));
        rows.entry(place).or_insert((cell, 1));
    }
    let doubles = named.iter().filter(|(_, (_, times))| *times > 1).map(|((_, line), row)| (line, row));
    for (line, (cell, times)) in doubles.clone().take(TOLD) {
        let of = if line.is_empty() { String::new() } else { format!(" for {}", quote(line)) };
        let message = format!("{cell} stands {times} times in this series{of}");
        let remedy = "keep the row that is right";
        let place = case.at_cell(record, &column.name, cell, 1);
        let first = case.at_cell(record, &column.name, cell, 0);
        findings.push(SERIES_DUPLICATE.at(place, message, remedy).related(first, "it stands here first"));
    }
    let told = doubles.count();
    findings.extend(more(case, record, SERIES_DUPLICATE, told, "more rows stand twice"));
    // Days need not follow one another: only what has a beat can miss one.
    if column.kind == Kind::Date {
        return findings;
    }
    let pairs = rows.iter().zip(rows.iter().skip(1));
    let calendar = &case.archive.settings.calendar;
    let gaps: Vec<(i64, i64, &str)> = pairs
        .filter_map(|((one, _), (next, (cell, _)))| {
            let (from, to) = worked(column.kind, one + 1, next - 1, calendar)?;
            Some((from, to, *cell))
        })
        .collect();
    for (from, to, next) in gaps.iter().take(TOLD) {
        let message = match (label(column.kind, *from), label(column.kind, *to)) {
            (from, to) if from == to => format!("{from} is missing before this row"),
            (from, to) => format!("{from} to {to} are missing before this row"),
        };
        let remedy = "add the rows, or say in a comment of the next one why there are none";
        findings.push(SERIES_GAP.at(case.at_cell(record, &column.name, next, 0), message, remedy));
    }
    findings.extend(more(case, record, SERIES_GAP, gaps.len(), "more gaps are in this series"));
    findings
}

/// From the first to the last of these weeks in which somebody worked: nobody writes a report of a week that was all
/// holiday. Months and years are never that.
fn worked(kind: Kind, from: i64, to: i64, calendar: &Calendar) -> Option<(i64, i64)> {
    let off = |week: i64| {
        let last = |monday: Date| monday.saturating_add(jiff::Span::new().days(6));
        kind == Kind::Week && monday(week).is_some_and(|monday| calendar.is_off(monday, last(monday)))
    };
    let first = (from..=to).find(|week| !off(*week))?;
    let last = (first..=to).rev().find(|week| !off(*week))?;
    Some((first, last))
}

/// One word about all that is not told one by one.
fn more(case: &Case<'_>, record: &Record, notice: Notice, count: usize, what: &str) -> Option<Finding> {
    let left = count.checked_sub(TOLD).filter(|left| *left > 0)?;
    let remedy = "mend those that are told, and check again";
    Some(notice.at(case.at_record(record), format!("{left} {what}"), remedy))
}

/// The number of a week, month, year or day, one more for each that follows.
fn place_in_time(kind: Kind, cell: &str) -> Option<i64> {
    let number = |text: &str| text.parse::<i64>().ok();
    match kind {
        Kind::Week => {
            let (year, week) = cell.split_once("-W")?;
            let monday = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?.date();
            Some(days(monday).div_euclid(7))
        }
        Kind::Month => {
            let (year, month) = cell.split_once('-')?;
            Some(number(year)? * 12 + number(month)? - 1)
        }
        Kind::Year => number(cell),
        Kind::Date => crate::text::map::parse_day(cell).map(days),
        _ => None,
    }
}

/// Days since Monday, 5 January 1970.
fn days(day: Date) -> i64 {
    let monday = jiff::civil::date(1970, 1, 5);
    (day - monday).get_days().into()
}

/// The Monday of a week's number.
fn monday(week: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 5).checked_add(jiff::Span::new().try_days(week * 7).ok()?).ok()
}

/// The week, month or year of a number.
fn label(kind: Kind, number: i64) -> String {
    match kind {
        Kind::Week => monday(number).map_or_else(String::new, |monday| {
            let week = monday.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }),
        Kind::Month => format!("{}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;
    use crate::finding::Finding;

    const TABLE: &str = "customers/yunxi/traffic/2026.csv";

    fn weeks(rows: &[&str]) -> Shelves {
        let mut shelves = Shelves::new();
        let lines: Vec<String> = rows.iter().map(|week| format!("{week},1\n")).collect();
        shelves.put(TABLE, &format!("week,voice\n{}", lines.concat()));
        shelves
    }

    #[test]
    fn a_week_that_is_missing_is_told_at_the_row_after_it() {
        let shelves = weeks(&["2026-W01", "2026-W02", "2026-W04", "2026-W07"]);
        assert_eq!(shelves.places(), [format!("series-gap {TABLE}:4:1"), format!("series-gap {TABLE}:5:1")]);
        let messages: Vec<String> = shelves.findings().into_iter().map(|finding: Finding| finding.message).collect();
        assert_eq!(
            messages,
            ["2026-W03 is missing before this row", "2026-W05 to 2026-W06 are missing before this row"]
        );
    }

    #[test]
    fn the_turn_of_a_year_is_no_gap_with_week_53_and_without() {
        assert_eq!(weeks(&["2024-W52", "2025-W01"]).codes(), [""; 0]);
        assert_eq!(weeks(&["2026-W52", "2026-W53", "2027-W01"]).codes(), [""; 0]);
        let shelves = weeks(&["2026-W52", "2027-W01"]);
        assert_eq!(shelves.findings()[0].message, "2026-W53 is missing before this row");
    }

    #[test]
    fn a_week_that_was_all_holiday_is_no_gap_and_one_with_a_day_of_work_is() {
        let mut shelves = weeks(&["2026-W06", "2026-W07", "2026-W09"]);
        assert_eq!(shelves.places(), [format!("series-gap {TABLE}:4:1")]);
        shelves.add_settings("holidays: [2026-02-15..2026-02-23]\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.add_settings("holidays: [2026-02-15..2026-02-23]\nworkdays: [2026-02-21]\n");
        assert_eq!(shelves.places(), [format!("series-gap {TABLE}:4:1")]);
        shelves.add_settings("holidays: [2026-02-15..2026-02-19]\n");
        assert_eq!(shelves.places(), [format!("series-gap {TABLE}:4:1")]);
    }

    #[test]
    fn holidays_at_the_end_of_a_gap_are_not_told_with_it() {
        let mut shelves = weeks(&["2026-W05", "2026-W09"]);
        shelves.add_settings("holidays: [2026-02-16..2026-02-22]\n");
        assert_eq!(shelves.findings()[0].message, "2026-W06 to 2026-W07 are missing before this row");
    }

    #[test]
    fn a_week_that_stands_twice_is_told_also_in_two_files() {
        assert_eq!(weeks(&["2026-W01", "2026-W02", "2026-W02"]).places(), [format!("series-duplicate {TABLE}:4:1")]);
        let mut shelves = weeks(&["2026-W01", "2026-W02"]);
        shelves.put("customers/yunxi/traffic/more.csv", "week,voice\n2026-W02,3\n2026-W03,4\n");
        assert_eq!(shelves.places(), ["series-duplicate customers/yunxi/traffic/more.csv:2:1"]);
    }

    #[test]
    fn a_month_may_stand_once_for_each_line_of_a_series_that_has_several() {
        let mut shelves = Shelves::new();
        let table = "customers/yunxi/kpi/2026.csv";
        shelves.put(table, "month,circuit,faults\n2026-01,A,1\n2026-01,B,0\n2026-02,A,0\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put(table, "month,circuit,faults\n2026-01,A,1\n2026-01,A,0\n");
        assert_eq!(shelves.places(), [format!("series-duplicate {table}:3:1")]);
        assert!(shelves.findings()[0].message.contains("for ‹A›"));
    }

    #[test]
    fn days_need_not_follow_one_another_and_months_do() {
        let mut shelves = Shelves::new();
        let fields = "  month: {kind: month}\n  value: {kind: number}\n";
        shelves.put("types/bills.yaml", &format!("kind: series\nfolder: bills\naudience: finance\nfields:\n{fields}"));
        let table = "customers/yunxi/bills/2026.csv";
        shelves.put(table, "month,value\n2025-12,1\n2026-02,2\n");
        assert_eq!(shelves.places(), [format!("series-gap {table}:3:1")]);
        shelves.change("types/bills.yaml", "kind: month", "kind: date");
        shelves.put(table, "month,value\n2025-12-01,1\n2026-02-01,2\n2026-02-01,2\n");
        assert_eq!(shelves.places(), [format!("series-duplicate {table}:4:1")]);
    }

    #[test]
    fn many_gaps_are_told_by_their_number() {
        let rows: Vec<String> = (1..=26).map(|n| format!("2025-W{:02}", n * 2)).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let shelves = weeks(&rows);
        assert_eq!(shelves.codes().len(), 9);
        assert!(shelves.findings().iter().any(|finding| finding.message == "17 more gaps are in this series"));
    }
}
