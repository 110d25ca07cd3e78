//! Lengths of time: the one way in which they are written, and how days are counted by them.

use crate::finding::{Code, Finding, quote};
use crate::text::Source;
use crate::text::map::scalar;
use crate::text::yaml::Node;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// A rule on what is due that says what cannot be.
pub const BROKEN_DUE: Code = Code("broken-due");

/// No rule looks further ahead or back than this many years.
const LONGEST: i32 = 100;

/// Days, weeks, months or years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    count: i32,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Interval {
    /// So many days.
    #[must_use]
    pub const fn days(count: i32) -> Self {
        Self { count, unit: Unit::Day }
    }

    /// Reads `90d`, `2w`, `3m` (or `3mo`), `1y`.
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let remedy = "write a whole number and d, w, m or y for days, weeks, months or years, as `90d`";
        let wrong = |what: &str| Err((format!("{} is {what}", quote(text)), remedy.to_owned()));
        let Some((number, unit)) = divided(text) else { return wrong("no length of time") };
        let (unit, in_a_year) = match unit {
            "d" => (Unit::Day, 366),
            "w" => (Unit::Week, 53),
            "m" | "mo" => (Unit::Month, 12),
            "y" => (Unit::Year, 1),
            _ => return wrong("no length of time"),
        };
        match number.parse::<i32>() {
            Ok(count) if count >= 0 && count <= LONGEST * in_a_year => Ok(Self { count, unit }),
            Ok(_) => wrong("too long, or runs backwards"),
            Err(_) => wrong("no whole number of days, weeks, months or years"),
        }
    }

    /// Reads a node; what is no length of time becomes a finding.
    pub fn read(source: &Source, node: &Node, what: &str, findings: &mut Vec<Finding>) -> Option<Self> {
        match Self::parse(scalar(source, node, what, findings)?) {
            Ok(interval) => Some(interval),
            Err((message, remedy)) => {
                findings.push(source.error(BROKEN_DUE, node.range.clone(), format!("{what}: {message}"), remedy));
                None
            }
        }
    }

    /// The day that lies so long after `day`. A month after 31 January is the last day of February.
    #[must_use]
    pub fn after(self, day: Date) -> Date {
        day.saturating_add(self.span())
    }

    /// The day that lies so long before `day`. A month before 31 March is the last day of February.
    #[must_use]
    pub fn before(self, day: Date) -> Date {
        day.saturating_sub(self.span())
    }

    /// The day that lies so long after `day`; none beyond the year 9999.
    #[must_use]
    pub fn checked_after(self, day: Date) -> Option<Date> {
        day.checked_add(self.span()).ok()
    }

    /// How many of its unit, and the unit's word: d, w, mo, y.
    #[must_use]
    pub fn parts(self) -> (i32, &'static str) {
        let word = match self.unit {
            Unit::Day => "d",
            Unit::Week => "w",
            Unit::Month => "mo",
            Unit::Year => "y",
        };
        (self.count, word)
    }

    /// Whether it is no time at all.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self.count == 0
    }

    fn span(self) -> Span {
        match self.unit {
            Unit::Day => self.count.days(),
            Unit::Week => self.count.weeks(),
            Unit::Month => self.count.months(),
            Unit::Year => self.count.years(),
        }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (count, unit) = self.parts();
        write!(f, "{count}{unit}")
    }
}

/// The number and the letters of a length of time, as written. Spaces may stand between them.
#[must_use]
pub fn divided(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(number.len()..).unwrap_or_default();
    let number = number.trim_end();
    (!number.is_empty() && !unit.is_empty()).then_some((number, unit))
}

/// The hours of a length of time as a duration is written; a day has twenty-four. Months and years have no hours of
/// their own.
#[must_use]
pub fn hours(text: &str) -> Option<f64> {
    let (number, unit) = divided(text)?;
    let hours = match unit {
        "s" => 1.0 / 3600.0,
        "min" => 1.0 / 60.0,
        "h" => 1.0,
        "d" => 24.0,
        "w" => 168.0,
        _ => return None,
    };
    number.replace(',', "").parse::<f64>().ok().map(|number| number * hours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn of(text: &str) -> Interval {
        Interval::parse(text).unwrap()
    }

    #[test]
    fn months_end_where_their_days_end() {
        assert_eq!(of("1m").after(date(2027, 1, 31)), date(2027, 2, 28));
        assert_eq!(of("1m").after(date(2028, 1, 31)), date(2028, 2, 29));
        assert_eq!(of("1mo").before(date(2027, 3, 31)), date(2027, 2, 28));
        assert_eq!(of("3m").before(date(2027, 5, 31)), date(2027, 2, 28));
        assert_eq!(of("12m").after(date(2027, 8, 31)), date(2028, 8, 31));
    }

    #[test]
    fn a_year_after_a_leap_day_is_the_last_of_february() {
        assert_eq!(of("1y").after(date(2028, 2, 29)), date(2029, 2, 28));
        assert_eq!(of("4y").after(date(2028, 2, 29)), date(2032, 2, 29));
        assert_eq!(of("365d").after(date(2028, 2, 29)), date(2029, 2, 28));
        assert_eq!(of("366d").after(date(2028, 2, 28)), date(2029, 2, 28));
    }

    #[test]
    fn weeks_are_seven_days_and_nothing_is_nothing() {
        assert_eq!(of("2 w"), of("2w"));
        assert_eq!(of("2w").after(date(2026, 12, 28)), date(2027, 1, 11));
        assert!(of("0d").is_nothing());
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in ["", "90", "d", "9x", "1.5d", "-3d", "3h", "30min", "101y", "99999999999d", "９0d", "three d"] {
            assert!(Interval::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_length_leads_out_of_the_calendar() {
        assert_eq!(of("100y").after(date(9999, 12, 31)), date(9999, 12, 31));
        assert_eq!(of("36600d").before(Date::MIN), Date::MIN);
    }
}
