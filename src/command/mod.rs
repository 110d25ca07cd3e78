//! The commands: one file each, with its arguments and its `run`; beside them what they share.
//!
//! A command is handed a [`Desk`] and gives back an [`Outcome`], or a [`Failure`] with a remedy; what becomes of them
//! is `main`'s affair. Commands speak to archivists, who have the repository and may see everything in it: those that
//! name restricted parts say so at their head.

mod access;
mod access_json;
mod access_past;
mod access_past_json;
mod access_past_words;
mod access_version;
mod access_words;
mod build;
mod change_rows;
mod check;
mod closing;
mod desk;
mod diff;
mod diff_words;
mod dispose;
mod dispose_files;
mod due;
mod editions;
mod erase;
mod erase_report;
mod erased_items;
mod evidence;
mod evidence_papers;
mod evidence_rows;
mod export;
mod history;
mod history_words;
mod hook;
mod import;
mod init;
mod inspecting;
mod key;
mod key_renewal;
mod measuring;
mod new;
mod new_reader;
mod next_steps;
mod open;
mod opening_words;
mod past;
mod placing;
mod schema;
mod serve;
mod signing;
mod source;
mod template;
mod verify;
mod verify_bag;
mod verify_log;
mod with;
mod writing;

pub use access::Access;
pub use build::Build;
pub use check::Check;
pub use desk::{Desk, Failure, Format, Outcome};
pub use diff::Diff;
pub use dispose::Dispose;
pub use due::DueList;
pub use erase::Erase;
pub use evidence::Evidence;
pub use export::Export;
pub use history::HistoryOf;
pub use import::ImportOf;
pub use init::Init;
pub use key::Key;
pub use new::New;
pub use open::Open;
pub use schema::SchemaOf;
pub use serve::Serve;
pub use signing::signing_key;
pub use source::ArchiveSource;
pub use verify::Verify;
