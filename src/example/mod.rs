//! The example archive with a past: `archive/` as it is built into the program, and the commits that led to it.
//!
//! The past is data ([`past/`](past/README.md)): people, and commits from the first to the last. It is told backwards.
//! The files of `archive/` are the last state; each commit says what stood there before it, and undoing one after the
//! other leads to the first. So the last state cannot drift from `archive/`, and where a text that a commit claims to
//! have written is no longer there, the example is refused and a test says which commit and which text.

#[cfg(test)]
mod case_tests;
mod edit;
mod embedded;
mod past;
mod script;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod told_tests;
#[cfg(test)]
mod walk_tests;

pub use past::Example;
pub use script::ScriptError;
