//! Who made a commit, and why: what its message says.
//!
//! Nothing here knows git. The room is given words, and whoever shows them decides who may read them.

mod message;
mod person;

pub use message::{Message, Trailer};
pub use person::Person;
