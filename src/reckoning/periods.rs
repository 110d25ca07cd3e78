//! What comes once in each stretch of the calendar: a weekly report, a monthly one.

use super::due::{Due, Duty};
use super::home::Home;
use super::piece::Piece;
use super::sight::Eyes;
use crate::access::Held;
use crate::record::{Period, Record, RecordType, TypeDue, Value, read_scalar};
use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use std::collections::BTreeSet;

/// A stretch for which something is missing.
struct Gap {
    end: Date,
    day: Date,
}

impl<'a> Home<'a> {
    /// Stretches without a row or a record, from the first there is to the day: those overdue in a row as one, then
    /// each that may still come in time, and the one under way.
    pub(super) fn missing(
        &self,
        record_type: &'a RecordType,
        due: &TypeDue,
        period: Period,
        by: &str,
        eyes: &Eyes<'a>,
    ) -> Held<Vec<Due>> {
        let there = self.of_name(&record_type.name).flat_map(|held| {
            let of_record = |record: &'a Record| {
                let piece = Piece::of(record, &self.archive.settings.audiences);
                let mut days = rows(record);
                if !record_type.series {
                    days.push(piece.day(by).map(|day| day.into_iter().collect()));
                }
                let done = |days: Held<Vec<Date>>| days.with(piece.is_done(&due.unless, eyes));
                days.into_iter().map(done).collect::<Vec<_>>()
            };
            held.map(of_record).spread().into_iter().map(Held::flatten)
        });
        let there = eyes.gather(there).map(|all| {
            let kept = all.into_iter().filter(|(_, done)| !done).flat_map(|(days, _)| days);
            kept.map(|day| period.end(day)).collect::<BTreeSet<Date>>()
        });
        let known = there.with(self.first(record_type, eyes)).with(self.is_over(eyes));
        known.map(|((there, (required, start)), over)| {
            let first = there.first().copied().or(start.filter(|_| required));
            let Some(first) = first.filter(|_| !over) else { return Vec::new() };
            let runs = self.gaps(&there, first, due, period);
            let who = self.who(&[], Some(record_type), None);
            let made = runs.into_iter().filter_map(|run| {
                let (first, last) = (run.first()?, run.last()?);
                let duty = Duty::Missing(period.name(first.end), period.name(last.end));
                let told = self.due(record_type, duty, first.day, due.before);
                // Nothing can be given for a stretch before it ends.
                Some(Due { from: first.end, who: who.clone(), ..told })
            });
            made.collect()
        })
    }

    fn gaps(&self, there: &BTreeSet<Date>, first: Date, due: &TypeDue, period: Period) -> Vec<Vec<Gap>> {
        let today = self.archive.day;
        let mut runs: Vec<Vec<Gap>> = Vec::new();
        let mut open = false;
        let mut end = period.end(first);
        loop {
            let off = self.archive.settings.calendar.is_off(period.start(end), end);
            if there.contains(&end) {
                open = false;
            } else if !off {
                let gap = Gap { end, day: self.day(due.grace.after(end), due.working) };
                let overdue = gap.day < today;
                match runs.last_mut().filter(|_| open && overdue) {
                    Some(run) => run.push(gap),
                    None => runs.push(vec![gap]),
                }
                open = overdue;
            }
            let Ok(next) = end.tomorrow() else { break };
            if next > today {
                break;
            }
            end = period.end(next);
        }
        runs
    }
}

/// The days that order the rows of a series.
fn rows(record: &Record) -> Vec<Held<Vec<Date>>> {
    let Some(series) = &record.series else { return Vec::new() };
    let column = series.columns.get(series.by).map(|column| {
        column.as_ref().map(|column| {
            let field = record.record_type.field(&column.name);
            let read = |cell: &str| read_scalar(field?, cell).ok().as_ref().and_then(Value::last_day);
            column.cells.iter().filter_map(read).collect()
        })
    });
    column.into_iter().collect()
}

impl Period {
    /// The last day of the stretch in which a day lies.
    pub(super) fn end(self, day: Date) -> Date {
        match self {
            Self::Week => day.saturating_add(day.weekday().until(Weekday::Sunday).days()),
            Self::Month => day.last_of_month(),
            Self::Year => day.last_of_year(),
        }
    }

    /// The first day of the stretch that ends on a day.
    fn start(self, end: Date) -> Date {
        match self {
            Self::Week => end.saturating_sub(6.days()),
            Self::Month => end.first_of_month(),
            Self::Year => end.first_of_year(),
        }
    }

    /// The stretch that ends on a day, as files write it.
    fn name(self, end: Date) -> String {
        match self {
            Self::Week => {
                let week: ISOWeekDate = end.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{}-{:02}", end.year(), end.month()),
            Self::Year => end.year().to_string(),
        }
    }
}
