//! From an archive to a website: the plan of all its pages, the door that seals, the bundles, the last gate that
//! searches what would be published, and the swap that puts the finished site in the place of the one before.

mod bundle;
mod bundled_files;
mod bundled_page;
mod divided;
mod door;
mod drawings;
mod edition;
mod envelopes;
mod files;
mod frame;
pub mod gate;
mod hashing;
mod index_files;
mod keyrings;
mod last_gate;
mod layout;
mod opened;
mod plan;
mod preview;
mod publish;
mod state;
pub mod swap;
mod thumbnails;
mod vouching;

pub use door::{Built, CSP, Door, DoorError, Finished, Passed};
pub use drawings::Drawings;
pub use edition::{Edition, Material};
pub use last_gate::written_twice;
pub use preview::View;
pub use publish::{Order, PublishError, Published, Stage, publish};
pub use state::State;
pub use vouching::Vouching;
