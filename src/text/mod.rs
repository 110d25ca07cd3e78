//! Text as people write it: bytes become text, YAML with places, front matter and Markdown divided by headings.
//!
//! Nothing here knows what a record is; everything here knows where in the file it stands.

mod appending;
mod encoding;
mod front_matter;
mod lookalike;
pub mod map;
pub mod markdown;
mod phrase;
mod scalar;
mod source;
pub mod yaml;

pub use appending::with_word;
pub use encoding::Encoding;
pub use front_matter::{Divided, UNCLOSED, divide};
pub use phrase::{NOT_TEXT, Phrase};
pub use scalar::{flow_scalar, scalar};
pub use source::{HIDDEN_CHARACTER, NOT_UTF8, Source};
