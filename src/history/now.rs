//! What the present asks of the past: a field that is restricted today was never open, and words that stand restricted
//! today are not shown from the time when they stood elsewhere.

use super::life::{Claimed, Life, Stood};
use super::lineage::{Lineage, Places};
use super::piece::{Key, Part, asks_now, pieces_but_cells};
use super::pieces::Pieces;
use super::shown::Shown;
use crate::access::{Audiences, Clearance, Held, nobody};
use crate::archive::{Archive, Rules};
use crate::record::{Record, RecordName};
use crate::text::Phrase;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hasher;
use std::sync::Arc;

/// How much a text weighs at least that is recognised elsewhere: six Han characters or twelve others.
const RECOGNISED: usize = 12;

/// A record as it stands, and what each of its parts asks.
struct Present<'r> {
    record: &'r Record,
    parts: Pieces,
    /// What the cells of a series ask, by their columns.
    cells: HashMap<Arc<str>, Clearance>,
}

impl<'r> Present<'r> {
    fn of(record: &'r Record, path: &str) -> Self {
        Self { record, parts: Pieces::of(pieces_but_cells(record, path)), cells: HashMap::new() }
    }

    /// What a part asks, also one that is there no more.
    fn asks(&mut self, key: &Key, audiences: &Audiences) -> Clearance {
        if let Part::Cell { column, .. } = &key.part {
            if let Some(known) = self.cells.get(column) {
                return known.clone();
            }
            let asks = asks_now(self.record, &key.part, audiences);
            self.cells.insert(Arc::clone(column), asks.clone());
            return asks;
        }
        let there = self.parts.get(key).map(|piece| piece.asks.clone());
        there.unwrap_or_else(|| asks_now(self.record, &key.part, audiences))
    }
}

/// The archive as it stands, for asking what its records ask.
pub struct Now<'a> {
    rules: &'a Rules,
    records: HashMap<(&'a str, &'a str), &'a Record>,
    dossiers: HashMap<&'a str, &'a Clearance>,
    /// What texts ask that stand restricted somewhere, by their prints: everywhere that they stand.
    restricted: HashMap<u64, Vec<Clearance>>,
    prefix: String,
    /// By its file: the dossier of a record, and its path without what an item adds.
    files: HashMap<&'a str, (&'a str, &'a str)>,
}

/// What the parts of a file asked in the end.
struct Ends {
    last: Vec<Clearance>,
    of_part: Vec<usize>,
    of_record: HashMap<Arc<str>, usize>,
}

impl Ends {
    fn of(values: &[Stood]) -> Self {
        let last = values.iter().map(|value| if value.doubtful { nobody() } else { value.last.clone() }).collect();
        let by_key: HashMap<&Key, usize> = values.iter().enumerate().map(|(at, value)| (&value.key, at)).collect();
        let of_part = values.iter().enumerate().map(|(at, value)| by_key.get(&value.key).copied().unwrap_or(at));
        let records = by_key.iter().filter(|(key, _)| key.part == Part::Record);
        let of_record = records.map(|(key, at)| (Arc::clone(&key.item), *at)).collect();
        Self { last, of_part: of_part.collect(), of_record }
    }

    /// Whether the part of a value stands, with this value or a later one.
    fn stands(&self, at: usize, standing: &BTreeSet<usize>) -> bool {
        self.of_part.get(at).is_some_and(|end| standing.contains(end))
    }

    fn of_part(&self, at: usize) -> Clearance {
        self.of_part.get(at).and_then(|end| self.last.get(*end)).cloned().unwrap_or_else(nobody)
    }

    fn of_record(&self, item: &Arc<str>) -> Clearance {
        self.of_record.get(item).and_then(|end| self.last.get(*end)).cloned().unwrap_or_else(nobody)
    }
}

