//! What a commit says of itself, whatever stands around it.

use super::gap::Gap;
use super::{PastChange, PastCommit};
use crate::repository::id::ContentId;

/// One commit before its place in the past is known. It depends on nothing but the commit and the objects that are
/// there: without a gap it is the same for ever, so it can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastEntry {
    /// The commit. The changes of a merge are not settled yet: they say what each path that differs from one of the
    /// parents came to, and not what it was.
    pub commit: PastCommit,
    /// What could not be found out.
    pub gaps: Vec<Gap>,
}

impl PastEntry {
    /// Whether it has several parents, so that its changes have to be settled.
    pub(super) fn is_merge(&self) -> bool {
        self.commit.parents.len() > 1
    }
}

/// What the parents of a merge leave in question: each path that differs from one of them, once. `changes` are sorted
/// by path.
pub(super) fn make_questions(changes: &mut Vec<PastChange>) {
    changes.dedup_by(|later, first| later.path == first.path);
    for change in changes {
        change.old = None;
    }
}

/// A commit whose trees have yet to be compared.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) entry: PastEntry,
    pub(super) tree: ContentId,
    /// The trees of those parents that are there.
    pub(super) parents: Vec<ContentId>,
}
