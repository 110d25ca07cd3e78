//! The history of an archive: what is kept of it between builds.

mod kept;

pub use kept::{Kept, Misfit, Outcome};
