//! What stays the same between builds, and what changes with a clearance's readers.

use super::canary::word;
use super::fixture::files_of;
use super::houses;
use super::opening::Site;
use std::collections::BTreeMap;
use std::fmt::Write as _;

type Envelopes = BTreeMap<(String, String), String>;

fn all_envelopes(site: &Site) -> Envelopes {
    let pages = site.files.keys().filter(|name| name.ends_with(".html"));
    pages.flat_map(|page| site.envelopes(page).into_iter().map(|(id, armored)| ((page.clone(), id), armored))).collect()
}

#[test]
fn a_second_build_over_the_first_gives_the_same_bytes() {
    let house = houses::full();
    house.must_build();
    let first = files_of(&house.site());
    house.must_build();
    let second = files_of(&house.site());
    let mut wrong = String::new();
    for name in first.keys().chain(second.keys()).filter(|name| first.get(*name) != second.get(*name)) {
        writeln!(wrong, "{name}").unwrap();
    }
    assert!(wrong.is_empty(), "changed:\n{wrong}");
}

#[test]
fn what_a_fresh_place_gets_is_the_same_once_opened() {
    let house = houses::full();
    house.must_build();
    let other = house.site().with_file_name("other");
    house.build_to(&other, &house.state()).unwrap();
    let (one, other) = (Site::of(&house), Site { files: files_of(&other) });
    assert_eq!(one.files.keys().collect::<Vec<_>>(), other.files.keys().collect::<Vec<_>>());
    let key = &house.keys["ovs"];
    let plain = |site: &Site| -> BTreeMap<(String, String), Vec<u8>> {
        let identities = site.identities(key);
        let open =
            |armored: &String| strongroom::sealing::open(armored.as_bytes(), &identities).unwrap().expose().to_vec();
        all_envelopes(site).into_iter().map(|(at, armored)| (at, open(&armored))).collect()
    };
    assert!(!plain(&one).is_empty());
    assert!(plain(&one) == plain(&other));
}

#[test]
fn a_reader_who_leaves_changes_the_keys_of_what_was_read_and_of_nothing_else() {
    let house = houses::full();
    house.must_build();
    let before = Site::of(&house);
    let fin_before = before.identities(&house.keys["fin"]);
    // `fin` leaves Finance; `mix` and oversight stay.
    let settings = std::fs::read_to_string(house.archive().join("strongroom.yaml")).unwrap();
    house.put("strongroom.yaml", settings.replace("readers: [fin, mix, lap]", "readers: [mix, lap]"));
    house.must_build();
    let after = Site::of(&house);
    let (old, new) = (all_envelopes(&before), all_envelopes(&after));
    assert!(old.keys().eq(new.keys()));
    let mut kept = 0;
    for (at, armored) in &new {
        let opened_before = strongroom::sealing::open(old[at].as_bytes(), &fin_before).is_ok();
        assert!(strongroom::sealing::open(armored.as_bytes(), &fin_before).is_err(), "{at:?} opens with the old keys");
        // Two pages tell those who oversee of the readers themselves, and so say otherwise now.
        let of_readers = ["dashboards/readership/", "dashboards/training/"].iter().any(|page| at.0.starts_with(page));
        assert!(of_readers || opened_before == (old[at] != *armored), "{at:?}");
        kept += usize::from(!opened_before);
    }
    assert!(kept > 0);
    assert!(after.identities(&house.keys["fin"]).is_empty());
    assert!(!after.opened(&house.keys["fin"]).holds(&[word("by type")]));
    assert!(after.opened(&house.keys["mix"]).holds(&[word("by type")]));
    assert!(after.bundles(&house.keys["fin"]).is_empty());
    assert!(after.bundles(&house.keys["mix"])["finance"].holds(&[word("by type")]));
}

#[test]
fn a_key_that_is_replaced_opens_nothing_more_and_the_new_one_everything() {
    let mut house = houses::full();
    house.must_build();
    let old_key = house.keys["leg"].clone();
    let old_identities = Site::of(&house).identities(&old_key);
    house.reader("leg", "2030-01-01");
    house.must_build();
    let site = Site::of(&house);
    assert!(site.identities(&old_key).is_empty());
    assert!(site.bundles(&old_key).is_empty());
    for (at, armored) in all_envelopes(&site) {
        assert!(strongroom::sealing::open(armored.as_bytes(), &old_identities).is_err(), "{at:?}");
    }
    assert!(site.opened(&house.keys["leg"]).holds(&[word("inner body")]));
}

#[test]
fn losing_the_state_reseals_everything_and_locks_nobody_out() {
    let house = houses::full();
    house.must_build();
    let before = Site::of(&house);
    std::fs::remove_dir_all(house.state()).unwrap();
    house.must_build();
    let after = Site::of(&house);
    let old: Vec<String> = all_envelopes(&before).into_values().collect();
    assert!(all_envelopes(&after).values().all(|armored| !old.contains(armored)));
    for (reader, label) in [("fin", "by type"), ("leg", "inner body"), ("mix", "nested body"), ("sal", "register body")]
    {
        assert!(after.opened(&house.keys[reader]).holds(&[word(label)]), "{reader}");
        assert!(!after.identities(&house.keys[reader]).is_empty());
    }
}

#[test]
fn what_is_restricted_today_is_gone_from_the_site_that_replaces_the_open_one() {
    let house = houses::full();
    house.must_build();
    let path = "customers/group/open-one/things/links.md";
    let open = std::fs::read_to_string(house.archive().join(path)).unwrap();
    house.put(path, open.replace("title: Links", "title: Links\naudience: legal"));
    house.must_build();
    let site = Site::of(&house);
    assert!(!site.haystack().holds(&[word("open link words")]));
    assert!(site.opened(&house.keys["leg"]).holds(&[word("open link words")]));
}
