//! Signing, for the example alone: its history shows what signed commits look like, so somebody has to sign them.

use super::signature::NAMESPACE;
use sha2::{Digest, Sha256};
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

/// The keys with which a person of the example signs. Whoever has this program can make them, and nothing that they
/// sign is proof of anything.
pub struct DemonstrationKey {
    /// The private key, as OpenSSH keeps it in a file.
    pub private: String,
    /// The public key, as it stands in `allowed_signers` behind the address: kind, key and comment.
    pub public: String,
}

/// The demonstration key of a person, the same for the same name; none only where the crate cannot write it.
#[must_use]
pub fn demonstration_key(person: &str) -> Option<DemonstrationKey> {
    let seed = Sha256::new().chain_update("strongroom demonstration signer\n").chain_update(person).finalize();
    let mut key = PrivateKey::from(Ed25519Keypair::from_seed(&seed.into()));
    key.set_comment("demonstration");
    let private = key.to_openssh(LineEnding::LF).ok()?.to_string();
    let public = key.public_key().to_openssh().ok()?;
    Some(DemonstrationKey { private, public })
}

/// An armored SSH signature over a commit, as `git commit -S` would put it into the `gpgsig` header: lines with line
/// feeds between and none at the end. The same key and bytes always give the same signature.
///
/// None where the key is not an Ed25519 key in OpenSSH's form without a passphrase.
#[must_use]
pub fn sign(private_key_openssh: &str, payload: &[u8]) -> Option<String> {
    let key = PrivateKey::from_openssh(private_key_openssh).ok()?;
    if !matches!(key.key_data(), KeypairData::Ed25519(_)) {
        return None;
    }
    let signature = key.sign(NAMESPACE, HashAlg::Sha512, payload).ok()?;
    Some(signature.to_pem(LineEnding::LF).ok()?.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{Signed, Signers, Verdict};
    use crate::text::Source;

    #[test]
    fn what_is_signed_here_verifies_here_and_is_the_same_each_time() {
        let key = demonstration_key("sun-qian").unwrap();
        let signature = sign(&key.private, b"a commit\n").unwrap();
        assert_eq!(sign(&key.private, b"a commit\n").as_ref(), Some(&signature));
        assert!(!signature.ends_with('\n'));
        let line = format!("sun.qian@yunxi.example {}\n", key.public);
        let mut findings = Vec::new();
        let signers = Signers::read(&Source::decode("allowed_signers", line.as_bytes()).unwrap(), &mut findings);
        assert_eq!(findings, []);
        let judged = signers.judge(signature.as_bytes(), b"a commit\n", 0, "sun.qian@yunxi.example");
        assert!(matches!(judged, Signed::Ssh(Verdict::Good { .. })), "{judged:?}");
    }

    #[test]
    fn each_person_of_the_example_has_one_key() {
        let public = |person: &str| demonstration_key(person).unwrap().public;
        assert_eq!(public("sun-qian"), public("sun-qian"));
        assert_ne!(public("sun-qian"), public("he-jun"));
        // Repositories made by `init --example` hang on it.
        let known = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGpCEVdy/6ea5XBQjTj/Yd73FpVAXeN/W7hOshsoRIBn demonstration";
        assert_eq!(public("sun-qian"), known);
    }

    #[test]
    fn what_is_no_key_signs_nothing() {
        assert_eq!(sign("", b"x"), None);
        let key = demonstration_key("sun-qian").unwrap().private;
        assert_eq!(sign(&key[..key.len() / 2], b"x"), None);
    }
}
