//! Files followed through time: one lineage is one file under whatever names it had, from its arrival to its end.

use crate::dossier::REGISTERS;
use crate::repository::{ContentId, FileKind, Past, PastChange, PastFile};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// One state of a file.
#[derive(Clone, Debug)]
pub struct Version {
    /// The commit that made it, by its number in [`Past::commits`].
    pub commit: usize,
    /// Its path in the repository.
    pub path: Arc<str>,
    /// Where it stood.
    pub place: Place,
    /// The folders above it that were ever dossiers, by their paths in the archive, the innermost first.
    pub above: Vec<Arc<str>>,
    /// Its content; `None` where the file went with this commit.
    pub blob: Option<ContentId>,
    /// Where it came from, where this commit moved it, and whether its content stayed the same.
    pub moved: Option<(Place, bool)>,
}

/// Where a file stood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In a dossier, or in `registers/`.
    Inside {
        /// The dossier's name.
        dossier: Arc<str>,
        /// The path inside it.
        inside: Arc<str>,
    },
    /// Elsewhere in the repository.
    Outside(Arc<str>),
}

impl Place {
    /// The dossier and the path inside it.
    #[must_use]
    pub fn inside(&self) -> Option<(&Arc<str>, &Arc<str>)> {
        match self {
            Self::Inside { dossier, inside } => Some((dossier, inside)),
            Self::Outside(_) => None,
        }
    }
}

/// A file through time; its versions are in the order of the commits, at least one of them inside a dossier.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Its states.
    pub versions: Vec<Version>,
    /// Its number among all.
    pub number: usize,
    /// The numbers of files that it was a version of, on a branch on which they still had another name.
    pub kin: BTreeSet<usize>,
}

impl Lineage {
    /// Where the file stood last inside a dossier: the name under which its history is kept.
    #[must_use]
    pub fn home(&self) -> Option<(&Arc<str>, &Arc<str>)> {
        self.versions.iter().rev().find_map(|version| version.place.inside())
    }

    /// Where a version is to be read as standing: its own place, or, before the file came into a dossier, the first
    /// one that it had there.
    #[must_use]
    pub fn read_at(&self, n: usize) -> Option<(&Arc<str>, &Arc<str>)> {
        let own = self.versions.get(n)?.place.inside();
        own.or_else(|| self.versions.get(n..)?.iter().find_map(|version| version.place.inside()))
    }
}

impl Lineage {
    /// The folder below `customers/` in which a dossier was grouped, by a version of its own file; nothing where it
    /// stood in none.
    #[must_use]
    pub fn group(&self, n: usize) -> Option<&str> {
        let (_, inside) = self.read_at(n)?;
        let folder = self.above(n).first().filter(|_| inside.as_ref() == "dossier.yaml")?;
        folder.strip_prefix("customers/")?.rsplit_once('/').map(|(group, _)| group)
    }

    /// The folder of the dossier in which a version is to be read as standing, by its path in the archive: two may have
    /// had one name.
    #[must_use]
    pub fn folder(&self, n: usize) -> &str {
        self.above(n).first().map_or(REGISTERS, AsRef::as_ref)
    }

    /// Whether it ever stood in a dossier.
    #[must_use]
    pub fn was_in(&self, dossier: &str) -> bool {
        let was_there = |place: &Place| place.inside().is_some_and(|(name, _)| name.as_ref() == dossier);
        self.versions.iter().any(|version| was_there(&version.place))
    }

    /// The names of the dossiers that it was ever in, or below.
    pub fn names(&self) -> impl Iterator<Item = Arc<str>> + '_ {
        self.versions.iter().flat_map(|version| {
            let above = version.above.iter().map(|folder| Arc::from(folder.rsplit('/').next().unwrap_or_default()));
            above.chain(version.place.inside().map(|(dossier, _)| Arc::clone(dossier)))
        })
    }

    /// The folders that were dossiers above the place where a version is to be read as standing.
    #[must_use]
    pub fn above(&self, n: usize) -> &[Arc<str>] {
        let later = self.versions.get(n..).unwrap_or_default().iter().chain(self.versions.iter().rev());
        let mut inside = later.filter(|version| version.place.inside().is_some());
        inside.next().map_or(&[], |version| &version.above)
    }
}

