//! Openings that came on their day: nobody committed anything then, and who may read the record changed all the same.

use super::life::{Deed, Event, Life};
use super::piece::Part;
use crate::access::Clearance;
use crate::repository::Past;
use jiff::civil::Date;
use std::sync::Arc;

/// Adds to a life the openings that came up to a day: those that stood when their day began. One that was set for a day
/// that had passed already came with its commit, and is told there.
pub fn tell_openings(past: &Past, today: Date, life: &mut Life) {
    let mut came = Vec::new();
    for (at, event) in life.events.iter().enumerate().filter(|(_, event)| event.key.part == Part::Opening) {
        let Some(value) = event.after else { continue };
        let Some(line) = life.values.get(value).and_then(|value| value.shown.line()) else { continue };
        let ends = |later: &&Event| {
            let with_its_record = later.key.part == Part::Record && later.deed == Deed::Removed;
            later.before == Some(value) || with_its_record && later.key.item == event.key.item
        };
        let end = life.events.iter().skip(at + 1).find(ends);
        if end.is_none() && !life.standing.contains(&value) {
            continue;
        }
        let begun = day_of(past, event.commit);
        let ended = end.and_then(|end| day_of(past, end.commit));
        let stood = |day: &Date| begun.is_some_and(|begun| begun < *day) && ended.is_none_or(|ended| ended >= *day);
        let days = line.en.split(", ").filter_map(|day| day.parse::<Date>().ok());
        came.extend(days.filter(|day| *day <= today && stood(day)).map(|day| Event {
            commit: event.commit,
            dossier: Arc::clone(&event.dossier),
            key: event.key.clone(),
            deed: Deed::Opened { day, after: last_before(past, day, event.commit) },
            before: None,
            after: Some(value),
            asks: Clearance::open(),
            founding: false,
        }));
    }
    life.events.extend(came);
}

/// The commit after which a day began, or the first that is asked about.
fn last_before(past: &Past, day: Date, first: usize) -> usize {
    let mut commits = (first..past.commits.len()).rev();
    commits.find(|commit| day_of(past, *commit).is_some_and(|of| of < day)).unwrap_or(first)
}

/// The day of a commit by its author's clock, which is the one that pages show.
fn day_of(past: &Past, commit: usize) -> Option<Date> {
    Some(past.commits.get(commit)?.authored.zoned()?.date())
}
