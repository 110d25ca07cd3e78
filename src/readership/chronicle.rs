//! What every part asked over a time, and who belonged to what: two courses that are joined only when somebody asks who
//! could read.

use super::names::{Files, RecordPast, bears, is_called, item_of};
use super::published::{Passed, Publisher};
use super::scope::Scope;
use super::spells::Known;
use super::walk::{Stretch, Turned, Walk};
use super::why::Touched;
use crate::access::{Clearance, Reader};
use crate::archive::{Archive, Part, Readable};
use crate::record::RecordName;
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who could read what over a time.
pub struct Chronicle<'a> {
    pub(super) publisher: &'a Publisher<'a>,
    /// The first and the last day of the time.
    pub time: (Date, Date),
    /// The time, in stretches in which nothing changed.
    pub stretches: Vec<Stretch>,
    /// The commits that published nothing, oldest first.
    pub passed: Vec<Passed>,
    /// The parts of records, by record and in the order in which they came.
    pub parts: Vec<PartPast>,
    /// The records, by their numbers.
    pub records: Vec<RecordPast>,
    /// Settings and readers as they stood, without a record; each with the stretch from which on it did.
    pub(super) people: Vec<(usize, Archive)>,
    /// Every clearance that was asked, once.
    pub(super) clearances: Vec<Clearance>,
    pub(super) known: Known,
    pub(super) known_touched: RefCell<Touched>,
}

/// A part of a record through a time.
pub struct PartPast {
    /// The number of its record in [`Chronicle::records`].
    pub record: usize,
    /// The part, as it was last.
    pub part: Part,
    /// What it asked, one after the other.
    pub asked: Vec<Asked>,
}

/// What a part asked for a while.
pub struct Asked {
    /// The first stretch.
    pub first: usize,
    /// The last stretch.
    pub last: usize,
    /// The part as it stood, with the rules that said so.
    pub by: Readable,
    /// The clearance, by its number.
    pub(super) clearance: usize,
}

/// The last stretch of what a part asks, as long as the walk has not come to its end.
const STANDS: usize = usize::MAX;

/// A part of a record of a file: the file, the item's key, the part's own name, which of several of that name.
type Key = (usize, String, String, usize);

#[derive(Default)]
struct Gathering {
    files: Files,
    records: HashMap<(usize, String), usize>,
    parts: HashMap<Key, usize>,
    clearances: HashMap<Clearance, usize>,
    /// The parts that stand, by dossier.
    standing: BTreeMap<String, Vec<usize>>,
    /// The folders of the dossiers that stand.
    folders: BTreeMap<String, String>,
}

impl<'a> Chronicle<'a> {
    /// Walks a time and keeps what it saw of the scope's dossiers.
    #[must_use]
    pub fn gather(
        publisher: &'a Publisher<'a>,
        scope: &Scope,
        (first, last): (Date, Date),
        progress: &dyn Fn(usize, usize),
    ) -> Self {
        let mut chronicle = Self {
            publisher,
            time: (first, last),
            stretches: Vec::new(),
            passed: Vec::new(),
            parts: Vec::new(),
            records: Vec::new(),
            people: Vec::new(),
            clearances: Vec::new(),
            known: Known::default(),
            known_touched: RefCell::default(),
        };
        let mut gathering = Gathering::default();
        let relevant = |path: &str| scope.has(path);
        let walk = Walk { first, last, relevant: &relevant, progress };
        chronicle.passed = publisher.walk(&walk, &mut |stretch, archive, turned| {
            let number = chronicle.stretches.len();
            chronicle.stretches.push(stretch);
            let ended = |people: &Archive| standing_differs(people, archive);
            if turned.rules() || chronicle.people.last().is_none_or(|(_, people)| ended(people)) {
                chronicle.people.push((number, people_of(archive)));
            }
            gathering.note(&mut chronicle, scope, number, archive, &turned);
        });
        let last = chronicle.stretches.len().saturating_sub(1);
        let asked = chronicle.parts.iter_mut().filter_map(|part| part.asked.last_mut());
        asked.filter(|asked| asked.last == STANDS).for_each(|asked| asked.last = last);
        chronicle
    }

    /// The past that is walked.
    #[must_use]
    pub fn publisher(&self) -> &'a Publisher<'a> {
        self.publisher
    }

    /// The numbers of the records that were ever called so; of a dossier that of its `dossier.yaml`.
    #[must_use]
    pub fn called(&self, wanted: &str) -> BTreeSet<usize> {
        let asked =
            |part: &PartPast| part.asked.iter().any(|asked| is_called(&asked.by.record, &asked.by.file, wanted));
        self.parts.iter().filter(|part| asked(part)).map(|part| part.record).collect()
    }

    /// The names that the parts of a record bore on a day.
    pub fn name_on(&self, record: usize, day: Date) -> impl Iterator<Item = &RecordName> {
        let on = self.stretches.iter().position(|stretch| stretch.first <= day && day <= stretch.last);
        let parts = self.records.get(record).map_or(&[][..], |record| record.parts.as_slice());
        let asked = parts.iter().filter_map(|at| self.parts.get(*at)).flat_map(|part| &part.asked);
        asked
            .filter(move |asked| on.is_some_and(|on| asked.first <= on && on <= asked.last))
            .map(|asked| &asked.by.record)
    }

    /// Every name that a record ever bore.
    pub fn names(&self) -> impl Iterator<Item = &RecordName> {
        self.records.iter().flat_map(|record| &record.names).map(|(_, name)| name)
    }

    /// The readers who ever had a file.
    #[must_use]
    pub fn readers(&self) -> BTreeSet<&str> {
        self.people.iter().flat_map(|(_, people)| &people.readers).map(|reader| reader.name.as_str()).collect()
    }

