//! What is due, on home: what is overdue behind one line, what ends in this month and the next, and what else comes within
//! thirty days.

use super::due_first::first_of_each;
use super::due_page::{SEALED, month_of, open, sealed};
use super::due_parts::{Whose, cut_line_part, veil_parts};
use super::page::{Desk, Region};
use super::part::Part;
use crate::reckoning::{Due, State, When};
use crate::record::Interval;
use jiff::civil::Date;

/// What comes is listed so long before its day, at the most. The browser counts by the same.
const AHEAD: Interval = Interval::days(30);

/// How many lines home has of each clearance: of what was overdue before the month began, and of what comes after it; of
/// what ends in a month; of each week of the month. It shows fewer; but some go that readers see otherwise, and some have
/// not come yet.
const BESIDE_THE_MONTH: usize = 8;
const ENDING: usize = 12;
const OF_A_WEEK: usize = 6;

/// How many it has of what all staff may know, in each of its lists.
const OPEN: usize = 20;

/// The regions of home, and the veil.
#[must_use]
pub fn due_at_home(desk: &Desk<'_>) -> [Region; 5] {
    let day = desk.agenda().day;
    let there = |list: List| {
        let lines = open(desk.agenda(), move |due| list_of(due, day) == Some(list));
        first_of_each(lines, OPEN).map(|held| cut_line_part(desk, &held, "", Whose::Named)).collect()
    };
    [
        Region { name: "due_late", id: "due-late", parts: there(List::Late) },
        Region { name: "due_ends", id: "due-ends", parts: there(List::Ends) },
        Region { name: "due", id: "due", parts: there(List::Next) },
        Region { name: "due_sealed", id: SEALED, parts: sealed_lines(desk) },
        Region { name: "veil", id: "due-veil", parts: veil_parts(desk, desk.agenda(), &month_of(day)) },
    ]
}

/// The lists of home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Late,
    Ends,
    Next,
}

/// In which of them something stands on a day; the browser asks the same of what was sealed.
fn list_of(due: &Due, day: Date) -> Option<List> {
    let when = due.when(day);
    let is_told = when == When::Week || due.state(day) == State::Due;
    match when {
        When::Overdue => Some(List::Late),
        When::Later => None,
        _ if due.ends => Some(List::Ends),
        _ => (is_told && due.day <= AHEAD.after(day)).then_some(List::Next),
    }
}

/// What may stand in one of the lists on some day of the month. On which of them it does, and what was cut off, must not
/// depend on the day: an envelope that changed with it would tell of itself. So what is cut is what lies in one stretch of
/// the calendar, whatever the day is.
fn sealed_lines(desk: &Desk<'_>) -> Vec<Part> {
    let last = desk.agenda().day.last_of_month();
    let stretch = |of: Stretch, most: usize| {
        let lines = sealed(desk.agenda(), move |due| may_stand(due, last) && stretch_of(due, last) == of);
        first_of_each(lines, most).map(|held| cut_line_part(desk, &held, "", Whose::Named)).collect::<Vec<_>>()
    };
    let weeks = (0..5).map(|week| (Stretch::Week(week), OF_A_WEEK));
    let all = [(Stretch::Before, BESIDE_THE_MONTH), (Stretch::After, BESIDE_THE_MONTH)].into_iter();
    let ends = [(Stretch::EndsIn, ENDING), (Stretch::EndsAfter, ENDING)];
    all.chain(ends).chain(weeks).flat_map(|(of, most)| stretch(of, most)).collect()
}

fn may_stand(due: &Due, last: Date) -> bool {
    match due.when(last) {
        When::Overdue | When::Week => true,
        When::Later => false,
        When::Month | When::NextMonth => due.ends || due.state(last) == State::Due,
    }
}

/// A stretch of the calendar, as one month sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch {
    Before,
    Week(i8),
    EndsIn,
    EndsAfter,
    After,
}

fn stretch_of(due: &Due, last: Date) -> Stretch {
    match (due.day < last.first_of_month(), due.day > last, due.ends) {
        (true, ..) => Stretch::Before,
        (_, true, true) => Stretch::EndsAfter,
        (_, true, false) => Stretch::After,
        (_, _, true) => Stretch::EndsIn,
        _ => Stretch::Week((due.day.day() - 1) / 7),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reckoning::Duty;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn due(day: Date, before: i32, ends: bool) -> Due {
        let (matter, from) = (String::new(), day.saturating_sub(before.days()));
        let (kind, customer, record, title, who) = (None, None, None, None, None);
        Due { matter, duty: Duty::Next, kind, day, from, customer, record, title, who, ends, closeness: 0 }
    }

    #[test]
    fn what_ends_next_month_stands_apart_from_what_is_to_be_done() {
        let day = date(2026, 11, 23);
        let list = |on: Date, before, ends| list_of(&due(on, before, ends), day);
        assert_eq!(list(date(2026, 11, 22), 0, true), Some(List::Late));
        assert_eq!(list(date(2026, 12, 31), 90, true), Some(List::Ends));
        assert_eq!(list(date(2026, 12, 31), 0, true), Some(List::Ends), "also where its rule would tell it later");
        assert_eq!(list(date(2027, 1, 1), 90, true), None);
        assert_eq!(list(date(2026, 11, 29), 0, false), Some(List::Next), "this week");
        assert_eq!(list(date(2026, 12, 20), 7, false), None);
        assert_eq!(list(date(2026, 12, 20), 30, false), Some(List::Next));
        assert_eq!(list(date(2026, 12, 24), 60, false), None, "further than thirty days");
    }

    /// Whatever stands on home on some day of a month may stand there in the eyes of its last day.
    #[test]
    fn the_last_day_of_a_month_asks_for_all_that_any_day_of_it_lists() {
        let (first, last) = (date(2026, 11, 1), date(2026, 11, 30));
        for ahead in -40..120 {
            for (before, ends) in [(0, false), (7, false), (90, false), (0, true), (90, true)] {
                let due = due(first.saturating_add(ahead.days()), before, ends);
                let listed = (0..30).any(|n| list_of(&due, first.saturating_add(n.days())).is_some());
                assert!(!listed || may_stand(&due, last), "{} {before} {ends}", due.day);
            }
        }
    }
}
