//! What one state of an archive lets people read that the other did not: the archivist's safety net before a commit.
//!
//! Both states are read on the same day, so that only what was written tells them apart, not the calendar.

use super::archive::Archive;
use super::readable::{Part, Readable};
use crate::access::{Clearance, Reader, Standing};
use crate::record::RecordName;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A part that is in both states, and what it asks in each.
pub struct Change {
    /// The part as it is now.
    pub part: Readable,
    /// What it asked before.
    pub before: Clearance,
}

/// A part that asks for less, and who gains by it among the readers of today.
pub struct Widening {
    /// The part.
    pub change: Change,
    /// The readers who can open it now and could not before; not listed where it is for everybody.
    pub gains: Vec<String>,
}

/// Words that stood in a restricted part and now stand where others may read them.
pub struct Moved {
    /// Where they stand now.
    pub to: Readable,
    /// Where they stood, and what they asked for there.
    pub from: Readable,
}

/// A reader who can open more than before although the records ask for what they asked before.
pub struct Gain {
    /// The reader's name.
    pub reader: String,
    /// What made it so, in words.
    pub why: Vec<String>,
    /// The records of which the reader gains a part.
    pub records: Vec<RecordName>,
}

/// What the new state opens, and what it closes.
#[derive(Default)]
pub struct Difference {
    /// Parts that ask for less.
    pub widened: Vec<Widening>,
    /// Restricted words that now stand more openly elsewhere.
    pub moved: Vec<Moved>,
    /// Readers who gain by settings, keys or training.
    pub readers: Vec<Gain>,
    /// New records: what they ask for, and which they are.
    pub added: BTreeMap<Clearance, Vec<Readable>>,
    /// New parts of records that were there.
    pub added_parts: Vec<Readable>,
    /// Days on which records will open that were not set before.
    pub will_open: Vec<(Date, RecordName)>,
    /// Parts that fewer may read than before.
    pub narrowed: Vec<Change>,
}

/// Who can open each clearance, found once for each.
struct Openers<'a> {
    archive: &'a Archive,
    known: HashMap<Clearance, BTreeSet<String>>,
}

impl Openers<'_> {
    fn of(&mut self, clearance: &Clearance) -> &BTreeSet<String> {
        let archive = self.archive;
        self.known
            .entry(clearance.clone())
            .or_insert_with(|| archive.cleared(clearance).map(|reader| reader.name.clone()).collect())
    }
}

impl Difference {
    /// What `new` opens and closes against `old`. `changed` tells whether a file differs between the two.
    #[must_use]
    pub fn between(old: &Archive, new: &Archive, changed: &dyn Fn(&str) -> bool) -> Self {
        let mut difference = Self::default();
        let before = old.readable_with_words(changed);
        let now = new.readable_with_words(changed);
        let mut by_key: HashMap<(&RecordName, String), &Readable> = HashMap::new();
        for part in &before {
            by_key.insert((&part.record, part.part.key()), part);
        }
        let was_there: BTreeSet<&RecordName> = before.iter().map(|part| &part.record).collect();
        let mut could = Openers { archive: old, known: HashMap::new() };
        let mut can = Openers { archive: new, known: HashMap::new() };
        let mut gains: BTreeMap<String, Vec<RecordName>> = BTreeMap::new();
        let mut told: BTreeSet<(&RecordName, Clearance, Clearance)> = BTreeSet::new();

        for part in &now {
            let Some(earlier) = by_key.get(&(&part.record, part.part.key())) else {
                if !was_there.contains(&part.record) {
                    if part.part == Part::Record {
                        difference.added.entry(part.clearance.clone()).or_default().push(part.copy());
                    }
                } else {
                    difference.added_parts.push(part.copy());
                }
                continue;
            };
            let change = || Change { part: part.copy(), before: earlier.clearance.clone() };
            if part.clearance == earlier.clearance {
                if !part.clearance.is_open() {
                    let earlier_openers = could.of(&earlier.clearance).clone();
                    for reader in can.of(&part.clearance).difference(&earlier_openers) {
                        let records = gains.entry(reader.clone()).or_default();
                        if records.last() != Some(&part.record) {
                            records.push(part.record.clone());
                        }
                    }
                }
                continue;
            }
            // A record that changes as a whole is told once, not part by part.
            let step = (&part.record, earlier.clearance.clone(), part.clearance.clone());
            if part.part == Part::Record {
                told.insert(step);
            } else if told.contains(&step) {
                continue;
            }
            if part.clearance.implies(&earlier.clearance) {
                difference.narrowed.push(change());
            } else {
                let earlier_openers = could.of(&earlier.clearance).clone();
                let gains = if part.clearance.is_open() {
                    Vec::new()
                } else {
                    can.of(&part.clearance).difference(&earlier_openers).cloned().collect()
                };
                difference.widened.push(Widening { change: change(), gains });
            }
        }
        difference.readers = reader_gains(old, new, gains);
        difference.moved = moved_words(old, &before, &now, changed);
        difference.will_open = new.openings.iter().filter(|opening| !old.openings.contains(opening)).cloned().collect();
        difference
    }

