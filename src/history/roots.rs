//! What each dossier asked of its readers at each time: everything in it asks for that as well.

use super::epochs::{Epochs, Law};
use super::lineage::{Lineage, Version};
use super::reading::Stay;
use crate::access::{Clearance, nobody};
use crate::archive::{Archive, Rules};
use crate::repository::{Past, Snapshot};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// Dossier files above this were never read.
const LARGEST: u64 = 4 << 20;

/// What a dossier asked from some commit on. What comes later counts where there are two of one commit.
#[derive(Clone, Debug)]
enum Asked {
    /// There was no `dossier.yaml` any more.
    Absent,
    /// It could not be read, so that nothing can be said to have been open.
    Unreadable,
    /// It asked for this.
    For(Clearance),
}

/// What all dossiers asked at all times, and what they ask now.
#[derive(Default)]
pub struct Roots {
    /// By the dossier's folder: two folders may have had one name, at one time or at different ones.
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
                let before = n.checked_sub(1).and_then(|before| lineage.versions.get(before));
                if let Some(folder) = before.filter(|before| before.path != version.path).and_then(folder_of) {
                    roots.begin(folder, version.commit, Asked::Absent);
                }
                let Some((dossier, "dossier.yaml")) = version.place.inside().map(|(d, i)| (d, i.as_ref())) else {
                    continue;
                };
                let Some(folder) = folder_of(version) else { continue };
                let Some(id) = version.blob else {
                    roots.begin(folder, version.commit, Asked::Absent);
                    continue;
                };
                let until = lineage.versions.get(n + 1).map_or(past.commits.len(), |next| next.commit);
                let path = format!("customers/{dossier}/dossier.yaml");
                let Ok(bytes) = past.blob(id, LARGEST) else {
                    roots.begin(folder, version.commit, Asked::Unreadable);
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
                    roots.begin(folder, at, asked);
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
            spans.sort_by_key(|(start, asked)| (*start, !matches!(asked, Asked::Absent)));
        }
        for held in archive.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            roots.now.insert(Arc::clone(&dossier.name), dossier.root.clearance.clone());
        }
        roots
    }

    fn begin(&mut self, folder: &Arc<str>, at: usize, asked: Asked) {
        self.spans.entry(Arc::clone(folder)).or_default().push((at, asked));
    }

    /// What the dossier of a version asked while it stood there, all of it together, and what it asks now; also what
    /// dossiers asked around it, of which it became one by itself.
    #[must_use]
    pub fn asked(&self, stay: &Stay<'_>) -> Clearance {
        let mut all = self.now.get(stay.dossier).cloned().unwrap_or_default();
        let (mut known, mut doubtful) = (false, false);
        for (n, folder) in stay.above.iter().enumerate() {
            let Some(spans) = self.spans.get(folder) else { continue };
            let begun = spans.partition_point(|(start, _)| *start <= stay.from);
            // What stood there before the dossier did is a part of it as it began.
            let from = if begun == 0 && n == 0 { spans.first().map_or(0, |(start, _)| *start) } else { stay.from };
            let first = spans.partition_point(|(start, _)| *start <= from).saturating_sub(1);
            for (start, asked) in spans.get(first..).unwrap_or_default() {
                if *start >= stay.until.max(from + 1) {
                    break;
                }
                match asked {
                    // Where it was taken away, nothing can be said to have been open, unless it belonged to another.
                    Asked::Absent => doubtful |= n == 0,
                    Asked::Unreadable => doubtful = true,
                    Asked::For(asks) => {
                        known = true;
                        all = all.and(asks);
                    }
                }
            }
        }
        if doubtful && !known { nobody() } else { all }
    }
}

/// The folder of a dossier's file.
fn folder_of(version: &Version) -> Option<&Arc<str>> {
    version
        .above
        .first()
        .filter(|_| version.place.inside().is_some_and(|(_, inside)| inside.as_ref() == "dossier.yaml"))
}

fn root_asks(rules: &Rules, day: Date, dossier: &Arc<str>, files: &Snapshot) -> Asked {
    let reading = rules.read_files(day, dossier, &format!("customers/{dossier}"), files);
    reading.root.filter(|_| !reading.doubtful).map_or(Asked::Unreadable, |root| Asked::For(root.clearance))
}
