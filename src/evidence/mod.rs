//! Evidence bags: what an archive holds of some dossiers, and held, in a form that anybody can check without the archive
//! and without this program (BagIt, RFC 8493, with an RO-Crate); and the check of such a bag, which needs nothing but the
//! bag.
//!
//! What a bag holds is judged as an export and a history are: by what its reader holds. Git's own objects go in only where
//! all that they name may be read.

mod bag;
mod blocks;
mod container;
mod content;
mod crate_metadata;
mod gathering;
mod leaving_out;
mod note;
mod note_steps;
mod objects;
mod opened;
mod sheet;
mod verify;
mod verify_git;
mod view;
mod whole;
mod witness;

pub use bag::{NAMESPACE, SIGNATURE};
pub use container::{Form, WriteError, write};
pub use gathering::{Gathered, Order, Then, Told, gather};
pub use note::GitForm;
pub use objects::{Objects, ToldCommit, all_open, leading_to, signed, signers_file};
pub use opened::{Opened, is_bag, open};
pub use verify::{Checked, Trusted, verify};
pub use witness::Witness;
