//! Everything sealed is an ordinary age file: Debian's own `age` opens it with the keys that should, and with no other.
//! Bundles are ordinary zips, and signatures are ones of OpenSSH.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod evidence;
mod signing;
mod site;
mod stock;

use site::{READERS, Site, key};
use std::collections::BTreeMap;
use stock::{age, gunzip, unzip_accepts};
use strongroom::sealing::padded_len;

/// Which readers belong to an audience of the example and are present: chen-fang's training has lapsed, compliance
/// oversees all.
fn readers_of(audience: &str) -> Vec<&'static str> {
    let own: &[&str] = match audience {
        "finance" => &["li-wei"],
        "legal" => &["zhao-min"],
        "sales" => &["sun-qian", "li-wei"],
        "technical" => &["he-jun"],
        "management" => &["sun-qian"],
        "compliance" => &[],
        other => panic!("the example has another audience: {other}"),
    };
    READERS.into_iter().filter(|reader| own.contains(reader) || *reader == "wu-jie").collect()
}

#[test]
fn stock_age_opens_each_bundle_for_its_readers_alone() {
    let site = Site::example();
    let bundles = site.files("bundles", "age");
    assert_eq!(bundles.len(), 6);
    for bundle in bundles {
        let audience = bundle.file_name().unwrap().to_string_lossy().replace(".zip.age", "");
        let sealed = std::fs::read(&bundle).unwrap();
        for reader in READERS {
            let opened = age(&sealed, &[key(reader)]);
            assert_eq!(opened.is_some(), readers_of(&audience).contains(&reader), "{audience} and {reader}");
        }
    }
}

#[test]
fn a_bundle_is_an_ordinary_zip_of_a_padded_length() {
    let site = Site::example();
    for bundle in site.files("bundles", "age") {
        let zip = age(&std::fs::read(&bundle).unwrap(), &[key("wu-jie")]).unwrap();
        let length = zip.len() as u64;
        assert_eq!(padded_len(length), length, "{} has a length that padding would not give", bundle.display());
        unzip_accepts(&zip);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&zip)).unwrap();
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        assert!(names.iter().any(|name| name == "index.html") && names.iter().any(|name| name == "records.json"));
        let records: serde_json::Value = serde_json::from_reader(archive.by_name("records.json").unwrap()).unwrap();
        assert!(!records["records"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_reader_whose_training_has_lapsed_has_no_keyring() {
    let site = Site::example();
    assert!(site.keyring("chen-fang").is_none());
    for reader in READERS.into_iter().filter(|reader| *reader != "chen-fang") {
        assert!(site.keyring(reader).is_some(), "{reader}");
    }
}

#[test]
fn a_keyring_opens_with_its_readers_key_alone() {
    let site = Site::example();
    for of in READERS.into_iter().filter(|reader| *reader != "chen-fang") {
        let sealed = std::fs::read(site.keyring(of).unwrap()).unwrap();
        for reader in READERS {
            assert_eq!(age(&sealed, &[key(reader)]).is_some(), reader == of, "the keyring of {of} and {reader}");
        }
    }
}

#[test]
fn stock_age_opens_each_envelope_with_the_key_of_its_clearance_alone() {
    let site = Site::example();
    let identities = site.identities();
    let (mut opened, mut packed) = (0, 0);
    for page in site.pages() {
        for (clearance, envelope) in site::envelopes(&page) {
            let right = &identities[&clearance];
            let plain = age(envelope.as_bytes(), &[right]).unwrap_or_else(|| panic!("{}: {clearance}", page.display()));
            assert_eq!(padded_len(plain.len() as u64), plain.len() as u64);
            let json = if plain.starts_with(&[0x1F, 0x8B]) { gunzip(&plain) } else { plain };
            packed += usize::from(json.len() > 4096);
            let content: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!(content["clearance"], clearance.as_str());
            opened += 1;
        }
    }
    assert!(opened > 200 && packed > 20, "{opened}, {packed}");
}

#[test]
fn an_envelope_opens_for_no_reader_directly_and_with_no_other_clearance() {
    let site = Site::example();
    let identities = site.identities();
    let page = site.folder().join("customers/yunxi-hydropower/index.html");
    for (clearance, envelope) in site::envelopes(&page) {
        let others: Vec<&str> =
            identities.iter().filter(|(id, _)| **id != clearance).map(|(_, key)| key.as_str()).collect();
        assert!(age(envelope.as_bytes(), &others).is_none(), "{clearance}");
        let readers: Vec<&str> = READERS.into_iter().map(key).collect();
        assert!(age(envelope.as_bytes(), &readers).is_none(), "{clearance}");
    }
}

#[test]
fn stock_age_and_tar_open_each_sealed_attachment() {
    let site = Site::example();
    let identities = site.identities();
    let files = site.files("files", "age");
    assert!(files.len() > 10);
    for file in files {
        let sealed = std::fs::read(&file).unwrap();
        let fitting: Vec<&String> =
            identities.iter().filter(|(_, key)| age(&sealed, &[key]).is_some()).map(|(id, _)| id).collect();
        assert_eq!(fitting.len(), 1, "{}", file.display());
        let plain = age(&sealed, &[&identities[fitting[0]]]).unwrap();
        let entries = stock::tar(&plain);
        let head: serde_json::Value = serde_json::from_slice(&entries["strongroom.json"]).unwrap();
        assert_eq!(head["clearance"], fitting[0].as_str());
        assert_eq!(head["place"], format!("files/{}", file.file_stem().unwrap().to_string_lossy()));
        let name = head["name"].as_str().unwrap();
        // Beside what is no picture lies an empty thumbnail.
        assert!(!entries[name].is_empty() || name == "thumbnail.jpg");
        let readers: Vec<&str> = READERS.into_iter().map(key).collect();
        assert!(age(&sealed, &readers).is_none(), "a reader's key is none of a clearance");
    }
}

#[test]
fn each_clearance_is_in_the_keyrings_of_several_readers_with_one_identity() {
    let site = Site::example();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for reader in READERS {
        for (id, identity) in site.identities_of(reader) {
            let first = known.entry(id.clone()).or_insert_with(|| identity.clone());
            assert_eq!(*first, identity, "{reader}: {id}");
        }
    }
    let oversight = site.identities_of("wu-jie");
    assert_eq!(known.len(), oversight.len(), "compliance oversees all");
}
