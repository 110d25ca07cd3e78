//! What a history does not know, said instead of failing.

use std::fmt;

use crate::repository::error::ObjectFault;
use crate::repository::id::ContentId;
use crate::repository::name::Problem;

/// Something that the history of an archive lacks. The rest of it is as good as ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The clone is a shallow one and ends here: what was before this commit is elsewhere, and all files that the
    /// commit holds count as added by it.
    Shallow {
        /// The oldest commit that is there.
        commit: ContentId,
    },
    /// The repository does not have an object that it should have.
    Missing {
        /// The object.
        id: ContentId,
        /// What it is, in words.
        what: String,
    },
    /// An object is there and cannot be used.
    Damaged {
        /// The object.
        id: ContentId,
        /// What it is, in words.
        what: String,
        /// What is wrong with it.
        fault: ObjectFault,
    },
    /// A commit holds something under a name that cannot be a path; it is left out wherever it stands.
    Name {
        /// The first commit that holds it.
        commit: ContentId,
        /// What and why.
        problem: Problem,
    },
    /// A commit changes more than any archive has; nothing of what it changes is known.
    TooMany {
        /// The commit.
        commit: ContentId,
        /// How many files and folders are looked at.
        limit: usize,
    },
    /// Commits that are one another's ancestors, which only a forged repository has; they stand by date.
    Cycle {
        /// One of them.
        commit: ContentId,
    },
}

impl Gap {
    /// The gap that an object leaves.
    pub(super) fn object(id: ContentId, what: impl Into<String>, fault: ObjectFault) -> Self {
        match fault {
            ObjectFault::Missing => Self::Missing { id, what: what.into() },
            fault => Self::Damaged { id, what: what.into(), fault },
        }
    }

    /// The gap in words without any name of a file or folder: names are content, and those of the past may be
    /// restricted.
    #[must_use]
    pub fn nameless(&self) -> String {
        match self {
            Self::Missing { id, .. } => format!("object {id} is missing from the repository"),
            Self::Damaged { id, fault, .. } => format!("object {id} {fault}"),
            Self::Name { commit, .. } => {
                format!("commit {commit} holds a file under a name that cannot be a path, which is left out")
            }
            Self::Shallow { .. } | Self::TooMany { .. } | Self::Cycle { .. } => self.to_string(),
        }
    }

    /// What it is about, so that it is told once and not for every commit that meets it.
    pub(super) fn subject(&self) -> String {
        match self {
            Self::Missing { id, .. } | Self::Damaged { id, .. } => id.to_string(),
            Self::Name { problem, .. } => format!("{} {}", problem.path, problem.what),
            Self::Shallow { .. } | Self::TooMany { .. } | Self::Cycle { .. } => self.to_string(),
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shallow { commit } => write!(
                out,
                "this clone is shallow: what was before commit {commit} is not in it, and all files of that commit \
                 count as added by it"
            ),
            Self::Missing { id, what } => write!(out, "{what} (object {id}) is missing from the repository"),
            Self::Damaged { id, what, fault } => write!(out, "{what} (object {id}) {fault}"),
            Self::Name { commit, problem } => {
                write!(out, "commit {commit} holds `{}`, which is left out: {}", problem.path, problem.what)
            }
            Self::TooMany { commit, limit } => {
                write!(out, "commit {commit} changes more than {limit} files and folders; what it changes is left out")
            }
            Self::Cycle { commit } => write!(out, "commit {commit} is its own ancestor: the repository is forged"),
        }
    }
}
