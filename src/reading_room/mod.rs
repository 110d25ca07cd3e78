//! Where a site is read on this machine: the loopback server, what it can serve from, and the watcher that tells when
//! the archive changed.
//!
//! `serve` shows a folder and rebuilds it; `open` shows a bundle or a single file from memory, so that no plaintext is
//! written to disk. Nothing here knows what a page holds.

mod address;
mod files;
mod folder;
mod media;
mod reload;
mod server;
mod watcher;
mod zipped;

pub use files::{File, Files, OneFile, Swappable};
pub use folder::FolderFiles;
pub use reload::Reload;
pub use server::{Options, Server, Stop};
pub use watcher::{Seen, Watcher, watch};
pub use zipped::{ZipError, ZipFiles};
