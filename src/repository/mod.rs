//! The strongroom's door to git and to the disk: whatever the source, the floors above get one immutable [`Snapshot`]
//! of an archive's files.
//!
//! A snapshot comes from a commit ([`open_commit`]), from what is staged ([`open_index`]) or from the folder as it
//! lies on the disk ([`open_work_tree`]). Its files are known by path and by the id that git gives their bytes, so that
//! two snapshots can be compared whatever they came from ([`changed_paths`]). A [`Past`] has every commit that leads to
//! one, with the files that each changed. Names that could lead out of the archive never become paths: they are
//! reported as [`Problem`]s. Symbolic links are listed and never followed.
//!
//! Nothing else in the program uses git2 or walkdir, and nothing here starts the `git` program.

mod added;
mod beneath;
mod changes;
mod commit;
mod erasing;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod id;
mod index;
mod lfs;
mod line;
mod listing;
mod locate;
mod name;
mod object;
mod packing;
mod past;
#[cfg(test)]
pub(crate) mod random_fixture;
mod remembered;
mod setup;
mod snapshot;
mod stream;
mod tracked;
mod tree;
mod unpacking;
mod work_tree;
mod writing;

pub use added::Added;
pub use changes::{ChangedPath, changed_paths, changes_between};
pub use commit::{CommitFacts, Moment, open_commit};
pub use erasing::{Replacements, Rewritten, rewrite, tips};
pub use error::{ObjectFault, OpenError, ReadError};
pub use id::ContentId;
pub use index::open_index;
pub use lfs::{LfsFault, LfsStore, MalformedPointer, Pointer};
pub use line::{Line, Step};
pub use name::{Problem, Trouble};
pub use packing::{BUNDLED_BRANCH, Packed, Packer};
pub use past::{
    CommitSignature, Gap, HeldAt, Moved, Past, PastChange, PastCommit, PastEntry, PastFile, PastReader, Signatory,
};
pub use remembered::Remembered;
pub use setup::{head_exists, hooks_folder, init};
pub use snapshot::{FileEntry, FileKind, Origin, Snapshot};
pub use stream::Stream;
pub use unpacking::Unpacked;
pub use work_tree::{open_work_tree, open_work_tree_again};
pub use writing::{Files, NewCommit, Signer, Stamp, WritingError, write_history};
