//! Thumbnails ask what their files ask, and tell nothing more than these: neither what a picture shows, nor that a file
//! is one, nor what stood in it beside the pixels.

use super::fixture::House;
use super::opening::Site;
use super::tricks::house_with;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;
use strongroom::picture::{draw_by, thumbnail};

const SCAN: &str = "customers/one/things/scan.jpg";
const RECORD: &str = "customers/one/things/a.md";
const CAMERA: &str = "GPS-30.1234N-120.5678E of the house";

/// A photograph that says where it was taken.
fn photograph(colour: [u8; 3]) -> Vec<u8> {
    let image =
        RgbImage::from_fn(800, 600, |x, y| Rgb([colour[0] ^ (x / 9) as u8, colour[1] ^ (y / 7) as u8, colour[2]]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    let bytes = bytes.into_inner();
    let comment =
        [&[0xFF, 0xFE], &u16::try_from(CAMERA.len() + 2).unwrap().to_be_bytes()[..], CAMERA.as_bytes()].concat();
    [&bytes[..2], &comment, &bytes[2..]].concat()
}

/// A contract of the example, of which the program draws the first page.
fn contract() -> Vec<u8> {
    draw_by(PathBuf::from(env!("CARGO_BIN_EXE_strongroom")));
    include_bytes!("../../archive/customers/finance/huinong-bank/contracts/2026-011.pdf").to_vec()
}

fn house(more: &str, scan: &[u8]) -> House {
    let house = house_with(&[(RECORD, &format!("---\nnote: x\n{more}attachments: [scan.jpg]\n---\ntext\n"))]);
    house.put(SCAN, scan);
    house
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// A piece out of the middle of a thumbnail, which nothing else holds.
fn piece(small: &[u8]) -> Vec<u8> {
    small[small.len() / 2..][..48].to_vec()
}

/// The files of a site that hold some bytes as they are.
fn holding(site: &Site, what: &[u8]) -> Vec<String> {
    site.files.iter().filter(|(_, bytes)| holds(bytes, what)).map(|(name, _)| name.clone()).collect()
}

/// How many bytes of an age file follow its head: the head may hold a few bytes by chance.
fn payload(sealed: &[u8]) -> usize {
    let end = sealed.windows(5).position(|window| window == b"\n--- ").unwrap();
    sealed.len() - end
}

fn sealed_files(site: &Site) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    for (_, bytes) in site.files.iter().filter(|(name, _)| name.starts_with("files/") && name.ends_with(".age")) {
        *found.entry(payload(bytes)).or_default() += 1;
    }
    found
}

#[test]
fn the_thumbnail_of_a_restricted_picture_opens_for_its_readers_alone() {
    opens_for_its_readers_alone(&photograph([200, 30, 60]));
}

#[test]
fn the_first_page_of_a_restricted_pdf_opens_for_its_readers_alone() {
    opens_for_its_readers_alone(&contract());
}

fn opens_for_its_readers_alone(scan: &[u8]) {
    let small = thumbnail(scan).unwrap();
    let house = house("audience: legal\n", scan);
    house.must_build();
    let site = Site::of(&house);
    assert_eq!(holding(&site, &piece(&small)), Vec::<String>::new());
    assert!(!site.haystack().holds(&["thumbnail.jpg".to_owned(), "<img class=\"attachment-thumb".to_owned()]));
    let opened = |reader: &str| {
        let identities = site.identities(&house.keys[reader]);
        let sealed = site.files.iter().filter(|(name, _)| name.ends_with(".age") && name.starts_with("files/"));
        sealed
            .filter_map(|(_, bytes)| strongroom::sealing::open(bytes, &identities).ok())
            .any(|plain| holds(plain.expose(), &piece(&small)))
    };
    assert!(opened("leg"));
    assert!(!opened("fin"));
    // The bundle of those who may read it holds it as a picture, and no other bundle does.
    let bundles = |reader: &str| site.bundles(&house.keys[reader]).into_values();
    assert!(bundles("leg").any(|hay| hay.holds(&["/thumbnail.jpg".to_owned()])));
    assert!(!bundles("fin").any(|hay| hay.holds(&["/thumbnail.jpg".to_owned()])));
}

#[test]
fn nobody_sees_from_outside_which_sealed_files_are_pictures() {
    for scan in [photograph([10, 200, 90]), contract()] {
        let mut noise = scan.clone();
        noise[..4].copy_from_slice(b"none");
        assert!(thumbnail(&scan).is_some() && thumbnail(&noise).is_none());
        let (pictured, plain) = (house("audience: legal\n", &scan), house("audience: legal\n", &noise));
        pictured.must_build();
        plain.must_build();
        let (pictured, plain) = (Site::of(&pictured), Site::of(&plain));
        assert_eq!(sealed_files(&pictured), sealed_files(&plain));
        assert_eq!(sealed_files(&pictured).values().sum::<usize>(), 2, "the file, and what stands beside each file");
        let names = |site: &Site| site.files.keys().filter(|name| name.starts_with("files/thumbnails/")).count();
        assert_eq!((names(&pictured), names(&plain)), (0, 0));
    }
}

#[test]
fn what_a_camera_says_of_an_open_picture_is_not_in_its_thumbnail() {
    let scan = photograph([60, 60, 220]);
    let house = house("", &scan);
    house.must_build();
    let site = Site::of(&house);
    let small = site.files.iter().find(|(name, _)| name.starts_with("files/thumbnails/")).unwrap().1;
    assert_eq!(*small, thumbnail(&scan).unwrap());
    assert_eq!(
        holding(&site, CAMERA.as_bytes()),
        ["files/open/one/things/scan.jpg"],
        "the file itself is as it was given"
    );
}

#[test]
fn a_thumbnail_is_kept_while_its_file_stays_and_drawn_anew_when_it_changes() {
    let house = house("audience: legal\n", &photograph([200, 30, 60]));
    house.must_build();
    let first = Site::of(&house).files;
    house.must_build();
    let second = Site::of(&house).files;
    let sealed = |files: &BTreeMap<String, Vec<u8>>| {
        files
            .iter()
            .filter(|(name, _)| name.starts_with("files/"))
            .map(|(n, b)| (n.clone(), b.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(sealed(&first), sealed(&second), "sealing anew would give other bytes");
    house.put(SCAN, photograph([30, 200, 60]));
    house.must_build();
    let third = Site::of(&house).files;
    assert!(sealed(&third).iter().all(|(name, bytes)| first.get(name) != Some(bytes)), "both changed");
    // What somebody put in the place of one is not carried on.
    let (place, _) = sealed(&third).into_iter().find(|(_, bytes)| payload_of_thumbnail(bytes)).unwrap();
    let at = house.site().join(&place);
    std::fs::remove_file(&at).unwrap();
    std::fs::write(&at, b"another").unwrap();
    house.must_build();
    let fourth = Site::of(&house).files;
    assert!(fourth[&place].len() > 20_000);
}

fn payload_of_thumbnail(bytes: &[u8]) -> bool {
    bytes.starts_with(b"age-encryption.org") && (24_000..26_000).contains(&payload(bytes))
}

#[test]
fn a_damaged_picture_has_no_thumbnail_and_stops_no_build() {
    for whole in [photograph([200, 30, 60]), contract()] {
        let house = house("", &whole[..40]);
        house.must_build();
        let site = Site::of(&house);
        assert!(!site.files.keys().any(|name| name.starts_with("files/thumbnails/")));
        let page = String::from_utf8_lossy(&site.files["customers/one/index.html"]).into_owned();
        assert!(page.contains("scan.jpg") && !page.contains("<img class=\"attachment-thumb\""));
    }
}
