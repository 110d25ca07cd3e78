//! Strongroom: customer dossiers in git become a website in which each person reads exactly what they are cleared for.

pub mod access;
pub mod archive;
pub mod checks;
pub mod clock;
pub mod command;
pub mod dossier;
pub mod entropy;
pub mod evidence;
pub mod example;
pub mod exchange;
pub mod finding;
pub mod history;
pub mod page;
pub mod picture;
pub mod proof;
pub mod provenance;
pub mod readership;
pub mod reading_room;
pub mod reckoning;
pub mod record;
pub mod repository;
pub mod sealing;
pub mod search;
pub mod site;
pub mod terminal;
pub mod text;
