//! What parts said over time, for each group of readers as far as they may read.

use super::history::Course;
use super::life::{Life, Stood};
use super::piece::{Key, Part};
use super::shown::Shown;
use crate::access::{Clearance, Held};
use crate::record::RecordName;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A value of a part with the commit that brought it.
type Came<'l> = (usize, &'l Stood);

/// The courses of a life's parts. One for each clearance that some of the values ask, with all values that whoever
/// meets it may read; the longest stands first. That there were others shows in none.
#[must_use]
pub fn courses_of(dossier: &Arc<str>, life: &Life) -> Vec<Held<Course>> {
    let mut by_part: BTreeMap<&Key, Vec<Came<'_>>> = BTreeMap::new();
    for event in &life.events {
        let Some(value) = event.after.and_then(|at| life.values.get(at)) else { continue };
        if matches!(value.shown.as_ref(), Shown::Line(_)) && has_course(&event.key.part) {
            by_part.entry(&event.key).or_default().push((event.commit, value));
        }
    }
    let mut found = Vec::new();
    for (key, values) in by_part.into_iter().filter(|(_, values)| values.len() > 1) {
        let record = RecordName { dossier: Arc::clone(dossier), path: format!("{}{}", life.path, key.item).into() };
        found.extend(of_part(&record, key, &values));
    }
    found
}

fn has_course(part: &Part) -> bool {
    matches!(part, Part::Title | Part::Date | Part::Field { .. } | Part::Plate { .. } | Part::Audience)
}

fn of_part(record: &RecordName, key: &Key, values: &[Came<'_>]) -> Vec<Held<Course>> {
    let all = values.iter().fold(Clearance::open(), |all, (_, value)| all.and(&value.asks));
    let asked: BTreeSet<Clearance> = values.iter().map(|(_, value)| value.asks.clone()).chain([all]).collect();
    let mut courses: Vec<(Clearance, Vec<Came<'_>>)> = Vec::new();
    for given in asked {
        let readable: Vec<Came<'_>> = values.iter().filter(|(_, value)| given.implies(&value.asks)).copied().collect();
        let asks = readable.iter().fold(Clearance::open(), |all, (_, value)| all.and(&value.asks));
        if readable.len() > 1 && !courses.iter().any(|(known, _)| *known == asks) {
            courses.push((asks, readable));
        }
    }
    courses.sort_by_key(|(_, readable)| std::cmp::Reverse(readable.len()));
    let course = |(asks, readable): (Clearance, Vec<Came<'_>>)| {
        let line = |(commit, value): &Came<'_>| Some((*commit, value.shown.line()?.clone()));
        let label = readable.last().and_then(|(_, value)| value.label.clone());
        let values = readable.iter().filter_map(line).collect();
        Held::new(asks, Course { record: record.clone(), part: key.part.clone(), label, values })
    };
    courses.into_iter().map(course).collect()
}
