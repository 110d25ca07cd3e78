//! The weeks of a customer's weekly reports, and the alarms in them: sharp falls and rises, weeks that are missing, and
//! silence.

use super::seen::Seen;
use super::watched::{Change, Line, lines};
use super::weeks::Week;
use crate::access::Held;
use crate::archive::{Archive, Calendar};
use crate::dossier::Dossier;
use crate::record::{Every, Period, RecordName, RecordType, TypeDue, Watch};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// How a week stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing<'a> {
    /// There was nothing yet, or there never was.
    Nothing,
    /// There is no row, and nobody worked in that week.
    Holiday,
    /// There is no row, and none after it; with the last day on which it comes in time, where the type says one.
    Awaited(Option<Date>),
    /// There is no row, and there is one after it, or none came for longer than the type allows.
    Missing,
    /// There is a row, and too little before it to say what is usual.
    Early,
    /// The watched column that lies farthest from what is usual.
    Usual(Change<'a>),
    /// The same, where it is an alarm.
    Alarm(Change<'a>),
}

/// Something that an account manager should see.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm<'a> {
    /// The series in which it is to be seen.
    pub record: &'a RecordName,
    /// The first week.
    pub first: Week,
    /// The last one.
    pub last: Week,
    /// What it is.
    pub what: What<'a>,
}

/// What an alarm is.
#[derive(Clone, Debug, PartialEq)]
pub enum What<'a> {
    /// It fell; the farthest of its weeks.
    Fell(Change<'a>),
    /// It rose; the farthest of its weeks.
    Rose(Change<'a>),
    /// Weeks have no row.
    Missing,
    /// No row came any more.
    Silent,
}

/// What a group of readers sees of a customer's weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Weeks<'a> {
    /// How each stands, the last one first.
    pub standings: Vec<Standing<'a>>,
    /// The alarms of late, the last one first.
    pub alarms: Vec<Alarm<'a>>,
}

/// The weeks that a type's grid shows, the last one first: by the day and the type alone, so that they tell nothing.
#[must_use]
pub fn weeks_shown(archive: &Archive, watch: &Watch) -> Vec<Week> {
    let last = Week::over_before(archive.day);
    (0..watch.weeks).map(|n| last.earlier(n)).collect()
}

/// The weeks of a dossier's series of a type, as each group of readers sees them. Whoever sees more lines sees all
/// alarms that others see of them, and those of the other lines.
#[must_use]
pub fn watching<'a>(
    archive: &'a Archive,
    record_type: &'a RecordType,
    watch: &Watch,
    dossier: &'a Dossier,
) -> Seen<Weeks<'a>> {
    let records = dossier.records.pick(|record| record.record_type.name == record_type.name);
    let lines: Vec<Held<Line<'a>>> = records.flat_map(|held| lines(held, watch)).collect();
    let shown = weeks_shown(archive, watch);
    // A week is missing from a series that is there; where there is none, nothing is said. So nothing is asked beside.
    Seen::of(dossier.clearance(), &lines, |lines| {
        let calendar = &archive.settings.calendar;
        let watching = Watching { watch, due: record_type.due.as_ref(), calendar, lines, shown: &shown };
        Weeks { standings: shown.iter().map(|week| watching.standing(*week)).collect(), alarms: watching.alarms() }
    })
}

struct Watching<'r, 'a> {
    watch: &'r Watch,
    due: Option<&'r TypeDue>,
    calendar: &'r Calendar,
    lines: &'r [&'r Line<'a>],
    shown: &'r [Week],
}

