//! From one commit to all that lead to it.

use std::collections::{BinaryHeap, HashMap, HashSet};

use git2::{ObjectType, Odb};
use rayon::prelude::*;

use super::commit_object::CommitObject;
use super::entry::{PastEntry, Task, make_questions};
use super::gap::Gap;
use super::moves;
use super::objects::Pool;
use super::trees::{self, Most};
use crate::repository::commit::MAX_COMMIT;
use crate::repository::error::{ObjectFault, OpenError};
use crate::repository::id::ContentId;
use crate::repository::listing::Limits;
use crate::repository::object;

/// How much a history holds: ten times the changes of the largest archive that is provided for.
const MOST: Most = Most { commit: Limits::ARCHIVE, changes: 16_000_000 };

/// What is needed to read commits.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) pool: &'a Pool,
    /// The commits at which a shallow clone ends.
    pub(super) shallow: &'a HashSet<ContentId>,
}

/// Commits in no order that means anything.
pub(super) struct Walked {
    pub(super) entries: Vec<PastEntry>,
    /// Whether the commit that was to be reached is an ancestor.
    pub(super) reached: bool,
}

impl Source<'_> {
    /// Reads all commits that lead to `tip`, without those that lead to `known`. (Where clocks ran backwards, a few of
    /// the latter may be among them.) None at all where `known` is not reached.
    pub(super) fn walk(self, tip: ContentId, known: Option<ContentId>) -> Result<Walked, OpenError> {
        self.read(|walker| {
            walker.start(tip, known)?;
            Ok(walker.by_ref().collect())
        })
    }

    /// Reads these commits and no others.
    pub(super) fn only(self, ids: &[ContentId]) -> Result<Vec<PastEntry>, OpenError> {
        let walked = self.read(|walker| {
            let task = |id: &ContentId| walker.object(*id).map(|object| walker.task(object)).map_err(no_commit(*id));
            ids.iter().map(task).collect()
        })?;
        Ok(walked.entries)
    }

    /// Reads two commits as if one followed the other: the first with all that it holds, the second with what it holds
    /// otherwise, whatever lies between them.
    pub(super) fn between(self, from: ContentId, to: ContentId) -> Result<Vec<PastEntry>, OpenError> {
        let walked = self.read(|walker| {
            let task = |id: ContentId, parents: &[CommitObject]| {
                let mut object = walker.object(id).map_err(no_commit(id))?;
                object.commit.parents = parents.iter().map(|parent| parent.commit.id).collect();
                let task = Task {
                    entry: PastEntry { commit: object.commit.clone(), gaps: Vec::new() },
                    tree: object.tree,
                    parents: parents.iter().map(|parent| parent.tree).collect(),
                };
                Ok::<_, OpenError>((object, task))
            };
            let (first, first_task) = task(from, &[])?;
            let (_, second_task) = task(to, std::slice::from_ref(&first))?;
            Ok(vec![second_task, first_task])
        })?;
        Ok(walked.entries)
    }

    fn read(self, follow: impl FnOnce(&mut Walker<'_>) -> Result<Vec<Task>, OpenError>) -> Result<Walked, OpenError> {
        let (mut tasks, reached) = self.pool.with(|objects| {
            let mut walker = Walker::new(objects, self.shallow);
            let mut tasks = follow(&mut walker)?;
            if walker.target.is_some() && !walker.reached {
                return Ok((Vec::new(), false));
            }
            // libgit2 reads one object after the other, whatever the number of threads: its locks are too many.
            trees::compare(objects, &mut tasks, MOST)?;
            Ok((tasks, walker.reached))
        })??;
        tasks.par_iter_mut().try_for_each(|task| finish(self.pool, &mut task.entry))?;
        Ok(Walked { entries: tasks.into_iter().map(|task| task.entry).collect(), reached })
    }
}

/// What remains to be done when the trees of a commit have been compared.
fn finish(pool: &Pool, entry: &mut PastEntry) -> Result<(), OpenError> {
    let is_merge = entry.is_merge();
    let PastEntry { commit, gaps } = entry;
    let changes = &mut commit.changes;
    changes.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    if is_merge {
        make_questions(changes);
    } else {
        moves::find_same(changes);
        if moves::may_be_similar(changes) {
            pool.with(|objects| {
                moves::find_similar(changes, |file, path| moves::Lines::of(objects, file, path, gaps));
            })?;
        }
    }
    changes.shrink_to_fit();
    Ok(())
}

