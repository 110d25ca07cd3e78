//! From an archive to a website: here stand the last gate, which searches what would be published for restricted text,
//! and the swap, which puts the finished site in the place of the one before.

pub mod gate;
pub mod swap;
