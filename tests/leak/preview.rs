//! What `serve --as` shows is what that reader's key opens on the published site, and what stands there in the open: no
//! word more, and none less.

use super::fixture::{DAY, House};
use super::houses::full;
use super::opening::Site;
use super::random::plan;
use super::unpack::Haystack;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use strongroom::archive::Archive;
use strongroom::history::History;
use strongroom::page::Theme;
use strongroom::provenance::Signers;
use strongroom::repository::Past;
use strongroom::site::{Built, Edition, Material, State, View};

/// The edition of an archive that is shown in a reader's place, before its past is read.
fn early(house: &House, reader: &str) -> Edition {
    let snapshot = house.snapshot();
    let archive = Archive::read(&snapshot, DAY.parse().unwrap()).archive;
    let theme = Theme::load(&archive.theme, &mut Vec::new()).unwrap();
    let key = Arc::new(State::at(house.state(), None).sealing_key().unwrap());
    let named = archive.readers.iter().find(|known| known.name == reader).unwrap();
    let view = Some(View::of(&archive, &theme, named));
    let built = Built { date: DAY.to_owned(), outside_git: true, ..Built::default() };
    let meanwhile = is_in_git(house).then(Arc::<History>::default);
    Edition::new(Material { snapshot, archive, theme, key, built, view, drawings: Arc::default(), meanwhile })
}

fn is_in_git(house: &House) -> bool {
    house.archive().join(".git").exists()
}

/// The edition with its past.
fn edition(house: &House, reader: &str) -> Edition {
    let edition = early(house, reader);
    if is_in_git(house) {
        let past = Past::read(&house.archive(), None, None).unwrap();
        edition.tell(Some(Arc::new(History::read(&past, edition.archive(), &Signers::default()))));
    }
    edition
}

/// Everything that a preview shows: its pages, and the files to which they lead.
fn seen(house: &House, site: &Site, reader: &str) -> Haystack {
    let edition = edition(house, reader);
    let (mut hay, mut files) = (Haystack::new(), BTreeSet::new());
    for name in site.files.keys().filter(|name| name.ends_with(".html")) {
        let page = edition.file(name).unwrap().unwrap_or_else(|| panic!("{name} is published, and not in the preview"));
        let page = String::from_utf8(page.to_vec()).unwrap();
        assert!(!page.contains("BEGIN AGE"), "{name} needs no key");
        let (before, rest) = page.split_once("<p class=\"preview-banner\"").unwrap();
        let page = format!("{before}{}", rest.split_once("</p>").unwrap().1);
        hay.add(name, page.as_bytes());
        for link in page.split(['"', '\'']).filter_map(|link| link.trim_start_matches("../").strip_prefix("files/")) {
            files.insert(format!("files/{}", link.replace("%20", " ").replace("%25", "%")));
        }
    }
    for file in files {
        if let Some(bytes) = edition.file(&file).unwrap() {
            hay.add(&file, &bytes);
        }
    }
    hay
}

/// What a record said that is there no more.
const GONE: [&str; 2] = ["zzzzlatertitlexx", "qqqqlaterbodyyyy"];

/// Every canary of the archive, now and then: runs of sixteen small letters, and of ten Han characters.
fn canaries(house: &House) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = GONE.map(str::to_owned).into();
    for bytes in super::fixture::files_of(&house.archive()).into_values() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for run in text.split(|c: char| !c.is_ascii_lowercase()).filter(|run| run.len() == 16) {
            found.insert(run.to_owned());
        }
        let han = |c: char| ('\u{5000}'..'\u{9040}').contains(&c);
        for run in text.split(|c: char| !han(c)).filter(|run| run.chars().count() == 10) {
            found.insert(run.to_owned());
        }
    }
    found
}

/// Compares, and gives what somebody saw in a preview that does not stand in the open.
fn compare(house: &House, readers: &[&str]) -> usize {
    house.must_build();
    let site = Site::of(house);
    let open = site.haystack_of(|name| name.ends_with(".html") || name.starts_with("files/"));
    let canaries = canaries(house);
    let in_the_open = open.found(&canaries);
    let mut more = 0;
    for reader in readers {
        let opened = site.opened(&house.keys[*reader]);
        let seen = seen(house, &site, reader);
        let (opened, seen) = (opened.found(&canaries), seen.found(&canaries));
        let may: BTreeSet<&str> = opened.union(&in_the_open).copied().collect();
        let wrong: Vec<_> = seen.symmetric_difference(&may).collect();
        assert!(wrong.is_empty(), "in the place of {reader}: {wrong:?}");
        more += seen.difference(&in_the_open).count();
    }
    more
}

#[test]
fn a_preview_shows_what_the_readers_key_opens_and_no_word_more() {
    let house = full();
    house.commit("one");
    let [title, text] = GONE;
    let later = "customers/group/open-one/things/later.md";
    house.put(later, format!("---\ntitle: {title}\naudience: finance\n---\n{text}\n"));
    house.commit("two");
    house.remove(later);
    house.commit("three");
    assert!(compare(&house, &["fin", "leg", "mix", "sal", "ovs"]) > 20, "sealed words are seen by those who may");
    assert_eq!(compare(&house, &["lap"]), 0, "whose training lapsed sees what everybody sees");
}

#[test]
fn a_preview_tells_nobody_where_a_dossier_lies_before_its_past_is_read() {
    let house = super::forge::house();
    let group = super::forge::group_that_was_a_dossier(&house);
    let page = |edition: &Edition| {
        let page = edition.file("customers/three/index.html").unwrap().unwrap();
        String::from_utf8(page.to_vec()).unwrap()
    };
    assert!(!page(&early(&house, "leg")).contains(&group));
    assert!(!page(&edition(&house, "leg")).contains(&group));
    assert!(page(&edition(&house, "fin")).contains(&group));
}

#[test]
fn a_preview_holds_no_keyring_and_no_sealed_file() {
    let house = full();
    house.must_build();
    let (site, edition) = (Site::of(&house), edition(&house, "fin"));
    for name in site.files.keys().filter(|name| name.starts_with("keys/") || name.ends_with(".age")) {
        assert!(edition.file(name).unwrap().is_none(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_of_any_archive_is_shown_what_the_reader_meets(plan in plan()) {
        let house = plan.house();
        house.must_build();
        let site = Site::of(&house);
        for reader in 0..5 {
            let seen = seen(&house, &site, &format!("r{reader}"));
            for (canary, asks) in plan.canaries() {
                prop_assert_eq!(seen.holds(std::slice::from_ref(&canary)), plan.reads(reader, &asks), "{} by r{}", canary, reader);
            }
        }
    }

    #[test]
    fn what_a_reader_holds_implies_what_the_reader_meets_and_nothing_else(plan in plan()) {
        let archive = plan.house().read().archive;
        for reader in &archive.readers {
            let holds = archive.holding(reader);
            for clearance in archive.clearances().keys() {
                let opens = archive.cleared(clearance).any(|known| known.name == reader.name);
                prop_assert_eq!(holds.implies(clearance), opens, "{:?} for {}", clearance, reader.name);
            }
        }
    }
}
