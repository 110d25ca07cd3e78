//! What a version of a file said, and what each part of it asked: by the rules of every moment at which it stood, and
//! by today's.

use super::branches::{Branches, Span};
use super::epochs::{Epochs, Law};
use super::lineage::Version;
use super::piece::{Part, Piece, group_piece, pieces_of};
use super::pieces::Pieces;
use super::roots::Roots;
use super::rows::{Around, Known};
use super::standing::Standing;
use crate::access::{Clearance, Held, nobody};
use crate::archive::{PastReading, Rules, is_file_link, resolve};
use crate::record::{Record, RecordType};
use crate::repository::{ContentId, Past, Snapshot};
use crate::text::Source;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Records above this were never read.
const LARGEST: u64 = 4 << 20;

/// What past versions are read with.
pub struct Desk<'a> {
    /// The commits and their contents.
    pub past: &'a Past,
    /// Which commits hold what.
    pub branches: &'a Branches,
    /// The rules of all times.
    pub epochs: &'a Epochs,
    /// What dossiers asked at all times.
    pub roots: &'a Roots,
    /// What stands, and was read already.
    pub standing: &'a Standing<'a>,
    /// The day on which openings are judged: those that a version sets itself count as they do on its page today.
    pub day: Date,
    /// Whether the Markdown of sections is kept, for those who ask for texts as they are written.
    pub written: bool,
}

/// A record of a version.
pub struct PastRecord {
    /// Its type at the time.
    pub record_type: Arc<RecordType>,
    /// Its name inside the dossier.
    pub path: String,
    /// What it asked as a whole, from beginning to end of the version.
    pub asks: Clearance,
}

/// A file that a version names, and what the part asked that names it.
#[derive(Clone)]
pub struct Claim {
    /// What the record's name has beside its file's.
    pub item: Arc<str>,
    /// The file's path inside the dossier.
    pub inside: String,
    /// What the part asked.
    pub asks: Clearance,
    /// Whether the version is of doubt.
    pub doubtful: bool,
}

impl Claim {
    /// What tells it apart from other claims of its file.
    #[must_use]
    pub fn place(&self) -> (Arc<str>, String) {
        (Arc::clone(&self.item), self.inside.clone())
    }

    /// The same, of a version that cannot be read.
    #[must_use]
    pub fn in_doubt(&self) -> Self {
        Self { doubtful: true, ..self.clone() }
    }
}

/// What a version said.
#[derive(Default)]
pub struct Said {
    /// The parts.
    pub pieces: Pieces,
    /// Of a table the rows that it is about, where all others stand as they stood before.
    pub only: Option<BTreeSet<Arc<str>>>,
    /// The records, by item.
    pub records: BTreeMap<Arc<str>, PastRecord>,
    /// The files it names.
    pub claims: Vec<Claim>,
    /// Whether nothing could be made of it.
    pub broken: bool,
    /// Whether it held a mistake that may have been meant as a restriction, by all rules of its time.
    pub doubtful: bool,
}

/// Where and how long a version stood.
pub struct Stay<'a> {
    /// The dossier.
    pub dossier: &'a Arc<str>,
    /// The path inside it.
    pub inside: &'a str,
    /// The folders above it that were ever dossiers, the innermost first.
    pub above: &'a [Arc<str>],
    /// Of a dossier's own file: the folder below `customers/` in which the dossier was grouped.
    pub group: Option<&'a str>,
    /// The commits that hold it.
    pub time: &'a [Span],
}

/// Files that are read beside a version: what says whose rows a table holds.
pub type Companions = Vec<(String, ContentId)>;

/// What stood beside a version, and when it did.
pub struct Beside {
    /// The files.
    pub files: Companions,
    /// The commits that hold all of them together.
    pub time: Vec<Span>,
}