impl<'a> Watching<'_, 'a> {
    fn standing(&self, week: Week) -> Standing<'a> {
        if let Some(change) = farthest(self.alarming(week).into_iter()) {
            return Standing::Alarm(change);
        }
        let changes = self.lines.iter().filter_map(|line| line.change(week, self.watch, self.calendar));
        match (self.gap(week), farthest(changes)) {
            (Some(Standing::Missing), _) => Standing::Missing,
            (_, Some(change)) => Standing::Usual(change),
            (Some(Standing::Awaited(_)), None) if self.is_silent(week) => Standing::Missing,
            (Some(gap), None) => gap,
            (None, None) if self.lines.iter().any(|line| line.has(week)) => Standing::Early,
            (None, None) => Standing::Nothing,
        }
    }

    fn alarming(&self, week: Week) -> Vec<Change<'a>> {
        let changes = self.lines.iter().filter_map(|line| line.change(week, self.watch, self.calendar));
        changes.filter(|change| change.alarm).collect()
    }

    /// Why a series has no row in the week, if one has none.
    fn gap(&self, week: Week) -> Option<Standing<'a>> {
        let of_line = |line: &&Line<'a>| {
            let (first, last) = (*line.rows.first()?, *line.rows.last()?);
            if week < first || line.rows.contains(&week) {
                None
            } else if self.is_off(week) {
                Some(Standing::Holiday)
            } else if week > last {
                Some(Standing::Awaited(self.last_day(week)))
            } else {
                Some(Standing::Missing)
            }
        };
        let gaps: Vec<Standing<'a>> = self.lines.iter().filter_map(of_line).collect();
        let awaited = Standing::Awaited(self.last_day(week));
        [Standing::Missing, awaited, Standing::Holiday].into_iter().find(|gap| gaps.contains(gap))
    }

    /// The last day on which a week's row comes in time: the same by which it is told what is due.
    fn last_day(&self, week: Week) -> Option<Date> {
        let due = self.due.filter(|due| due.every == Some(Every::Each(Period::Week)))?;
        let day = due.grace.after(Period::Week.end(week.monday()));
        Some(if due.working { self.calendar.working_from(day) } else { day })
    }

    /// Whether the week is one of those for which a series is silent.
    fn is_silent(&self, week: Week) -> bool {
        let Some(newest) = self.shown.first() else { return false };
        self.lines.iter().any(|line| {
            let silence = self.silence(line, *newest);
            silence.len() >= self.watch.silent && silence.contains(&week)
        })
    }

    fn is_off(&self, week: Week) -> bool {
        week.days().all(|day| !self.calendar.is_working(day))
    }

    /// The alarms of the last weeks, the last one first.
    fn alarms(&self) -> Vec<Alarm<'a>> {
        let Some(last) = self.shown.first().copied() else { return Vec::new() };
        let since = last.earlier(self.watch.lately.saturating_sub(1));
        let mut alarms = self.changes(last);
        let mut looked = BTreeSet::new();
        for line in self.lines.iter().filter(|line| looked.insert((line.record.to_string(), line.name))) {
            alarms.extend(self.gaps(line, last));
        }
        alarms.retain(|alarm| alarm.last >= since);
        alarms.sort_by_key(|alarm| std::cmp::Reverse((alarm.last, alarm.first)));
        alarms
    }

    /// Falls and rises, those of weeks in a row as one.
    fn changes(&self, last: Week) -> Vec<Alarm<'a>> {
        let mut alarms: Vec<Alarm<'a>> = Vec::new();
        // A run may have begun before the weeks of which is told.
        let mut week = last.earlier(self.watch.weeks.max(self.watch.lately));
        let mut open: [Option<usize>; 2] = [None, None];
        while week <= last {
            let (falls, rises): (Vec<_>, Vec<_>) =
                self.alarming(week).into_iter().partition(|change| change.percent() < 0.0);
            for (changes, open) in [falls, rises].into_iter().zip(&mut open) {
                let Some(change) = farthest(changes.into_iter()) else {
                    *open = None;
                    continue;
                };
                match open.and_then(|at| alarms.get_mut(at)) {
                    Some(run) => run.extend(week, change),
                    None => {
                        *open = Some(alarms.len());
                        let what = if change.percent() < 0.0 { What::Fell(change) } else { What::Rose(change) };
                        alarms.push(Alarm { record: change.record, first: week, last: week, what });
                    }
                }
            }
            week = week.next();
        }
        alarms
    }

    /// The weeks without a row inside a series, and the silence at its end.
    fn gaps(&self, line: &Line<'a>, newest: Week) -> Vec<Alarm<'a>> {
        let (Some(first), Some(last)) = (line.rows.first(), line.rows.last()) else { return Vec::new() };
        let mut alarms: Vec<Alarm<'a>> = Vec::new();
        let from = (*first).max(newest.earlier(self.watch.weeks.max(self.watch.lately)));
        for week in self.lacking(line, from, newest).take_while(|week| week < last) {
            match alarms.last_mut() {
                Some(run) if run.last.next() == week => run.last = week,
                _ => alarms.push(Alarm { record: line.record, first: week, last: week, what: What::Missing }),
            }
        }
        let silence = self.silence(line, newest);
        if let (Some(first), Some(last)) = (silence.first(), silence.last())
            && silence.len() >= self.watch.silent
        {
            alarms.push(Alarm { record: line.record, first: *first, last: *last, what: What::Silent });
        }
        alarms
    }

    /// The weeks after a series' last row in which people worked.
    fn silence(&self, line: &Line<'a>, newest: Week) -> Vec<Week> {
        line.rows.last().map(|last| self.lacking(line, last.next(), newest).collect()).unwrap_or_default()
    }

    /// The weeks without a row from one to the newest in which people worked.
    fn lacking(&self, line: &Line<'a>, from: Week, newest: Week) -> impl Iterator<Item = Week> {
        let weeks = std::iter::successors(Some(from), |week| Some(week.next())).take_while(move |week| *week <= newest);
        weeks.filter(|week| !line.rows.contains(week) && !self.is_off(*week))
    }
}

impl<'a> Alarm<'a> {
    fn extend(&mut self, week: Week, change: Change<'a>) {
        self.last = week;
        if let What::Fell(known) | What::Rose(known) = &mut self.what
            && change.percent().abs() > known.percent().abs()
        {
            *known = change;
            self.record = change.record;
        }
    }
}

fn farthest<'a>(changes: impl Iterator<Item = Change<'a>>) -> Option<Change<'a>> {
    changes.max_by(|one, other| one.percent().abs().total_cmp(&other.percent().abs()))
}
