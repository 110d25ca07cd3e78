//! Every commit that leads to one, with the files that each changed.
//!
//! A [`Past`] is read in one pass over the raw objects of a repository: [`walk`] follows the commits and [`trees`]
//! compares what they hold, [`moves`] pairs what is gone with what is new, [`order`] puts the commits into the one
//! order in which they are told, and [`settle`] finds what merges decided. What is missing, damaged or forged is a
//! [`Gap`] and never a failure.

mod commit_object;
mod differing;
mod entry;
mod gap;
mod held_at;
pub(super) mod moves;
mod objects;
mod order;
mod reader;
#[cfg(test)]
mod replay_tests;
mod settle;
#[cfg(test)]
mod tests;
mod trees;
mod walk;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use git2::ObjectType;

pub use self::entry::PastEntry;
pub use self::gap::Gap;
pub use self::held_at::HeldAt;
pub use self::reader::PastReader;

use self::objects::Pool;
use super::commit::Moment;
use super::error::{ObjectFault, OpenError, ReadError};
use super::id::ContentId;
use super::object;
use super::snapshot::FileKind;

/// Every commit that leads to one, with the files that each changed. Any number of threads may read from it at once.
pub struct Past {
    /// The commit that it leads to.
    pub tip: ContentId,
    /// The archive's folder inside the repository, with slashes; empty where they are one. The past itself is that of
    /// the whole repository, so that it is seen when a file comes into the archive from beside it.
    pub folder: String,
    /// The commits, oldest first: parents before children, and of those whose parents have been told the one with the
    /// earliest committer's time first, then the one with the smallest id. The order is a function of the commits.
    ///
    /// All changes, replayed in this order, arrive at the files of the tip, unless there are gaps.
    pub commits: Vec<PastCommit>,
    /// What is not known, each thing once, in the order of the commits.
    pub gaps: Vec<Gap>,
    pool: Pool,
}

/// One commit. Names, dates and messages are their author's claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCommit {
    /// Its id.
    pub id: ContentId,
    /// Its parents as it names them, each once, whether or not the repository has them.
    pub parents: Vec<ContentId>,
    /// Who wrote it.
    pub author: Signatory,
    /// When, by the author's clock.
    pub authored: Moment,
    /// Who put it into the repository.
    pub committer: Signatory,
    /// When, by the committer's clock.
    pub committed: Moment,
    /// The whole message as it stands, with its line ends. Bytes that are not UTF-8 are replaced.
    pub message: String,
    /// Its signature, unchecked.
    pub signature: Option<CommitSignature>,
    /// What it changed, sorted by path: against its parent, or against nothing where it has none. A merge has only
    /// what it settled: where its file is another than the one that the commits before it come to.
    pub changes: Vec<PastChange>,
}

/// A name and an address, as their bearer wrote them. Bytes that are not UTF-8 are replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signatory {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// The signature of a commit and what it was made over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitSignature {
    /// The value of the header `gpgsig`: an armored OpenPGP or SSH signature, lines parted by line feeds, without one
    /// at the end.
    pub armored: Vec<u8>,
    /// The bytes that were signed: the commit object without its signatures.
    pub signed: Vec<u8>,
}

/// A file that a commit changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastChange {
    /// The file's path in the repository, made of names that can be one.
    pub path: Arc<str>,
    /// What was there, or, of a file that moved, what was where it came from; `None` where it is new.
    pub old: Option<PastFile>,
    /// What is there now; `None` where it is gone.
    pub new: Option<PastFile>,
    /// Where the file came from. That it went from there is no change of its own.
    pub moved: Option<Moved>,
}

/// Where a file came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its path before, in the repository.
    pub from: Arc<str>,
    /// Whether its content is the same; otherwise half of its lines are, and that it moved is a guess.
    pub same: bool,
}

/// A file as it was at some commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PastFile {
    /// The id of its content.
    pub id: ContentId,
    /// What it is.
    pub kind: FileKind,
}

/// A commit by its object's bytes, of which nothing is known yet that it changed; `None` where they are none of one.
pub(super) fn commit_of(id: ContentId, bytes: &[u8]) -> Option<PastCommit> {
    commit_object::CommitObject::parse(id, bytes).map(|object| object.commit)
}

impl Past {
    /// Reads the past of an archive. `path`, `folder` and `revision` are those of
    /// [`open_commit`](super::open_commit).
    ///
    /// # Errors
    /// Where the repository or the commit cannot be opened, or there is more than any archive has. What is missing
    /// further back is a [`Gap`].
    pub fn read(path: &Path, folder: Option<&str>, revision: Option<&str>) -> Result<Self, OpenError> {
        let reader = PastReader::open(path, folder, revision)?;
        let entries = reader.all()?;
        Ok(reader.past(entries))
    }

    /// The size of a file's content in bytes.
    ///
    /// # Errors
    /// [`ReadError`] where the repository lacks the content.
    pub fn size(&self, id: ContentId) -> Result<u64, ReadError> {
        let size = self.pool.with(|objects| object::size(objects, id, ObjectType::Blob));
        let size = size.unwrap_or_else(|error| Err(ObjectFault::Unreadable(error.to_string())));
        size.map_err(|fault| ReadError::Object { id, fault })
    }

    /// The content of a file as it was, if it has at most `limit` bytes.
    ///
    /// # Errors
    /// [`ReadError`] where the repository lacks the content, or it is too large; nothing is read of it then.
    pub fn blob(&self, id: ContentId, limit: u64) -> Result<Vec<u8>, ReadError> {
        let read = self
            .pool
            .with(|objects| object::read(objects, id, ObjectType::Blob, limit).map(|object| object.data().to_vec()));
        let read = read.unwrap_or_else(|error| Err(ObjectFault::Unreadable(error.to_string())));
        read.map_err(|fault| match fault {
            ObjectFault::TooLarge { size, limit } => ReadError::TooLarge { size, limit },
            fault => ReadError::Object { id, fault },
        })
    }
}

impl fmt::Debug for Past {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Past")
            .field("tip", &self.tip)
            .field("folder", &self.folder)
            .field("commits", &self.commits.len())
            .field("gaps", &self.gaps)
            .finish_non_exhaustive()
    }
}
