//! A snapshot of files becomes an archive: settings, readers, types, dossiers, and all findings about them.

mod addressing;
#[allow(clippy::module_inception)]
mod archive;
mod around;
mod attached;
mod calendar;
mod claiming;
mod corpus;
mod difference;
mod dossier_reading;
mod folders;
mod forge;
mod grid;
mod guards;
mod holding;
mod known;
mod naming;
mod readable;
mod readers;
mod references;
mod rules;
mod series_reading;
mod settings;
mod tier;
mod types;

pub use addressing::is_reader;
pub use archive::{Archive, Reading};
pub use attached::{Attached, AttachedFile, resolve};
pub use calendar::Calendar;
pub use claiming::is_file_link;
pub use corpus::{Corpus, Passage, SHORTEST};
pub use difference::{Change, Difference, Gain, Moved, Widening};
pub use forge::{Forge, Template, encoded};
pub use grid::{Grid, GridRow, Piece, Reach};
pub use guards::Guards;
pub use known::Known;
pub use naming::Naming;
pub use readable::{Because, Cause, Part, Readable};
pub use readers::KEYS as READER_KEYS;
pub use references::{Names, Target, called};
pub use rules::{PastReading, Rules};
pub use settings::{CheckSaid, KEYS as SETTINGS_KEYS, SETTINGS, Settings};
pub use tier::{Fit, Tier, fit};
pub use types::Types;
