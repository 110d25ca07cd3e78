//! A checkpoint: the head of the log at some size, as a signed note in the form of C2SP's tlog-checkpoint. It names the
//! log, the number of its entries and the root over them, and nothing of what they say.

use super::digest::Digest;
use crate::provenance::{SigningKey, verifies_bare};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// No checkpoint is longer.
pub(super) const LONGEST: u64 = 64 << 10;
/// The kind of signature that a line of ours has: Ed25519, as the C2SP's signed-note numbers it.
const ED25519: u8 = 1;

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// A checkpoint with the lines of those who signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The names of the keys that signed, each with its number and signature.
    lines: Vec<(String, Vec<u8>)>,
}

impl Checkpoint {
    /// The text that is signed: three lines.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// The root as it stands in the text.
    #[must_use]
    pub fn root_text(&self) -> String {
        STANDARD.encode(self.root.0)
    }

    /// The whole note: the text, a blank line, and a line for the signature where the key is an Ed25519 key. Of another
    /// key there is no line; the signature beside the file stands for it.
    #[must_use]
    pub fn note(&self, key: &SigningKey) -> String {
        let text = self.text();
        let Some((signature, public)) = key.sign_bare(text.as_bytes()) else { return format!("{text}\n") };
        let mut line = key_number(&self.origin, &public).to_vec();
        line.extend(signature);
        format!("{text}\n— {} {}\n", self.origin, STANDARD.encode(line))
    }
}

/// Whether a log can be called so: a note needs a name without blanks and plus signs.
#[must_use]
pub fn is_origin(name: &str) -> bool {
    !name.is_empty() && name.len() <= 200 && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

fn key_number(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let [a, b, c, d, ..] = Digest::of(&[name.as_bytes(), b"\n", &[ED25519], public].concat()).0;
    [a, b, c, d]
}

impl Note {
    /// Reads a note. Signature lines of other keys may stand in it, such as witnesses add.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (body, signatures) = text.rsplit_once("\n\n")?;
        let body = format!("{body}\n");
        let [origin, size, root] = body.lines().collect::<Vec<_>>().try_into().ok()?;
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        let checkpoint = Checkpoint { origin: origin.to_owned(), size: size.parse().ok()?, root: Digest(root) };
        if !is_origin(origin) || checkpoint.text() != body || !(signatures.is_empty() || signatures.ends_with('\n')) {
            return None;
        }
        let line = |line: &str| {
            let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
            let signature = STANDARD.decode(signature).ok().filter(|bytes| bytes.len() > 4)?;
            is_origin(name).then(|| (name.to_owned(), signature))
        };
        let lines = signatures.lines().map(line).collect::<Option<Vec<_>>>()?;
        Some(Self { checkpoint, lines })
    }

    /// Whether the note bears the log's own signature by this key.
    #[must_use]
    pub fn is_signed_by(&self, public: &[u8; 32]) -> bool {
        let number = key_number(&self.checkpoint.origin, public);
        let own = |(name, line): &&(String, Vec<u8>)| *name == self.checkpoint.origin && line.starts_with(&number);
        let signature = self.lines.iter().find(own).and_then(|(_, line)| line.get(4..)?.try_into().ok());
        signature.is_some_and(|signature| verifies_bare(public, self.checkpoint.text().as_bytes(), &signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{demonstration_key, ed25519_key_of};
    use proptest::prelude::*;

    fn key() -> SigningKey {
        SigningKey::read(demonstration_key("sun-qian").unwrap().private.as_bytes(), || None).unwrap()
    }

    fn public() -> [u8; 32] {
        ed25519_key_of(key().sign("x", b"").unwrap().as_bytes()).unwrap()
    }

    #[test]
    fn the_note_of_c2sp_is_read_and_its_key_number_is_ours() {
        // The example of the specification, whose key is not told.
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
        let note = Note::parse(text.as_bytes()).unwrap();
        assert_eq!((note.checkpoint.size, note.lines.len()), (20_852_163, 1));
        // A verifier key of Go's checksum database, as it is published: name, number and key.
        let known = STANDARD.decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").unwrap();
        assert_eq!(known[0], ED25519);
        let public: [u8; 32] = known[1..].try_into().unwrap();
        assert_eq!(key_number("sum.golang.org", &public), [0x03, 0x3d, 0xe0, 0xae]);
    }

    #[test]
    fn a_note_is_signed_by_its_key_and_a_changed_one_by_nobody() {
        let checkpoint = Checkpoint { origin: "yunxi.example/archive".to_owned(), size: 7, root: Digest::of(b"x") };
        let text = checkpoint.note(&key()).into_bytes();
        let note = Note::parse(&text).unwrap();
        assert!(note.checkpoint == checkpoint && note.is_signed_by(&public()) && !note.is_signed_by(&[7; 32]));
        for at in 0..text.len() {
            for other in [text[at] ^ 1, text[at] ^ 0x20, b'\n'] {
                let mut changed = text.clone();
                changed[at] = other;
                let note = Note::parse(&changed);
                assert!(changed == text || !note.is_some_and(|note| note.is_signed_by(&public())), "{at}");
            }
            assert!(!Note::parse(&text[..at]).is_some_and(|note| note.is_signed_by(&public())), "{at}");
        }
    }

    #[test]
    fn a_witness_may_sign_beside() {
        let checkpoint = Checkpoint { origin: "log".to_owned(), size: 1, root: Digest::of(b"x") };
        let text = format!("{}— witness AAAAAAAA\n", checkpoint.note(&key()));
        assert!(Note::parse(text.as_bytes()).unwrap().is_signed_by(&public()));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in "(log\n|1\n|CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n|\n|— |\\PC){0,12}") {
            let _ = Note::parse(text.as_bytes()).map(|note| note.is_signed_by(&[0; 32]));
        }
    }
}
