//! The history of an archive, by field: git's commits read as what they changed, each value under every clearance that
//! it ever had and under the one that it has now.

mod again;
mod attached;
mod branches;
mod companions;
mod courses;
mod epochs;
mod erasure;
mod files;
mod former;
mod gone;
mod held_files;
#[allow(clippy::module_inception)]
mod history;
mod items;
mod kept;
mod kin;
mod latest;
mod life;
mod lineage;
mod lists;
mod lost;
mod lots;
mod messages;
mod now;
mod openings;
mod piece;
mod pieces;
mod plain;
mod reached;
mod reading;
mod roots;
mod rows;
mod rulings;
mod sentences;
mod shown;
mod standing;
mod telling;
#[cfg(test)]
mod tests;
mod texts;
mod told;
mod version;

pub use branches::Branches;
pub use erasure::{Traces, traces};
pub use former::{Away, Renamed};
pub use gone::Gone;
pub use history::{Change, Commit, Course, History};
pub use kept::{Kept, Misfit, Outcome};
pub use latest::{Latest, What};
pub use life::Deed;
pub use lineage::{Place, Places};
pub use lists::{List, list_of};
pub use lost::{Lost, lost, lost_between};
pub use piece::Part;
pub use plain::{PlainChange, entries_in, of_file};
pub use reached::Reached;
pub use rulings::{Matter, Ruling};
pub use sentences::{Fate, Step, compare};
pub use shown::{Line, Shown, Text};
pub use texts::{PastText, Whence};
