//! Small pictures of scans and of first pages. The only room that knows how pictures are kept in files.
//!
//! What comes in may be anything that somebody put into an archive: a file that would unfold to gigabytes, one that is
//! cut off, one made to break who reads it. What comes out is a small JPEG that was drawn anew, with nothing of the file
//! but what it shows, or nothing at all: without a small picture a file is as good as before.

mod apart;
mod confined;
mod decode;
mod page;
mod thumbnail;

pub use apart::{begin, draw_by};
pub use thumbnail::{LARGEST_FILE, LARGEST_THUMBNAIL, LONGEST_EDGE, MAKING, beginning_of_a_picture, thumbnail};
