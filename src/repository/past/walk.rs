//! From one commit to all that lead to it.
//!
//! One thread follows the commits from child to parent, newest first; whichever threads are free compare their trees.

use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use git2::{ObjectType, Odb};

use super::commit_object::CommitObject;
use super::entry::{Entry, Task, questions};
use super::gap::Gap;
use super::moves;
use super::objects::{Paths, Pool, TreeCache};
use super::trees::Trees;
use crate::repository::commit::MAX_COMMIT;
use crate::repository::error::{ObjectFault, OpenError};
use crate::repository::id::ContentId;
use crate::repository::listing::Limits;
use crate::repository::object;

/// How many commits one thread takes at a time: enough to be worth it, few enough that all have some to do.
const BATCH: usize = 128;
/// How many changes a history may have in all: ten times those of the largest archive that is provided for.
const MOST_CHANGES: usize = 16_000_000;

/// Reads all commits that lead to `tip`, in no order that means anything.
pub(super) fn walk(pool: &Pool, shallow: &HashSet<ContentId>, tip: ContentId) -> Result<Vec<Entry>, OpenError> {
    let (cache, paths) = (TreeCache::new(), Paths::new());
    let done = Mutex::new(Ok(Vec::new()));
    let changes = AtomicUsize::new(0);
    let compare = |tasks: Vec<Task>| {
        let compared = pool.with(|objects| {
            let trees = Trees { objects, cache: &cache, paths: &paths, limits: Limits::ARCHIVE };
            tasks.into_iter().map(|task| compared(&trees, task, &changes)).collect::<Result<Vec<_>, _>>()
        });
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        match (&mut *done, compared.and_then(|entries| entries)) {
            (Ok(done), Ok(mut entries)) => done.append(&mut entries),
            (Ok(_), Err(error)) => *done = Err(error),
            (Err(_), _) => {}
        }
    };
    let walked = rayon::scope_fifo(|scope| {
        let compare = &compare;
        pool.with(|objects| {
            let mut walker = Walker { objects, shallow, seen: HashMap::new(), waiting: BinaryHeap::new() };
            walker.start(tip)?;
            let mut tasks = Vec::with_capacity(BATCH);
            for task in walker {
                tasks.push(task);
                if tasks.len() == BATCH {
                    let tasks = std::mem::replace(&mut tasks, Vec::with_capacity(BATCH));
                    scope.spawn_fifo(move |_| compare(tasks));
                }
            }
            scope.spawn_fifo(move |_| compare(tasks));
            Ok(())
        })
    });
    walked.and_then(|walked| walked)?;
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Compares the trees of one commit.
fn compared(trees: &Trees<'_>, task: Task, total: &AtomicUsize) -> Result<Entry, OpenError> {
    let Task { mut entry, tree, parents } = task;
    let (commit, gaps) = (entry.commit.id, &mut entry.gaps);
    let mut changes = if entry.commit.parents.len() > 1 {
        let parents = if parents.is_empty() { vec![None] } else { parents.into_iter().map(Some).collect() };
        questions(parents.into_iter().map(|parent| trees.changes(commit, parent, Some(tree), gaps)).collect())
    } else {
        let mut changes = trees.changes(commit, parents.first().copied(), Some(tree), gaps);
        moves::find_same(&mut changes);
        moves::find_similar(trees.objects, &mut changes, gaps);
        changes
    };
    changes.shrink_to_fit();
    entry.commit.changes = changes;
    let before = total.fetch_add(entry.commit.changes.len(), Ordering::Relaxed);
    if before.saturating_add(entry.commit.changes.len()) > MOST_CHANGES {
        return Err(OpenError::TooManyFiles { limit: MOST_CHANGES });
    }
    Ok(entry)
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
