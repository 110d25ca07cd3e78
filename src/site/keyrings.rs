//! Keyrings: for each key of each reader a file with the identities of all clearances that the reader meets.

use super::door::{Door, DoorError, Finished, dearmored};
use super::state::Stamps;
use crate::access::{Clearance, Reader};
use crate::sealing::{Keyring, KeyringEntry, Membership, SealedKeyring, Wording, keyring_name, passphrase_name};
use jiff::civil::Date;
use std::path::Path;

/// The keyring files of a site, with the binary forms for the gate's ledger.
pub struct Keyrings {
    /// The files.
    pub files: Vec<Finished>,
    /// What was sealed, as binary files.
    pub binaries: Vec<Vec<u8>>,
    /// Stamps for the next build.
    pub stamps: Stamps,
    /// How many readers can open something.
    pub readers: usize,
}

/// Makes the keyrings of all present readers. A keyring of the site before is kept where nothing of it changed.
///
/// # Errors
/// When a keyring cannot be sealed.
pub fn keyrings(
    door: &Door<'_>,
    clearances: &[Clearance],
    before: Option<&Path>,
    stamps: &Stamps,
) -> Result<Keyrings, DoorError> {
    let mut made = Keyrings { files: Vec::new(), binaries: Vec::new(), stamps: Stamps::new(), readers: 0 };
    let salt = door.key.salt();
    for (reader, until) in door.archive.present_readers() {
        made.readers += 1;
        let keyring = keyring(door, reader, until, clearances)?;
        for key in &reader.keys {
            let place = format!("keys/{}", keyring_name(&salt, key));
            let old = stamps.get(&place).and_then(|stamp| {
                let armored = std::fs::read_to_string(before?.join(format!("{place}.age"))).ok()?;
                Some(SealedKeyring { armored, stamp: stamp.clone() })
            });
            let sealed =
                keyring.seal(&place, std::slice::from_ref(key), door.key, old.as_ref()).map_err(DoorError::new)?;
            made.binaries.push(dearmored(&sealed.armored));
            made.stamps.insert(place.clone(), sealed.stamp);
            made.files.push(door.delivery(&place, &sealed.armored));
            made.files.push(door.ciphertext(format!("{place}.age"), sealed.armored.into_bytes()));
        }
        if let Some(wrapped) = door.archive.wrapped_keys.get(&reader.name) {
            let place = format!("keys/{}", passphrase_name(&salt, &reader.name));
            let armored = String::from_utf8_lossy(wrapped).into_owned();
            made.binaries.push(dearmored(&armored));
            made.files.push(door.delivery(&place, &armored));
        }
    }
    Ok(made)
}

fn keyring(
    door: &Door<'_>,
    reader: &Reader,
    until: Option<Date>,
    clearances: &[Clearance],
) -> Result<Keyring, DoorError> {
    let mut entries = Vec::new();
    for clearance in clearances.iter().filter(|clearance| door.archive.belongs(&reader.name, clearance)) {
        let Some(key) = door.clearance_key(clearance)? else { continue };
        entries.push(KeyringEntry {
            id: door.clearance_id(clearance),
            title: Wording {
                zh: Some(door.clearance_title(clearance, "zh")),
                en: Some(door.clearance_title(clearance, "en")),
            },
            identity: key.identity.clone(),
        });
    }
    let audiences = door.archive.settings.audiences.iter();
    let audiences = audiences.filter(|(name, _)| door.archive.settings.audiences.has(name, &reader.name));
    Ok(Keyring {
        reader: reader.name.clone(),
        name: Wording { zh: reader.zh.clone(), en: reader.en.clone() },
        until: until.map(|day| day.to_string()),
        audiences: audiences
            .map(|(name, audience)| {
                let title = |language| Some(audience.title.in_language(language).to_owned());
                Membership { name: name.to_owned(), title: Wording { zh: title("zh"), en: title("en") } }
            })
            .collect(),
        clearances: entries,
    })
}
