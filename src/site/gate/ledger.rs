//! The ledger of ciphertexts: what the door that seals has made, and the gate therefore need not read.
//!
//! Nothing is taken for ciphertext because it looks like it. A stretch of an output is passed over only if it decodes,
//! strictly and completely, to bytes whose SHA-256 stands in the ledger; anything else is searched like other text.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
/// How base64 of a binary age file begins: `age-encryption.org/v1` (the first line of <https://age-encryption.org/v1>),
/// as far as it fills groups of three bytes.
const BINARY: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3Yx";

/// The SHA-256 of each age file (binary, without armour) that the door has made.
#[derive(Default)]
pub struct Ledger {
    digests: HashSet<[u8; 32]>,
}

impl Ledger {
    /// An empty ledger: nothing is passed over.
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters a ciphertext: a binary age file.
    pub fn enter(&mut self, ciphertext: &[u8]) {
        self.enter_digest(Sha256::digest(ciphertext).into());
    }

    /// Enters a ciphertext by the SHA-256 of its binary form, as one that was made by an earlier build and kept.
    pub fn enter_digest(&mut self, digest: [u8; 32]) {
        self.digests.insert(digest);
    }

    /// Whether these bytes are a ciphertext of the ledger.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        !self.digests.is_empty() && self.holds_digest(&Sha256::digest(bytes).into())
    }

    /// Whether a ciphertext of this SHA-256 stands in the ledger.
    pub fn holds_digest(&self, digest: &[u8; 32]) -> bool {
        self.digests.contains(digest)
    }

    /// Hands on what is left of a text without the ciphertexts of the ledger in it: armoured ones (with real line
    /// ends or the `\n` of a JSON string), and base64 of binary ones.
    pub(super) fn without_ciphertext(&self, text: &str, mut each: impl FnMut(&str)) {
        let mut rest = text;
        let mut from = 0;
        while let Some((place, length)) = next_candidate(rest, from) {
            let end = place + length;
            let known = rest.get(place..end).and_then(decoded).is_some_and(|bytes| self.holds(&bytes));
            if known {
                each(rest.get(..place).unwrap_or(""));
                rest = rest.get(end..).unwrap_or("");
                from = 0;
            } else {
                from = place + 1;
            }
        }
        each(rest);
    }
}

/// The next place, from `from`, where an age file may stand, and its length in bytes.
fn next_candidate(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let armoured = rest.find(BEGIN);
    let binary = rest.get(..armoured.unwrap_or(rest.len()))?.find(BINARY);
    if let Some(place) = binary {
        let length = rest.get(place..)?.bytes().take_while(|b| is_base64(*b) || *b == b'=').count();
        return Some((from + place, length));
    }
    let place = armoured?;
    let length = rest.get(place..)?.find(END).map_or(BEGIN.len(), |end| end + END.len());
    Some((from + place, length))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// The binary age file that a candidate stands for. Strict: with another alphabet, other characters between, or bits
/// left over it is none, so that no text can hide in it.
fn decoded(candidate: &str) -> Option<Vec<u8>> {
    let Some(body) = candidate.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END)) else {
        return STANDARD.decode(candidate).ok();
    };
    let mut joined = Vec::with_capacity(body.len());
    for line in body.split('\n') {
        let plain = line.bytes().fold(true, |plain, byte| plain & (byte != b'\r') & (byte != b'\\'));
        if plain {
            joined.extend_from_slice(line.as_bytes());
            continue;
        }
        let mut bytes = line.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\r' => {}
                b'\\' if matches!(bytes.next(), Some(b'n' | b'r')) => {}
                b'\\' => return None,
                other => joined.push(other),
            }
        }
    }
    STANDARD.decode(joined).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(ledger: &Ledger, text: &str) -> Vec<String> {
        let mut left = Vec::new();
        ledger.without_ciphertext(text, |piece| left.push(piece.to_owned()));
        left
    }

    #[test]
    fn only_what_the_ledger_holds_is_passed_over() {
        let sealed = b"age-encryption.org/v1\n-> X25519 abc\n--- mac\n\x00\x01\x02";
        let base64 = STANDARD.encode(sealed);
        let armoured = format!("{BEGIN}\n{base64}\n{END}");
        let escaped = armoured.replace('\n', "\\n");
        let mut ledger = Ledger::new();
        assert_eq!(left(&ledger, &armoured), [armoured.as_str()]);
        ledger.enter(sealed);
        assert!(ledger.holds(sealed));
        assert_eq!(left(&ledger, &format!("a{armoured}b")), ["a", "b"]);
        assert_eq!(left(&ledger, &format!("a\"{escaped}\"b\"{base64}\"c")), ["a\"", "\"b\"", "\"c"]);
        let beside = armoured.replacen('\n', "\nsecret words\n", 1);
        assert_eq!(left(&ledger, &beside)[0], format!("{BEGIN}\nsecret words\n"));
        let within = armoured.replace("YWdl", "YWdl secret words ");
        assert_eq!(left(&ledger, &within), [within.as_str()]);
        assert_eq!(left(&ledger, BEGIN), [BEGIN]);
    }
}
