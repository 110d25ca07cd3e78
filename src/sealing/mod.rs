//! Sealing: what turns plaintext into files that only the right people open, and back.
//!
//! This room is the only one that knows age. Its neighbours hand it bytes and keys and get bytes; which content asks
//! for which clearance is decided above. Everything sealed here is an ordinary age file, so that a dossier stays
//! readable with the stock `age` and `rage` programs when Strongroom is long forgotten.
//!
//! - [`Identity`] and [`Recipient`] are the two halves of a key; [`SealingKey`] derives the pair of each clearance.
//! - [`seal`], [`open`] and their streaming siblings make and read envelopes; [`pack`] and [`padded_len`] hide lengths.
//! - [`seal_file`] and [`unseal_file`] are for attachments, [`Keyring`] for what a reader's key opens,
//!   [`wrap_identity`] for a key behind a passphrase.

mod envelope;
mod identity;
mod keyring;
mod letters;
mod opening;
mod packing;
mod padding;
mod passphrase;
mod reader_key;
mod sealed_file;
mod sealing_key;
mod secret;
mod unsealed_file;

pub use envelope::{Envelope, MAX_RECIPIENTS, SealError, SealWriter, reseal, seal, seal_armored, seal_stream};
pub use identity::{Identity, Recipient};
pub use keyring::{
    Keyring, KeyringEntry, KeyringError, Membership, SealedKeyring, Wording, keyring_name, passphrase_name,
};
pub use letters::letters;
pub use opening::{OpenError, OpenReader, is_armored, open, open_reader, open_stream};
pub use packing::{pack, packed};
pub use padding::{pad, padded_len};
pub use passphrase::{
    MOST_WORK, PassphraseError, WORK_FACTOR, make_passphrase, normalise_passphrase, unwrap_identity, wrap_identity,
    wrapped_work_factor,
};
pub use reader_key::{
    IdentityFileError, KeyRefusal, LooksLike, generate_identity, identity_file_text, parse_identities, parse_reader_key,
};
pub use sealed_file::{FileHead, SealFileError, same_content, seal_file, seal_file_to};
pub use sealing_key::{ClearanceKey, SealingKey, SealingKeyError};
pub use secret::{SecretBytes, SecretText};
pub use unsealed_file::{UnsealError, UnsealedFile, unseal_file};
