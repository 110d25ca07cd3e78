//! Signatures over texts that are no commits: manifests, checkpoints, bags, notes. Made with a person's OpenSSH key, so
//! that `ssh-keygen -Y verify -n strongroom` can check them without this program.

use super::signature::fingerprint;
use crate::finding::{Code, Finding};
use ssh_key::private::KeypairData;
use ssh_key::public::EcdsaPublicKey;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, LineEnding, PrivateKey};
use zeroize::Zeroizing;

/// What signatures over texts are made for, so that none of them can pass for one of a commit or a letter.
pub const TEXT_NAMESPACE: &str = "strongroom";

/// A file that was named as a key to sign with, and that cannot be one.
pub const UNFIT_SIGNING_KEY: Code = Code("unfit-signing-key");

const ANOTHER: &str = "name the file of an Ed25519 key of your own; `ssh-keygen -t ed25519` makes one";

/// A private key with which a person signs: Ed25519, or ECDSA over P-256.
pub struct SigningKey(PrivateKey);

impl SigningKey {
    /// Reads a private key as OpenSSH keeps it in a file. Where it is locked by a passphrase, `ask` is asked for that,
    /// once; it gives none where nobody can be asked.
    ///
    /// # Errors
    /// A finding without a place: the file is no private key, its kind signs nothing here, or it was not unlocked.
    pub fn read(text: &[u8], ask: impl FnOnce() -> Option<Zeroizing<String>>) -> Result<Self, Box<Finding>> {
        let unfit = |message: &str, remedy: &str| Box::new(Finding::error(UNFIT_SIGNING_KEY, message).remedy(remedy));
        let begins = |start: &str| text.trim_ascii_start().starts_with(start.as_bytes());
        if begins("ssh-") || begins("ecdsa-") || begins("sk-") {
            return Err(unfit("this is a public key", "name the file beside it, without `.pub`"));
        }
        if begins("-----BEGIN ") && !begins("-----BEGIN OPENSSH PRIVATE KEY-----") {
            let remedy = "`ssh-keygen -p -f FILE` writes it in OpenSSH's own form; an Ed25519 key is the better choice";
            return Err(unfit("this key is in a form that OpenSSH no longer writes", remedy));
        }
        let key = PrivateKey::from_openssh(text).map_err(|_| unfit("this is no private key of OpenSSH", ANOTHER))?;
        match key.public_key().key_data() {
            KeyData::Ed25519(_) | KeyData::Ecdsa(EcdsaPublicKey::NistP256(_)) => {}
            KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => {
                let remedy =
                    "leave `--sign` out, and sign with `ssh-keygen -Y sign -n strongroom`; or name another key";
                return Err(unfit("this key lies in a token, which this program does not ask", remedy));
            }
            _ => {
                let message = format!("keys of the kind `{}` sign nothing here", key.algorithm().as_str());
                return Err(unfit(&message, ANOTHER));
            }
        }
        if !key.is_encrypted() {
            return Ok(Self(key));
        }
        let locked = || unfit("this key is locked by a passphrase", "run the command on a terminal, which asks for it");
        let passphrase = ask().ok_or_else(locked)?;
        let opened = key.decrypt(passphrase.as_bytes());
        opened.map(Self).map_err(|_| unfit("the passphrase does not open this key", "type it again"))
    }

    /// An armored signature over a text for a purpose, as `ssh-keygen -Y sign -n NAMESPACE` writes it into a `.sig` file.
    /// The same key, text and purpose always give the same signature.
    ///
    /// # Errors
    /// A finding, where the key cannot sign after all.
    pub fn sign(&self, namespace: &str, text: &[u8]) -> Result<String, Box<Finding>> {
        let signature = self.0.sign(namespace, HashAlg::Sha512, text);
        let armored = signature.and_then(|signature| signature.to_pem(LineEnding::LF));
        let mut armored = armored.map_err(|error| {
            Box::new(Finding::error(UNFIT_SIGNING_KEY, format!("this key does not sign: {error}")).remedy(ANOTHER))
        })?;
        if !armored.ends_with('\n') {
            armored.push('\n');
        }
        Ok(armored)
    }

    /// The bare Ed25519 signature over a text and the 32 bytes of the public key, for forms that are not OpenSSH's; none
    /// for another kind of key. The text must say by itself what it is for.
    #[must_use]
    pub fn sign_bare(&self, text: &[u8]) -> Option<([u8; 64], [u8; 32])> {
        let KeypairData::Ed25519(pair) = self.0.key_data() else { return None };
        let signature = ::signature::Signer::try_sign(pair, text).ok()?;
        Some((signature.as_bytes().try_into().ok()?, pair.public.0))
    }

    /// Kind and key, as they stand in `allowed_signers` behind the address.
    #[must_use]
    pub fn public(&self) -> String {
        let mut public = self.0.public_key().clone();
        public.set_comment("");
        public.to_openssh().unwrap_or_default().trim_end().to_owned()
    }

    /// The fingerprint as OpenSSH prints it: `SHA256:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(self.0.public_key())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Signed, Signers, Verdict, demonstration_key, ed25519_key_of, fixture, verifies_bare};
    use super::*;
    use crate::text::Source;
    use jiff::civil::{Date, date};