impl Desk<'_> {
    /// Reads a version by the rules of all moments at which it stood, and beside everything that stood beside it.
    /// `None` where its content is missing. Of a table only what the one before has not: that is `known`, and this one
    /// from then on.
    #[must_use]
    pub fn read(
        &self,
        version: &Version,
        stay: &Stay<'_>,
        beside: &[Beside],
        known: &mut Option<Known>,
    ) -> Option<Said> {
        let id = version.blob?;
        let before = known.take();
        if let Some(said) = self.as_it_stands(version, stay) {
            return Some(said);
        }
        let own = self.past.blob(id, LARGEST).ok()?;
        if !stay.inside.ends_with(".csv") {
            return self.read_text((id, own), stay, beside);
        }
        let around = self.around(stay, beside);
        let news = around.as_ref().zip(before).and_then(|(around, before)| before.news(around, &own));
        if let Some((news, around)) = news.zip(around) {
            let now = news.known(around, own.clone());
            let said = self.read_text((id, news.text()), stay, beside);
            if let Some(mut said) = said
                && news.complete(&mut said)
            {
                *known = Some(now);
                return Some(said);
            }
        }
        let said = self.read_text((id, own.clone()), stay, beside)?;
        *known = self.around(stay, beside).and_then(|around| Known::of(around, own, &said));
        Some(said)
    }

    /// What a version says that stands to this day, and stood by no other rules than today's: that was read with the
    /// archive.
    fn as_it_stands(&self, version: &Version, stay: &Stay<'_>) -> Option<Said> {
        // Texts as they are written stand in the file alone.
        let stands = stay.time.last()?.end == self.past.commits.len() && version.place.inside().is_some();
        let by_today = matches!(self.epochs.during(stay.time).as_slice(), [Law::Today]);
        let usable = stands && by_today && !self.written;
        let path = version.path.strip_prefix(self.past.folder.as_str()).filter(|_| usable)?;
        let path = if self.past.folder.is_empty() { path } else { path.strip_prefix('/')? };
        let records = self.standing.of_file(path)?;
        let folder = path.strip_suffix(stay.inside)?.strip_suffix('/')?;
        if !records.iter().all(|record| record.name.dossier == *stay.dossier) {
            return None;
        }
        let mut said = taken_apart(records.iter().copied(), stay, (folder, None));
        self.by_the_dossier(&mut said, stay);
        Some(said)
    }

    /// On what the reading of a table hangs. `None` where other rules began meanwhile.
    fn around(&self, stay: &Stay<'_>, beside: &[Beside]) -> Option<Around> {
        let from = stay.time.first()?.start;
        (self.epochs.during(stay.time).len() == 1).then(|| Around {
            dossier: Arc::clone(stay.dossier),
            inside: stay.inside.to_owned(),
            law: self.epochs.begin_of(from),
            asked: self.roots.asked(stay),
            companions: beside.iter().map(|beside| beside.files.clone()).collect(),
        })
    }

    fn read_text(&self, (id, own): (ContentId, Vec<u8>), stay: &Stay<'_>, beside: &[Beside]) -> Option<Said> {
        let folder = format!("customers/{}", stay.dossier);
        let source = if self.written { Source::decode(stay.inside, &own).ok() } else { None };
        let mut readings: Vec<(bool, Said)> = Vec::new();
        for Beside { files: companions, time } in beside {
            let mut files = vec![(format!("{folder}/{}", stay.inside), id, own.clone())];
            for (inside, id) in companions {
                files.push((format!("{folder}/{inside}"), *id, self.past.blob(*id, LARGEST).ok()?));
            }
            let laws = self.epochs.during(time);
            let known = laws.iter().any(|law| !matches!(law, Law::Unreadable));
            readings.push((known, self.by_laws(&laws, &Snapshot::in_memory(files), stay, (&folder, source.as_ref()))));
        }
        // A time whose rules cannot be read adds nothing; where there was no other, nothing is known to be open.
        let known = readings.iter().any(|(known, _)| *known);
        let readings: Vec<Said> = readings.into_iter().filter(|(of_it, _)| *of_it == known).map(|(_, s)| s).collect();
        let doubtful = readings.iter().all(|said| said.doubtful);
        let mut said = together(readings)?;
        if !known {
            said.narrow(&nobody());
        }
        self.by_the_dossier(&mut said, stay);
        said.doubtful = doubtful;
        said.claims.iter_mut().for_each(|claim| claim.doubtful = doubtful);
        Some(said)
    }

    /// Asks for what the dossier of a version asked as well.
    fn by_the_dossier(&self, said: &mut Said, stay: &Stay<'_>) {
        said.narrow(&self.roots.asked(stay));
        if let Some(group) = stay.group {
            let asks = self.roots.of_group(group);
            let pieces = said.pieces.iter_mut().filter(|piece| piece.key.part == Part::Group);
            pieces.for_each(|piece| piece.asks = piece.asks.and(&asks));
        }
    }

    fn by_laws(
        &self,
        laws: &[&Law],
        files: &Snapshot,
        stay: &Stay<'_>,
        (folder, source): (&str, Option<&Source>),
    ) -> Said {
        let by = |rules: &Rules| {
            let reading = rules.read_files(self.day, stay.dossier, folder, files);
            Said::of(&reading, stay, (folder, source.map(Source::text)))
        };
        let then = laws.iter().filter_map(|law| if let Law::Then(rules) = law { Some(by(rules)) } else { None });
        let then: Vec<Said> = then.filter(|said| !said.broken).collect();
        let mut today = by(&self.epochs.today);
        let of_today = laws.iter().any(|law| matches!(law, Law::Today));
        // Also where no rules of the time could make anything of it.
        let doubtful = then.iter().all(|said| said.doubtful) && (!of_today || today.broken || today.doubtful);
        let mut said = match together(then) {
            None => today,
            Some(said) if said.records.is_empty() && of_today => {
                today.join(&said, Clearance::open);
                today
            }
            Some(mut said) => {
                // What today's rules have no place for, nobody can say to be open.
                said.join(&today, nobody);
                if of_today {
                    said.take_names(&today);
                }
                said
            }
        };
        said.doubtful = doubtful;
        said
    }
}

