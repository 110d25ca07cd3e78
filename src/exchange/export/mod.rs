//! What a reader may read, as data: records as JSON, the records of a type as a table with the mapping that brings them
//! in again, the register of dossiers as assets, and what is held about a person. What is left out is neither counted nor named.

mod about;
mod assets;
mod cells;
mod holding;
mod mapping;
mod markdown;
mod records;
mod selection;
mod sheet;

pub use about::About;
pub use assets::{asset_json, asset_table};
pub use holding::{Whom, holding};
pub use mapping::mapping_of;
pub use markdown::Texts;
pub use records::{Head, write_export, write_records};
pub use selection::Selection;
pub use sheet::Sheet;
