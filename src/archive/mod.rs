//! A snapshot of files becomes an archive: settings, readers, types, dossiers, and all findings about them.

#[allow(clippy::module_inception)]
mod archive;
mod attached;
mod corpus;
mod difference;
mod dossier_reading;
mod readable;
mod readers;
mod references;
mod settings;
mod types;

pub use archive::{Archive, Reading};
pub use attached::{Attached, AttachedFile, resolve};
pub use corpus::{Corpus, Passage};
pub use difference::{Change, Difference, Gain, Moved, Widening};
pub use dossier_reading::is_file_link;
pub use readable::{Because, Cause, Part, Readable};
pub use references::{Names, Target};
pub use settings::{SETTINGS, Settings, Tier};
pub use types::Types;
