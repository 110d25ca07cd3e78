//! Who may read what: audiences, the clearances made of them, and values that carry their clearance with them.
//!
//! The heart of the house. Restricted content travels upwards only inside a [`Held`] or on a [`Shelf`]: neither shows
//! its value, its title or its number, and the door in `site` is the one place that lets go of it.

mod audience;
mod clearance;
mod held;
mod reader;
mod shelf;

pub use audience::{Audience, Audiences, EMPTY_AUDIENCE, STAFF_WITH_OTHERS, UNKNOWN_AUDIENCE, nobody};
pub use clearance::{Clause, Clearance, STAFF};
pub use held::Held;
pub use reader::{Reader, Standing, Training};
pub use shelf::Shelf;
