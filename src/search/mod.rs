//! Full-text search: what can be found, under which clearance, and how it lies on the disk so that a query reads little.
//!
//! [`documents`] says of each record what those may search who meet a clearance: everything of the record that this
//! clearance suffices for. So a word in a restricted field and one in an open field of the same record are found
//! together by whoever may read both, and the index of all staff knows nothing of the first. [`Index`] is made of the
//! documents of one clearance alone, and has numbers, shards and choices of its own: no index depends on what another
//! one holds.
//!
//! What becomes of the shards (open, or sealed for their clearance) is decided by the door.

mod choices;
mod document;
mod documents;
mod front;
mod index;
mod pinyin;
mod postings;
mod shard;
mod terms;

pub use document::{Document, Facet};
pub use documents::{documents, register_documents};
pub use index::{Batch, Index};
pub use shard::Shard;
pub use terms::terms_of;
