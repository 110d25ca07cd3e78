//! What is wrong, and where: findings, the places they point at, and how both are said to people and to machines.
//!
//! Every room above hands findings upwards beside what it could still read, so that one run shows all of them. A room
//! names its own codes; this one knows none.

mod findings;
pub mod human;
pub mod json;
mod nearest;
mod place;
mod quoting;

pub use findings::{Code, Finding, Findings, Severity};
pub use nearest::nearest;
pub use place::{Excerpt, Place};
pub use quoting::{harmless, quote, withhold};
