//! A snapshot of files becomes an archive: settings, readers, types, dossiers, and all findings about them.

mod archive;
mod attached;
mod corpus;
mod dossier_reading;
mod readers;
mod references;
mod settings;
mod types;

pub use archive::{Archive, Reading};
pub use attached::{AttachedFile, Attached};
pub use corpus::{Corpus, Passage};
pub use settings::{Settings, Tier};
pub use types::Types;
