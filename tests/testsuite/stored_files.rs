//! What is stored is held against its digest whenever a site is built: a scan that rotted is named, and not published.

use super::bed::{Bed, CONTRACT};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;

const SCAN: &[u8] = b"%PDF-1.7 a scan of the price list";
const CONTRACT_FILE: &str = "customers/yunxi/contracts/2024-017.md";

/// The object in which git keeps the scan, with its content.
fn object(bed: &Bed) -> (PathBuf, Vec<u8>) {
    let objects = walkdir::WalkDir::new(bed.path().join(".git/objects")).into_iter().filter_map(Result::ok);
    let content = |path: PathBuf| {
        let mut content = Vec::new();
        ZlibDecoder::new(fs::File::open(&path).ok()?).read_to_end(&mut content).ok()?;
        content.ends_with(SCAN).then_some((path, content))
    };
    objects.filter(|entry| entry.file_type().is_file()).find_map(|entry| content(entry.into_path())).unwrap()
}

#[test]
fn a_stored_file_that_lost_a_bit_is_named_and_stops_the_build() {
    let bed = Bed::new();
    bed.git(&["init", "-q"]);
    bed.write(CONTRACT_FILE, &CONTRACT.replace("---\nThe", "attachments: [2024-017.pdf]\n---\nThe"));
    bed.write_bytes("customers/yunxi/contracts/2024-017.pdf", SCAN);
    bed.commit();
    let beside = tempfile::tempdir().unwrap();
    let at = |name: &str| beside.path().join(name).display().to_string();
    let build = || bed.run(&["build", ".", "--output", &at("site"), "--state", &at("state")]);
    let sound = build();
    assert_eq!(sound.code, 0, "{}", sound.words);

    let (path, mut content) = object(&bed);
    *content.last_mut().unwrap() ^= 1;
    fs::remove_file(&path).unwrap();
    let mut damaged = ZlibEncoder::new(fs::File::create(&path).unwrap(), Compression::default());
    damaged.write_all(&content).unwrap();
    damaged.finish().unwrap();
    let refused = build();
    assert_eq!(refused.code, 1, "{}", refused.words);
    assert!(refused.words.contains("‹2024-017.pdf› cannot be had"), "{}", refused.words);
    assert!(refused.words.contains(CONTRACT_FILE), "{}", refused.words);
}