    /// Keeps what is about records that are asked for, and what a reader may be told: of each part what it asked, where
    /// it was there, and asks.
    pub fn keep(&mut self, wanted: &dyn Fn(&RecordName, &[&Clearance]) -> bool) {
        let change = |change: &Change| wanted(&change.part.record, &[&change.before, &change.part.clearance]);
        let part = |part: &Readable| wanted(&part.record, &[&part.clearance]);
        self.widened.retain(|widening| change(&widening.change));
        self.narrowed.retain(change);
        self.moved.retain(|moved| wanted(&moved.to.record, &[&moved.from.clearance, &moved.to.clearance]));
        self.added.values_mut().for_each(|parts| parts.retain(part));
        self.added.retain(|_, parts| !parts.is_empty());
        self.added_parts.retain(part);
    }

    /// Whether nothing opens and nothing closes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.widened.is_empty()
            && self.moved.is_empty()
            && self.readers.is_empty()
            && self.added.is_empty()
            && self.added_parts.is_empty()
            && self.will_open.is_empty()
            && self.narrowed.is_empty()
    }
}

/// The readers of the new state who gain, and why: also those whose gain is a new key.
fn reader_gains(old: &Archive, new: &Archive, mut gains: BTreeMap<String, Vec<RecordName>>) -> Vec<Gain> {
    let mut found = Vec::new();
    for (reader, _) in new.present_readers() {
        let known = old.readers.iter().find(|other| other.name == reader.name);
        let mut why = Vec::new();
        let joined: Vec<&str> = new
            .settings
            .audiences
            .iter()
            .filter(|(name, _)| {
                new.settings.audiences.has(name, &reader.name) && !old.settings.audiences.has(name, &reader.name)
            })
            .map(|(name, _)| name)
            .collect();
        if !joined.is_empty() {
            why.push(format!("joins {}", joined.join(" and ")));
        }
        why.extend(standing_gained(old, new, reader, known));
        if oversees(new, reader) && !oversees(old, reader) {
            why.push("now oversees: meets every restriction".to_owned());
        }
        let records = gains.remove(&reader.name).unwrap_or_default();
        if let Some(known) = known {
            let keys = reader.keys.iter().filter(|key| !known.keys.contains(key)).count();
            if keys > 0 {
                let what = if keys == 1 {
                    "another key: whoever holds it reads".to_owned()
                } else {
                    format!("{keys} other keys: whoever holds them reads")
                };
                why.push(format!("gets {what} what {} may read", reader.name));
            }
        }
        let wrapped = new.wrapped_keys.get(&reader.name);
        if wrapped.is_some() && wrapped != old.wrapped_keys.get(&reader.name) {
            why.push("gets a passphrase: whoever learns it can unlock the pages".to_owned());
        }
        if !records.is_empty() || !why.is_empty() {
            found.push(Gain { reader: reader.name.clone(), why, records });
        }
    }
    found
}

