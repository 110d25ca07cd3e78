//! The envelopes of a page: sealed, or kept from the site before where nothing in them changed.
//!
//! Opening an old envelope to see what it holds costs as much as sealing a new one. So a build leaves a stamp of each
//! page, a digest under the sealing key of what every envelope holds, to which key, and of the envelope itself. Where it
//! is the same again, all of them stay, unopened. Where it is not, each is opened, and stays if it holds the same.
//!
//! A large envelope does not stand in its page, which everybody loads, but beside it, where only those load it who hold
//! its clearance.

use super::door::{DoorError, dearmored};
use crate::sealing::{ClearanceKey, Envelope, SealingKey, letters, pack, reseal};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// What begins an envelope in a page, or the mark of one beside it.
const START: &str = "<script type=\"application/age\" class=\"envelope\" data-clearance=\"";
/// What follows the clearance where the envelope stands beside the page.
const BESIDE: &str = "\" data-beside=\"";

/// The largest envelope that stands in its page, in bytes before armor.
const LARGEST_INSIDE: usize = 32 << 10;

/// A page of the site before.
#[derive(Clone, Copy)]
pub struct Before<'a> {
    /// The page.
    pub html: &'a str,
    /// The folder of its site.
    pub site: &'a Path,
    /// The stamp that the build left of it.
    pub stamp: Option<&'a str>,
}

/// What is to be sealed on a page for one clearance.
pub struct Content {
    /// The clearance's id.
    pub id: String,
    /// Its key.
    pub key: Arc<ClearanceKey>,
    /// What is to be sealed, neither packed nor padded.
    pub plain: String,
}

/// The envelopes of a page.
pub struct Envelopes {
    /// As they stand in it.
    pub html: String,
    /// Those that stand beside it: where, and as armored text.
    pub beside: Vec<(String, String)>,
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
    let old = before.map(old_envelopes).unwrap_or_default();
    let sealed = match page.kept(&old, before.and_then(|before| before.stamp)) {
        Some(kept) => kept,
        None => page.sealed(&old)?,
    };
    let armored: Vec<&str> = sealed.iter().map(|envelope| envelope.armored.as_str()).collect();
    let stamp = page.stamp(&armored);
    let mut made = Envelopes { html: String::new(), beside: Vec::new(), digests: Vec::new(), stamp };
    for (content, envelope) in contents.iter().zip(sealed) {
        let digest: [u8; 32] = Sha256::digest(&envelope.binary).into();
        made.digests.push(digest);
        made.html.push_str(START);
        made.html.push_str(&content.id);
        if envelope.binary.len() > LARGEST_INSIDE {
            let place = page.place(content);
            // The version is in the page, so that no browser takes an older one from its cache.
            let version = letters(&digest[..8]);
            made.html.push_str(&format!("{BESIDE}{place}\" data-version=\"{version}\"></script>\n"));
            made.beside.push((place, envelope.armored));
        } else {
            made.html.push_str("\">");
            made.html.push_str(envelope.armored.trim_end());
            made.html.push_str("\n</script>\n");
        }
    }
    Ok(made)
}

struct Page<'a> {
    key: &'a SealingKey,
    address: &'a str,
    contents: &'a [Content],
}

impl Page<'_> {
    /// All envelopes of the page as it stood, where they hold the same for the same readers.
    fn kept(&self, old: &HashMap<&str, String>, stamp: Option<&str>) -> Option<Vec<Envelope>> {
        let stamp = stamp?;
        let armored: Option<Vec<&str>> =
            self.contents.iter().map(|content| old.get(content.id.as_str()).map(String::as_str)).collect();
        let armored = armored?;
        if self.stamp(&armored) != stamp {
            return None;
        }
        let envelope = |armored: &str| Envelope { armored: armored.to_owned(), binary: dearmored(armored) };
        Some(armored.into_iter().map(envelope).collect())
    }

    fn sealed(&self, old: &HashMap<&str, String>) -> Result<Vec<Envelope>, DoorError> {
        let seal = |Content { id, key, plain }: &Content| {
            let packed = pack(plain.clone()).map_err(DoorError::new)?;
            reseal(old.get(id.as_str()).map(String::as_str), &packed, key).map_err(DoorError::new)
        };
        self.contents.iter().map(seal).collect()
    }

    /// Where the envelope of a clearance stands that does not stand in the page.
    fn place(&self, content: &Content) -> String {
        let letters = self.key.envelope_address(&[self.address.as_bytes(), content.id.as_bytes()]);
        format!("envelopes/{letters}")
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
fn old_envelopes(before: Before<'_>) -> HashMap<&str, String> {
    let envelope = |rest: &'_ str| -> Option<String> {
        match rest.strip_prefix(BESIDE) {
            Some(rest) => delivered(before.site, rest.split_once('"')?.0),
            None => Some(rest.strip_prefix("\">")?.split_once("</script>")?.0.to_owned()),
        }
    };
    let pieces = before.html.split(START).skip(1);
    pieces
        .filter_map(|piece| Some((piece.get(..piece.find('"')?)?, envelope(piece.get(piece.find('"')?..)?)?)))
        .collect()
}

/// The text that a file beside a page hands over.
fn delivered(site: &Path, place: &str) -> Option<String> {
    let letters = place.strip_prefix("envelopes/")?;
    if !letters.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let script = std::fs::read_to_string(site.join(format!("{place}.js"))).ok()?;
    let (_, rest) = script.split_once(',')?;
    serde_json::from_str(rest.trim_end().strip_suffix(')')?).ok()
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
            let before = before.map(|(html, stamp)| Before { html, site: Path::new(""), stamp: Some(stamp) });
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

    #[test]
    fn a_large_envelope_stands_beside_its_page_and_stays_as_those_in_it_do() {
        let (key, one, site) = (SealingKey::generate().unwrap(), clearance_key(), tempfile::tempdir().unwrap());
        let noise =
            |salt: &str| -> String { (0..2000).map(|n| letters(&Sha256::digest(format!("{salt}{n}")))).collect() };
        let contents = [content("k", &one, &noise("a")), content("l", &one, "short")];
        let first = envelopes(&key, "a/index.html", &contents, None).unwrap();
        assert_eq!((first.beside.len(), first.html.matches("data-beside").count()), (1, 1));
        let (place, armored) = &first.beside[0];
        assert!(!first.html.contains(armored.lines().nth(3).unwrap()));
        std::fs::create_dir(site.path().join("envelopes")).unwrap();
        let script = format!("strongroom.deliver(\"{place}\",{})\n", serde_json::Value::from(armored.as_str()));
        std::fs::write(site.path().join(format!("{place}.js")), script).unwrap();

        let again = |contents: &[Content], stamp: Option<&str>| {
            let before = Before { html: &first.html, site: site.path(), stamp };
            envelopes(&key, "a/index.html", contents, Some(before)).unwrap()
        };
        for stamp in [Some(first.stamp.as_str()), None] {
            assert_eq!(again(&contents, stamp).digests, first.digests);
        }
        let changed = again(&[content("k", &one, &noise("b")), content("l", &one, "short")], Some(&first.stamp));
        assert_eq!((changed.digests[0] == first.digests[0], changed.digests[1]), (false, first.digests[1]));
        // Another page has its own place for the same clearance.
        let other = envelopes(&key, "b/index.html", &contents, None).unwrap();
        assert_ne!(other.beside[0].0, *place);
    }
}
