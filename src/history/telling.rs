//! What each version of a record's file is told to have changed, part by part.

use super::branches::Span;
use super::items::renamed;
use super::life::{Claimed, Deed, Event, Life, Stood, Touched};
use super::lineage::{Lineage, Place, Version};
use super::piece::{Key, Part, Piece};
use super::reading::{Beside, Claim, Desk, Said, Stay};
use crate::access::{Clearance, nobody};
use crate::dossier::REGISTERS;
use crate::record::RecordType;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Follows a record's file from its arrival to its end. `companions` are asked for what stood beside a version: all that
/// did, one after the other.
#[must_use]
pub fn follow(desk: &Desk<'_>, lineage: &Lineage, companions: &dyn Fn(usize, &[Span]) -> Vec<Beside>) -> Life {
    let mut life = Life::default();
    if let Some((_, inside)) = lineage.home() {
        life.path = inside.rsplit_once('.').map_or(inside.as_ref(), |(path, _)| path).to_owned();
    }
    let mut live: Vec<(Key, usize)> = Vec::new();
    let mut known = None;
    let commits = desk.past.commits.len();
    let times = desk.branches.spans(lineage);
    for ((n, version), time) in lineage.versions.iter().enumerate().zip(&times) {
        let Some((dossier, inside)) = lineage.read_at(n).or_else(|| lineage.home()) else { continue };
        let until = lineage.versions.get(n + 1).map_or(commits, |next| next.commit).max(version.commit + 1);
        // A file that left the dossiers is as gone as one that was deleted.
        let left = version.place.inside().is_none()
            && lineage
                .versions
                .get(..n)
                .is_some_and(|before| before.iter().any(|earlier| earlier.place.inside().is_some()));
        let above = lineage.above(n);
        let stay = Stay { dossier, inside, above, group: lineage.group(n), time };
        let mut telling =
            Telling { life: &mut life, live: &mut live, commit: version.commit, until, stay: &stay, doubtful: false };
        if version.blob.is_none() || left {
            telling.gone();
            known = None;
            continue;
        }
        match desk.read(version, &stay, &companions(n, time), &mut known) {
            None => telling.unread(Deed::Missing),
            Some(said) if said.broken || said.records.is_empty() && said.pieces.is_empty() => {
                if said.broken {
                    telling.unread(Deed::Broken);
                } else {
                    telling.gone();
                }
            }
            Some(said) => {
                if inside.ends_with(".csv")
                    && let Some(table) = said.records.values().next()
                {
                    telling.life.path.clone_from(&table.path);
                }
                telling.life.records.insert(n);
                telling.doubtful = said.doubtful;
                if !moved_along(desk, version) {
                    telling.moved(version, &said);
                }
                telling.said(said);
            }
        }
    }
    life.standing = live.into_iter().map(|(_, at)| at).collect();
    life
}

/// Whether a version only moved with its dossier, which got another name: that is told once, of the dossier.
pub fn moved_along(desk: &Desk<'_>, version: &Version) -> bool {
    let Some((from, _)) = &version.moved else { return false };
    let (Some((left, was)), Some((dossier, inside))) = (from.inside(), version.place.inside()) else { return false };
    was == inside && inside.as_ref() != "dossier.yaml" && desk.roots.renamed_with(version.commit, left, dossier)
}

/// The row of a series to which a part belongs.
fn row_of(part: &Part) -> Option<&Arc<str>> {
    match part {
        Part::Cell { label, .. } => Some(label),
        _ => None,
    }
}

struct Telling<'a> {
    life: &'a mut Life,
    /// The values that stand, in the order of their keys.
    live: &'a mut Vec<(Key, usize)>,
    commit: usize,
    /// The commit of the next version.
    until: usize,
    stay: &'a Stay<'a>,
    doubtful: bool,
}

