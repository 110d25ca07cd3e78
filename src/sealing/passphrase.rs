//! A passphrase in front of a reader's key, for those who keep no key file.
//!
//! The file that it opens, `readers/NAME.age`, can be guessed at offline by anyone who can open the site. So the
//! program makes the passphrase, and a new passphrase means a new key: the old file does not go away.

use std::fmt;
use std::io::Read as _;

use age::secrecy::SecretString;
use zeroize::Zeroizing;

use super::envelope::armored;
use super::opening::{is_armored, open_with};
use super::{Identity, IdentityFileError, OpenError, SealError, SecretText, parse_identities};
use crate::entropy;

/// Crockford's base 32 in small letters: no i, l, o, u, which are misread or spell words.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 16 characters of 5 bits: 80 bits.
const CHARACTERS: usize = 16;
const GROUP: usize = 4;

/// The scrypt work factor with which keys are wrapped: N = 2 to this power.
///
/// Fixed, because age otherwise calibrates to the machine that wraps. 17 takes a browser about a second and 128 MB,
/// once per unlocking; 20 would take nine seconds and a gigabyte, and the browser's library refuses more. The 80 bits
/// of the passphrase are what protects; scrypt adds its factor to each guess.
pub const WORK_FACTOR: u8 = 17;

/// The most work that is taken on for a file from elsewhere: 1 GB of memory and some seconds.
pub const MOST_WORK: u8 = 20;

/// Why a key could not be wrapped or unwrapped.
#[derive(Debug)]
pub enum PassphraseError {
    /// No random bytes.
    NoEntropy(entropy::Error),
    /// Wrapping failed.
    Seal(SealError),
    /// The passphrase is wrong, or this is not a file that a passphrase opens.
    Open(OpenError),
    /// The passphrase is right, but what it opens holds no identity.
    Content(IdentityFileError),
}

impl fmt::Display for PassphraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEntropy(error) => error.fmt(f),
            Self::Seal(error) => error.fmt(f),
            Self::Open(OpenError::WrongKey) => f.write_str("the passphrase does not open this file"),
            Self::Open(error) => error.fmt(f),
            Self::Content(error) => write!(f, "the passphrase fits, but what it opens is no key: {error}"),
        }
    }
}

impl std::error::Error for PassphraseError {}

/// Makes a passphrase: 16 random characters of Crockford's base 32 in groups of four, `7k2m-…`, 80 bits.
///
/// # Errors
/// When the system has no random bytes.
pub fn make_passphrase() -> Result<SecretText, PassphraseError> {
    let mut random = Zeroizing::new([0_u8; CHARACTERS]);
    entropy::fill(random.as_mut_slice()).map_err(PassphraseError::NoEntropy)?;
    // 32 divides 256, so the low five bits of a byte are uniform.
    let characters = Zeroizing::new(random.map(|byte| character(byte & 31)));
    Ok(grouped(&characters[..]))
}

fn character(value: u8) -> char {
    ALPHABET.get(usize::from(value)).copied().map_or('0', char::from)
}

fn grouped(characters: &[char]) -> SecretText {
    let mut text = String::with_capacity(CHARACTERS + CHARACTERS / GROUP);
    for (index, character) in characters.iter().enumerate() {
        if index > 0 && index % GROUP == 0 {
            text.push('-');
        }
        text.push(*character);
    }
    SecretText::new(text)
}

/// The passphrase that was meant by what someone typed. The page's script does the same.
///
/// Full-width characters of an input method (U+FF01 to U+FF5E) count as their ASCII siblings; white space and dashes
/// (U+002D, U+2010 to U+2015, U+2212) do not count; capitals count as small letters, o as 0, i and l as 1. If 16
/// characters of the alphabet are left, the canonical form is given: small letters in groups of four with `-`. Anything
/// else is somebody's own passphrase and is given as it was typed, without white space around it.
pub fn normalise_passphrase(typed: &str) -> SecretText {
    let mut characters = Zeroizing::new(Vec::with_capacity(typed.len()));
    for typed in typed.chars() {
        let narrow = match typed {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(typed) - 0xfee0).unwrap_or(typed),
            other => other,
        };
        match narrow.to_ascii_lowercase() {
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            white if white.is_whitespace() => {}
            'o' => characters.push('0'),
            'i' | 'l' => characters.push('1'),
            other => characters.push(other),
        }
    }
    let known = |character: &char| u8::try_from(*character).is_ok_and(|byte| ALPHABET.contains(&byte));
    if characters.len() == CHARACTERS && characters.iter().all(known) {
        grouped(&characters)
    } else {
        SecretText::new(typed.trim().to_owned())
    }
}

/// Wraps an identity in a passphrase: an age file in armor, for `readers/NAME.age`, that `age -d` opens with it.
///
/// # Errors
/// When wrapping fails.
pub fn wrap_identity(identity: &Identity, passphrase: &SecretText) -> Result<String, PassphraseError> {
    let canonical = normalise_passphrase(passphrase.expose());
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(canonical.expose().to_owned()));
    recipient.set_work_factor(WORK_FACTOR);
    let wrap = || -> Result<String, SealError> {
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|_| SealError::NoRecipients)?;
        let mut writer = encryptor.wrap_output(Vec::new())?;
        for line in [identity.to_text().expose(), "\n"] {
            std::io::Write::write_all(&mut writer, line.as_bytes())?;
        }
        armored(&writer.finish()?)
    };
    wrap().map_err(PassphraseError::Seal)
}

