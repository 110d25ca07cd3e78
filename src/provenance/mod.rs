//! Who made a commit, and why: what its message says, and whether the archive knows the key that signed it. Who signed
//! a text that is no commit, too, and how one is signed.
//!
//! Nothing here knows git. The room is given a message, a signature and the bytes that were signed, and it gives back
//! words and a verdict. Whoever shows them decides who may read them.

#[cfg(test)]
mod fixture;
mod line;
mod message;
mod options;
mod pattern;
mod person;
mod sign;
mod signature;
mod signers;
mod signing;

pub use message::{Message, Trailer};
pub use person::Person;
pub use sign::{DemonstrationKey, demonstration_key, sign};
pub use signature::{Signed, Verdict, ed25519_key_of, verifies_bare};
pub use signers::{ALLOWED_SIGNERS, BROKEN_SIGNER, DOUBTFUL_SIGNER, IDLE_SIGNER, Signers};
pub use signing::{SigningKey, TEXT_NAMESPACE, UNFIT_SIGNING_KEY};