/// Follows commits from child to parent, newest first.
struct Walker<'a> {
    objects: &'a Odb<'a>,
    shallow: &'a HashSet<ContentId>,
    /// All commits that were met.
    seen: HashMap<ContentId, Seen>,
    waiting: BinaryHeap<Waiting>,
    /// The commit that is to be reached, if there is one, and whether it has been.
    target: Option<ContentId>,
    reached: bool,
    /// The target and those of its ancestors that were met. They are followed only to find more of them.
    known: HashSet<ContentId>,
    /// How many of those that wait are not known.
    wanted: usize,
}

/// A commit that was met.
struct Seen {
    /// Its tree, or why it cannot be had.
    tree: Result<ContentId, ObjectFault>,
    /// Whether its parents have yet to be met.
    waits: bool,
}

/// A commit that was read and whose parents were not. The newest goes first.
struct Waiting(CommitObject);

impl<'a> Walker<'a> {
    fn new(objects: &'a Odb<'a>, shallow: &'a HashSet<ContentId>) -> Self {
        let (seen, waiting, known) = (HashMap::new(), BinaryHeap::new(), HashSet::new());
        Self { objects, shallow, seen, waiting, target: None, reached: false, known, wanted: 0 }
    }

    fn start(&mut self, tip: ContentId, target: Option<ContentId>) -> Result<(), OpenError> {
        self.target = target;
        self.reached = target == Some(tip);
        if let Some(target) = target {
            self.knows(target);
        }
        self.meet(tip).map(|_| ()).map_err(no_commit(tip))
    }

    /// Reads a commit, unless that has been done, and says what its tree is.
    fn meet(&mut self, id: ContentId) -> Result<ContentId, ObjectFault> {
        if let Some(seen) = self.seen.get(&id) {
            return seen.tree.clone();
        }
        let object = self.object(id);
        let tree = object.as_ref().map(|object| object.tree).map_err(Clone::clone);
        let waits = object.is_ok();
        self.seen.insert(id, Seen { tree: tree.clone(), waits });
        self.waiting.extend(object.ok().map(Waiting));
        self.wanted += usize::from(waits && !self.known.contains(&id));
        tree
    }

    /// Counts a commit among those that lead to the target.
    fn knows(&mut self, id: ContentId) {
        if self.known.insert(id) && self.seen.get(&id).is_some_and(|seen| seen.waits) {
            self.wanted -= 1;
        }
        // One that cannot be had leads to no others.
        let _ = self.meet(id);
    }

    fn object(&self, id: ContentId) -> Result<CommitObject, ObjectFault> {
        let object = object::read(self.objects, id, ObjectType::Commit, MAX_COMMIT)?;
        CommitObject::parse(id, object.data()).ok_or_else(|| ObjectFault::Unreadable("it is malformed".into()))
    }

    /// What is to be done for a commit, whose parents are met.
    fn task(&mut self, CommitObject { commit, tree }: CommitObject) -> Task {
        let (mut parents, mut gaps) = (Vec::new(), Vec::new());
        if self.shallow.contains(&commit.id) {
            // Whether or not its parents happen to be there: git does not look behind this commit either.
            gaps.push(Gap::Shallow { commit: commit.id });
        } else {
            for parent in &commit.parents {
                self.reached |= self.target == Some(*parent);
                match self.meet(*parent) {
                    Ok(tree) => parents.push(tree),
                    Err(fault) => gaps.push(Gap::object(*parent, format!("the commit before {}", commit.id), fault)),
                }
            }
        }
        Task { entry: PastEntry { commit, gaps }, tree, parents }
    }
}

impl Iterator for Walker<'_> {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        while self.wanted > 0 {
            let Waiting(object) = self.waiting.pop()?;
            let id = object.commit.id;
            if let Some(seen) = self.seen.get_mut(&id) {
                seen.waits = false;
            }
            if !self.known.contains(&id) {
                self.wanted -= 1;
                return Some(self.task(object));
            }
            if !self.shallow.contains(&id) {
                object.commit.parents.iter().for_each(|parent| self.knows(*parent));
            }
        }
        None
    }
}

fn no_commit(id: ContentId) -> impl FnOnce(ObjectFault) -> OpenError {
    move |fault| OpenError::Object { id, what: "the commit".into(), fault }
}

impl Waiting {
    fn key(&self) -> (i64, ContentId) {
        (self.0.commit.committed.seconds, self.0.commit.id)
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Waiting {}
