//! A customer's dossier: its root record, and the records that lie in it.

#[allow(clippy::module_inception)]
mod dossier;

pub use dossier::{Dossier, REGISTERS};
