//! What it costs to keep a dossier, and what the customer brings.

use super::seen::Seen;
use crate::access::Held;
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::history::History;
use crate::record::{Record, RecordName, Series, Value, cell_number};
use crate::text::map::parse_day;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The type whose records are visits: the tiers' `visit` is about them.
const VISIT: &str = "visit";
/// The type of series in which hours spent on a customer are written down.
const EFFORT: &str = "effort";
/// The unit of such hours.
const HOURS: &str = "h";

/// What it costs to keep a dossier.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effort {
    /// How many records it holds.
    pub records: usize,
    /// How often a commit changed one of its records in a year.
    pub changes: usize,
    /// How many visits there were in a year.
    pub visits: usize,
    /// How many hours were written down for a year.
    pub hours: f64,
}

/// Money of one currency.
#[derive(Clone, Debug)]
pub struct Worth<'a> {
    /// The field's value, as pages show it.
    pub value: &'a Value,
    /// The amount as written.
    pub amount: &'a str,
    /// The currency.
    pub currency: &'a str,
}

/// Something that costs.
enum Cost<'a> {
    /// What has cost at another time. It stands for the clearance that it asks, so that nobody sees from outside
    /// whether there was something in it.
    Past,
    Record,
    Change(usize, &'a RecordName),
    Visit,
    Hours(f64),
}

/// What it costs to keep a dossier, as each group of readers can tell by what they may read of it.
///
/// A year is the twelve months before this one, so that what is sealed does not change from one day to the next while
/// nobody changes the archive: that would tell of what fell out of the year.
#[must_use]
pub fn effort(archive: &Archive, history: Option<&History>, dossier: &Dossier) -> Seen<Effort> {
    let month = archive.day.first_of_month();
    let a_year_ago = month.saturating_sub(1.year());
    let lately = |day: Date| day >= a_year_ago && day < month;
    let root = Held::new(dossier.clearance().clone(), &*dossier.root);
    let records = dossier.records.lay_out(|held| held).chain([root]);
    let mut costs: Vec<Held<Cost<'_>>> = records
        .flat_map(|held| {
            let of_record = held.map(|record| of_record(record, &lately));
            of_record.spread().into_iter().map(Held::flatten)
        })
        .collect();
    if let Some(history) = history {
        let shelf = history.of_dossier(&dossier.name);
        let changes = shelf.into_iter().flat_map(|shelf| shelf.lay_out(|held| held));
        let changes = changes.filter_map(|held| {
            let change = held.map(|change| {
                let day = history.commit(change.commit)?.authored.zoned()?.date();
                Some(if lately(day) { Cost::Change(change.commit, &change.record) } else { Cost::Past })
            });
            Some(change.transpose()?.narrowed(dossier.clearance()))
        });
        costs.extend(changes);
    }
    Seen::of(dossier.clearance(), &costs, |costs| made(costs))
}

fn made(costs: &[&Cost<'_>]) -> Effort {
    let mut effort = Effort::default();
    // A commit that changes several parts of a record changes it once.
    let mut changes = BTreeSet::new();
    for cost in costs {
        match cost {
            Cost::Past => {}
            Cost::Record => effort.records += 1,
            Cost::Change(commit, record) => {
                changes.insert((commit, record));
            }
            Cost::Visit => effort.visits += 1,
            Cost::Hours(hours) => effort.hours += hours,
        }
    }
    effort.changes = changes.len();
    effort
}

fn of_record<'a>(record: &'a Record, lately: &dyn Fn(Date) -> bool) -> Vec<Held<Cost<'a>>> {
    let mut costs = vec![Held::new(record.clearance.clone(), Cost::Record)];
    if record.record_type.name == VISIT {
        let date = record.date.as_ref();
        costs.extend(date.map(|date| date.as_ref().map(|day| if lately(*day) { Cost::Visit } else { Cost::Past })));
    }
    if record.record_type.name == EFFORT {
        costs.extend(record.series.iter().flat_map(|series| hours(series, lately)));
    }
    costs
}

/// The hours of a series' rows, month by month.
fn hours<'a>(series: &Series, lately: &dyn Fn(Date) -> bool) -> Vec<Held<Cost<'a>>> {
    let Some(months) = series.columns.get(series.by) else { return Vec::new() };
    let of_column = series.columns.iter().filter_map(|column| {
        let hours = months.as_ref().with(column.as_ref()).map(|(months, column)| {
            let rows = months.cells.iter().zip(column.cells.iter()).filter(|(month, _)| within(month, lately));
            let hours = rows.filter_map(|(_, cell)| cell_number(cell)).sum();
            (column.unit.as_deref() == Some(HOURS)).then_some(Cost::Hours(hours))
        });
        hours.transpose()
    });
    of_column.collect()
}

fn within(month: &str, lately: &dyn Fn(Date) -> bool) -> bool {
    parse_day(&format!("{month}-01")).is_some_and(lately)
}

/// What a customer brings in a year, for those who may know it.
#[must_use]
pub fn worth<'a>(held: &Held<&'a Dossier>) -> Option<Held<Worth<'a>>> {
    let field = held.clone().map(|dossier| dossier.field("annual_revenue")).transpose()?.flatten();
    let worth = field.map(|field| match &field.value {
        value @ Value::Money { amount, currency } => Some(Worth { value, amount, currency }),
        _ => None,
    });
    worth.transpose()
}
