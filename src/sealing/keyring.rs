//! Keyrings: one file per key of a reader, holding the identities of the clearances that the reader meets.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::padding::missing;
use super::{Identity, OpenError, Recipient, SealError, SealingKey, SecretBytes, letters, open, seal_armored};

/// The version of the keyring's form, which stands in it.
const VERSION: u32 = 1;

/// The name of the keyring that a public key finds: 32 letters of SHA-256 over salt, line end and key.
///
/// Whoever knows a public key can tell whether it has a keyring; nobody can list the readers from the names.
pub fn keyring_name(salt: &str, public_key: &Recipient) -> String {
    hashed(&[salt, "\n", public_key.as_str()])
}

/// The name of the file that a reader's name and passphrase find: 32 letters of SHA-256 over salt, the word "name" and
/// the reader's name, each on a line.
pub fn passphrase_name(salt: &str, reader: &str) -> String {
    hashed(&[salt, "\nname\n", reader])
}

fn hashed(parts: &[&str]) -> String {
    let hash = parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize();
    letters(&hash[..16])
}

/// Something worded in Chinese, English or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// In Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zh: Option<String>,
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// One clearance in a keyring.
#[derive(Debug, Clone)]
pub struct KeyringEntry {
    /// The clearance's name, 16 letters.
    pub id: String,
    /// What the page calls it.
    pub title: Wording,
    /// What opens its envelopes.
    pub identity: Identity,
}

/// An audience in the keyring of one of its readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The audience's name in the settings.
    pub name: String,
    /// What the page calls it.
    pub title: Wording,
}

/// What a reader's key opens.
#[derive(Debug, Clone)]
pub struct Keyring {
    /// The reader, by the name of the file in the archive.
    pub reader: String,
    /// The reader's name as people write it.
    pub name: Wording,
    /// The last day on which this reader is to be in the site (ISO 8601), if there is one.
    pub until: Option<String>,
    /// The audiences that the reader belongs to: a page says by them what it keeps from this reader.
    pub audiences: Vec<Membership>,
    /// The clearances that the reader meets.
    pub clearances: Vec<KeyringEntry>,
}

/// A sealed keyring, with what tells the next build that it can stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedKeyring {
    /// The age file in armor.
    pub armored: String,
    /// A keyed digest of content, recipients and file, to be kept with the build's state. The build cannot open a
    /// keyring that it sealed, so this is how it knows one again.
    pub stamp: String,
}

/// Why a keyring could not be sealed or opened.
#[derive(Debug)]
pub enum KeyringError {
    /// Sealing failed.
    Seal(SealError),
    /// The file does not open with these identities.
    Open(OpenError),
    /// It opens, but what it holds is no keyring of this version.
    Malformed,
    /// It opens, but was made for another place than the one where it lies.
    Moved,
}

impl fmt::Display for KeyringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seal(error) => error.fmt(f),
            Self::Open(error) => error.fmt(f),
            Self::Malformed => f.write_str("this opens, but is no keyring that this version of Strongroom knows"),
            Self::Moved => f.write_str("this keyring was made for another place than the one where it lies"),
        }
    }
}

impl std::error::Error for KeyringError {}

/// The form in JSON. Identities are borrowed from buffers that are wiped, and so are never copied by the parser.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    strongroom: u32,
    #[serde(borrow)]
    place: Cow<'a, str>,
    #[serde(borrow)]
    reader: Cow<'a, str>,
    name: Wording,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Cow<'a, str>>,
    #[serde(default)]
    audiences: Cow<'a, [Membership]>,
    #[serde(borrow)]
    clearances: Vec<WrittenEntry<'a>>,
}

#[derive(Serialize, Deserialize)]
struct WrittenEntry<'a> {
    id: &'a str,
    title: Wording,
    identity: &'a str,
}

