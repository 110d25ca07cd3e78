//! From one commit to all that lead to it.

use std::collections::{BinaryHeap, HashMap, HashSet};

use git2::{ObjectType, Odb};
use rayon::prelude::*;

use super::commit_object::CommitObject;
use super::entry::{Entry, Task, make_questions};
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

/// Reads all commits that lead to `tip`, in no order that means anything.
pub(super) fn walk(pool: &Pool, shallow: &HashSet<ContentId>, tip: ContentId) -> Result<Vec<Entry>, OpenError> {
    let mut tasks = pool.with(|objects| {
        let mut walker = Walker { objects, shallow, seen: HashMap::new(), waiting: BinaryHeap::new() };
        walker.start(tip)?;
        let mut tasks: Vec<Task> = walker.collect();
        // libgit2 reads one object after the other, whatever the number of threads: its locks are too many.
        trees::compare(objects, &mut tasks, MOST)?;
        Ok(tasks)
    })??;
    tasks.par_iter_mut().try_for_each(|task| finish(pool, &mut task.entry))?;
    Ok(tasks.into_iter().map(|task| task.entry).collect())
}

/// What remains to be done when the trees of a commit have been compared.
fn finish(pool: &Pool, entry: &mut Entry) -> Result<(), OpenError> {
    let is_merge = entry.is_merge();
    let Entry { commit, gaps } = entry;
    let changes = &mut commit.changes;
    changes.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    if is_merge {
        make_questions(changes);
    } else {
        moves::find_same(changes);
        if moves::may_be_similar(changes) {
            pool.with(|objects| moves::find_similar(objects, changes, gaps))?;
        }
    }
    changes.shrink_to_fit();
    Ok(())
}

/// Follows commits from child to parent.
struct Walker<'a> {
    objects: &'a Odb<'static>,
    shallow: &'a HashSet<ContentId>,
    /// The trees of all commits that were met, or why a commit cannot be had.
    seen: HashMap<ContentId, Result<ContentId, ObjectFault>>,
    waiting: BinaryHeap<Waiting>,
}

/// A commit that was read and whose parents were not. The newest goes first.
struct Waiting(CommitObject);

impl Walker<'_> {
    fn start(&mut self, tip: ContentId) -> Result<(), OpenError> {
        self.meet(tip).map(|_| ()).map_err(|fault| OpenError::Object { id: tip, what: "the commit".into(), fault })
    }

    /// Reads a commit, unless that has been done, and says what its tree is.
    fn meet(&mut self, id: ContentId) -> Result<ContentId, ObjectFault> {
        if let Some(seen) = self.seen.get(&id) {
            return seen.clone();
        }
        let object = object::read(self.objects, id, ObjectType::Commit, MAX_COMMIT).and_then(|object| {
            CommitObject::parse(id, object.data()).ok_or_else(|| ObjectFault::Unreadable("it is malformed".into()))
        });
        let tree = object.as_ref().map(|object| object.tree).map_err(Clone::clone);
        if let Ok(object) = object {
            self.waiting.push(Waiting(object));
        }
        self.seen.insert(id, tree.clone());
        tree
    }
}

impl Iterator for Walker<'_> {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        let Waiting(CommitObject { commit, tree }) = self.waiting.pop()?;
        let id = commit.id;
        let (mut parents, mut gaps) = (Vec::new(), Vec::new());
        if self.shallow.contains(&id) {
            // Whether or not they happen to be there: git does not look behind this commit either.
            gaps.push(Gap::Shallow { commit: id });
        } else {
            for parent in &commit.parents {
                match self.meet(*parent) {
                    Ok(tree) => parents.push(tree),
                    Err(fault) => gaps.push(Gap::object(*parent, format!("the commit before {id}"), fault)),
                }
            }
        }
        Some(Task { entry: Entry { commit, gaps }, tree, parents })
    }
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
