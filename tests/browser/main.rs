//! The built site in a real browser: Debian's Chromium, and Firefox for a part, driven as a person would use them.
//!
//! Each test starts a browser of its own with an empty profile. The site is built once, from a copy of the example
//! archive. `STRONGROOM_CHROMIUM` names another browser, `STRONGROOM_SHOTS` a folder for screenshots.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accessibility;
mod attachments;
mod bundles;
mod consult;
mod credit;
mod dossier;
mod due;
mod example;
mod fault_search;
mod files;
mod firefox;
mod fleet;
mod history;
mod languages;
mod links;
mod locking;
mod long_tables;
mod making_a_key;
mod many;
mod narrow;
mod print;
mod quiet;
mod reading;
mod refusals;
mod rows;
mod searching;
mod standing;
mod sums;
mod tab;
mod unlocking;
mod viewer;
