//! Who belonged to what, and since when: readers in the keyrings, in audiences, with their keys; and for what an
//! audience sufficed.

use super::chronicle::{Chronicle, PartPast};
use super::spells::By;
use super::why::{Reason, Turn, of_belonging, of_presence};
use crate::access::{Clearance, STAFF};
use crate::archive::{Archive, SETTINGS};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Days on which something held, and what began and ended that.
#[derive(Clone, Debug)]
pub struct Lasting {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// What began it; nothing where it held when the time began.
    pub began: Option<Turn>,
    /// What ended it; nothing where it still held when the time ended.
    pub ended: Option<Turn>,
}

/// A clearance that was asked for in a time.
pub struct ClearancePast<'a> {
    /// The clearance.
    pub clearance: &'a Clearance,
    /// The days on which some part asked for it: the first and the last of each run.
    pub asked: Vec<(Date, Date)>,
    /// The days on which each reader met it while it was asked, with what let them.
    pub readers: BTreeMap<String, Vec<(Date, Date, By)>>,
}

impl Chronicle<'_> {
    /// When a reader was in the keyrings.
    #[must_use]
    pub fn presence(&self, reader: &str) -> Vec<Lasting> {
        let present = |people: &Archive| people.present_readers().any(|(present, _)| present.name == reader);
        self.lasting(&present, &|then, now, _| of_presence(then, now, reader).into_iter().collect())
    }

    /// When a reader belonged to an audience by the settings, present or not.
    #[must_use]
    pub fn belonging(&self, reader: &str, audience: &str) -> Vec<Lasting> {
        let belongs = |people: &Archive| audience != STAFF && people.settings.audiences.has(audience, reader);
        self.lasting(&belongs, &|then, now, _| of_belonging(then, now, reader, &BTreeSet::from([audience])))
    }

    /// The public keys that a reader's file ever named, and when.
    #[must_use]
    pub fn keys(&self, reader: &str) -> Vec<(String, Vec<Lasting>)> {
        let keys = |people: &Archive| {
            let own = people.readers.iter().filter(|known| known.name == reader).flat_map(|known| &known.keys);
            own.map(|key| key.as_str().to_owned()).collect::<Vec<_>>()
        };
        let mut all: Vec<String> = Vec::new();
        for key in self.people.iter().flat_map(|(_, people)| keys(people)) {
            if !all.contains(&key) {
                all.push(key);
            }
        }
        let file = format!("readers/{reader}.yaml");
        let of_key = |key: String| {
            let reason = |came: bool| Reason::of(format!("the key {}", if came { "came" } else { "went" }), &file);
            let lasting = self.lasting(&|people| keys(people).contains(&key), &|_, _, came| vec![reason(came)]);
            (key, lasting)
        };
        all.into_iter().map(of_key).collect()
    }

    /// Whom the settings named as readers of the whole repository, and when.
    #[must_use]
    pub fn repository_readers(&self) -> Vec<(String, Vec<Lasting>)> {
        let named = self.people.iter().flat_map(|(_, people)| &people.settings.repository_readers);
        let names: BTreeSet<&String> = named.collect();
        let of_name = |name: &String| {
            let reason = |came: bool| Reason::of(format!("the name {}", if came { "came" } else { "went" }), SETTINGS);
            let has = |people: &Archive| people.settings.repository_readers.contains(name);
            (name.clone(), self.lasting(&has, &|_, _, came| vec![reason(came)]))
        };
        names.into_iter().map(of_name).collect()
    }

    /// When an audience alone opened a part.
    #[must_use]
    pub fn sufficed(&self, part: &PartPast, audience: &str) -> Vec<(Date, Date)> {
        let mut days = Vec::new();
        for asked in &part.asked {
            for (at, first, last) in self.times(asked.first, asked.last) {
                let people = self.people.get(at).map(|(_, people)| people);
                if people.is_some_and(|people| super::suffices(people, audience, &asked.by)) {
                    days.push((first, last));
                }
            }
        }
        self.days(days)
    }

    /// Every clearance that was asked for, and who met it.
    #[must_use]
    pub fn clearances(&self) -> Vec<ClearancePast<'_>> {
        let mut asked: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for one in self.parts.iter().flat_map(|part| &part.asked) {
            asked.entry(one.clearance).or_default().push((one.first, one.last));
        }
        let mut found: Vec<ClearancePast<'_>> = asked
            .into_iter()
            .filter_map(|(number, asked)| {
                let clearance = self.clearances.get(number)?;
                let runs = joined(asked);
                let of_readers = self.runs_of(runs.iter().map(|(first, last)| (*first, *last, number)), None);
                let readers = of_readers.into_iter().filter_map(|(reader, runs)| {
                    let day = |(first, last, by)| {
                        let (first, last) = self.between(first, last);
                        (first, last, by)
                    };
                    Some((reader?, runs.into_iter().map(day).collect()))
                });
                Some(ClearancePast { clearance, readers: readers.collect(), asked: self.days(runs) })
            })
            .collect();
        found.sort_by(|one, other| one.clearance.cmp(other.clearance));
        found
    }

    /// The first and the last day of some stretches that follow one another.
    fn between(&self, first: usize, last: usize) -> (Date, Date) {
        let begins = self.stretches.get(first).map_or(Date::MIN, |stretch| stretch.first);
        (begins, self.stretches.get(last).map_or(begins, |stretch| stretch.last))
    }

    fn days(&self, runs: Vec<(usize, usize)>) -> Vec<(Date, Date)> {
        joined(runs).into_iter().map(|(first, last)| self.between(first, last)).collect()
    }

    /// The days on which something held of the people, with the reasons for each beginning (`true`) and end.
    fn lasting(
        &self,
        holds: &dyn Fn(&Archive) -> bool,
        reasons: &dyn Fn(&Archive, &Archive, bool) -> Vec<Reason>,
    ) -> Vec<Lasting> {
        let mut found: Vec<Lasting> = Vec::new();
        let nobody = Archive::empty(self.time.0);
        let (mut held, mut before) = (false, self.begins_within().then_some(&nobody));
        for (stretch, people) in &self.people {
            let now = holds(people);
            let day = self.stretches.get(*stretch).map_or(Date::MIN, |stretch| stretch.first);
            let turn = || before.map(|before| self.turned(*stretch, reasons(before, people, now)));
            match (held, now) {
                (false, true) => found.push(Lasting { first: day, last: day, began: turn(), ended: None }),
                (true, false) => {
                    if let Some(last) = found.last_mut() {
                        last.ended = turn();
                        last.last = day.yesterday().unwrap_or(day);
                    }
                }
                _ => {}
            }
            (held, before) = (now, Some(people));
        }
        if let (true, Some(last), Some(end)) = (held, found.last_mut(), self.stretches.last()) {
            last.last = end.last;
        }
        found
    }
}

/// Runs of stretches that overlap or follow one another as one.
fn joined(mut runs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    runs.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (first, last) in runs {
        match joined.last_mut() {
            Some((_, until)) if first <= *until + 1 => *until = (*until).max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}