fn oversees(archive: &Archive, reader: &Reader) -> bool {
    archive.settings.oversight.as_ref().is_some_and(|audience| archive.settings.audiences.has(audience, &reader.name))
}

fn standing_gained(old: &Archive, new: &Archive, reader: &Reader, known: Option<&Reader>) -> Option<String> {
    let now = reader.standing(new.day, new.settings.training_required);
    let Some(known) = known else {
        return Some("is a new reader".to_owned());
    };
    match (known.standing(old.day, old.settings.training_required), now) {
        (Standing::Good(before), Standing::Good(now)) if before != now => match (before, now) {
            (Some(before), Some(now)) if now > before => {
                Some(format!("stays in the keyrings until {now}, not {before}"))
            }
            (Some(before), None) => Some(format!("stays in the keyrings without an end, not until {before}")),
            _ => None,
        },
        (Standing::Good(_), _) => None,
        (Standing::Lapsed(_), _) if !new.settings.training_required && old.settings.training_required => {
            Some("comes into the keyrings without a valid training, since `training` is no longer required".to_owned())
        }
        (Standing::Lapsed(_), _) => Some("comes back into the keyrings with a new training".to_owned()),
        (Standing::Left(day), _) => Some(format!("comes back into the keyrings, which ended on {day}")),
        (Standing::Keyless, _) => Some("comes into the keyrings with a first key".to_owned()),
    }
}

/// How much a line weighs: it takes six Han characters or twelve others to be recognised, since less is in every file.
fn weight(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

const RECOGNISED: usize = 12;

fn lines(part: &Readable) -> impl Iterator<Item = &str> {
    part.words.iter().flat_map(|words| words.lines()).map(str::trim).filter(|line| weight(line) >= RECOGNISED)
}

/// Words that only restricted parts held, and that now stand where readers may read them who could not.
fn moved_words(old: &Archive, before: &[Readable], now: &[Readable], changed: &dyn Fn(&str) -> bool) -> Vec<Moved> {
    let mut held: HashMap<&str, Vec<&Readable>> = HashMap::new();
    for part in before.iter().filter(|part| changed(&part.file)) {
        for line in lines(part) {
            held.entry(line).or_default().push(part);
        }
    }
    let mut hits: Vec<(&Readable, &Readable, &str)> = Vec::new();
    for part in now.iter().filter(|part| changed(&part.file)) {
        let suspect = lines(part).find_map(|line| {
            let holders = held.get(line)?;
            let same =
                holders.iter().any(|holder| holder.record == part.record && holder.part.key() == part.part.key());
            let as_open = holders.iter().any(|holder| part.clearance.implies(&holder.clearance));
            (!same && !as_open).then(|| holders.first().map(|holder| (*holder, line)))?
        });
        if let Some((holder, line)) = suspect {
            hits.push((part, holder, line));
        }
    }
    if hits.is_empty() {
        return Vec::new();
    }
    // What stands as openly in a file that did not change was no secret of the part that it left.
    let everywhere = old.readable_with_words(&|_| true);
    hits.retain(|(part, _, line)| {
        !everywhere
            .iter()
            .any(|other| part.clearance.implies(&other.clearance) && lines(other).any(|known| known == *line))
    });
    hits.into_iter().map(|(to, from, _)| Moved { to: to.copy(), from: from.copy() }).collect()
}

impl Readable {
    /// The same part without its words.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {
            record: self.record.clone(),
            record_type: self.record_type.clone(),
            file: self.file.clone(),
            in_list: self.in_list,
            part: self.part.clone(),
            clearance: self.clearance.clone(),
            because: self.because.clone(),
            words: Vec::new(),
        }
    }
}
