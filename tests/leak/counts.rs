//! How much is sealed does not show: more of it leaves every open byte as it was.

use super::fixture::House;
use super::opening::{Site, is_sealed_shard, outside};
use super::tricks::house_with;
use std::collections::BTreeMap;

/// Every page of a site without its envelopes, and the names of all other files; of the sealed indexes' shards only how
/// many there are.
fn open_view(house: &House) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut pages, mut names) = (BTreeMap::new(), Vec::new());
    for (name, bytes) in Site::of(house).files {
        if name.ends_with(".html") {
            pages.insert(name, outside(&String::from_utf8(bytes).unwrap()));
        } else if is_sealed_shard(&name, &bytes) {
            names.push("search/sealed".to_owned());
        } else {
            names.push(name);
        }
    }
    names.sort();
    (pages, names)
}

/// Builds once with the few and once with the many, under one sealing key, and compares what everybody sees.
fn looks_the_same(few: &[(&str, &str)], many: &[(&str, &str)]) {
    let mut house = house_with(few);
    house.put("customers/one/things/open.md", "---\nnote: open\n---\nText.\n");
    house.put("customers/one/things/zlist.yaml", "type: thing\nrecords:\n  - {code: open-row, note: x}\n");
    house.must_build();
    let before = open_view(&house);
    assert!(before.0["customers/one/index.html"].contains("Text."));
    for (path, content) in many {
        house.put(path, content);
    }
    house.must_build();
    let after = open_view(&house);
    for (name, page) in &before.0 {
        assert_eq!(after.0.get(name), Some(page), "{name} tells how much is sealed");
    }
    assert_eq!(before.1, after.1);
    let of_dossiers = |pages: &BTreeMap<String, String>| pages.keys().filter(|name| name.starts_with("d/")).count();
    assert_eq!(before.0.len() - of_dossiers(&before.0), after.0.len() - of_dossiers(&after.0));
    house.keys.clear();
}

#[test]
fn one_sealed_record_looks_like_three() {
    let sealed = |n: &str| format!("---\naudience: legal\nnote: n{n}\n---\nSecret {n}.\n");
    let (a, b, c) = (sealed("1"), sealed("2"), sealed("3"));
    looks_the_same(
        &[("customers/one/things/b.md", &a)],
        &[("customers/one/things/b.md", &a), ("customers/one/things/a.md", &b), ("customers/one/things/z.md", &c)],
    );
}

#[test]
fn one_sealed_row_looks_like_three() {
    let row = |n: &str| format!("  - {{code: r{n}, audience: legal, note: x}}\n");
    let few = format!("type: thing\nrecords:\n  - {{code: seen, note: y}}\n{}", row("1"));
    let many = format!("type: thing\nrecords:\n{}  - {{code: seen, note: y}}\n{}{}", row("0"), row("1"), row("2"));
    looks_the_same(&[("customers/one/things/l.yaml", &few)], &[("customers/one/things/l.yaml", &many)]);
}

#[test]
fn one_sealed_section_looks_like_three() {
    let section = "## H {audience=legal}\n\nS\n\n";
    let few = format!("---\nnote: x\n---\nOpen\n\n{section}## Last\n\nOpen\n");
    let many = format!("---\nnote: x\n---\nOpen\n\n{section}{section}### Under\n\nmore\n\n{section}## Last\n\nOpen\n");
    looks_the_same(&[("customers/one/things/s.md", &few)], &[("customers/one/things/s.md", &many)]);
}

#[test]
fn one_sealed_field_looks_like_three() {
    // Both have a marking: that a page holds something sealed for an audience is told, and one page lists markings.
    let few = "---\nrestrict: {note: legal, marking: legal}\nnote: secretnote\nmarking: {level: y}\n---\nOpen\n";
    let many = "---\nrestrict: {note: legal, prose: legal, members.a: legal, marking: legal}\nnote: secretnote\nprose: secretprose\nmarking: {level: x}\n---\nOpen\n";
    looks_the_same(&[("customers/one/things/f.md", few)], &[("customers/one/things/f.md", many)]);
}

#[test]
fn a_sealed_dossier_more_leaves_home_and_registers_as_they_were() {
    let dossier = "name: Secret\ntier: a\nindustry: b\naccount_manager: c\naudience: legal\n";
    let thing = "---\nnote: inside\n---\ntext\n";
    looks_the_same(
        &[("customers/two/dossier.yaml", dossier), ("customers/two/things/a.md", thing)],
        &[
            ("customers/alpha/dossier.yaml", dossier),
            ("customers/zeta/dossier.yaml", dossier),
            ("customers/zeta/things/a.md", thing),
        ],
    );
}

#[test]
fn a_clearance_that_nobody_meets_is_nowhere_and_leaves_no_trace() {
    let house = house_with(&[]);
    house.must_build();
    let before = open_view(&house);
    house.put("customers/one/things/n.md", "---\naudience: sales\nattachments: [n.txt]\n---\nnobodyreadsthis\n");
    house.put("customers/one/things/n.txt", "nobodyreadsthis");
    house.must_build();
    assert_eq!(before, open_view(&house));
    let site = Site::of(&house);
    assert!(house.keys.values().all(|key| !site.opened(key).holds(&["nobodyreadsthis".to_owned()])));
}

#[test]
fn what_was_sealed_has_the_length_of_its_padding() {
    let house = super::houses::full();
    house.must_build();
    let site = Site::of(&house);
    let identities = site.identities(&house.keys["ovs"]);
    let mut seen = 0;
    for (name, bytes) in &site.files {
        for sealed in super::opening::sealed_things(name, bytes) {
            let plain = strongroom::sealing::open(&sealed, &identities).unwrap();
            let length = plain.expose().len() as u64;
            assert!(length >= 1024 && strongroom::sealing::padded_len(length) == length, "{name}: {length}");
            seen += 1;
        }
    }
    assert!(seen > 20);
}
