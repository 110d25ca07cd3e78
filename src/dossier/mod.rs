//! A customer's dossier: its root record, and the records that lie in it.

#[allow(clippy::module_inception)]
mod dossier;
mod names;

pub use dossier::{Dossier, REGISTERS};
pub use names::{Compared, half_width, is_han};
