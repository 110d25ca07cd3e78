//! What the present asks of the past: a field that is restricted today was never open, and words that stand restricted
//! today are not shown from the time when they stood elsewhere.

use super::life::{Life, Stood};
use super::lineage::Lineage;
use super::piece::{Key, Part, asks_now, pieces_of};
use super::shown::Shown;
use crate::access::{Clearance, Held, nobody};
use crate::archive::{Archive, Rules};
use crate::record::{Record, RecordName};
use crate::text::Phrase;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// How much a text weighs at least that is recognised elsewhere: six Han characters or twelve others.
const RECOGNISED: usize = 12;

/// A record as it stands, and what each of its parts asks.
type Present<'r> = (&'r Record, HashMap<Key, Clearance>);

/// The archive as it stands, for asking what its records ask.
pub struct Now<'a> {
    rules: &'a Rules,
    records: HashMap<(&'a str, &'a str), &'a Record>,
    dossiers: HashMap<&'a str, &'a Clearance>,
    restricted: HashMap<u64, Vec<Clearance>>,
}

impl<'a> Now<'a> {
    /// Looks at an archive.
    #[must_use]
    pub fn of(archive: &'a Archive, rules: &'a Rules) -> Self {
        let mut now = Self { rules, records: HashMap::new(), dossiers: HashMap::new(), restricted: HashMap::new() };
        for held in archive.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            now.dossiers.insert(&dossier.name, &dossier.root.clearance);
            now.note(&dossier.root);
            for held in dossier.records.lay_out(|held| held) {
                now.note(held.release().1);
            }
        }
        for held in archive.registers.lay_out(|held| held) {
            now.note(held.release().1);
        }
        now
    }

    fn note(&mut self, record: &'a Record) {
        self.records.insert((&record.name.dossier, &record.name.path), record);
        if record.series.is_some() && record.clearances().iter().all(Clearance::is_open) {
            return;
        }
        for piece in pieces_of(record, &record.name.path) {
            if matches!(piece.key.part, Part::Cell { .. } | Part::Audience | Part::Rows | Part::Record) {
                continue;
            }
            let mut texts = Vec::new();
            piece.shown.texts(&mut texts);
            for text in texts.iter().filter(|text| weight(text) >= RECOGNISED) {
                self.restricted.entry(print_of(text)).or_default().push(piece.asks.clone());
            }
        }
    }

    /// Narrows every value of a life by what the present asks of it.
    pub fn narrow(&self, lineage: &Lineage, life: &mut Life) {
        let Some((dossier, _)) = lineage.home() else { return };
        let of_dossier = self.dossiers.get(dossier.as_ref()).map_or_else(Clearance::open, |asks| (*asks).clone());
        let mut present: HashMap<Arc<str>, Option<Present<'_>>> = HashMap::new();
        let Life { values, standing, path, .. } = life;
        for (at, value) in values.iter_mut().enumerate() {
            let item = &value.key.item;
            let found = present.entry(Arc::clone(item)).or_insert_with(|| {
                let name = format!("{path}{item}");
                let record = self.records.get(&(dossier.as_ref(), name.as_str()))?;
                let pieces = pieces_of(record, path).into_iter().map(|piece| (piece.key, piece.asks));
                Some((*record, pieces.collect()))
            });
            value.asks = value.asks.and(&of_dossier);
            if let Some((record, pieces)) = found {
                let asks = pieces.get(&value.key).cloned();
                let asks = asks.unwrap_or_else(|| asks_now(record, &value.key.part, self.rules.audiences()));
                value.asks = value.asks.and(&asks);
            }
            if !standing.contains(&at) {
                self.narrow_by_words(value);
            }
        }
    }

    /// Words that stand restricted now ask for that also where they once stood more openly.
    fn narrow_by_words(&self, value: &mut Stood) {
        if matches!(value.key.part, Part::Cell { .. } | Part::Rows | Part::Record | Part::Audience) {
            return;
        }
        let mut texts = Vec::new();
        value.shown.texts(&mut texts);
        for text in texts.iter().filter(|text| weight(text) >= RECOGNISED) {
            let Some(asked) = self.restricted.get(&print_of(text)) else { continue };
            if !asked.iter().any(|asks| value.asks.implies(asks)) {
                value.asks = asked.iter().fold(value.asks.clone(), |all, asks| all.and(asks));
            }
        }
    }

    /// What a message asks beside what its commit touched: that of restricted words which it repeats.
    #[must_use]
    pub fn words_ask(&self, text: &str, given: &Clearance) -> Clearance {
        let known = super::sentences::sentences(text).filter(|sentence| weight(sentence) >= RECOGNISED);
        let asked = known.filter_map(|sentence| self.restricted.get(&print_of(sentence)));
        let unmet = asked.filter(|asked| !asked.iter().any(|asks| given.implies(asks)));
        unmet.flatten().fold(given.clone(), |all, asks| all.and(asks))
    }

    /// What a record is called: its present title, or the last one that it had.
    #[must_use]
    pub fn title(&self, name: &RecordName, life: &Life, item: &Arc<str>) -> Held<Phrase> {
        if let Some(record) = self.records.get(&(name.dossier.as_ref(), name.path.as_str())) {
            return record.title.as_ref().map(|title| title.0.clone());
        }
        let of_item = |value: &&Stood| value.key.item == *item;
        let last = life.values.iter().rev().filter(of_item).find(|value| value.key.part == Part::Title);
        if let Some(value) = last
            && let Shown::Line(line) = value.shown.as_ref()
        {
            return Held::new(value.asks.clone(), line.to_phrase());
        }
        let record = life.values.iter().rev().filter(of_item).find(|value| value.key.part == Part::Record);
        let asks = record.map_or_else(nobody, |value| value.asks.clone());
        Held::new(asks, Phrase::one(name.path.rsplit('/').next().unwrap_or_default()))
    }
}

/// How much a text weighs: Han characters say more than letters.
fn weight(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn print_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        c.hash(&mut hasher);
    }
    hasher.finish()
}
