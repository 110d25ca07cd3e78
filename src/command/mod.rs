//! The commands: one file each, with its arguments and its `run`; beside them what they share.
mod build;
mod desk;
mod open;
mod serve;
mod source;

pub use build::Build;
pub use desk::{Desk, Failure, Format, Outcome};
pub use open::Open;
pub use serve::Serve;
pub use source::ArchiveSource;
