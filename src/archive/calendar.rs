//! On which days people work: Monday to Friday, without the holidays and with the days worked in their place, as the
//! settings name both.

use crate::finding::{Finding, quote};
use crate::record::BROKEN_DUE;
use crate::text::Source;
use crate::text::map::{one_or_many, parse_day, scalar};
use crate::text::yaml::Node;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Holidays, and days of the weekend that are worked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    holidays: Vec<Days>,
    workdays: Vec<Days>,
}

/// Days in a row, the first and the last among them.
type Days = (Date, Date);

/// No holiday is longer than this, in days: beyond it a year was mistyped.
const LONGEST: i32 = 62;

impl Calendar {
    /// Reads `holidays:`.
    pub(super) fn read_holidays(&mut self, source: &Source, node: &Node, findings: &mut Vec<Finding>) {
        self.holidays = read(source, node, "`holidays`", findings);
    }

    /// Reads `workdays:`.
    pub(super) fn read_workdays(&mut self, source: &Source, node: &Node, findings: &mut Vec<Finding>) {
        self.workdays = read(source, node, "`workdays`", findings);
    }

    /// Whether people work on the day.
    #[must_use]
    pub fn is_working(&self, day: Date) -> bool {
        let among = |days: &[Days]| days.iter().any(|(first, last)| *first <= day && day <= *last);
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        among(&self.workdays) || !weekend && !among(&self.holidays)
    }

    /// The day itself, or the next one on which people work.
    #[must_use]
    pub fn working_from(&self, day: Date) -> Date {
        let mut at = day;
        // Where a year is all holidays, the day stays what it was.
        for _ in 0..366 {
            if self.is_working(at) {
                return at;
            }
            at = at.saturating_add(1.day());
        }
        day
    }

    /// Whether nobody works on any day from the first to the last.
    #[must_use]
    pub fn is_off(&self, first: Date, last: Date) -> bool {
        let mut day = first;
        while day <= last {
            if self.is_working(day) {
                return false;
            }
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        true
    }
}

fn read(source: &Source, node: &Node, what: &str, findings: &mut Vec<Finding>) -> Vec<Days> {
    let mut read = Vec::new();
    if node.elements().is_some_and(<[Node]>::is_empty) {
        return read;
    }
    for node in one_or_many(source, node, what, findings) {
        let Some(text) = scalar(source, node, "a day", findings) else { continue };
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let mut broken = |message: String, remedy: &str| {
            findings.push(source.error(BROKEN_DUE, node.range.clone(), message, remedy));
        };
        let form = "write `2026-10-01`, or the first and the last day as `2026-10-01..2026-10-07`";
        match (parse_day(first.trim()), parse_day(last.trim())) {
            (Some(first), Some(last)) if last < first => {
                broken(format!("{} ends before it begins", quote(text)), "write the earlier day first");
            }
            (Some(first), Some(last)) if first.saturating_add(LONGEST.days()) < last => {
                broken(format!("{} is longer than any holiday", quote(text)), "look at the years; otherwise divide it");
            }
            (Some(first), Some(last)) => read.push((first, last)),
            _ => broken(format!("{} is neither a day nor days in a row", quote(text)), form),
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::yaml;
    use jiff::civil::date;

    fn calendar(holidays: &str, workdays: &str) -> (Calendar, Vec<Finding>) {
        let (mut calendar, mut findings) = (Calendar::default(), Vec::new());
        for (text, holiday) in [(holidays, true), (workdays, false)] {
            let source = Source::decode("strongroom.yaml", text.as_bytes()).unwrap();
            let node = yaml::parse(&source, 0..text.len()).unwrap();
            if holiday {
                calendar.read_holidays(&source, &node, &mut findings);
            } else {
                calendar.read_workdays(&source, &node, &mut findings);
            }
        }
        (calendar, findings)
    }

    #[test]
    fn a_day_on_which_nobody_works_moves_to_the_next_on_which_somebody_does() {
        let (calendar, findings) = calendar("[2026-10-01..2026-10-07]", "[2026-10-10]");
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(calendar.working_from(date(2026, 9, 30)), date(2026, 9, 30));
        assert_eq!(calendar.working_from(date(2026, 10, 1)), date(2026, 10, 8));
        assert_eq!(calendar.working_from(date(2026, 10, 7)), date(2026, 10, 8));
        // A Saturday that is worked in exchange, and the Sunday after it.
        assert_eq!(calendar.working_from(date(2026, 10, 10)), date(2026, 10, 10));
        assert_eq!(calendar.working_from(date(2026, 10, 11)), date(2026, 10, 12));
    }

    #[test]
    fn a_week_is_off_only_when_all_of_it_is() {
        let (calendar, _) = calendar("[2026-02-16..2026-02-20, 2026-10-01..2026-10-07]", "[]");
        assert!(calendar.is_off(date(2026, 2, 16), date(2026, 2, 22)));
        assert!(!calendar.is_off(date(2026, 9, 28), date(2026, 10, 4)));
        let (worked, _) = self::calendar("[2026-02-16..2026-02-20]", "[2026-02-22]");
        assert!(!worked.is_off(date(2026, 2, 16), date(2026, 2, 22)));
    }

    #[test]
    fn what_is_no_holiday_is_told() {
        for bad in ["[2026-02-30]", "[2026-10-07..2026-10-01]", "[2026-10-01..2027-10-07]", "[golden week]", "{a: b}"] {
            assert_eq!(calendar(bad, "[]").1.len(), 1, "{bad}");
        }
    }
}
