//! Promises 1 and 2 under attack: canaries in every restricted place, and exactly what each key opens.
//!
//! What each reader may read is written down by hand beside each canary; nothing of the code under test computes it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod canary;
mod counts;
mod credit;
mod dashboards;
mod diff;
mod due;
mod evidence;
mod export;
mod feed_parts;
mod fire;
mod fixture;
mod forge;
mod gate;
mod grids;
mod houses;
mod long_tables;
mod namings;
mod office;
mod opening;
mod openings;
mod past;
mod past_attack;
mod past_beside;
mod past_branches;
mod past_dossiers;
mod past_files;
mod past_gate;
mod past_names;
mod past_rows;
mod places;
mod preview;
mod random;
mod readership;
mod retention;
mod rivals;
mod same;
mod search;
mod series;
mod thumbnails;
mod traces;
mod tricks;
mod unpack;
