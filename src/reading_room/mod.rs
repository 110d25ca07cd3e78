//! Where a site is read on this machine: the loopback server, what it can serve from, and the watcher that tells when
//! the archive changed.
//!
//! `serve` shows an archive, whose pages are made as they are asked for; `open` shows a bundle or a single file from
//! memory. No plaintext is written to disk, and nothing here knows what a page holds.

mod address;
mod files;
mod media;
mod panel;
mod reload;
mod sayings;
mod served;
mod server;
mod watcher;
mod zipped;

pub use files::{File, Files, OneFile, Swappable};
pub use reload::Reload;
pub use served::{EditionFiles, Nothing};
pub use server::{Options, Server, Stop};
pub use watcher::{Seen, Watcher, watch};
pub use zipped::{ZipError, ZipFiles};
