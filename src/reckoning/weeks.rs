//! ISO weeks as things that follow one another, across the ends of years and through weeks 53.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use std::fmt;

/// A week, known by its Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(Date);

impl Week {
    /// The week that files write as `2026-W07`; none where the year has no such week.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        let monday = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?;
        Some(Self(monday.date()))
    }

    /// The last week that was over before a day.
    #[must_use]
    pub fn over_before(day: Date) -> Self {
        let monday = day.saturating_sub(Weekday::Monday.until(day.weekday()).days());
        Self(monday).earlier(1)
    }

    /// The week so many weeks before.
    #[must_use]
    pub fn earlier(self, weeks: usize) -> Self {
        let weeks = i64::try_from(weeks).unwrap_or(i64::MAX).min(50_000);
        Self(self.0.saturating_sub(weeks.weeks()))
    }

    /// The week after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1.week()))
    }

    /// Its Monday.
    #[must_use]
    pub fn monday(self) -> Date {
        self.0
    }

    /// Its days, from Monday to Sunday.
    pub fn days(self) -> impl Iterator<Item = Date> {
        (0..7).map(move |n| self.0.saturating_add(n.days()))
    }

    /// The ISO year and the number of the week in it.
    #[must_use]
    pub fn number(self) -> (i16, i8) {
        let week = self.0.iso_week_date();
        (week.year(), week.week())
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, week) = self.number();
        write!(f, "{year}-W{week:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(text: &str) -> Week {
        Week::read(text).unwrap()
    }

    #[test]
    fn weeks_follow_one_another_over_the_end_of_a_year_with_a_week_53_and_of_one_without() {
        assert_eq!(week("2024-W52").next(), week("2025-W01"));
        assert_eq!(week("2026-W52").next(), week("2026-W53"));
        assert_eq!(week("2026-W53").next(), week("2027-W01"));
        assert_eq!(week("2027-W01").earlier(2).to_string(), "2026-W52");
        assert_eq!(Week::read("2025-W53"), None);
        assert_eq!(Week::read("week 3"), None);
    }

    #[test]
    fn a_week_is_over_from_the_monday_after_it() {
        let over = |day: &str| Week::over_before(day.parse().unwrap()).to_string();
        assert_eq!(over("2026-11-22"), "2026-W46");
        assert_eq!(over("2026-11-23"), "2026-W47");
        assert_eq!(over("2027-01-03"), "2026-W52");
        assert_eq!(over("2027-01-04"), "2026-W53");
    }
}