/// What becomes of the paths of a repository: dossiers and what lies in them.
pub struct Places {
    prefix: String,
    dossiers: BTreeSet<Arc<str>>,
}

impl Places {
    /// Learns which folders were ever a dossier's.
    #[must_use]
    pub fn of(past: &Past) -> Self {
        let prefix = if past.folder.is_empty() { String::new() } else { format!("{}/", past.folder) };
        let changes = past.commits.iter().flat_map(|commit| &commit.changes);
        let dossiers = dossiers_of(changes.filter_map(|change| change.path.strip_prefix(prefix.as_str())));
        Self { prefix, dossiers }
    }

    /// The same of files of the archive, by their paths there.
    #[must_use]
    pub fn of_files<'p>(paths: impl Iterator<Item = &'p str>) -> Self {
        Self { prefix: String::new(), dossiers: dossiers_of(paths) }
    }

    /// The path inside the archive, for one that lies in it.
    #[must_use]
    pub fn in_archive<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.prefix.as_str())
    }

    /// What stands before the archive's paths in the repository.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The folders of the archive that ever bore a dossier's name, and the registers' for theirs.
    #[must_use]
    pub fn folders_of(&self, dossier: &str) -> Vec<&str> {
        if dossier == REGISTERS {
            return vec![REGISTERS];
        }
        let named = |folder: &&Arc<str>| folder.rsplit('/').next() == Some(dossier);
        self.dossiers.iter().filter(named).map(AsRef::as_ref).collect()
    }

    /// The folders above a path of the repository that were ever dossiers, the innermost first. There can be several
    /// only where one was divided, or became a part of another.
    #[must_use]
    pub fn above(&self, path: &str) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        let mut folder = self.in_archive(path).unwrap_or_default();
        while let Some((above, _)) = folder.rsplit_once('/') {
            if let Some(known) = self.dossiers.get(above) {
                found.push(Arc::clone(known));
            }
            folder = above;
        }
        found
    }

    /// Where a path of the repository leads.
    #[must_use]
    pub fn place(&self, path: &Arc<str>) -> Place {
        match self.in_archive(path).and_then(|path| self.inside(path)) {
            Some((dossier, inside)) => Place::Inside { dossier, inside },
            None => Place::Outside(Arc::clone(path)),
        }
    }

    /// The dossier of a path of the archive, and the path inside it.
    #[must_use]
    pub fn inside(&self, path: &str) -> Option<(Arc<str>, Arc<str>)> {
        if let Some(inside) = path.strip_prefix("registers/") {
            return Some((REGISTERS.into(), inside.into()));
        }
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if self.dossiers.contains(above) {
                let name = above.rsplit('/').next().unwrap_or_default();
                return Some((name.into(), path.get(above.len() + 1..).unwrap_or_default().into()));
            }
            folder = above;
        }
        None
    }
}

/// The folders that hold a `dossier.yaml`.
fn dossiers_of<'p>(paths: impl Iterator<Item = &'p str>) -> BTreeSet<Arc<str>> {
    let roots = paths.filter(|path| path.starts_with("customers/"));
    let folders = roots.filter_map(|path| path.strip_suffix("/dossier.yaml"));
    folders.filter(|folder| *folder != "customers").map(Arc::from).collect()
}

