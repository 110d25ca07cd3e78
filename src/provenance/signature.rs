//! What the signature of a commit or a text is worth: whether it verifies, and whose key it was made with.
//!
//! SSH signatures are verified here, in the program. OpenPGP and X.509 are said to be there and no more: neither has a
//! list of keys in the archive against which anybody could hold them.

use super::pattern;
use super::signers::{Signer, Signers};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ssh_key::public::{EcdsaPublicKey, Ed25519PublicKey, KeyData};
use ssh_key::{Algorithm, HashAlg, LineEnding, PublicKey, Signature, SshSig};

/// What git's signatures are made for, so that none of them can pass for one of a file or a letter.
pub(super) const NAMESPACE: &str = "git";

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
/// A signature by the largest key in use has a tenth of this.
const LARGEST: usize = 32 << 10;

/// What is known of the signature of a commit or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// There is none.
    Unsigned,
    /// An OpenPGP signature, not verified.
    OpenPgp,
    /// An X.509 signature, not verified.
    X509,
    /// An SSH signature.
    Ssh(Verdict),
    /// Something stands where a signature stands, and it is none.
    Unreadable,
}

/// What an SSH signature is worth. A fingerprint has the form in which OpenSSH prints it: `SHA256:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The signature verifies, and its key is one of the person whose address the commit bears; of a text, of anybody
    /// who may sign.
    Good {
        /// The pattern of `allowed_signers` that takes the address; of a text, all patterns of the key's line.
        principal: String,
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// The signature verifies, but its key is somebody else's.
    OtherPerson {
        /// Whose: all patterns of the key's line.
        principal: String,
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// The signature verifies, but the archive does not know its key.
    UnknownKey {
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// The signature verifies, and the key is known, but it does not count at the time of the commit or on the day of the text.
    OutsideItsTime {
        /// Whose: all patterns of the key's line.
        principal: String,
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// The key is of a kind that is not verified here, such as RSA: neither good nor bad.
    Unverifiable {
        /// The kind, as OpenSSH calls it: `ssh-rsa`.
        kind: String,
        /// The fingerprint of the key that the signature names, which proves nothing.
        fingerprint: String,
    },
    /// The signature does not verify: it was made over other bytes, or for another purpose.
    Broken,
}

impl Signers {
    /// Judges a commit's signature.
    ///
    /// `signature` is the value of the commit's `gpgsig` header, `signed` the commit object without that header,
    /// `at_seconds` the committer's time in seconds from 1970, `email` the address of the committer, who is the one
    /// that signs. The time is what the committer's machine claimed.
    #[must_use]
    pub fn judge(&self, signature: &[u8], signed: &[u8], at_seconds: i64, email: &str) -> Signed {
        let about = About { namespace: NAMESPACE, signed, from: at_seconds, until: at_seconds, email: Some(email) };
        self.judge_armored(signature, &about)
    }

    /// Judges a signature over a text that is no commit, such as `ssh-keygen -Y sign -n NAMESPACE` makes. Its key must be
    /// that of anybody who may sign for this purpose, and must count in some second of the day (in UTC).
    #[must_use]
    pub fn judge_text(&self, namespace: &str, signature: &[u8], text: &[u8], day: Date) -> Signed {
        let start = day.to_zoned(TimeZone::UTC).map_or(0, |start| start.timestamp().as_second());
        let about = About { namespace, signed: text, from: start, until: start + (24 * 60 * 60 - 1), email: None };
        self.judge_armored(signature, &about)
    }

    fn judge_armored(&self, signature: &[u8], about: &About<'_>) -> Signed {
        let text = String::from_utf8_lossy(signature.get(..LARGEST).unwrap_or(signature));
        let text = text.trim();
        let begins = |labels: &[&str]| labels.iter().any(|label| text.starts_with(&format!("-----BEGIN {label}-----")));
        if text.is_empty() {
            return Signed::Unsigned;
        }
        if begins(&["PGP SIGNATURE", "PGP MESSAGE"]) {
            return Signed::OpenPgp;
        }
        if begins(&["SIGNED MESSAGE"]) {
            return Signed::X509;
        }
        match unwrap(text) {
            Some(signature) => Signed::Ssh(self.verdict(&signature, about)),
            None => Signed::Unreadable,
        }
    }

    fn verdict(&self, signature: &SshSig, about: &About<'_>) -> Verdict {
        let key = PublicKey::from(signature.public_key().clone());
        let fingerprint = fingerprint(&key);
        if !is_verifiable(key.key_data()) {
            return Verdict::Unverifiable { kind: key.algorithm().as_str().to_owned(), fingerprint };
        }
        if key.verify(about.namespace, about.signed, signature).is_err() {
            return Verdict::Broken;
        }
        let lines = self.of_key(key.key_data());
        let lines: Vec<&Signer> = lines.iter().filter(|line| line.signs(about.namespace)).collect();
        let Some(first) = lines.first() else { return Verdict::UnknownKey { fingerprint } };
        let counts = |line: &&Signer| {
            line.after.is_none_or(|after| after <= about.until) && line.before.is_none_or(|before| about.from <= before)
        };
        let theirs = |line: &&Signer| about.email.is_none_or(|email| pattern::takes(&line.principals, email));
        if let Some(line) = lines.iter().find(|line| counts(line) && theirs(line)) {
            let patterns = line.principals.split(',').map(str::trim);
            let principal = patterns.into_iter().find(|p| about.email.is_some_and(|email| pattern::takes(p, email)));
            let principal = principal.unwrap_or(&line.principals).to_owned();
            return Verdict::Good { principal, fingerprint };
        }
        // The person's own line says more than that the key is somebody's.
        let line = lines.iter().find(|line| theirs(line)).or_else(|| lines.iter().find(|line| counts(line)));
        let line = line.unwrap_or(first);
        let principal = line.principals.clone();
        if counts(line) {
            Verdict::OtherPerson { principal, fingerprint }
        } else {
            Verdict::OutsideItsTime { principal, fingerprint }
        }
    }
}

/// Whether a bare Ed25519 signature over a text, as [`super::SigningKey::sign_bare`] makes them, is one by this key.
#[must_use]
pub fn verifies_bare(public_key: &[u8; 32], text: &[u8], signature: &[u8; 64]) -> bool {
    let signature = Signature::new(Algorithm::Ed25519, signature.to_vec());
    let key = KeyData::Ed25519(Ed25519PublicKey(*public_key));
    signature.is_ok_and(|signature| ::signature::Verifier::verify(&key, text, &signature).is_ok())
}

/// The 32 bytes of the Ed25519 key that an armored signature says it was made with. Proves nothing by itself.
#[must_use]
pub fn ed25519_key_of(signature: &[u8]) -> Option<[u8; 32]> {
    let text = String::from_utf8_lossy(signature.get(..LARGEST).unwrap_or(signature));
    unwrap(text.trim())?.public_key().ed25519().map(|key| key.0)
}

/// What a signature is held against.
struct About<'a> {
    namespace: &'a str,
    signed: &'a [u8],
    /// The first and the last second, from 1970, in any of which the key must count.
    from: i64,
    until: i64,
    /// Whose it should be, where that is asked.
    email: Option<&'a str>,
}

/// Whether signatures by keys of this kind can be verified here. RSA is not: its crate has an open advisory.
pub(super) fn is_verifiable(key: &KeyData) -> bool {
    match key {
        KeyData::Ed25519(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => true,
        KeyData::Ecdsa(key) => matches!(key, EcdsaPublicKey::NistP256(_)),
        _ => false,
    }
}

/// The fingerprint as OpenSSH prints it.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// The signature between its two lines. OpenSSH takes lines of any length and any blanks, the crate only its own form;
/// so it is brought into that.
fn unwrap(text: &str) -> Option<SshSig> {
    const LINE: usize = 70;
    let (inner, _) = text.strip_prefix(BEGIN)?.split_once(END)?;
    let mut whole = String::with_capacity(text.len() + text.len() / LINE);
    whole.push_str(BEGIN);
    for (at, c) in inner.chars().filter(|c| !c.is_ascii_whitespace()).enumerate() {
        if at % LINE == 0 {
            whole.push('\n');
        }
        whole.push(c);
    }
    whole.push('\n');
    whole.push_str(END);
    let signature = SshSig::from_pem(&whole).ok()?;
    // Version and lengths are not among the signed bytes, and the crate overlooks wrong ones where OpenSSH does not.
    // Written anew they must come out the same. The one kind that the crate cannot write is left to it.
    let same = match signature.public_key() {
        KeyData::SkEcdsaSha2NistP256(_) => true,
        _ => signature.to_pem(LineEnding::LF).is_ok_and(|written| written.trim_end() == whole),
    };
    (same && signature.version() == SshSig::VERSION).then_some(signature)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;
    use crate::text::Source;
    use proptest::prelude::*;

    fn signers(text: &str) -> Signers {
        let mut findings = Vec::new();
        Signers::read(&Source::decode("allowed_signers", text.as_bytes()).unwrap(), &mut findings)
    }

    fn judged(allowed: &str, signature: &str) -> Signed {
        signers(allowed).judge(signature.as_bytes(), SIGNED.as_bytes(), AT, EMAIL)
    }

    fn verdict(allowed: &str, signature: &str) -> Verdict {
        match judged(allowed, signature) {
            Signed::Ssh(verdict) => verdict,
            other => panic!("{other:?}"),
        }
    }

    fn good(principal: &str) -> Verdict {
        Verdict::Good { principal: principal.to_owned(), fingerprint: ED25519_FINGERPRINT.to_owned() }
    }

    #[test]
    fn a_commit_that_git_signed_with_an_ssh_key_verifies() {
        assert_eq!(verdict(&format!("{EMAIL} {ED25519_KEY}\n"), ED25519), good(EMAIL));
        let allowed = format!("wu.jie@yunxi.example,*@yunxi.example namespaces=\"git\" {ED25519_KEY}\r\n");
        assert_eq!(verdict(&allowed, ED25519), good("*@yunxi.example"));
    }

    #[test]
    fn keys_of_other_kinds_verify_as_well() {
        for (key, signature) in [(P256_KEY, P256), (HARDWARE_KEY, HARDWARE), (HARDWARE_P256_KEY, HARDWARE_P256)] {
            let verdict = verdict(&format!("{EMAIL} {key}\n"), signature);
            assert!(matches!(verdict, Verdict::Good { .. }), "{verdict:?}");
        }
    }

    #[test]
    fn rsa_is_neither_good_nor_bad() {
        let fingerprint = "SHA256:ZL7wGX7k0EYpz6g0uOeW+n04edlt+HQ6SWPv7RLtBtE".to_owned();
        let expected = Verdict::Unverifiable { kind: "ssh-rsa".to_owned(), fingerprint };
        assert_eq!(verdict(&format!("{EMAIL} {RSA_KEY}\n"), RSA), expected);
    }

    #[test]
    fn a_flipped_byte_breaks_the_signature() {
        let allowed = signers(&format!("{EMAIL} {ED25519_KEY}\n"));
        for at in 0..SIGNED.len() {
            let mut signed = SIGNED.as_bytes().to_vec();
            signed[at] ^= 1;
            assert_eq!(allowed.judge(ED25519.as_bytes(), &signed, AT, EMAIL), Signed::Ssh(Verdict::Broken), "{at}");
        }
        let nothing = allowed.judge(ED25519.as_bytes(), b"", AT, EMAIL);
        assert_eq!(nothing, Signed::Ssh(Verdict::Broken));
    }

    #[test]
    fn a_changed_signature_is_never_good() {
        let allowed = signers(&format!("* {ED25519_KEY}\n* {P256_KEY}\n* {HARDWARE_KEY}\n"));
        for signature in [ED25519, P256, HARDWARE] {
            let original = allowed.judge(signature.as_bytes(), SIGNED.as_bytes(), AT, EMAIL);
            assert!(matches!(original, Signed::Ssh(Verdict::Good { .. })), "{original:?}");
            for at in (BEGIN.len() + 1)..(signature.len() - END.len() - 1) {
                let mut changed = signature.as_bytes().to_vec();
                // Another letter of base64; line ends and padding stay.
                changed[at] = match changed[at] {
                    b'\n' | b'=' => continue,
                    b'A' => b'B',
                    _ => b'A',
                };
                if changed == signature.as_bytes() {
                    continue;
                }
                let judged = allowed.judge(&changed, SIGNED.as_bytes(), AT, EMAIL);
                assert!(!matches!(judged, Signed::Ssh(Verdict::Good { .. })), "{at}: {judged:?}");
            }
        }
    }

    #[test]
    fn a_signature_of_a_file_is_none_of_a_commit() {
        assert_eq!(verdict(&format!("{EMAIL} {ED25519_KEY}\n"), OF_A_FILE), Verdict::Broken);
    }

    #[test]
    fn a_key_that_the_archive_does_not_name_is_unknown() {
        let unknown = Verdict::UnknownKey { fingerprint: ED25519_FINGERPRINT.to_owned() };
        assert_eq!(verdict("", ED25519), unknown);
        assert_eq!(verdict(&format!("{EMAIL} {P256_KEY}\n"), ED25519), unknown);
        assert_eq!(verdict(&format!("{EMAIL} namespaces=\"file\" {ED25519_KEY}\n"), ED25519), unknown);
        assert_eq!(verdict(&format!("{EMAIL} cert-authority {ED25519_KEY}\n"), ED25519), unknown);
    }

    #[test]
    fn a_key_of_somebody_else_is_told_from_the_committers() {
        let (principal, fingerprint) = ("li.wei@yunxi.example".to_owned(), ED25519_FINGERPRINT.to_owned());
        let expected = Verdict::OtherPerson { principal, fingerprint };
        assert_eq!(verdict(&format!("li.wei@yunxi.example {ED25519_KEY}\n"), ED25519), expected);
        let both = format!("li.wei@yunxi.example {ED25519_KEY}\n{EMAIL} {ED25519_KEY}\n");
        assert_eq!(verdict(&both, ED25519), good(EMAIL));
        let refused = verdict(&format!("*@yunxi.example,!{EMAIL} {ED25519_KEY}\n"), ED25519);
        assert!(matches!(refused, Verdict::OtherPerson { .. }));
    }

    #[test]
    fn a_key_counts_from_its_first_second_to_its_last() {
        let outside =
            Verdict::OutsideItsTime { principal: EMAIL.to_owned(), fingerprint: ED25519_FINGERPRINT.to_owned() };
        let when = |options: &str| verdict(&format!("{EMAIL} {options} {ED25519_KEY}\n"), ED25519);
        // The commit is of 01:15:00 UTC on 2 March 2026.
        assert_eq!(when("valid-before=\"20260302Z\""), outside);
        assert_eq!(when("valid-before=\"20260302011459Z\""), outside);
        assert_eq!(when("valid-before=\"20260302011500Z\""), good(EMAIL));
        assert_eq!(when("valid-after=\"20260302011500Z\""), good(EMAIL));
        assert_eq!(when("valid-after=\"20260302011501Z\""), outside);
        assert_eq!(when("valid-after=\"20260101Z\",valid-before=\"20270101Z\""), good(EMAIL));
        let renewed = format!(
            "{EMAIL} valid-before=\"20260101Z\" {ED25519_KEY}\n{EMAIL} valid-after=\"20260201Z\" {ED25519_KEY}\n"
        );
        assert_eq!(verdict(&renewed, ED25519), good(EMAIL));
        let then_another =
            format!("{EMAIL} valid-before=\"20260101Z\" {ED25519_KEY}\nli@yunxi.example {ED25519_KEY}\n");
        assert_eq!(verdict(&then_another, ED25519), outside);
    }

    #[test]
    fn signatures_of_other_kinds_are_said_to_be_there() {
        assert_eq!(judged("", ""), Signed::Unsigned);
        assert_eq!(judged("", " \n"), Signed::Unsigned);
        assert_eq!(judged("", "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"), Signed::OpenPgp);
        assert_eq!(judged("", "-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----"), Signed::X509);
    }

    #[test]
    fn blanks_and_line_ends_of_other_programs_do_not_matter() {
        let allowed = format!("{EMAIL} {ED25519_KEY}\n");
        assert_eq!(verdict(&allowed, &ED25519.replace('\n', "\r\n")), good(EMAIL));
        assert_eq!(verdict(&allowed, &format!("\n{ED25519}\n\n")), good(EMAIL));
        let inner = ED25519.replace(BEGIN, "").replace(END, "").replace('\n', "");
        assert_eq!(verdict(&allowed, &format!("{BEGIN}\n{inner}\n{END}")), good(EMAIL));
    }

    #[test]
    fn what_is_no_signature_is_unreadable() {
        let cut = &ED25519[..ED25519.len() / 2];
        let short = format!("{}\n{END}", &ED25519[..ED25519.len() - END.len() - 20]);
        let long = format!("{BEGIN}\n{}\n{END}", "A".repeat(100_000));
        for text in ["garbage", BEGIN, cut, &short, &long, &format!("{BEGIN}\n{END}"), &format!("{BEGIN}\n!\n{END}")] {
            assert_eq!(judged("", text), Signed::Unreadable, "{text}");
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), place in 0_usize..400, armored: bool) {
            let signers = signers(&format!("* {ED25519_KEY}\n* {P256_KEY}\n* {HARDWARE_KEY}\n"));
            let _ = signers.judge(&bytes, &bytes, i64::MIN, "");
            use base64::Engine;
            let engine = base64::engine::general_purpose::STANDARD;
            let original = if armored { HARDWARE } else { P256 };
            let inner = original.replace(BEGIN, "").replace(END, "").replace('\n', "");
            let mut whole = engine.decode(inner).unwrap();
            let place = place.min(whole.len());
            let end = (place + bytes.len()).min(whole.len());
            whole.splice(place..end, bytes);
            let text = format!("{BEGIN}\n{}\n{END}", engine.encode(whole));
            let judged = signers.judge(text.as_bytes(), SIGNED.as_bytes(), i64::MAX, EMAIL);
            let good = matches!(judged, Signed::Ssh(Verdict::Good { .. }));
            prop_assert!(!good || text.replace('\n', "") == original.replace('\n', ""));
        }
    }
}
