//! The lines of a weekly series that its type watches, and how far each week lies from what is usual.

use super::weeks::Week;
use crate::access::Held;
use crate::archive::Calendar;
use crate::record::{Record, RecordName, SeriesColumn, Watch, cell_number};
use crate::text::Phrase;
use std::collections::{BTreeMap, BTreeSet};

/// One column of a series; where a key tells several lines apart, one line of it.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) record: &'a RecordName,
    pub(super) name: Option<&'a str>,
    title: &'a Phrase,
    unit: Option<&'a str>,
    /// The weeks in which there is a row.
    pub(super) rows: BTreeSet<Week>,
    numbers: BTreeMap<Week, f64>,
}

/// A week's number beside what is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change<'a> {
    /// The record in which it stands.
    pub record: &'a RecordName,
    /// The column.
    pub title: &'a Phrase,
    /// The line, where the series has several.
    pub name: Option<&'a str>,
    /// The unit of both numbers.
    pub unit: Option<&'a str>,
    /// The week's number.
    pub number: f64,
    /// The median of the weeks before.
    pub usual: f64,
    /// Whether it is a fall or a rise that somebody should see.
    pub alarm: bool,
}

impl Change<'_> {
    /// How many hundredths the number lies above what is usual; below, where it is less than nought.
    #[must_use]
    pub fn percent(&self) -> f64 {
        100.0 * (self.number / self.usual - 1.0)
    }
}

impl<'a> Line<'a> {
    fn of(
        record: &'a RecordName,
        name: Option<&'a str>,
        column: &'a SeriesColumn,
        cells: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let (title, unit) = (&column.title, column.unit.as_deref());
        let mut line = Self { record, name, title, unit, rows: BTreeSet::new(), numbers: BTreeMap::new() };
        for (label, cell) in cells {
            let Some(week) = Week::read(label) else { continue };
            line.rows.insert(week);
            line.numbers.extend(cell_number(cell).map(|number| (week, number)));
        }
        line
    }

    /// Whether a number stands in the week.
    pub(super) fn has(&self, week: Week) -> bool {
        self.numbers.contains_key(&week)
    }

    /// The week's number beside the median of the weeks before it, where enough of these hold one.
    pub(super) fn change(&self, week: Week, watch: &Watch, calendar: &Calendar) -> Option<Change<'a>> {
        let number = *self.numbers.get(&week)?;
        let before = self.numbers.range(week.earlier(watch.usual)..week).map(|(_, number)| *number);
        let usual = median(before.collect(), watch.fewest).filter(|usual| *usual > 0.0)?;
        let above = |number: f64, than: f64| 100.0 * (number / than - 1.0);
        let percent = above(number, usual);
        let worked = || week.days().filter(|day| calendar.is_working(*day)).count() >= watch.working;
        // A year has fifty-two weeks or fifty-three, and holidays lie a week earlier or later.
        let year_before = || self.numbers.range(week.earlier(53)..=week.earlier(51)).map(|(_, number)| *number);
        let far = percent >= watch.rise || percent <= -watch.fall && worked();
        let alike = |then: f64| {
            let percent = above(number, then);
            percent < watch.rise && percent > -watch.fall
        };
        let alarm = far && !(watch.seasonal && year_before().any(alike));
        let Self { record, name, title, unit, .. } = *self;
        Some(Change { record, title, name, unit, number, usual, alarm })
    }
}

fn median(mut numbers: Vec<f64>, fewest: usize) -> Option<f64> {
    if numbers.len() < fewest {
        return None;
    }
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    let upper = *numbers.get(half)?;
    if numbers.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(*numbers.get(half.checked_sub(1)?)?, upper)) }
}

/// The lines of a record that are watched, each for whoever may read its column and what names its rows.
pub(super) fn lines<'a>(held: Held<&'a Record>, watch: &Watch) -> Vec<Held<Line<'a>>> {
    let of_record = held.map(|record| {
        let Some(series) = &record.series else { return Vec::new() };
        let Some(labels) = series.columns.get(series.by) else { return Vec::new() };
        let key = series.key.and_then(|key| series.columns.get(key));
        let watched = |column: &&'a Held<SeriesColumn>| {
            let watched = column.as_ref().map(|column| watch.columns.contains(&column.name).then_some(()));
            watched.transpose().is_some()
        };
        let of_column = |column: &'a Held<SeriesColumn>| {
            let rows = match key {
                Some(key) => labels.as_ref().with(key.as_ref()).map(|(labels, key)| (labels, Some(key))),
                None => labels.as_ref().map(|labels| (labels, None)),
            };
            rows.with(column.as_ref()).map(|((labels, key), column)| divided(&record.name, labels, key, column))
        };
        series.columns.iter().filter(watched).map(of_column).collect()
    });
    of_record.spread().into_iter().flat_map(|one| one.flatten().spread()).collect()
}

/// A column as one line, or as one for each name in the column that tells them apart.
fn divided<'a>(
    record: &'a RecordName,
    labels: &'a SeriesColumn,
    key: Option<&'a SeriesColumn>,
    column: &'a SeriesColumn,
) -> Vec<Line<'a>> {
    let cells = || labels.cells.iter().zip(column.cells.iter());
    let Some(key) = key else { return vec![Line::of(record, None, column, cells())] };
    let names: BTreeSet<&str> = key.cells.iter().collect();
    let of_name = |name: &'a str| {
        let here = cells().zip(key.cells.iter()).filter(move |(_, of)| *of == name).map(|(cells, _)| cells);
        Line::of(record, Some(name), column, here)
    };
    names.into_iter().map(of_name).collect()
}

/// The weeks of a column that are alarms, by the place of their rows: for the chart and the table of a series, to
/// whoever may read both columns.
#[must_use]
pub fn alarms_in<'a>(
    record: &'a Record,
    calendar: &Calendar,
    labels: &'a SeriesColumn,
    key: Option<&'a SeriesColumn>,
    column: &'a SeriesColumn,
) -> BTreeMap<usize, Change<'a>> {
    let Some(watch) = record.record_type.watch.as_ref().filter(|watch| watch.columns.contains(&column.name)) else {
        return BTreeMap::new();
    };
    let mut alarms = BTreeMap::new();
    for line in divided(&record.name, labels, key, column) {
        for (place, label) in labels.cells.iter().enumerate() {
            if line.name.is_some() && key.and_then(|key| key.cells.get(place)) != line.name {
                continue;
            }
            let Some(week) = Week::read(label) else { continue };
            let change = line.change(week, watch, calendar).filter(|change| change.alarm);
            alarms.extend(change.map(|change| (place, change)));
        }
    }
    alarms
}
