//! Something that has to happen by a day.

use crate::access::{Clearance, Held};
use crate::record::RecordName;
use crate::text::Phrase;
use jiff::civil::{Date, Weekday};
use std::sync::Arc;

/// Something that has to happen by a day.
#[derive(Clone, Debug)]
pub struct Due {
    /// By what it is known from one day to the next: the rule, and what it is about.
    pub matter: String,
    /// What has to happen.
    pub duty: Duty,
    /// The type of record that it belongs to: name and title; none for readers.
    pub kind: Option<(String, Phrase)>,
    /// By which day.
    pub day: Date,
    /// From which day on it is told.
    pub from: Date,
    /// The customer; none for what belongs to no one.
    pub customer: Option<Arc<Customer>>,
    /// The record that it is about; none where there is none yet.
    pub record: Option<RecordName>,
    /// What that is called.
    pub title: Option<Held<Phrase>>,
    /// Who has to do it.
    pub who: Option<Held<Phrase>>,
    /// Whether something ends with that day, rather than that somebody has to do something by it.
    pub ends: bool,
    /// How closely was looked: those who may read more see what has a higher number, in place of what has a lower one.
    pub closeness: u8,
}

/// A customer as what is due names it.
#[derive(Debug)]
pub struct Customer {
    /// The dossier's name.
    pub name: Arc<str>,
    /// What the dossier asks.
    pub clearance: Clearance,
    /// What the customer is called.
    pub title: Held<Phrase>,
    /// Its tier: the place among the tiers, of which the first is the most valuable, and what it is called.
    pub tier: Option<Held<(usize, Phrase)>>,
}

/// What has to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// What the field of a record says that a day is for: what pages call the field.
    Field(Phrase),
    /// The next record of a type that comes again.
    Next,
    /// The first record of a type that is to be there and never was.
    First,
    /// What is missing for a stretch of the calendar, or several in a row: the first and the last.
    Missing(String, String),
    /// Somebody has to look over again whether it still holds.
    Review,
    /// A marking has to be looked over again.
    MarkingReview,
    /// A marking ends.
    MarkingEnd,
    /// The time for which a record is to be kept ends, so that somebody decides what becomes of it.
    Retention,
    /// What is restricted opens to all staff.
    Opening,
    /// A reader's training ends; what it taught.
    Training(String),
    /// A reader leaves every keyring.
    Leaving,
}

impl Duty {
    /// The key of the interface's word for it; none where the archive itself names it.
    #[must_use]
    pub fn word(&self) -> Option<&'static str> {
        Some(match self {
            Self::Field(_) => return None,
            Self::Next => "due.duty.next",
            Self::First => "due.duty.first",
            Self::Missing(..) => "due.duty.missing",
            Self::Review => "due.duty.review",
            Self::MarkingReview => "due.duty.marking_review",
            Self::MarkingEnd => "due.duty.marking_end",
            Self::Retention => "due.duty.retention",
            Self::Opening => "due.duty.opening",
            Self::Training(_) => "due.duty.training",
            Self::Leaving => "due.duty.leaving",
        })
    }
}

/// How it stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its day has passed.
    Overdue,
    /// It is to be told: its day comes within what its rule says.
    Due,
    /// It is known, and there is time.
    Coming,
}

/// Into which part of a list it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Its day has passed.
    Overdue,
    /// Until the end of this week.
    Week,
    /// Until the end of this month.
    Month,
    /// Until the end of the month after.
    NextMonth,
    /// After that.
    Later,
}

impl When {
    /// All of them, the nearest first.
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Week, Self::Month, Self::NextMonth, Self::Later];
}

impl Due {
    /// How it stands on a day.
    #[must_use]
    pub fn state(&self, on: Date) -> State {
        if self.day < on {
            State::Overdue
        } else if self.from <= on {
            State::Due
        } else {
            State::Coming
        }
    }

    /// Into which part of a list it goes on a day. Weeks end on Sunday.
    #[must_use]
    pub fn when(&self, on: Date) -> When {
        let left = on.weekday().until(Weekday::Sunday);
        let sunday = on.saturating_add(jiff::Span::new().days(left));
        if self.day < on {
            When::Overdue
        } else if self.day <= sunday {
            When::Week
        } else if self.day <= on.last_of_month() {
            When::Month
        } else if self.day <= on.last_of_month().saturating_add(jiff::Span::new().days(1)).last_of_month() {
            When::NextMonth
        } else {
            When::Later
        }
    }
}

/// What stands on an agenda.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Something due.
    Due(Arc<Due>),
    /// What others see of this matter is not so: whoever may read this reads more, and sees what is as close as this.
    Instead(String, u8),
    /// Something was looked at that may be due on another day. It stands for every clearance that anything of the
    /// archive asks, whether something is due there or not, so that nobody sees from outside where something is.
    Looked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_goes_into_the_week_the_month_the_next_month_or_later() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let due = |on: &str| Due {
            matter: String::new(),
            duty: Duty::MarkingEnd,
            kind: None,
            day: day(on),
            from: day(on),
            customer: None,
            record: None,
            title: None,
            who: None,
            ends: false,
            closeness: 0,
        };
        // A Wednesday; the year ends with the next month.
        for (on, when) in [
            ("2026-11-17", When::Overdue),
            ("2026-11-18", When::Week),
            ("2026-11-22", When::Week),
            ("2026-11-23", When::Month),
            ("2026-11-30", When::Month),
            ("2026-12-01", When::NextMonth),
            ("2026-12-31", When::NextMonth),
            ("2027-01-01", When::Later),
        ] {
            assert_eq!(due(on).when(day("2026-11-18")), when, "{on}");
        }
        assert_eq!(due("2027-01-31").when(day("2026-12-15")), When::NextMonth);
    }
}