impl<'a> Now<'a> {
    /// Looks at an archive.
    #[must_use]
    pub fn of(archive: &'a Archive, rules: &'a Rules, places: &Places) -> Self {
        let mut now = Self {
            rules,
            records: HashMap::new(),
            dossiers: HashMap::new(),
            restricted: HashMap::new(),
            prefix: places.prefix().to_owned(),
            files: HashMap::new(),
        };
        let mut open = Vec::new();
        for held in archive.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            now.dossiers.insert(&dossier.name, &dossier.root.clearance);
            now.note(&dossier.root, &mut open);
            for held in dossier.records.lay_out(|held| held) {
                now.note(held.release().1, &mut open);
            }
        }
        for held in archive.registers.lay_out(|held| held) {
            now.note(held.release().1, &mut open);
        }
        // That a text stands in the open as well matters of those alone that stand restricted too, which are few.
        for print in open {
            if let Some(asked) = now.restricted.get_mut(&print) {
                asked.push(Clearance::open());
            }
        }
        now
    }

    /// Notes a record; the prints of its open texts are put by.
    fn note(&mut self, record: &'a Record, open: &mut Vec<u64>) {
        self.records.insert((&record.name.dossier, &record.name.path), record);
        if record.series.is_none() {
            self.files.insert(&record.file, (&record.name.dossier, path_of_file(record)));
        }
        if record.series.is_some() && record.clearances().iter().all(Clearance::is_open) {
            return;
        }
        for piece in pieces_but_cells(record, &record.name.path) {
            if matches!(piece.key.part, Part::Audience | Part::Narrowed(_) | Part::Rows | Part::Record) {
                continue;
            }
            let mut texts = Vec::new();
            piece.shown.texts(&mut texts);
            for print in texts.iter().filter(|text| weight(text) >= RECOGNISED).map(|text| print_of(text)) {
                if piece.asks.is_open() {
                    open.push(print);
                    continue;
                }
                let asked = self.restricted.entry(print).or_default();
                if !asked.contains(&piece.asks) {
                    asked.push(piece.asks.clone());
                }
            }
        }
    }

    /// Whether there is a dossier of this name.
    #[must_use]
    pub fn has_dossier(&self, name: &str) -> bool {
        self.dossiers.contains_key(name)
    }

    /// Narrows everything of a life by what the present asks of it; what is gone asks for what it asked last.
    pub fn narrow(&self, lineage: &Lineage, life: &mut Life) {
        let Some((home, _)) = lineage.home() else { return };
        let (dossier, path) = self.standing(lineage).unwrap_or((home, &life.path));
        let of_dossier = [home.as_ref(), dossier].into_iter().filter_map(|name| self.dossiers.get(name));
        let of_dossier = of_dossier.fold(Clearance::open(), |all, asks| all.and(asks));
        let ends = Ends::of(&life.values);
        let mut present: HashMap<Arc<str>, Option<Present<'_>>> = HashMap::new();
        for (at, value) in life.values.iter_mut().enumerate() {
            let found = present.entry(Arc::clone(&value.key.item)).or_insert_with(|| {
                let name = format!("{path}{}", value.key.item);
                self.records.get(&(dossier, name.as_str())).map(|record| Present::of(record, path))
            });
            value.asks = value.asks.and(&of_dossier);
            if let Some(present) = found {
                value.asks = value.asks.and(&present.asks(&value.key, self.rules.audiences()));
            } else {
                value.asks = value.asks.and(&ends.of_record(&value.key.item));
            }
            if !ends.stands(at, &life.standing) {
                value.asks = value.asks.and(&ends.of_part(at));
            }
            if value.doubtful {
                value.asks = nobody();
            }
            if !life.standing.contains(&at) {
                self.narrow_by_words(value);
            }
            if value.asks.is_open() && self.is_personal(value) {
                value.asks = nobody();
            }
        }
        // What is told of the file as a whole names its records: of those that are there, else of those that were.
        let there = || present.values().flatten().map(|present| present.record.clearance.clone());
        let gone = present.keys().map(|item| ends.of_record(item));
        let all = if there().next().is_some() { there().collect() } else { gone.collect::<Vec<_>>() };
        let whole = all.iter().fold(of_dossier.clone(), |all, asks| all.and(asks));
        for event in life.events.iter_mut().filter(|event| event.before.is_none() && event.after.is_none()) {
            event.asks = event.asks.and(&whole);
        }
        for touched in &mut life.touched {
            touched.asks = touched.asks.and(&whole);
        }
        let records = life.values.iter().filter(|value| value.key.part == Part::Record && self.is_personal(value));
        let personal: BTreeSet<Arc<str>> = records.map(|value| Arc::clone(&value.key.item)).collect();
        let last: HashMap<(Arc<str>, String), Clearance> =
            life.claims.iter().map(|Claimed { claim, .. }| (claim.place(), claim.asks.clone())).collect();
        for Claimed { claim, .. } in &mut life.claims {
            let of_record = match present.get(&claim.item).and_then(Option::as_ref) {
                Some(Present { record, .. }) => record.asks("attachments", self.rules.audiences()),
                None => ends.of_record(&claim.item),
            };
            let in_the_end = last.get(&claim.place()).cloned().unwrap_or_default();
            claim.asks = claim.asks.and(&of_dossier).and(&of_record).and(&in_the_end);
            if claim.asks.is_open() && personal.contains(&claim.item) {
                claim.asks = nobody();
            }
        }
    }

    /// What a part of a file would ask now, also where the record has no such part any more.
    #[must_use]
    pub fn asks_of(&self, lineage: &Lineage, life: &Life, key: &Key) -> Option<Clearance> {
        let (dossier, path) =
            self.standing(lineage).or_else(|| Some((lineage.home()?.0.as_ref(), life.path.as_str())))?;
        let name = format!("{path}{}", key.item);
        let record = self.records.get(&(dossier, name.as_str()))?;
        Some(asks_now(record, &key.part, self.rules.audiences()))
    }

    /// The dossier in which a file stands now, and the path of its records there: dossiers may have been divided and
    /// joined since its last change.
    fn standing(&self, lineage: &Lineage) -> Option<(&'a str, &'a str)> {
        let last = lineage.versions.last().filter(|last| last.blob.is_some())?;
        let path = last.path.strip_prefix(self.prefix.as_str())?;
        self.files.get(path).copied()
    }

    /// Whether a value is personal by the type of its record, as that stood then or stands now. It may have stood in the
    /// open for all that, which no build publishes: whoever is not cleared today learns of it no more than then.
    fn is_personal(&self, value: &Stood) -> bool {
        let now = self.rules.types().get(&value.record_type.name);
        [Some(&value.record_type), now].into_iter().flatten().any(|record_type| {
            let Part::Field { name, member, .. } = &value.key.part else { return record_type.personal };
            let field = record_type.field(name);
            let member = field.zip(member.as_ref()).and_then(|(field, member)| field.member(member));
            record_type.personal || field.is_some_and(|field| field.personal) || member.is_some_and(|m| m.personal)
        })
    }

    /// Words that stand restricted now ask for that also where they once stood more openly.
    fn narrow_by_words(&self, value: &mut Stood) {
        if matches!(value.key.part, Part::Cell { .. } | Part::Rows | Part::Record | Part::Audience | Part::Narrowed(_))
        {
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
        if let Some(record) = self.records.get(&(name.dossier.as_ref(), name.path.as_ref())) {
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

/// The path of a record inside its dossier, without the key by which a list names it.
fn path_of_file(record: &Record) -> &str {
    let path = record.name.path.as_ref();
    if !record.in_list {
        return path;
    }
    let file = record.file.rsplit_once('.').map_or(record.file.as_str(), |(file, _)| file);
    let mut shorter = path.rmatch_indices('/').filter_map(|(end, _)| path.get(..end));
    let is_file = |shorter: &&str| file.strip_suffix(shorter).is_some_and(|above| above.ends_with('/'));
    shorter.find(is_file).unwrap_or(path)
}

/// How much a text weighs: Han characters say more than letters.
fn weight(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn print_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.split(char::is_whitespace).for_each(|word| hasher.write(word.as_bytes()));
    hasher.finish()
}