/// Whether a file is what [`wrap_identity`] or `age -p -a` makes: armor around something behind a passphrase, and nothing
/// before or after it. It is published as it is, so that anything else would be shown to everybody.
fn is_wrapped(file: &[u8]) -> bool {
    const END: &[u8] = b"-----END AGE ENCRYPTED FILE-----";
    let file = file.trim_ascii();
    let alone =
        is_armored(file) && file.ends_with(END) && file.windows(END.len()).filter(|run| *run == END).count() == 1;
    let whole = |mut reader: age::armor::ArmoredReader<_>| std::io::copy(&mut reader, &mut std::io::sink()).is_ok();
    alone
        && whole(age::armor::ArmoredReader::new(file))
        && age::Decryptor::new(age::armor::ArmoredReader::new(file)).is_ok_and(|sealed| sealed.is_scrypt())
}

/// The work factor of an armored age file behind a passphrase; nothing else is one, least of all a key in the clear.
///
/// Looked at without the passphrase: what a site gives out must be ciphertext, whoever made it.
pub fn wrapped_work_factor(sealed: &[u8]) -> Option<u8> {
    const START: &[u8] = b"age-encryption.org/v1\n-> scrypt ";
    if !is_wrapped(sealed) {
        return None;
    }
    let mut binary = Vec::new();
    // To its end, so that nothing stands after the armor either.
    age::armor::ArmoredReader::new(sealed).read_to_end(&mut binary).ok()?;
    let line = binary.strip_prefix(START)?.split(|byte| *byte == b'\n').next()?;
    std::str::from_utf8(line).ok()?.split(' ').nth(1)?.parse().ok()
}

/// Opens what [`wrap_identity`] or `age -p` made of an identity file; the passphrase as it was typed.
///
/// # Errors
/// When the passphrase is wrong, asks for more work than N = 2^20, or what it opens holds no identity.
pub fn unwrap_identity(sealed: &[u8], passphrase: &SecretText) -> Result<Vec<Identity>, PassphraseError> {
    let canonical = normalise_passphrase(passphrase.expose());
    let mut identity = age::scrypt::Identity::new(SecretString::from(canonical.expose().to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    let plain = open_with(sealed, &[&identity]).map_err(PassphraseError::Open)?;
    let text = plain.expose_text().ok_or(PassphraseError::Content(IdentityFileError::NoIdentity))?;
    parse_identities(text).map_err(PassphraseError::Content)
}

#[cfg(test)]
mod tests {
    use super::super::generate_identity;
    use super::*;

    #[test]
    fn only_what_a_passphrase_wraps_counts_as_wrapped() {
        let identity = generate_identity().unwrap();
        let wrapped = wrap_identity(&identity, &make_passphrase().unwrap()).unwrap();
        assert_eq!(wrapped_work_factor(wrapped.as_bytes()), Some(WORK_FACTOR));
        let plain = identity.to_text();
        let behind = format!("{wrapped}{}\n", plain.expose());
        let before = format!("{}\n{wrapped}", plain.expose());
        let to_a_key = super::super::seal_armored(b"x", &[identity.recipient()]).unwrap();
        for other in [plain.expose(), &behind, &before, &to_a_key, "", &wrapped[..80]] {
            assert_eq!(wrapped_work_factor(other.as_bytes()), None);
        }
    }

    #[test]
    fn a_passphrase_has_eighty_bits_in_four_groups() {
        let passphrase = make_passphrase().unwrap();
        let groups: Vec<_> = passphrase.expose().split('-').collect();
        assert_eq!(groups.len(), 4);
        assert!(groups.concat().bytes().all(|byte| ALPHABET.contains(&byte)) && groups.concat().len() == 16);
        assert_ne!(passphrase.expose(), make_passphrase().unwrap().expose());
        assert_eq!(normalise_passphrase(passphrase.expose()).expose(), passphrase.expose());
    }

    #[test]
    fn a_passphrase_may_be_typed_with_other_case_spaces_and_misread_letters() {
        for typed in [
            "7k2m-01st-vwxz-1a0b",
            "7K2M 01ST VWXZ 1A0B\n",
            "7k2mo1stvwxzlaob",
            "７Ｋ２Ｍ－０１ＳＴ　ＶＷＸＺ－ＩＡＯＢ",
            "7k2m–01st—vwxz−1a0b",
        ] {
            assert_eq!(normalise_passphrase(typed).expose(), "7k2m-01st-vwxz-1a0b");
        }
    }

    #[test]
    fn any_other_passphrase_stays_as_it_was_typed() {
        for own in ["Correct Horse - Battery", "芝麻开门", "7k2m-01st-vwxz-1a0", "7k2m-01st-vwxz-1a0u"] {
            assert_eq!(normalise_passphrase(&format!(" {own}\n")).expose(), own);
        }
    }

    #[test]
    fn a_wrapped_key_opens_with_its_passphrase_alone() {
        let identity = generate_identity().unwrap();
        let passphrase = make_passphrase().unwrap();
        let wrapped = wrap_identity(&identity, &passphrase).unwrap();
        let typed = SecretText::new(passphrase.expose().to_uppercase().replace('-', " "));
        let opened = unwrap_identity(wrapped.as_bytes(), &typed).unwrap();
        assert_eq!(opened[0].recipient(), identity.recipient());
        let other = unwrap_identity(wrapped.as_bytes(), &make_passphrase().unwrap());
        assert!(matches!(other, Err(PassphraseError::Open(OpenError::WrongKey))));
    }

    #[test]
    fn a_file_that_asks_for_endless_work_is_refused_at_once() {
        for power in [21, 30, 63] {
            let header = format!(
                "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA {power}\n{}\n--- {}\n{}",
                "A".repeat(43),
                "A".repeat(43),
                "\0".repeat(32)
            );
            let error = unwrap_identity(header.as_bytes(), &SecretText::new("x".to_owned())).unwrap_err();
            assert!(matches!(error, PassphraseError::Open(OpenError::TooMuchWork(asked)) if asked == power), "{error}");
        }
    }
}