/// Follows every file that ever stood in a dossier or register.
#[must_use]
pub fn lineages(past: &Past, places: &Places) -> Vec<Lineage> {
    let mut all: Vec<Lineage> = Vec::new();
    // By its present path, and, for a file that went, by its last one: one that comes back goes on where it ended.
    let mut by_path: HashMap<Arc<str>, usize> = HashMap::new();
    // Every file that ever stood at a path.
    let mut ever: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
    for (commit, past_commit) in past.commits.iter().enumerate() {
        // Moves first, all of them from what stood before the commit: files may change places with one another.
        let regrouped = regrouped(&past_commit.changes, places);
        let origin = |change: &PastChange| match &change.moved {
            Some(moved) => Some((Arc::clone(&moved.from), moved.same)),
            None => regrouped.get(&change.path).map(|from| (Arc::clone(from), false)),
        };
        let leaving: Vec<Option<usize>> = past_commit
            .changes
            .iter()
            .map(|change| origin(change).and_then(|(from, _)| by_path.get(&from).copied()))
            .collect();
        for (change, from) in past_commit.changes.iter().zip(&leaving) {
            if let (Some((path, _)), Some(from)) = (origin(change), from)
                && by_path.get(&path) == Some(from)
            {
                by_path.remove(&path);
            }
        }
        for (change, from) in past_commit.changes.iter().zip(leaving) {
            if change.new.is_none() && regrouped.values().any(|left| *left == change.path) {
                continue;
            }
            let regular = |file: &PastFile| file.kind == FileKind::Regular;
            let blob = change.new.as_ref().filter(|file| regular(file)).map(|file| file.id);
            let lineage = from.or_else(|| by_path.get(&change.path).copied()).unwrap_or_else(|| {
                all.push(Lineage { number: all.len(), ..Lineage::default() });
                all.len() - 1
            });
            let kin = kin_of(change, lineage, &all, &ever);
            if let Some(other) = by_path.insert(Arc::clone(&change.path), lineage).filter(|other| *other != lineage) {
                // Another branch put a file of its own there: it goes where this one comes.
                end(&mut all, other, commit);
            }
            let stood_there = ever.entry(Arc::clone(&change.path)).or_default();
            if !stood_there.contains(&lineage) {
                stood_there.push(lineage);
            }
            let moved = origin(change).map(|(from, same)| (places.place(&from), same));
            let (path, above) = (Arc::clone(&change.path), places.above(&change.path));
            let version = Version { commit, path, place: places.place(&change.path), above, blob, moved };
            if let Some(lineage) = all.get_mut(lineage) {
                lineage.versions.push(version);
                lineage.kin.extend(kin);
            }
        }
    }
    all.retain(|lineage| lineage.home().is_some());
    all
}

/// Files that changed so much, as their dossier moved to another group, that they do not look moved: by what they became,
/// what they were. A dossier is the one of its name, and so are the files in it.
fn regrouped(changes: &[PastChange], places: &Places) -> HashMap<Arc<str>, Arc<str>> {
    let alone = || changes.iter().filter(|change| change.moved.is_none());
    let gone = alone().filter(|change| change.new.is_none());
    let gone: HashMap<Place, Arc<str>> =
        gone.map(|change| (places.place(&change.path), Arc::clone(&change.path))).collect();
    if gone.is_empty() {
        return HashMap::new();
    }
    let came = alone().filter(|change| change.old.is_none());
    let pairs = came.filter_map(|change| {
        let from = gone.get(&places.place(&change.path))?;
        Some((Arc::clone(&change.path), Arc::clone(from)))
    });
    pairs.collect()
}

/// Another file that a change belongs to as well: on the branch of the commit it still had the name under which it is
/// changed there, while another branch had renamed it, or had put a file of its own in its place.
fn kin_of(change: &PastChange, lineage: usize, all: &[Lineage], ever: &HashMap<Arc<str>, Vec<usize>>) -> Option<usize> {
    let path = change.moved.as_ref().map_or(&change.path, |moved| &moved.from);
    let old = change.old.as_ref()?.id;
    let held = |other: &usize| {
        let versions = all.get(*other).map(|other| other.versions.as_slice()).unwrap_or_default();
        versions.iter().any(|version| version.path == *path && version.blob == Some(old))
    };
    let stood_there = ever.get(path)?;
    if held(&lineage) {
        return None;
    }
    stood_there.iter().copied().rev().filter(|other| *other != lineage).find(held)
}

fn end(all: &mut [Lineage], number: usize, commit: usize) {
    if let Some(lineage) = all.get_mut(number)
        && let Some(last) = lineage.versions.last().filter(|last| last.blob.is_some()).cloned()
    {
        lineage.versions.push(Version { commit, blob: None, moved: None, ..last });
    }
}
