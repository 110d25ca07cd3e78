//! What is reckoned from what an archive holds: what is due, what is missing, what a dossier costs and brings. Every
//! result is held under all that was read for it, absences included; its open version reads open input only.

mod tier;

pub use tier::{Graded, tier_of};
