//! Strongroom: customer dossiers in git become a website in which each person reads exactly what they are cleared for.

pub mod clock;
pub mod entropy;
pub mod repository;
