//! What each dossier asked of its readers at each time: everything in it asks for that as well.

use super::branches::{Branches, files_of};
use super::epochs::{Epochs, Law};
use super::held_files::HeldFiles;
use super::lineage::{Lineage, Place, Places};
use super::reading::Stay;
use crate::access::{Clearance, nobody};
use crate::archive::{Archive, Rules};
use crate::dossier::REGISTERS;
use crate::repository::{ContentId, Past, Snapshot};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Dossier files above this were never read.
const LARGEST: u64 = 4 << 20;

/// What a dossier asked from some commit on.
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
    /// The commits that gave dossiers other names: which, from which name, to which.
    renamings: HashSet<(usize, Arc<str>, Arc<str>)>,
}

impl Roots {
    /// Reads every version of every `dossier.yaml`, by the branches of the commits; or only those of dossiers that have
    /// one of these names.
    #[must_use]
    pub fn of(
        (past, branches, places): (&Past, &Branches, &Places),
        lineages: &[Lineage],
        names: Option<&HashSet<Arc<str>>>,
        epochs: &Epochs,
        archive: &Archive,
    ) -> Self {
        let mut roots = Self::default();
        let is_root = |path: &str| {
            let folder = path.strip_suffix("/dossier.yaml").filter(|path| path.starts_with("customers/"));
            folder.is_some_and(|folder| names.is_none_or(|names| names.contains(name_of(folder))))
        };
        let mut before = HeldFiles::default();
        let mut law = 0;
        let mut states: Vec<(Arc<str>, usize, Option<ContentId>)> = Vec::new();
        for (at, files) in files_of(past, branches, places, &is_root).into_iter().enumerate() {
            let changed = before.differing(&files);
            // Other rules may ask for something else in what stayed as it was.
            let others = epochs.begin_of(at) != law;
            law = epochs.begin_of(at);
            states
                .extend(changed.into_iter().filter(|(_, id)| !others || id.is_none()).map(|(path, id)| (path, at, id)));
            if others {
                states.extend(files.all().into_iter().map(|(path, id)| (path, at, Some(id))));
            }
            before = files;
        }
        let reading = Reading { past, epochs, day: archive.day };
        let read: Vec<Option<(Asked, Asked)>> =
            states.par_iter().map(|(path, at, id)| Some(reading.asked(path, (*id)?, *at))).collect();
        for ((path, at, _), read) in states.into_iter().zip(read) {
            let folder = folder_of(&path);
            let Some((then, now)) = read else {
                roots.begin(folder, at, Asked::Absent);
                continue;
            };
            roots.begin(folder, at, then);
            // Of a dossier that is gone, today's rules have the last word on what it asked in the end.
            let now = if let Asked::For(asks) = now { asks } else { nobody() };
            roots.now.insert(name_of(folder).into(), now);
        }
        for held in archive.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            roots.now.insert(Arc::clone(&dossier.name), dossier.root.clearance.clone());
        }
        roots.renamed(lineages, archive);
        roots
    }

    /// A dossier that bears another name now asks under its old one for what it asks now.
    fn renamed(&mut self, lineages: &[Lineage], archive: &Archive) {
        let there: Vec<Arc<str>> = archive.dossiers.lay_out(|held| Arc::clone(&held.release().1.name)).collect();
        for lineage in lineages {
            self.renamings.extend(renamings_of(lineage));
            let names = || {
                let inside = lineage.versions.iter().filter_map(|version| version.place.inside());
                inside.filter(|(_, inside)| inside.as_ref() == "dossier.yaml").map(|(dossier, _)| dossier)
            };
            let Some(now) = names().next_back().and_then(|name| self.now.get(name)).cloned() else { continue };
            for name in names().filter(|name| !there.contains(name)) {
                let asks = self.now.get(name).map_or_else(|| now.clone(), |asks| asks.and(&now));
                self.now.insert(Arc::clone(name), asks);
            }
        }
    }

    /// Whether a commit gave a dossier another name: what moved along in it moved to no other place.
    #[must_use]
    pub fn renamed_with(&self, commit: usize, from: &Arc<str>, to: &Arc<str>) -> bool {
        self.renamings.contains(&(commit, Arc::clone(from), Arc::clone(to)))
    }

    /// What the words of a group ask, where a folder in it was ever a dossier by itself: its name is that dossier's.
    #[must_use]
    pub fn of_group(&self, group: &str) -> Clearance {
        let ends = group.match_indices('/').map(|(end, _)| end).chain([group.len()]);
        let folders = ends.filter_map(|end| group.get(..end));
        let dossiers = folders.filter(|folder| self.spans.contains_key(format!("customers/{folder}").as_str()));
        let names = dossiers.map(|folder| folder.rsplit('/').next().unwrap_or_default());
        names.filter_map(|name| self.now.get(name)).fold(Clearance::open(), |all, asks| all.and(asks))
    }

    /// What the path of each dossier asks beside what the dossier does, where it lies in a group that was ever a dossier;
    /// and that of what belongs to no customer, which asks for nothing.
    #[must_use]
    pub fn groups(&self, archive: &Archive) -> HashMap<Arc<str>, Clearance> {
        let of_dossier = archive.dossiers.lay_out(|held| {
            let (_, dossier) = held.release();
            let group = dossier.folder.strip_prefix("customers/").and_then(|folder| folder.rsplit_once('/'));
            (Arc::clone(&dossier.name), group.map(|(group, _)| self.of_group(group)).unwrap_or_default())
        });
        of_dossier.chain([(REGISTERS.into(), Clearance::open())]).collect()
    }

    /// What a dossier asks now; of one that is gone, what it asked in the end, by today's rules.
    #[must_use]
    pub fn now(&self, dossier: &str) -> Clearance {
        self.now.get(dossier).cloned().unwrap_or_else(nobody)
    }

    fn begin(&mut self, folder: &str, at: usize, asked: Asked) {
        self.spans.entry(folder.into()).or_default().push((at, asked));
    }

    /// What the dossier of a version asked while it stood there, all of it together, and what it asks now; also what
    /// dossiers asked around it, of which it became one by itself.
    #[must_use]
    pub fn asked(&self, stay: &Stay<'_>) -> Clearance {
        let mut all = self.now.get(stay.dossier).cloned().unwrap_or_default();
        let (mut known, mut doubtful) = (false, false);
        let times = stay.above.iter().enumerate().flat_map(|folder| stay.time.iter().map(move |time| (folder, time)));
        for ((n, folder), time) in times {
            let Some(spans) = self.spans.get(folder) else { continue };
            let begun = spans.partition_point(|(start, _)| *start <= time.start);
            // What stood there before the dossier did is a part of it as it began.
            let from = if begun == 0 && n == 0 { spans.first().map_or(0, |(start, _)| *start) } else { time.start };
            let first = spans.partition_point(|(start, _)| *start <= from).saturating_sub(1);
            for (start, asked) in spans.get(first..).unwrap_or_default() {
                if *start >= time.end.max(from + 1) {
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

/// The commits that moved a dossier's own file to a dossier of another name.
fn renamings_of(lineage: &Lineage) -> impl Iterator<Item = (usize, Arc<str>, Arc<str>)> + '_ {
    let is_root = |place: &Place| {
        let (dossier, inside) = place.inside()?;
        (inside.as_ref() == "dossier.yaml").then(|| Arc::clone(dossier))
    };
    lineage.versions.iter().filter_map(move |version| {
        let (from, _) = version.moved.as_ref()?;
        let (from, to) = (is_root(from)?, is_root(&version.place)?);
        (from != to).then_some((version.commit, from, to))
    })
}

/// The names of all dossiers that have to do with one: in which a file of it ever stood, which stood around them, and
/// what each of these was called at other times.
#[must_use]
pub fn names_around(lineages: &[Lineage], dossier: &str) -> HashSet<Arc<str>> {
    let of_it = lineages.iter().filter(|lineage| lineage.was_in(dossier));
    let mut names: HashSet<Arc<str>> = of_it.flat_map(Lineage::names).collect();
    let is_root = |lineage: &&Lineage| lineage.home().is_some_and(|(_, inside)| inside.as_ref() == "dossier.yaml");
    let roots: Vec<Vec<Arc<str>>> = lineages.iter().filter(is_root).map(|root| root.names().collect()).collect();
    loop {
        let known = names.len();
        let more = roots.iter().filter(|root| root.iter().any(|name| names.contains(name))).flatten();
        names.extend(more.map(Arc::clone).collect::<Vec<_>>());
        if names.len() == known {
            return names;
        }
    }
}

/// Reads what dossiers asked.
struct Reading<'a> {
    past: &'a Past,
    epochs: &'a Epochs,
    day: Date,
}

impl Reading<'_> {
    /// What a dossier asked from a commit on, and what today's rules would ask of the same text.
    fn asked(&self, path: &str, id: ContentId, at: usize) -> (Asked, Asked) {
        let dossier: Arc<str> = name_of(folder_of(path)).into();
        let Ok(bytes) = self.past.blob(id, LARGEST) else { return (Asked::Unreadable, Asked::Unreadable) };
        let files = Snapshot::in_memory(vec![(format!("customers/{dossier}/dossier.yaml"), id, bytes)]);
        let by = |rules: &Rules| root_asks(rules, self.day, &dossier, &files);
        let now = by(&self.epochs.today);
        match self.epochs.at(at) {
            Law::Today => (now.clone(), now),
            Law::Then(rules) => (by(rules), now),
            Law::Unreadable => (Asked::Unreadable, now),
        }
    }
}

/// The folder of a dossier's file.
fn folder_of(path: &str) -> &str {
    path.strip_suffix("/dossier.yaml").unwrap_or(path)
}

fn name_of(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or_default()
}

fn root_asks(rules: &Rules, day: Date, dossier: &Arc<str>, files: &Snapshot) -> Asked {
    let reading = rules.read_files(day, dossier, &format!("customers/{dossier}"), files);
    reading.root.filter(|_| !reading.doubtful).map_or(Asked::Unreadable, |root| Asked::For(root.clearance))
}
