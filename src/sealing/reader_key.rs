//! Readers' keys: the public ones that stand in the archive, and the identity files that readers keep.

use std::fmt;

use zeroize::Zeroizing;

use super::{Identity, Recipient, SecretText};
use crate::entropy;

/// Why a text cannot be a reader's key. None of the messages repeats the text, which may be a secret in the wrong
/// place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRefusal {
    /// An SSH key: age itself would take it, a browser cannot.
    Ssh,
    /// A post-quantum key (`age1pq1…`), for which the parts cannot be trusted yet.
    PostQuantum,
    /// The key of a plugin or of hardware (`age1NAME1…`): it cannot unlock a page.
    Plugin,
    /// A private key, where only the public one may stand.
    Private,
    /// The beginning of an age key, with a slip in it, or a key that protects nothing.
    Damaged,
    /// Anything else.
    Unknown,
}

impl fmt::Display for KeyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ssh => "this is an SSH key, which a browser cannot use; let the reader make an age key (age1…)",
            Self::PostQuantum => {
                "this is a post-quantum key, which this version cannot seal to yet; let the reader make an X25519 key \
                 (age1… with 62 characters)"
            }
            Self::Plugin => "this is the key of a plugin or of hardware, which cannot unlock pages",
            Self::Private => {
                "this is a private key: whoever has seen it can read what its owner reads. Remove it, let the reader \
                 make a new key, and put the public one (age1…) here"
            }
            Self::Damaged => "this key is not whole: its checksum does not fit, or it protects nothing",
            Self::Unknown => "this is not an age key (age1…)",
        })
    }
}

impl std::error::Error for KeyRefusal {}

/// Reads a reader's public key as it stands in the archive; white space around it is ignored.
///
/// # Errors
/// [`KeyRefusal`] says what kind of text stands there instead.
pub fn parse_reader_key(text: &str) -> Result<Recipient, KeyRefusal> {
    let text = text.trim();
    if let Some(recipient) = Recipient::parse(text) {
        return Ok(recipient);
    }
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    Err(if lower.contains("age-secret-key-") || lower.contains("age-plugin-") || lower.contains("private key") {
        KeyRefusal::Private
    } else if ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"].iter().any(|start| lower.starts_with(start)) {
        KeyRefusal::Ssh
    } else if lower.starts_with("age1pq1") {
        KeyRefusal::PostQuantum
    } else if let Some(rest) = lower.strip_prefix("age1") {
        // The data part of Bech32 has no `1`, so a second one ends the name of a plugin.
        if rest.contains('1') { KeyRefusal::Plugin } else { KeyRefusal::Damaged }
    } else {
        KeyRefusal::Unknown
    })
}

/// Why the text of an identity file gives no identities. The line is counted from 1; its content is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityFileError {
    /// Nothing but comments and blank lines.
    NoIdentity,
    /// A line that is no `AGE-SECRET-KEY-1…`.
    BadLine {
        /// Which line, from 1.
        line: usize,
        /// What it looks like.
        looks: LooksLike,
    },
}

/// What a line that should hold an identity looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LooksLike {
    /// A public key (`age1…`).
    PublicKey,
    /// A plugin's or a post-quantum identity.
    OtherIdentity,
    /// An age file that a passphrase opens.
    Sealed,
    /// An identity with a slip in it.
    DamagedIdentity,
    /// Anything else.
    Unknown,
}

impl fmt::Display for IdentityFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::BadLine { line, looks } = self else {
            return f.write_str("there is no key here: a line that begins with AGE-SECRET-KEY-1 is missing");
        };
        write!(f, "line {line} ")?;
        f.write_str(match looks {
            LooksLike::PublicKey => "is a public key (age1…); the private one begins with AGE-SECRET-KEY-1",
            LooksLike::OtherIdentity => "is a key of a kind that this version cannot use",
            LooksLike::Sealed => "begins a sealed file: this key is behind a passphrase",
            LooksLike::DamagedIdentity => "begins like a key, but is not whole: its checksum does not fit",
            LooksLike::Unknown => "is no key; one begins with AGE-SECRET-KEY-1",
        })
    }
}

impl std::error::Error for IdentityFileError {}

/// Reads the identities from an identity file's text, or from text that was pasted: one a line; blank lines, comments
/// (`#`), white space around a line and a byte-order mark are ignored.
///
/// # Errors
/// At the first line that is something else, or when there is no identity.
pub fn parse_identities(text: &str) -> Result<Vec<Identity>, IdentityFileError> {
    let mut identities = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let identity = Identity::parse(line);
        identities
            .push(identity.ok_or_else(|| IdentityFileError::BadLine { line: index + 1, looks: looks_like(line) })?);
    }
    if identities.is_empty() { Err(IdentityFileError::NoIdentity) } else { Ok(identities) }
}