    fn key() -> SigningKey {
        SigningKey::read(demonstration_key("sun-qian").unwrap().private.as_bytes(), || panic!("asked")).unwrap()
    }

    fn judged(options: &str, namespace: &str, day: Date, text: &[u8]) -> Signed {
        let line = format!("sun.qian@yunxi.example {options}{}\n", key().public());
        let source = Source::decode("allowed_signers", line.as_bytes()).unwrap();
        let signers = Signers::read(&source, &mut Vec::new());
        let signature = key().sign(TEXT_NAMESPACE, b"a list of files\n").unwrap();
        signers.judge_text(namespace, signature.as_bytes(), text, day)
    }

    fn is_good(judged: &Signed) -> bool {
        matches!(judged, Signed::Ssh(Verdict::Good { principal, .. }) if principal == "sun.qian@yunxi.example")
    }

    const DAY: Date = date(2026, 11, 23);
    const TEXT: &[u8] = b"a list of files\n";

    #[test]
    fn a_signed_text_verifies_for_its_purpose_and_no_other() {
        assert!(is_good(&judged("", TEXT_NAMESPACE, DAY, TEXT)));
        assert!(is_good(&judged("namespaces=\"git,strongroom\" ", TEXT_NAMESPACE, DAY, TEXT)));
        assert!(is_good(&judged("namespaces=\"strongroom\" ", TEXT_NAMESPACE, DAY, TEXT)));
        assert_eq!(judged("", "git", DAY, TEXT), Signed::Ssh(Verdict::Broken));
        assert_eq!(judged("", TEXT_NAMESPACE, DAY, b"a list of file\n"), Signed::Ssh(Verdict::Broken));
        let for_commits_alone = judged("namespaces=\"git\" ", TEXT_NAMESPACE, DAY, TEXT);
        assert!(matches!(for_commits_alone, Signed::Ssh(Verdict::UnknownKey { .. })), "{for_commits_alone:?}");
    }

    #[test]
    fn a_key_counts_on_a_day_in_any_second_of_which_it_counts() {
        let on = |options: &str| judged(options, TEXT_NAMESPACE, DAY, TEXT);
        assert!(is_good(&on("valid-after=\"20261123235959Z\" ")));
        assert!(is_good(&on("valid-before=\"20261123Z\" ")));
        for outside in ["valid-after=\"20261124Z\" ", "valid-before=\"20261122235959Z\" "] {
            assert!(matches!(on(outside), Signed::Ssh(Verdict::OutsideItsTime { .. })), "{outside}");
        }
    }

    #[test]
    fn a_key_that_signs_only_texts_signs_no_commit() {
        let line = format!("* namespaces=\"strongroom\" {}\n", fixture::ED25519_KEY);
        let mut findings = Vec::new();
        let signers = Signers::read(&Source::decode("allowed_signers", line.as_bytes()).unwrap(), &mut findings);
        assert_eq!(findings.iter().filter(|finding| finding.code.0 == "idle-signer").count(), 0, "{findings:?}");
        let commit =
            signers.judge(fixture::ED25519.as_bytes(), fixture::SIGNED.as_bytes(), fixture::AT, fixture::EMAIL);
        assert!(matches!(commit, Signed::Ssh(Verdict::UnknownKey { .. })), "{commit:?}");
    }

    #[test]
    fn one_key_on_two_lines_for_two_purposes_is_no_doubt() {
        let doubts = |one: &str, other: &str| {
            let key = fixture::ED25519_KEY;
            let text = format!("a@b.example namespaces=\"{one}\" {key}\nc@d.example namespaces=\"{other}\" {key}\n");
            let mut findings = Vec::new();
            let _ = Signers::read(&Source::decode("allowed_signers", text.as_bytes()).unwrap(), &mut findings);
            findings.len()
        };
        assert_eq!((doubts("git", "strongroom"), doubts("git", "git,strongroom")), (0, 1));
    }

    #[test]
    fn a_bare_signature_verifies_over_its_text_alone() {
        let (signature, public) = key().sign_bare(TEXT).unwrap();
        assert!(verifies_bare(&public, TEXT, &signature));
        assert!(!verifies_bare(&public, b"another", &signature));
        assert!(!verifies_bare(&[7; 32], TEXT, &signature));
        assert_eq!(ed25519_key_of(key().sign("any", b"").unwrap().as_bytes()), Some(public));
        assert_eq!(ed25519_key_of(fixture::P256.as_bytes()), None);
    }

    #[test]
    fn what_cannot_sign_is_told_by_kind() {
        let said = |text: &str| SigningKey::read(text.as_bytes(), || None).err().unwrap().message;
        assert_eq!(said(fixture::ED25519_KEY), "this is a public key");
        assert_eq!(said("-----BEGIN RSA PRIVATE KEY-----\n"), "this key is in a form that OpenSSH no longer writes");
        assert_eq!(said("AGE-SECRET-KEY-1"), "this is no private key of OpenSSH");
        let whole = demonstration_key("sun-qian").unwrap().private;
        for length in 0..whole.len() - 2 {
            assert!(SigningKey::read(&whole.as_bytes()[..length], || None).is_err(), "{length}");
        }
    }
}
