//! The envelopes of a page: sealed, or kept from the site before where nothing in them changed.
//!
//! Opening an old envelope to see what it holds costs as much as sealing a new one. So a build leaves a stamp of each
//! page, a digest under the sealing key of what every envelope holds, to which key, and of the envelope itself. Where it
//! is the same again, all of them stay, unopened. Where it is not, each is opened, and stays if it holds the same.

use super::door::{DoorError, dearmored};
use crate::sealing::{ClearanceKey, Envelope, SealingKey, letters, reseal};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// What begins an envelope in a page.
const START: &str = "<script type=\"application/age\" class=\"envelope\" data-clearance=\"";

/// A page of the site before.
#[derive(Clone, Copy)]
pub struct Before<'a> {
    /// The page.
    pub html: &'a str,
    /// The stamp that the build left of it.
    pub stamp: Option<&'a str>,
}

/// What is to be sealed on a page for one clearance.
pub struct Content {
    /// The clearance's id.
    pub id: String,
    /// Its key.
    pub key: Arc<ClearanceKey>,
    /// What is to be sealed, padded.
    pub plain: String,
}

/// The envelopes of a page.
pub struct Envelopes {
    /// As they stand in it.
    pub html: String,
    /// SHA-256 of each in binary form.
    pub digests: Vec<[u8; 32]>,
    /// What the next build knows them by.
    pub stamp: String,
}

/// Seals what is to stand on a page, each content under its own clearance.
///
/// # Errors
/// When nothing can be sealed.
pub fn envelopes(
    key: &SealingKey,
    address: &str,
    contents: &[Content],
    before: Option<Before<'_>>,
) -> Result<Envelopes, DoorError> {
    let page = Page { key, address, contents };
    let old = before.map(|before| old_envelopes(before.html)).unwrap_or_default();
    let sealed = match page.kept(&old, before.and_then(|before| before.stamp)) {
        Some(kept) => kept,
        None => page.sealed(&old)?,
    };
    let mut html = String::new();
    for (content, envelope) in contents.iter().zip(&sealed) {
        html.push_str(START);
        html.push_str(&content.id);
        html.push_str("\">");
        html.push_str(envelope.armored.trim_end());
        html.push_str("\n</script>\n");
    }
    let digests = sealed.iter().map(|envelope| Sha256::digest(&envelope.binary).into()).collect();
    let armored: Vec<&str> = sealed.iter().map(|envelope| envelope.armored.as_str()).collect();
    Ok(Envelopes { html, digests, stamp: page.stamp(&armored) })
}

struct Page<'a> {
    key: &'a SealingKey,
    address: &'a str,
    contents: &'a [Content],
}

impl Page<'_> {
    /// All envelopes of the page as it stood, where they hold the same for the same readers.
    fn kept(&self, old: &HashMap<&str, &str>, stamp: Option<&str>) -> Option<Vec<Envelope>> {
        let stamp = stamp?;
        let armored: Option<Vec<&str>> =
            self.contents.iter().map(|content| old.get(content.id.as_str()).copied()).collect();
        let armored = armored?;
        if self.stamp(&armored) != stamp {
            return None;
        }
        let envelope = |armored: &str| Envelope { armored: armored.to_owned(), binary: dearmored(armored) };
        Some(armored.into_iter().map(envelope).collect())
    }

    fn sealed(&self, old: &HashMap<&str, &str>) -> Result<Vec<Envelope>, DoorError> {
        let seal = |Content { id, key, plain }: &Content| {
            reseal(old.get(id.as_str()).copied(), plain.as_bytes(), key).map_err(DoorError::new)
        };
        self.contents.iter().map(seal).collect()
    }

    fn stamp(&self, armored: &[&str]) -> String {
        let mut parts: Vec<Vec<u8>> = vec![self.address.as_bytes().to_vec()];
        for (Content { id, key, plain }, armored) in self.contents.iter().zip(armored) {
            parts.push(id.as_bytes().to_vec());
            parts.push(key.recipient.as_str().as_bytes().to_vec());
            parts.push(Sha256::digest(plain).to_vec());
            parts.push(Sha256::digest(armored.trim_end()).to_vec());
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        letters(&self.key.digest("page stamp", &parts))
    }
}

/// The envelopes of a page as it was published, by clearance.
fn old_envelopes(html: &str) -> HashMap<&str, &str> {
    html.split(START)
        .skip(1)
        .filter_map(|rest| {
            let (id, rest) = rest.split_once("\">")?;
            let (armored, _) = rest.split_once("</script>")?;
            Some((id, armored))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealing::generate_identity;

    fn content(id: &str, key: &Arc<ClearanceKey>, plain: &str) -> Content {
        Content { id: id.to_owned(), key: Arc::clone(key), plain: plain.to_owned() }
    }

    fn clearance_key() -> Arc<ClearanceKey> {
        let identity = generate_identity().unwrap();
        Arc::new(ClearanceKey { recipient: identity.recipient(), identity })
    }

    #[test]
    fn envelopes_stay_while_what_they_hold_their_readers_and_they_themselves_stay() {
        let (key, one, other) = (SealingKey::generate().unwrap(), clearance_key(), clearance_key());
        let sealed = |contents: &[Content], before: Option<(&str, &str)>| {
            let before = before.map(|(html, stamp)| Before { html, stamp: Some(stamp) });
            envelopes(&key, "a/index.html", contents, before).unwrap()
        };
        let contents = [content("k", &one, "secret"), content("l", &other, "more")];
        let first = sealed(&contents, None);
        let again = sealed(&contents, Some((&first.html, &first.stamp)));
        assert_eq!((&first.html, &first.stamp, &first.digests), (&again.html, &again.stamp, &again.digests));

        let changed =
            sealed(&[content("k", &one, "other"), content("l", &other, "more")], Some((&first.html, &first.stamp)));
        assert_ne!(changed.stamp, first.stamp);
        // Of those that are opened the one that holds the same stays.
        assert_eq!((changed.digests[1], changed.digests[0] == first.digests[0]), (first.digests[1], false));

        // Other readers, also where the stamp would have it otherwise.
        let others =
            sealed(&[content("k", &other, "secret"), content("l", &other, "more")], Some((&first.html, &first.stamp)));
        assert_ne!(others.digests[0], first.digests[0]);

        // An envelope that somebody put into the site in the place of another.
        let forged = sealed(&[content("k", &one, "forged"), content("l", &other, "more")], None);
        let mended = sealed(&contents, Some((&forged.html, &first.stamp)));
        assert_ne!(mended.digests[0], forged.digests[0]);
        let mended = sealed(&contents, Some((&forged.html, &forged.stamp)));
        assert_ne!(mended.digests[0], forged.digests[0]);
    }
}
