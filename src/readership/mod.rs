//! Who could read what, on a day that has passed or between two: told from the archive's own commits, by the same
//! functions that make the keyrings of the present.
//!
//! What an archive published on a day is what the newest commit of its line then reads as ([`Publisher::on`]). Between
//! commits days count as well: openings come and trainings lapse without one. A [`Chronicle`] keeps
//! what every part asked over a time, and who belonged to what, and tells from both the spells in which somebody could
//! read ([`Spell`]), with what began and ended each.

mod chronicle;
mod names;
mod openers;
mod people;
mod published;
mod scope;
mod spells;
mod walk;
mod why;

pub use chronicle::{Asked, Chronicle, PartPast};
pub use names::RecordPast;
pub use openers::{Opener, audiences_of, can_open, is_present, openers, oversees, standing, suffices};
pub use people::{ClearancePast, Lasting};
pub use published::{Passed, Published, Publisher, Stood};
pub use scope::Scope;
pub use spells::{By, Spell};
pub use walk::Stretch;
pub use why::{Turn, Why};