impl Keyring {
    /// Seals the keyring to the reader's own keys. `place` is where it will lie: `keys/NAME`.
    ///
    /// `old` is what an earlier build left there, with the stamp from that build's state: it stays if content and
    /// recipients are the same and the file is the one that this sealing key stamped.
    ///
    /// # Errors
    /// When the reader has no keys or too many.
    pub fn seal(
        &self,
        place: &str,
        recipients: &[Recipient],
        key: &SealingKey,
        old: Option<&SealedKeyring>,
    ) -> Result<SealedKeyring, KeyringError> {
        let plain = self.to_padded_json(place).map_err(KeyringError::Seal)?;
        let recipients: Vec<Recipient> = recipients.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
        let stamp = |armored: &str| {
            let readers = recipients.iter().map(|recipient| recipient.as_str().as_bytes());
            let parts: Vec<&[u8]> = [armored.as_bytes(), plain.expose()].into_iter().chain(readers).collect();
            letters(&key.digest("keyring", &parts)[..16])
        };
        if let Some(old) = old
            && old.stamp == stamp(&old.armored)
        {
            return Ok(old.clone());
        }
        let armored = seal_armored(plain.expose(), &recipients).map_err(KeyringError::Seal)?;
        Ok(SealedKeyring { stamp: stamp(&armored), armored })
    }

    /// Opens a keyring with a reader's identities and checks that it was made for `place`.
    ///
    /// # Errors
    /// When it does not open, is no keyring, or was moved.
    pub fn open(sealed: &[u8], identities: &[Identity], place: &str) -> Result<Self, KeyringError> {
        let plain = open(sealed, identities).map_err(KeyringError::Open)?;
        let written: Written<'_> = serde_json::from_slice(plain.expose()).map_err(|_| KeyringError::Malformed)?;
        if written.strongroom != VERSION {
            return Err(KeyringError::Malformed);
        }
        if written.place != place {
            return Err(KeyringError::Moved);
        }
        let entry = |entry: WrittenEntry<'_>| {
            let identity = Identity::parse(entry.identity).ok_or(KeyringError::Malformed)?;
            Ok(KeyringEntry { id: entry.id.to_owned(), title: entry.title, identity })
        };
        Ok(Self {
            reader: written.reader.into_owned(),
            name: written.name,
            until: written.until.map(Cow::into_owned),
            audiences: written.audiences.into_owned(),
            clearances: written.clearances.into_iter().map(entry).collect::<Result<_, _>>()?,
        })
    }

    fn to_padded_json(&self, place: &str) -> Result<SecretBytes, SealError> {
        let secrets: Vec<_> = self.clearances.iter().map(|entry| entry.identity.to_text()).collect();
        let clearances = self.clearances.iter().zip(&secrets).map(|(entry, secret)| WrittenEntry {
            id: &entry.id,
            title: entry.title.clone(),
            identity: secret.expose(),
        });
        let written = Written {
            strongroom: VERSION,
            place: Cow::Borrowed(place),
            reader: Cow::Borrowed(&self.reader),
            name: self.name.clone(),
            until: self.until.as_deref().map(Cow::Borrowed),
            audiences: Cow::Borrowed(&self.audiences),
            clearances: clearances.collect(),
        };
        let mut json = SecretBytes::with_capacity(1024 + 512 * self.clearances.len());
        serde_json::to_writer(&mut json, &written).map_err(|error| SealError::Io(error.into()))?;
        json.write_all(&vec![b' '; missing(json.len())])?;
        Ok(json)
    }
}

#[cfg(test)]
mod tests {
    use super::super::generate_identity;
    use super::*;

    fn keyring() -> Keyring {
        let word = |zh: &str, en: &str| Wording { zh: Some(zh.to_owned()), en: Some(en.to_owned()) };
        Keyring {
            reader: "li-wei".to_owned(),
            name: word("李薇", "Li Wei"),
            until: None,
            audiences: vec![Membership { name: "finance".to_owned(), title: word("财务", "Finance") }],
            clearances: vec![KeyringEntry {
                id: "kkkkllllmmmmnnnn".to_owned(),
                title: word("财务", "Finance"),
                identity: generate_identity().unwrap(),
            }],
        }
    }

