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
mod fault_cases;
mod fields;
#[cfg(test)]
mod fixture;
mod inspections;
mod markings;
mod network;
mod notice;
mod numbers;
mod office_due;
mod owners;
mod papers;
mod periods;
mod personal;
mod persons;
mod recurring;
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
pub use notice::Notice;
pub use vanished::{RECORD_VANISHED, is_root, leaving, shown, vanished};
