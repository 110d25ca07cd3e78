//! The two halves of a key: the identity that opens, and the recipient to which content is sealed.

use std::fmt;

use zeroize::Zeroizing;

use super::SecretText;

/// What identities look like to age: Bech32 (BIP 173) in capitals with this prefix.
const IDENTITY_PREFIX: &str = "age-secret-key-";
/// What recipients look like to age: Bech32 in small letters with this prefix.
const RECIPIENT_PREFIX: &str = "age";

/// A private key (X25519) that opens what was sealed to its [`Recipient`]. Wiped on drop, never printed.
#[derive(Clone)]
pub struct Identity(pub(super) age::x25519::Identity);

impl Identity {
    /// Reads `AGE-SECRET-KEY-1…`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        // Stock age takes capitals only, and so does the browser.
        if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        text.parse().ok().map(Self)
    }

    /// The identity whose secret scalar is `bytes`; any 32 bytes are one (RFC 7748, section 5). `None` cannot happen
    /// for 32 bytes, but encoding them is another crate's work.
    pub(super) fn from_secret(bytes: &[u8; 32]) -> Option<Self> {
        let prefix = bech32::Hrp::parse(IDENTITY_PREFIX).ok()?;
        let text = Zeroizing::new(bech32::encode_upper::<bech32::Bech32>(prefix, bytes).ok()?);
        Self::parse(&text)
    }

    /// The identity as text: `AGE-SECRET-KEY-1…`, one line without its end.
    pub fn to_text(&self) -> SecretText {
        use age::secrecy::ExposeSecret;
        SecretText::new(self.0.to_string().expose_secret().to_owned())
    }

    /// The public half.
    pub fn recipient(&self) -> Recipient {
        let key = self.0.to_public();
        Recipient { text: key.to_string(), key }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(of {})", self.recipient())
    }
}

/// A public key (X25519), `age1…`, in its one canonical writing. Ordered by that writing.
#[derive(Clone)]
pub struct Recipient {
    text: String,
    pub(super) key: age::x25519::Recipient,
}

impl Recipient {
    /// Reads `age1…` with 32 bytes of X25519 key; `None` for anything else, capitals and weak points included.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, bytes) = bech32::decode(text).ok()?;
        let bytes: [u8; 32] = bytes.try_into().ok()?;
        if prefix.as_str() != RECIPIENT_PREFIX || is_weak(bytes) {
            return None;
        }
        let key: age::x25519::Recipient = text.parse().ok()?;
        let canonical = key.to_string();
        (canonical == text).then_some(Self { text: canonical, key })
    }

    /// The recipient as text: `age1…`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Whether a public key is one of the points of small order, with which every secret agrees on zero: anybody could
/// open what is sealed to it, and the age crate panics rather than do so. The seven writings are those of RFC 7748's
/// curve with the unused top bit cleared: zero, one, the two points of order eight, and p - 1, p, p + 1.
fn is_weak(mut bytes: [u8; 32]) -> bool {
    const ORDER_EIGHT: [[u8; 32]; 2] = [
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
            0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
            0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
        ],
    ];
    bytes[31] &= 0x7f;
    let [first, middle @ .., last] = bytes;
    let next_to_zero = first <= 1 && middle == [0; 30] && last == 0;
    let next_to_p = (0xec..=0xee).contains(&first) && middle == [0xff; 30] && last == 0x7f;
    next_to_zero || next_to_p || ORDER_EIGHT.contains(&bytes)
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({})", self.text)
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Recipient {}

impl PartialOrd for Recipient {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Recipient {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl std::hash::Hash for Recipient {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bech32_of(bytes: [u8; 32]) -> String {
        bech32::encode_lower::<bech32::Bech32>(bech32::Hrp::parse("age").unwrap(), &bytes).unwrap()
    }

    #[test]
    fn an_identity_survives_being_written_and_read() {
        let identity = Identity::from_secret(&[7; 32]).unwrap();
        let again = Identity::parse(identity.to_text().expose()).unwrap();
        assert_eq!(identity.recipient(), again.recipient());
        assert_eq!(Recipient::parse(identity.recipient().as_str()), Some(identity.recipient()));
    }

    #[test]
    fn debug_output_of_an_identity_names_the_public_half_only() {
        let identity = Identity::from_secret(&[7; 32]).unwrap();
        let shown = format!("{identity:?}");
        assert!(shown.contains(identity.recipient().as_str()) && !shown.contains("SECRET"), "{shown}");
    }

    #[test]
    fn points_that_everybody_agrees_with_are_no_recipients() {
        let mut near_p = [0xff_u8; 32];
        for first in [0xec, 0xed, 0xee] {
            near_p[0] = first;
            assert_eq!(Recipient::parse(&bech32_of(near_p)), None);
        }
        assert_eq!(Recipient::parse(&bech32_of([0; 32])), None);
        let mut one = [0; 32];
        one[0] = 1;
        assert_eq!(Recipient::parse(&bech32_of(one)), None);
        one[31] = 0x80;
        assert_eq!(Recipient::parse(&bech32_of(one)), None);
        one[0] = 9;
        one[31] = 0;
        assert!(Recipient::parse(&bech32_of(one)).is_some(), "the base point is an ordinary key");
    }

    #[test]
    fn another_writing_of_a_recipient_is_refused() {
        let text = Identity::from_secret(&[7; 32]).unwrap().recipient().to_string();
        assert_eq!(Recipient::parse(&text.to_uppercase()), None);
        assert_eq!(Recipient::parse(&format!("{text} ")), None);
        assert_eq!(Recipient::parse(&text[..text.len() - 1]), None);
    }
}