    /// The audiences that there ever were.
    #[must_use]
    pub fn audiences(&self) -> BTreeSet<&str> {
        self.people.iter().flat_map(|(_, people)| people.settings.audiences.iter()).map(|(name, _)| name).collect()
    }

    /// Whether something was published only after the time had begun, so that what stood first began within it.
    #[must_use]
    pub fn begins_within(&self) -> bool {
        self.stretches.first().is_some_and(|stretch| stretch.first > self.time.0)
    }

    /// Settings and readers of a stretch, as an archive without a record.
    #[must_use]
    pub fn people(&self, stretch: usize) -> Option<&Archive> {
        let after = self.people.partition_point(|(first, _)| *first <= stretch);
        after.checked_sub(1).and_then(|at| self.people.get(at)).map(|(_, people)| people)
    }
}

/// Settings and readers alone, on the archive's day: enough to be asked who is cleared for something.
fn people_of(archive: &Archive) -> Archive {
    let mut people = Archive::empty(archive.day);
    people.settings = archive.settings.clone();
    people.readers.clone_from(&archive.readers);
    people
}

/// Whether a reader came into the keyrings or left them without a change of the rules: on a day that has come since.
fn standing_differs(before: &Archive, now: &Archive) -> bool {
    let required = now.settings.training_required;
    let standing = |reader: &Reader, archive: &Archive| reader.standing(archive.day, required);
    before.readers.iter().any(|reader| standing(reader, before) != standing(reader, now))
}

impl Gathering {
    fn note(&mut self, into: &mut Chronicle<'_>, scope: &Scope, number: usize, archive: &Archive, turned: &Turned) {
        let folders = archive.folders();
        let touched = self.touched(&folders, turned);
        let touched = |name: &str| scope.has_dossier(name) && touched.as_ref().is_none_or(|names| names.contains(name));
        self.files.moved(&turned.moves);
        let gone: Vec<String> = self.standing.keys().filter(|name| touched(name)).cloned().collect();
        let before: BTreeSet<usize> = gone.iter().filter_map(|name| self.standing.remove(name)).flatten().collect();
        // The same member in several items of a list can ask for several things: each is a part of its own.
        let mut met: HashMap<(RecordName, String), usize> = HashMap::new();
        for part in archive.readable_in(&touched) {
            let nth = met.entry((part.record.clone(), part.part.key())).or_default();
            let at = self.part(into, number, &part, *nth);
            *nth += 1;
            self.standing.entry(part.record.dossier.to_string()).or_default().push(at);
            self.ask(into, number, at, part, before.contains(&at));
        }
        self.folders = folders;
        let after: BTreeSet<usize> = self
            .standing
            .iter()
            .filter(|(name, _)| touched(name))
            .flat_map(|(_, parts)| parts.iter().copied())
            .collect();
        before.difference(&after).for_each(|at| end(into, *at, number));
    }

    /// The dossiers of which something may have changed; nothing where all may have.
    fn touched(&self, folders: &BTreeMap<String, String>, turned: &Turned) -> Option<BTreeSet<String>> {
        if turned.rules() || turned.opens {
            return None;
        }
        let by_folder: HashMap<&str, &str> =
            self.folders.iter().chain(folders).map(|(name, folder)| (folder.as_str(), name.as_str())).collect();
        let mut names = BTreeSet::new();
        for path in &turned.paths {
            if path.starts_with("registers/") {
                names.insert("registers".to_owned());
            }
            let mut folder = path.as_str();
            while let Some((above, _)) = folder.rsplit_once('/') {
                names.extend(by_folder.get(above).map(|name| (*name).to_owned()));
                folder = above;
            }
        }
        Some(names)
    }

    /// The number of a part.
    fn part(&mut self, into: &mut Chronicle<'_>, number: usize, part: &Readable, nth: usize) -> usize {
        let file = self.files.of(part);
        let item = item_of(part).to_owned();
        let record = *self.records.entry((file, item.clone())).or_insert_with(|| {
            into.records.push(RecordPast::default());
            into.records.len() - 1
        });
        if let Some(record) = into.records.get_mut(record) {
            bears(record, number, &part.record);
        }
        *self.parts.entry((file, item, part.part.key(), nth)).or_insert_with(|| {
            into.parts.push(PartPast { record, part: part.part.clone(), asked: Vec::new() });
            let at = into.parts.len() - 1;
            into.records.get_mut(record).into_iter().for_each(|record| record.parts.push(at));
            at
        })
    }

    /// Notes what a part asks from a stretch on.
    fn ask(&mut self, into: &mut Chronicle<'_>, number: usize, at: usize, by: Readable, stood: bool) {
        let count = into.clearances.len();
        let clearance = *self.clearances.entry(by.clearance.clone()).or_insert_with(|| {
            into.clearances.push(by.clearance.clone());
            count
        });
        let Some(part) = into.parts.get_mut(at) else { return };
        part.part = by.part.clone();
        match part.asked.last_mut().filter(|_| stood) {
            Some(last)
                if last.clearance == clearance && last.by.because == by.because && last.by.record == by.record => {}
            before => {
                if let Some(before) = before {
                    before.last = number.saturating_sub(1);
                }
                part.asked.push(Asked { first: number, last: STANDS, by, clearance });
            }
        }
    }
}

/// Ends what a part asked with the stretch before one.
fn end(into: &mut Chronicle<'_>, at: usize, number: usize) {
    if let Some(asked) = into.parts.get_mut(at).and_then(|part| part.asked.last_mut()) {
        asked.last = number.saturating_sub(1);
    }
}
