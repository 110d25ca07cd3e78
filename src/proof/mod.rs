//! What lets others check without trust what was published: the list of a site's files, the log of all publishings, and
//! how a copy of either is held against it.
//!
//! Nothing here makes a site or reads an archive. The room is given files, digests and keys, and gives back texts to
//! sign, and findings. All that it reads back may come from somebody hostile: it is read strictly, within limits, and
//! nothing that it names is ever opened by that name.

mod checkpoint;
mod copy;
mod der;
mod digest;
mod entry;
mod log;
mod log_check;
mod manifest;
mod merkle;
mod publishing;
mod site_check;
mod timestamp;
mod tree;

pub use checkpoint::{Checkpoint, Note};
pub use copy::{CopyError, SiteCopy};
pub use digest::Digest;
pub use entry::Entry;
pub use log::{Head, LOG_BROKEN, LOG_CUT, LOG_UNFINISHED, Log, checkpoint_file, entry_file};
pub use log_check::{LOG_FORKED, Signed, TIMESTAMP_REFUSED, check_kept, check_log, place_of};
pub use manifest::{MANIFEST, MANIFEST_SIGNATURE, Manifest, SiteFacts};
pub use merkle::{leaf, root_along, root_by, way};
pub use publishing::{LogError, Published, Publishing, append};
pub use site_check::{
    MANIFEST_BROKEN, MANIFEST_MISSING, MANIFEST_UNSIGNED, SIGNATURE_REFUSED, SITE_FILE_CHANGED, SITE_FILE_MISSING,
    SITE_FILE_ODD, SITE_FILE_UNKNOWN, SiteReport, check_site, judged,
};
pub use timestamp::{Stamp, request};
pub use tree::{Known, tree_digest};
