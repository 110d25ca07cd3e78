//! Spells: days, one after the other, on which somebody could read something.

use super::chronicle::{Chronicle, PartPast};
use super::openers::by;
use super::why::Turn;
use crate::access::Clearance;
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;

/// What let somebody read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// It was for all staff: nobody needed a key.
    Everybody,
    /// The audiences that let the reader in, or `oversight`.
    Rule(String),
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("for all staff"),
            Self::Rule(rule) => f.write_str(rule),
        }
    }
}

/// Days on which a reader could read a part, or everybody could.
#[derive(Clone, Debug)]
pub struct Spell {
    /// The reader; nothing for everybody.
    pub reader: Option<String>,
    /// What let them.
    pub by: By,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// What began it; nothing where it held when the time began.
    pub began: Option<Turn>,
    /// What ended it; nothing where it still held when the time ended.
    pub ended: Option<Turn>,
}

/// From which stretch to which, and by what.
pub(super) type Run = (usize, usize, By);

/// Readers by name, each with what lets them open something.
type Openers = Rc<BTreeMap<String, String>>;

/// Who could open a clearance among the people of a stretch, found once for each.
#[derive(Default)]
pub(super) struct Known {
    openers: RefCell<HashMap<(usize, usize), Openers>>,
}

impl Chronicle<'_> {
    /// Every spell in which somebody could read a part, by reader; those of everybody first.
    #[must_use]
    pub fn spells(&self, part: &PartPast) -> Vec<Spell> {
        let mut found = Vec::new();
        for (reader, runs) in self.runs(part, None) {
            found.extend(runs.into_iter().map(|run| self.spell(part, reader.as_deref(), run)));
        }
        found
    }

    /// The spells in which a reader could read a part, also as everybody could.
    #[must_use]
    pub fn spells_of(&self, part: &PartPast, reader: &str) -> Vec<Spell> {
        let mut runs: Vec<Run> = self.runs(part, Some(reader)).into_values().flatten().collect();
        runs.sort_by_key(|(first, ..)| *first);
        runs.into_iter().map(|run| self.spell(part, Some(reader), run)).collect()
    }

    fn spell(&self, part: &PartPast, reader: Option<&str>, (first, last, by): Run) -> Spell {
        let day = |at: usize, of: fn(&super::Stretch) -> Date| self.stretches.get(at).map_or(Date::MIN, of);
        let asked_by = reader.filter(|_| by != By::Everybody);
        // What was for everybody before, or is afterwards, is told for everybody.
        let turn = |at: usize| self.turn(at, asked_by, part);
        Spell {
            reader: reader.map(str::to_owned),
            first: day(first, |stretch| stretch.first),
            last: day(last, |stretch| stretch.last),
            began: (first > 0 || self.begins_within()).then(|| turn(first)),
            ended: (last + 1 < self.stretches.len()).then(|| turn(last + 1)),
            by,
        }
    }

    /// The stretches in which each reader could read a part, one after the other as long as the same let them.
    fn runs(&self, part: &PartPast, only: Option<&str>) -> BTreeMap<Option<String>, Vec<Run>> {
        self.runs_of(part.asked.iter().map(|asked| (asked.first, asked.last, asked.clearance)), only)
    }

    /// The same of whatever asked for clearances in some stretches.
    pub(super) fn runs_of(
        &self,
        asked: impl Iterator<Item = (usize, usize, usize)>,
        only: Option<&str>,
    ) -> BTreeMap<Option<String>, Vec<Run>> {
        let mut found: BTreeMap<Option<String>, Vec<Run>> = BTreeMap::new();
        let mut add = |reader: Option<String>, (first, last, by): Run| {
            let runs = found.entry(reader).or_default();
            match runs.last_mut() {
                Some((_, until, same)) if *until + 1 == first && *same == by => *until = last,
                _ => runs.push((first, last, by)),
            }
        };
        for (first, last, clearance) in asked {
            if self.clearances.get(clearance).is_some_and(Clearance::is_open) {
                add(None, (first, last, By::Everybody));
                continue;
            }
            for (at, first, last) in self.times(first, last) {
                for (reader, by) in self.openers_of(at, clearance).iter() {
                    if only.is_none_or(|only| only == reader) {
                        add(Some(reader.clone()), (first, last, By::Rule(by.clone())));
                    }
                }
            }
        }
        found
    }

    /// Stretches, divided where the people changed: the number of the people, the first and the last stretch.
    pub(super) fn times(&self, first: usize, last: usize) -> impl Iterator<Item = (usize, usize, usize)> {
        let start = self.people.partition_point(|(since, _)| *since <= first).saturating_sub(1);
        let times = (start..self.people.len()).map(move |at| {
            let from = self.people.get(at).map_or(0, |(since, _)| *since).max(first);
            let next = self.people.get(at + 1).map_or(self.stretches.len(), |(since, _)| *since);
            (at, from, last.min(next.saturating_sub(1)))
        });
        times.take_while(move |(_, from, _)| *from <= last)
    }

    /// Who of the people of a time can open a clearance, by the function that makes keyrings.
    fn openers_of(&self, people: usize, clearance: usize) -> Openers {
        if let Some(known) = self.known.openers.borrow().get(&(people, clearance)) {
            return Rc::clone(known);
        }
        let asked = self.people.get(people).zip(self.clearances.get(clearance));
        let found = asked.map(|((_, people), clearance)| {
            let cleared = people.cleared(clearance);
            cleared.map(|reader| (reader.name.clone(), by(people, &reader.name, clearance))).collect()
        });
        let found: Openers = Rc::new(found.unwrap_or_default());
        self.known.openers.borrow_mut().insert((people, clearance), Rc::clone(&found));
        found
    }
}