fn looks_like(line: &str) -> LooksLike {
    let lower = Zeroizing::new(line.to_ascii_lowercase());
    if lower.starts_with("age-secret-key-1") {
        LooksLike::DamagedIdentity
    } else if lower.starts_with("age-secret-key-") || lower.starts_with("age-plugin-") {
        LooksLike::OtherIdentity
    } else if lower.starts_with("-----begin age") || lower.starts_with("age-encryption.org/") {
        LooksLike::Sealed
    } else if lower.starts_with("age1") {
        LooksLike::PublicKey
    } else {
        LooksLike::Unknown
    }
}

/// Makes a new key for a reader.
///
/// # Errors
/// When the system has no random bytes.
pub fn generate_identity() -> Result<Identity, entropy::Error> {
    loop {
        let mut secret = Zeroizing::new([0; 32]);
        entropy::fill(secret.as_mut_slice())?;
        // Every 32 bytes make an identity, so the first draw does.
        if let Some(identity) = Identity::from_secret(&secret) {
            return Ok(identity);
        }
    }
}

/// The text of an identity file, as `age-keygen` writes it: when it was made, the public key, the private key.
///
/// `created` is the day or time to be named, in RFC 3339.
pub fn identity_file_text(identity: &Identity, created: &str) -> SecretText {
    let secret = identity.to_text();
    let recipient = identity.recipient();
    // A line end within `created` would put a line of its own into the file.
    let created = created.lines().next().unwrap_or_default();
    let length = secret.expose().len() + recipient.as_str().len() + created.len() + 40;
    let mut text = String::with_capacity(length);
    for part in ["# created: ", created, "\n# public key: ", recipient.as_str(), "\n", secret.expose(), "\n"] {
        text.push_str(part);
    }
    SecretText::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLUGIN: &str = "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t";

    #[test]
    fn a_public_key_is_read_with_white_space_around_it() {
        let recipient = generate_identity().unwrap().recipient();
        assert_eq!(parse_reader_key(&format!(" {recipient}\r\n")), Ok(recipient));
    }

    #[test]
    fn keys_that_cannot_be_used_are_refused_by_their_kind() {
        let identity = generate_identity().unwrap();
        let recipient = identity.recipient().to_string();
        let other = if &recipient[10..11] == "q" { "p" } else { "q" };
        let swapped = format!("{}{other}{}", &recipient[..10], &recipient[11..]);
        for (text, refusal) in [
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI li-wei", KeyRefusal::Ssh),
            ("ssh-rsa AAAA", KeyRefusal::Ssh),
            ("ecdsa-sha2-nistp256 AAAA", KeyRefusal::Ssh),
            ("age1pq1qqqqqqqqqqqq", KeyRefusal::PostQuantum),
            (PLUGIN, KeyRefusal::Plugin),
            ("age1tag1qqqq", KeyRefusal::Plugin),
            (identity.to_text().expose(), KeyRefusal::Private),
            (&identity.to_text().expose().to_lowercase(), KeyRefusal::Private),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", KeyRefusal::Private),
            (&swapped, KeyRefusal::Damaged),
            (&recipient[..40], KeyRefusal::Damaged),
            ("李薇", KeyRefusal::Unknown),
            ("", KeyRefusal::Unknown),
        ] {
            assert_eq!(parse_reader_key(text), Err(refusal));
            assert!(text.is_empty() || !refusal.to_string().contains(text));
        }
    }

    #[test]
    fn an_identity_file_may_hold_comments_and_several_keys() {
        let (a, b) = (generate_identity().unwrap(), generate_identity().unwrap());
        let file = identity_file_text(&a, "2026-11-23T10:00:00Z\nAGE-SECRET-KEY-1FORGED");
        let text = format!("\u{feff}{}\r\n\r\n  {}  \r\n", file.expose(), b.to_text().expose());
        let read: Vec<_> = parse_identities(&text).unwrap().iter().map(Identity::recipient).collect();
        assert_eq!(read, [a.recipient(), b.recipient()]);
        assert!(file.expose().contains(&format!("# public key: {}\n", a.recipient())));
    }

    #[test]
    fn a_bad_line_of_an_identity_file_is_named_but_not_repeated() {
        let identity = generate_identity().unwrap();
        let damaged = identity.to_text().expose().replacen("KEY-1", "KEY-1Q", 1);
        for (line, looks) in [
            (identity.recipient().as_str(), LooksLike::PublicKey),
            ("AGE-SECRET-KEY-PQ-1QQQ", LooksLike::OtherIdentity),
            ("AGE-PLUGIN-YUBIKEY-1QQQ", LooksLike::OtherIdentity),
            ("-----BEGIN AGE ENCRYPTED FILE-----", LooksLike::Sealed),
            (&damaged, LooksLike::DamagedIdentity),
            ("tr0ub4dor", LooksLike::Unknown),
        ] {
            let error = parse_identities(&format!("# a comment\n\n{line}\n")).unwrap_err();
            assert_eq!(error, IdentityFileError::BadLine { line: 3, looks });
            assert!(error.to_string().starts_with("line 3 ") && !error.to_string().contains(line));
        }
        assert_eq!(parse_identities("# nothing\n").unwrap_err(), IdentityFileError::NoIdentity);
    }
}
