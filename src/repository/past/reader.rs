//! A repository that is open for reading its past, all of it or what is new.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use git2::Repository;

use super::entry::PastEntry;
use super::gap::Gap;
use super::objects::Pool;
use super::walk::Source;
use super::{Past, order, settle};
use crate::repository::commit::resolve;
use crate::repository::error::OpenError;
use crate::repository::id::ContentId;
use crate::repository::listing::find_folder;
use crate::repository::locate::{Located, locate};

/// A repository that is open for reading the past of one of its commits. Opening it reads next to nothing.
///
/// Whoever keeps entries from one time to the next asks for [`all`](Self::all) of them once, later for those
/// [`since`](Self::since) the commit at which that was, and puts them together with [`past`](Self::past).
pub struct PastReader {
    tip: ContentId,
    folder: String,
    shallow: HashSet<ContentId>,
    pool: Pool,
}

impl PastReader {
    /// Opens a repository. `path`, `folder` and `revision` are those of [`open_commit`](crate::repository::open_commit).
    ///
    /// # Errors
    /// Where the repository or the commit cannot be opened.
    pub fn open(path: &Path, folder: Option<&str>, revision: Option<&str>) -> Result<Self, OpenError> {
        let Located { repository, folder } = locate(path, folder)?;
        let pool = Pool::of(&repository)?;
        let tip = pool.with(|objects| {
            let (facts, root) = resolve(&repository, objects, revision)?;
            match find_folder(objects, root, &folder)? {
                Some(_) => Ok(facts.id),
                None => Err(OpenError::NoSuchFolder { folder: folder.clone(), commit: facts.id }),
            }
        })??;
        Ok(Self { tip, folder, shallow: shallow_commits(&repository), pool })
    }

    /// The commit whose past it is.
    pub fn tip(&self) -> ContentId {
        self.tip
    }

    /// The archive's folder inside the repository, with slashes; empty where they are one.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The commits at which the repository ends because it is a shallow clone.
    pub fn boundary(&self) -> BTreeSet<ContentId> {
        self.shallow.iter().copied().collect()
    }

    /// All commits that lead to the tip, in no order that means anything.
    ///
    /// # Errors
    /// Where the tip cannot be read, or there is more than any archive has.
    pub fn all(&self) -> Result<Vec<PastEntry>, OpenError> {
        self.source().walk(self.tip, None).map(|walked| walked.entries)
    }

    /// The commits that lead to the tip and not to `known`, in no order that means anything; `None` where `known` does
    /// not lead to the tip. Where clocks ran backwards, some that do lead to `known` may be among them.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn since(&self, known: ContentId) -> Result<Option<Vec<PastEntry>>, OpenError> {
        self.source().walk(self.tip, Some(known)).map(|walked| walked.reached.then_some(walked.entries))
    }

    /// These commits and no others.
    ///
    /// # Errors
    /// Where one of them cannot be read, or they change more than any archive has.
    pub fn only(&self, commits: &[ContentId]) -> Result<Vec<PastEntry>, OpenError> {
        self.source().only(commits)
    }

    /// The past as if the tip had followed another commit with nothing between them: what the one holds, and what the
    /// other holds otherwise. Signatures and messages are those of the two.
    ///
    /// # Errors
    /// Where one of them cannot be read, or holds more than any archive has.
    pub fn net(self, from: ContentId) -> Result<Past, OpenError> {
        let entries = if from == self.tip { self.only(&[from])? } else { self.source().between(from, self.tip)? };
        Ok(self.past(entries))
    }

    /// The past that all commits that lead to the tip come to. They may stand in any order, and some of them twice.
    pub fn past(self, entries: Vec<PastEntry>) -> Past {
        let Self { tip, folder, pool, .. } = self;
        // Of commits and folders nothing is read any more, of files' contents something everywhere.
        pool.rest();
        let (mut entries, broken) = in_order(entries);
        settle::settle(&mut entries);
        let mut told = HashSet::new();
        let mut gaps: Vec<_> = broken.map(|commit| Gap::Cycle { commit }).into_iter().collect();
        let mut commits = Vec::with_capacity(entries.len());
        for PastEntry { commit, gaps: found } in entries {
            gaps.extend(found.into_iter().filter(|gap| told.insert(gap.subject())));
            commits.push(commit);
        }
        Past { tip, folder, commits, gaps, pool }
    }

    fn source(&self) -> Source<'_> {
        Source { pool: &self.pool, shallow: &self.shallow }
    }
}

fn in_order(mut entries: Vec<PastEntry>) -> (Vec<PastEntry>, Option<ContentId>) {
    let mut met = HashSet::with_capacity(entries.len());
    entries.retain(|entry| met.insert(entry.commit.id));
    drop(met);
    let nodes: Vec<_> = entries
        .iter()
        .map(|PastEntry { commit, .. }| order::Node {
            id: commit.id,
            time: commit.committed.seconds,
            parents: &commit.parents,
        })
        .collect();
    let (order, broken) = order::order(&nodes);
    let broken = broken.map(|at| nodes[at].id);
    let mut entries: Vec<_> = entries.into_iter().map(Some).collect();
    let in_order = order.into_iter().filter_map(|at| entries[at].take()).collect();
    (in_order, broken)
}

/// The commits at which a shallow clone ends.
fn shallow_commits(repository: &Repository) -> HashSet<ContentId> {
    let text = std::fs::read_to_string(repository.commondir().join("shallow")).unwrap_or_default();
    text.lines().filter_map(|line| ContentId::parse(line.trim())).collect()
}
