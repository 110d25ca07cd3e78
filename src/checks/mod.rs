//! What an archivist should be told of an archive that reads without a mistake: doubles, gaps, contradictions between
//! records, personal data in open text. Each check is one file with its codes; they speak to archivists alone.

mod abstracts;
mod acknowledgements;
mod all;
mod approvals;
mod beside;
mod case;
mod competitors;
mod contracts;
mod credit;
mod customers;
mod disposals;
mod disputed;
mod fault_cases;
mod fields;
#[cfg(test)]
mod fixture;
mod four_eyes;
#[cfg(test)]
mod four_eyes_tests;
mod guarded_past;
#[cfg(test)]
mod guarded_tests;
mod held_content;
mod hold_claims;
mod hold_doc;
mod holding;
mod holds_past;
#[cfg(test)]
mod holds_tests;
mod inspections;
mod marked_words;
mod markings;
mod network;
mod notice;
mod numbers;
mod of_past;
mod office_due;
mod open_texts;
mod owners;
mod papers;
mod periods;
mod personal;
mod persons;
mod recurring;
mod reserved;
mod roles;
mod series;
mod signing;
mod starts;
mod tiers;
mod trainings;
mod unanswered;
mod undertakings;
mod unfinished;
mod vanished;

pub use all::{Check, UNKNOWN_CHECK, notices, run};
pub use case::{Case, OpenDossier};
pub use disposals::{DISPOSALS, Standing, below, disposed, standing};
pub use disputed::{Papers, disputed_contracts, papers_of};
pub use holding::Holds;
pub use holds_past::{HELD_CHANGED, HOLD_VIOLATED};
pub use notice::Notice;
pub use of_past::of_past;
pub use reserved::{RESERVED_CHANGE, SIGNERS_UNSEEN};
pub use vanished::{RECORD_VANISHED, is_root, leaving, shown, vanished};
