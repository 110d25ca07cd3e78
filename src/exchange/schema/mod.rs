//! Schemas by which editors complete, explain and check an archive's files while they are written: JSON Schema, draft
//! 2020-12, made from the types. They say less than `check`, which alone decides what is right.

mod common;
mod modeline;
mod of_field;
mod of_type;
mod schemas;

pub use modeline::{modeline, modeline_of};
pub use schemas::{FOLDER, Known, MARK, Schema, schemas};