/// What a version said by several readings, the oldest first: what the first one found in it that found something, under
/// all that any of them asks; it is called as in the last.
fn together(mut readings: Vec<Said>) -> Option<Said> {
    let first = readings.iter().position(|said| !said.records.is_empty()).unwrap_or_default();
    if readings.is_empty() {
        return None;
    }
    let mut said = readings.remove(first);
    for other in &readings {
        said.join(other, Clearance::open);
    }
    readings.iter().skip(first).for_each(|later| said.take_names(later));
    Some(said)
}

impl Said {
    fn of(reading: &PastReading, stay: &Stay<'_>, beside: (&str, Option<&str>)) -> Self {
        let said = taken_apart(reading.root.iter().chain(&reading.records), stay, beside);
        Self { broken: reading.broken, doubtful: reading.doubtful, ..said }
    }

    /// Asks for what another reading of the same text asks as well; `unknown` for records that the other has not.
    fn join(&mut self, other: &Self, unknown: fn() -> Clearance) {
        for (item, record) in &mut self.records {
            let more = other.records.get(item).map_or_else(unknown, |record| record.asks.clone());
            record.asks = record.asks.and(&more);
        }
        for piece in self.pieces.iter_mut() {
            let of_record = || other.records.get(&piece.key.item).map_or_else(unknown, |record| record.asks.clone());
            let more = other.pieces.get(&piece.key).map_or_else(of_record, |piece| piece.asks.clone());
            piece.asks = piece.asks.and(&more);
        }
        let whole = if other.records.is_empty() { unknown() } else { other.asks() };
        for claim in &mut self.claims {
            let same = other.claims.iter().find(|other| other.inside == claim.inside);
            claim.asks = claim.asks.and(same.map_or(&whole, |same| &same.asks));
        }
    }

    /// Calls its records as a later reading does.
    fn take_names(&mut self, later: &Self) {
        for (item, record) in &later.records {
            if let Some(known) = self.records.get_mut(item) {
                known.path.clone_from(&record.path);
            }
        }
    }

    fn narrow(&mut self, by: &Clearance) {
        if by.is_open() {
            return;
        }
        self.records.values_mut().for_each(|record| record.asks = record.asks.and(by));
        self.pieces.iter_mut().for_each(|piece| piece.asks = piece.asks.and(by));
        self.claims.iter_mut().for_each(|claim| claim.asks = claim.asks.and(by));
    }

    /// What the whole file asked: everything that any of its records asked.
    #[must_use]
    pub fn asks(&self) -> Clearance {
        self.records.values().fold(Clearance::open(), |all, record| all.and(&record.asks))
    }
}

fn taken_apart<'r>(
    records: impl Iterator<Item = &'r Record>,
    stay: &Stay<'_>,
    (folder, source): (&str, Option<&str>),
) -> Said {
    let mut said = Said::default();
    let file = stay.inside.rsplit_once('.').map_or(stay.inside, |(file, _)| file);
    let is_table = stay.inside.ends_with(".csv");
    let mut all: Vec<Piece> = Vec::new();
    for record in records {
        // Beside a table stands what describes it: only the record with the rows is the table's.
        if is_table && record.series.is_none() {
            continue;
        }
        let name = if is_table { record.name.path.as_ref() } else { file };
        let pieces = pieces_of(record, name, source.filter(|_| !is_table));
        let item: Arc<str> = pieces.first().map_or_else(|| "".into(), |piece| Arc::clone(&piece.key.item));
        // What a table's description says is told by its own file.
        let own = |piece: &Piece| !is_table || matches!(piece.key.part, Part::Record | Part::Rows | Part::Cell { .. });
        all.extend(pieces.into_iter().filter(own));
        all.extend(stay.group.filter(|_| item.is_empty()).map(|group| group_piece(record, group)));
        said.claims.extend(claims_of(record, &item, folder));
        let asks = record.clearance.clone();
        let (record_type, path) = (Arc::clone(&record.record_type), record.name.path.to_string());
        said.records.insert(item, PastRecord { record_type, path, asks });
    }
    said.pieces = Pieces::of(all);
    said
}

fn claims_of(record: &Record, item: &Arc<str>, folder: &str) -> Vec<Claim> {
    let mut found: Vec<(String, Clearance)> = Vec::new();
    found.extend(record.attachments.lay_out(|held| {
        let (asks, attachment) = held.release();
        (attachment.path.clone(), asks)
    }));
    for (asks, section) in record.text.lay_out(Held::release) {
        let links = section.links.iter().filter(|link| is_file_link(&link.target));
        found.extend(links.map(|link| (link.target.clone(), asks.clone())));
    }
    let home = format!("{folder}/");
    let inside = |written: &str| Some(resolve(&record.file, written)?.strip_prefix(&home)?.to_owned());
    let claim = |(written, asks): (String, _)| {
        Some(Claim { item: Arc::clone(item), inside: inside(&written)?, asks, doubtful: false })
    };
    found.into_iter().filter_map(claim).collect()
}
