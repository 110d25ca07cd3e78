//! What each dossier asked of its readers at each time: everything in it asks for that as well.

use super::epochs::{Epochs, Law};
use super::lineage::Lineage;
use crate::access::{Clearance, nobody};
use crate::archive::{Archive, Rules};
use crate::repository::{Past, Snapshot};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// Dossier files above this were never read.
const LARGEST: u64 = 4 << 20;

/// What a dossier asked from some commit on.
#[derive(Clone, Debug)]
enum Asked {
    /// There was no `dossier.yaml`: today's rules decide.
    Absent,
    /// It could not be read, so that nothing can be said to have been open.
    Unreadable,
    /// It asked for this.
    For(Clearance),
}

/// What all dossiers asked at all times, and what they ask now.
#[derive(Default)]
pub struct Roots {
    spans: HashMap<Arc<str>, Vec<(usize, Asked)>>,
    now: HashMap<Arc<str>, Clearance>,
}

impl Roots {
    /// Reads every version of every `dossier.yaml`.
    #[must_use]
    pub fn of(past: &Past, lineages: &[Lineage], epochs: &Epochs, archive: &Archive) -> Self {
        let mut roots = Self::default();
        for lineage in lineages {
            for (n, version) in lineage.versions.iter().enumerate() {
                if let Some((from, _)) = &version.moved
                    && let Some((dossier, "dossier.yaml")) = from.inside().map(|(d, inside)| (d, inside.as_ref()))
                    && *from != version.place
                {
                    roots.begin(dossier, version.commit, Asked::Absent);
                }
                let Some((dossier, "dossier.yaml")) = version.place.inside().map(|(d, i)| (d, i.as_ref())) else {
                    continue;
                };
                let Some(id) = version.blob else {
                    roots.begin(dossier, version.commit, Asked::Absent);
                    continue;
                };
                let until = lineage.versions.get(n + 1).map_or(past.commits.len(), |next| next.commit);
                let path = format!("customers/{dossier}/dossier.yaml");
                let Ok(bytes) = past.blob(id, LARGEST) else {
                    roots.begin(dossier, version.commit, Asked::Unreadable);
                    continue;
                };
                let files = Snapshot::in_memory(vec![(path, id, bytes)]);
                let read = |rules: &Rules| root_asks(rules, archive.day, dossier, &files);
                for at in std::iter::once(version.commit).chain(epochs.between(version.commit, until)) {
                    let asked = match epochs.at(at) {
                        Law::Today => read(&epochs.today),
                        Law::Then(rules) => read(rules),
                        Law::Unreadable => Asked::Unreadable,
                    };
                    roots.begin(dossier, at, asked);
                }
                // Of a dossier that is gone, today's rules have the last word on what it asked in the end.
                let now = match read(&epochs.today) {
                    Asked::For(asks) => asks,
                    _ => nobody(),
                };
                roots.now.insert(Arc::clone(dossier), now);
            }
        }
        for spans in roots.spans.values_mut() {
            spans.sort_by_key(|(start, _)| *start);
        }
        for held in archive.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            roots.now.insert(Arc::clone(&dossier.name), dossier.root.clearance.clone());
        }
        roots
    }

    fn begin(&mut self, dossier: &Arc<str>, at: usize, asked: Asked) {
        self.spans.entry(Arc::clone(dossier)).or_default().push((at, asked));
    }

    /// What a dossier asked from one commit until before another, all of it together, and what it asks now.
    #[must_use]
    pub fn asked(&self, dossier: &Arc<str>, from: usize, until: usize) -> Clearance {
        let mut all = self.now.get(dossier).cloned().unwrap_or_default();
        let Some(spans) = self.spans.get(dossier) else { return all };
        let first = spans.partition_point(|(start, _)| *start <= from).saturating_sub(1);
        let (mut known, mut doubtful) = (false, false);
        for (start, asked) in spans.get(first..).unwrap_or_default() {
            if *start >= until {
                break;
            }
            match asked {
                Asked::Absent => known = true,
                Asked::Unreadable => doubtful = true,
                Asked::For(asks) => {
                    known = true;
                    all = all.and(asks);
                }
            }
        }
        if doubtful && !known { nobody() } else { all }
    }
}

fn root_asks(rules: &Rules, day: Date, dossier: &Arc<str>, files: &Snapshot) -> Asked {
    let reading = rules.read_files(day, dossier, &format!("customers/{dossier}"), files);
    reading.root.map_or(Asked::Unreadable, |root| Asked::For(root.clearance))
}