impl Telling<'_> {
    fn event(&mut self, key: Key, deed: Deed, before: Option<usize>, after: Option<usize>, asks: Clearance) {
        let dossier = Arc::clone(self.stay.dossier);
        let founding = false;
        self.life.events.push(Event { commit: self.commit, dossier, key, deed, before, after, asks, founding });
    }

    fn touch(&mut self, asks: Clearance, values: Vec<usize>) {
        self.life.touched.push(Touched { commit: self.commit, asks, values });
    }

    fn value(&mut self, piece: Piece, record_type: &Arc<RecordType>) -> usize {
        let Piece { key, label, shown, asks } = piece;
        let (record_type, last) = (Arc::clone(record_type), asks.clone());
        self.life.values.push(Stood { key, label, shown, asks, last, doubtful: self.doubtful, record_type });
        self.life.values.len() - 1
    }

    /// What everything that stands asks together: who may know of the file as a whole.
    fn whole(&self) -> Clearance {
        let records = self.live.iter().filter(|(key, _)| key.part == Part::Record);
        records
            .filter_map(|(_, at)| self.life.values.get(*at))
            .fold(Clearance::open(), |all, value| if value.doubtful { nobody() } else { all.and(&value.asks) })
    }

    /// The file went.
    fn gone(&mut self) {
        let records: Vec<(Key, usize)> =
            self.live.iter().filter(|(key, _)| key.part == Part::Record).cloned().collect();
        for (key, at) in records {
            self.event(key, Deed::Removed, Some(at), None, Clearance::open());
        }
        self.touch(Clearance::open(), self.live.iter().map(|(_, at)| *at).collect());
        self.live.clear();
    }

    /// The file is there, and nothing can be made of it. What stood before is taken up again by the version that mends
    /// it.
    fn unread(&mut self, deed: Deed) {
        let asks = if self.live.is_empty() { nobody() } else { self.whole() };
        let key = Key { item: "".into(), part: Part::Record };
        self.event(key, deed, None, None, asks);
        self.touch(nobody(), Vec::new());
        // What it named before it may name still; nobody can say to whom.
        let before = |claimed: &&Claimed| claimed.told.end == self.commit;
        let named: Vec<Claimed> =
            self.life.claims.iter().filter(before).map(|claimed| self.claimed(claimed.claim.in_doubt())).collect();
        self.life.claims.extend(named);
    }

    fn claimed(&self, claim: Claim) -> Claimed {
        let (dossier, time) = (Arc::clone(self.stay.dossier), self.stay.time.to_vec());
        let folder = self.stay.above.first().map_or_else(|| REGISTERS.into(), Arc::clone);
        Claimed { dossier, folder, told: self.commit..self.until, time, claim }
    }

    fn moved(&mut self, version: &Version, said: &Said) {
        let elsewhere = |(from, _): &&(Place, bool)| *from != version.place && from.inside().is_some();
        // Where a file stood before it came into a dossier was never published, and is not told.
        let Some((from, same)) = version.moved.as_ref().filter(elsewhere) else { return };
        let asks = if said.doubtful { nobody() } else { said.asks().and(&self.whole()) };
        let key = Key { item: "".into(), part: Part::Record };
        self.event(key, Deed::Moved { from: Box::new(from.clone()), same: *same }, None, None, asks);
    }

    fn said(&mut self, said: Said) {
        let Said { pieces, records, claims, only, .. } = said;
        self.life.describes |= records.values().any(|record| record.record_type.series);
        self.life.renamed.extend(renamed(self.live, &self.life.values, &pieces));
        let named: Vec<Claimed> = claims.into_iter().map(|claim| self.claimed(claim)).collect();
        self.life.claims.extend(named);
        let mut touched = Vec::new();
        let whole = records.values().fold(Clearance::open(), |all, record| all.and(&record.asks));
        let mut before: BTreeSet<Arc<str>> = BTreeSet::new();
        before
            .extend(self.live.iter().filter(|(key, _)| key.part == Part::Record).map(|(key, _)| Arc::clone(&key.item)));

        let mut rows: Vec<Arc<str>> =
            self.live.iter().filter_map(|(key, _)| row_of(&key.part)).map(Arc::clone).collect();
        rows.dedup();

        // What is there no more: of a record that went as a whole only that is told.
        let unread = |key: &Key| match (&key.part, &only) {
            (Part::Cell { label, .. }, Some(only)) => !only.contains(label),
            _ => false,
        };
        let mut is_there = pieces.in_order();
        let (stay, gone): (Vec<_>, Vec<_>) =
            std::mem::take(self.live).into_iter().partition(|(key, _)| is_there(key) || unread(key));
        drop(is_there);
        for (key, at) in gone {
            touched.push(at);
            // A restriction that went with what it restricted was not lifted.
            let with_its_part = match &key.part {
                Part::Narrowed(part) => {
                    pieces.get(&Key { item: Arc::clone(&key.item), part: Part::clone(part) }).is_none()
                }
                _ => false,
            };
            let told = records.contains_key(&key.item) && key.part != Part::Rows && !with_its_part;
            if key.part == Part::Record || told {
                self.event(key, Deed::Removed, Some(at), None, Clearance::open());
            }
        }
        let mut stay = stay.into_iter().peekable();
        self.life.values.reserve(pieces.len().saturating_sub(stay.len()));
        self.live.reserve(pieces.len());
        for piece in pieces {
            let key = piece.key.clone();
            while let Some(other) = stay.next_if(|(other, _)| *other < key) {
                self.live.push(other);
            }
            let Some(record_type) = records.get(&key.item).map(|record| &record.record_type) else { continue };
            let known = stay.next_if(|(other, _)| *other == key).map(|(_, at)| at);
            if let Some(at) = known
                && let Some(value) = self.life.values.get_mut(at)
                && *value.shown == *piece.shown
            {
                // Of texts the later one, which is the archive's own if it still stands: there it is kept already.
                if value.shown.is_text_written_as(&piece.shown) {
                    value.shown = piece.shown;
                }
                value.asks = value.asks.and(&piece.asks);
                value.last = piece.asks;
                value.doubtful &= self.doubtful;
                self.live.push((key, at));
                continue;
            }
            let after = self.value(piece, record_type);
            touched.extend(known.into_iter().chain([after]));
            self.live.push((key.clone(), after));
            let new_record = !before.contains(&key.item);
            let told = match key.part {
                // The cells of a new series are told together, later ones each; how far it reaches follows from them.
                Part::Cell { .. } => !new_record,
                Part::Rows => new_record,
                // Who may read a new record is seen from where it stands.
                Part::Audience | Part::Narrowed(_) => !new_record,
                _ => true,
            };
            if told {
                let deed = if known.is_some() { Deed::Changed } else { Deed::Added };
                let new_row = row_of(&key.part).is_some_and(|row| rows.binary_search(row).is_err());
                let founding = new_row || new_record && key.part != Part::Record;
                self.event(key, deed, known, Some(after), Clearance::open());
                if let Some(event) = self.life.events.last_mut() {
                    event.founding = founding;
                }
            }
        }
        self.live.extend(stay);
        // A commit that changed no part of the file touched it all the same.
        let asks = if touched.is_empty() { whole } else { Clearance::open() };
        self.touch(asks, touched);
    }
}