    #[test]
    fn a_keyring_opens_for_each_key_of_its_reader_at_its_own_place() {
        let keyring = keyring();
        let keys = [generate_identity().unwrap(), generate_identity().unwrap()];
        let recipients = keys.each_ref().map(Identity::recipient);
        let key = SealingKey::generate().unwrap();
        let sealed = keyring.seal("keys/kkk", &recipients, &key, None).unwrap();
        for key in &keys {
            let opened = Keyring::open(sealed.armored.as_bytes(), std::slice::from_ref(key), "keys/kkk").unwrap();
            assert_eq!((opened.reader.as_str(), &opened.name, &opened.until), ("li-wei", &keyring.name, &None));
            assert_eq!(opened.clearances[0].id, "kkkkllllmmmmnnnn");
            assert_eq!(opened.audiences, keyring.audiences);
            assert_eq!(opened.clearances[0].identity.recipient(), keyring.clearances[0].identity.recipient());
        }
        let moved = Keyring::open(sealed.armored.as_bytes(), &keys, "keys/zzz");
        assert!(matches!(moved, Err(KeyringError::Moved)));
        let stranger = Keyring::open(sealed.armored.as_bytes(), &[generate_identity().unwrap()], "keys/kkk");
        assert!(matches!(stranger, Err(KeyringError::Open(OpenError::WrongKey))));
    }

    #[test]
    fn a_keyring_is_padded_json_in_the_agreed_form() {
        let mut keyring = keyring();
        keyring.until = Some("2027-12-31".to_owned());
        let plain = keyring.to_padded_json("keys/kkk").unwrap();
        assert_eq!(plain.len(), 1024);
        let value: serde_json::Value = serde_json::from_slice(plain.expose()).unwrap();
        assert_eq!((&value["strongroom"], &value["place"]), (&1.into(), &"keys/kkk".into()));
        assert_eq!((&value["name"]["zh"], &value["until"]), (&"李薇".into(), &"2027-12-31".into()));
        let identity = value["clearances"][0]["identity"].as_str().unwrap();
        assert!(identity.starts_with("AGE-SECRET-KEY-1"));
    }

    #[test]
    fn an_unchanged_keyring_stays_and_one_that_was_replaced_does_not() {
        let (mut keyring, key) = (keyring(), SealingKey::generate().unwrap());
        let (a, b) = (generate_identity().unwrap().recipient(), generate_identity().unwrap().recipient());
        let first = keyring.seal("keys/kkk", &[a.clone(), b.clone()], &key, None).unwrap();
        let again = keyring.seal("keys/kkk", &[b.clone(), a.clone(), b.clone()], &key, Some(&first)).unwrap();
        assert_eq!(again, first);
        assert_ne!(keyring.seal("keys/kkk", std::slice::from_ref(&a), &key, Some(&first)).unwrap(), first);
        let forged = SealedKeyring { armored: seal_armored(b"{}", std::slice::from_ref(&a)).unwrap(), ..first.clone() };
        assert_ne!(keyring.seal("keys/kkk", &[a.clone(), b.clone()], &key, Some(&forged)).unwrap(), forged);
        keyring.clearances.clear();
        assert_ne!(keyring.seal("keys/kkk", &[a, b], &key, Some(&first)).unwrap(), first);
    }

    #[test]
    fn what_opens_but_is_no_keyring_is_refused() {
        let identity = generate_identity().unwrap();
        for content in ["", "{}", "[1]", r#"{"strongroom":2,"place":"p","reader":"r","name":{},"clearances":[]}"#] {
            let sealed = seal_armored(content.as_bytes(), &[identity.recipient()]).unwrap();
            let opened = Keyring::open(sealed.as_bytes(), std::slice::from_ref(&identity), "p");
            assert!(matches!(opened, Err(KeyringError::Malformed)));
        }
    }

    #[test]
    fn names_are_what_the_browser_computes() {
        // SHA-256 of "salt\nage1…" and "salt\nname\nli-wei", computed with another program.
        let recipient = Recipient::parse("age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa").unwrap();
        assert_eq!(keyring_name("kmn", &recipient), "qsxxqnltsqyouwwvrvopvttxwxkmxmol");
        assert_eq!(passphrase_name("kmn", "li-wei"), "strsytlklpupolmymxltvlvrqvxprrrk");
    }
}
