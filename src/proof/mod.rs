//! What lets others check without trust what was published: the list of a site's files, the log of all publishings, and
//! how a copy of either is held against it.
//!
//! Nothing here makes a site or reads an archive. The room is given files, digests and keys, and gives back texts to
//! sign, and findings. All that it reads back may come from somebody hostile: it is read strictly, within limits, and
//! nothing that it names is ever opened by that name.

mod copy;
mod digest;
mod manifest;
mod site_check;

pub use copy::{CopyError, SiteCopy};
pub use digest::Digest;
pub use manifest::{MANIFEST, MANIFEST_SIGNATURE, Manifest, SiteFacts};
pub use site_check::{
    MANIFEST_BROKEN, MANIFEST_MISSING, MANIFEST_UNSIGNED, SIGNATURE_REFUSED, SITE_FILE_CHANGED, SITE_FILE_MISSING,
    SITE_FILE_ODD, SITE_FILE_UNKNOWN, SiteReport, check_site, judged,
};
