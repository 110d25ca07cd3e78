//! Opens a site as a reader does, and as a thief with that reader's key would: every key on every sealed thing.

use super::fixture::{House, files_of};
use super::unpack::Haystack;
use base64::Engine as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read as _;
use strongroom::sealing::{Identity, Keyring, keyring_name, open};

/// A site's files.
pub struct Site {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    pub fn of(house: &House) -> Self {
        Self { files: files_of(&house.site()) }
    }

    /// Everything that stands there for somebody without a key.
    pub fn haystack(&self) -> Haystack {
        self.haystack_of(|_| true)
    }

    /// What stands in the files of some names.
    pub fn haystack_of(&self, wanted: impl Fn(&str) -> bool) -> Haystack {
        let mut hay = Haystack::new();
        for (name, bytes) in self.files.iter().filter(|(name, _)| wanted(name)) {
            hay.add(name, bytes);
        }
        hay
    }

    /// What the script of every page knows.
    fn salt(&self) -> String {
        let home = String::from_utf8_lossy(&self.files["index.html"]).into_owned();
        home.split_once("data-salt=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    }

    /// The identities that a reader's keyring holds; none where there is no keyring.
    pub fn identities(&self, key: &Identity) -> Vec<Identity> {
        let place = format!("keys/{}", keyring_name(&self.salt(), &key.recipient()));
        let Some(sealed) = self.files.get(&format!("{place}.age")) else { return Vec::new() };
        let keyring = Keyring::open(sealed, std::slice::from_ref(key), &place).unwrap();
        keyring.clearances.into_iter().map(|entry| entry.identity).collect()
    }

    /// The envelopes of a page, in it and beside it: the clearance's id and the armored file.
    pub fn envelopes(&self, page: &str) -> Vec<(String, String)> {
        let html = String::from_utf8_lossy(&self.files[page]);
        let beside = beside(&html).into_iter().map(|(id, place)| {
            let script = self.files.get(&format!("{place}.js")).unwrap_or_else(|| panic!("{page} names {place}"));
            (id, handed_over(script).trim().to_owned())
        });
        envelopes(&html).into_iter().chain(beside).collect()
    }

    /// What a key opens, without the bundles: every envelope and sealed file.
    pub fn opened(&self, key: &Identity) -> Haystack {
        self.opened_of(key, |_| true)
    }

    /// What a key opens in the files of some names.
    pub fn opened_of(&self, key: &Identity, wanted: impl Fn(&str) -> bool) -> Haystack {
        let mut hay = Haystack::new();
        let mut identities = self.identities(key);
        identities.push(key.clone());
        for (name, bytes) in self.files.iter().filter(|(name, _)| wanted(name)) {
            for sealed in sealed_things(name, bytes) {
                if let Ok(plain) = open(&sealed, &identities) {
                    hay.add("", plain.expose());
                }
            }
        }
        hay
    }

    /// What each bundle that a key opens holds, by audience.
    pub fn bundles(&self, key: &Identity) -> BTreeMap<String, Haystack> {
        let mut found = BTreeMap::new();
        for (name, bytes) in &self.files {
            let Some(audience) = name.strip_prefix("bundles/").and_then(|name| name.strip_suffix(".zip.age")) else {
                continue;
            };
            if let Ok(plain) = open(bytes, std::slice::from_ref(key)) {
                let mut hay = Haystack::new();
                hay.add("", plain.expose());
                found.insert(audience.to_owned(), hay);
            }
        }
        found
    }
}

/// Whether a file belongs to an index that is sealed. Its name changes with what it holds, by the sealing key alone.
pub fn is_sealed_shard(name: &str, bytes: &[u8]) -> bool {
    name.starts_with("search/") && !sealed_things(name, bytes).is_empty()
}

/// The age files in a file of the site: envelopes of a page or beside one, a shard of an index, or the file itself; never
/// keyrings and bundles.
pub fn sealed_things(name: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    if name.ends_with(".html") {
        let text = String::from_utf8_lossy(bytes);
        return envelopes(&text).into_iter().map(|(_, armored)| armored.into_bytes()).collect();
    }
    if name.starts_with("search/") && name.ends_with(".js") {
        let text = String::from_utf8_lossy(bytes);
        let base64 = text.split_once(",\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
        let plain = base64::engine::general_purpose::STANDARD.decode(base64).unwrap_or_default();
        return if plain.starts_with(b"age-encryption.org") { vec![plain] } else { Vec::new() };
    }
    if name.starts_with("envelopes/") {
        return vec![handed_over(bytes).into_bytes()];
    }
    if name.starts_with("files/") && name.ends_with(".age") { vec![bytes.to_vec()] } else { Vec::new() }
}

/// The text that a script of the site hands over.
fn handed_over(script: &[u8]) -> String {
    let script = std::str::from_utf8(script).unwrap();
    let (_, text) = script.trim_end().strip_suffix(')').unwrap().split_once(',').unwrap();
    serde_json::from_str(text).unwrap()
}

/// The JSON that was sealed, unpacked where it was packed.
pub fn content_of(plain: &[u8]) -> Value {
    let mut unpacked = Vec::new();
    if plain.starts_with(&[0x1F, 0x8B]) {
        flate2::read::GzDecoder::new(plain).read_to_end(&mut unpacked).unwrap();
        return serde_json::from_slice(&unpacked).unwrap();
    }
    serde_json::from_slice(plain).unwrap()
}

/// The envelopes that stand in a page: the clearance's id and the armored file.
fn envelopes(html: &str) -> Vec<(String, String)> {
    html.split("data-clearance=\"")
        .skip(1)
        .filter_map(|rest| {
            let (id, rest) = rest.split_once("\">")?;
            let (armored, _) = rest.split_once("</script>")?;
            armored.trim_start().starts_with("-----BEGIN AGE").then(|| (id.to_owned(), armored.trim().to_owned()))
        })
        .collect()
}

/// The envelopes that a page names beside it: the clearance's id and where each stands.
fn beside(html: &str) -> Vec<(String, String)> {
    let marks = html.split("\" data-beside=\"").collect::<Vec<_>>();
    let pairs = marks.windows(2).map(|pair| {
        let (_, id) = pair[0].rsplit_once('"').unwrap();
        (id.to_owned(), pair[1].split_once('"').unwrap().0.to_owned())
    });
    pairs.collect()
}

/// A page without its envelopes.
pub fn outside(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<script type=\"application/age\"") {
        out.push_str(before);
        rest = after.split_once("</script>").unwrap().1;
    }
    out.push_str(rest);
    out
}
