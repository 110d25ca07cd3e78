//! Rows that stand beside their page: of sealed dossiers and cells nothing is in them, and nothing changes in them.

use super::canary::{han, word};
use super::fixture::House;
use super::opening::{Site, outside};
use super::tricks::house_with;
use std::collections::BTreeMap;

/// More customers than a page holds, some cells of which are for Legal.
fn house() -> House {
    let house = house_with(&[]);
    for number in 0..560 {
        let restrict = if number % 7 == 0 { "restrict: {technical_manager: legal}\n" } else { "" };
        let root = format!(
            "name: Customer{number:03}\ntier: a\nindustry: b\naccount_manager: c\ntechnical_manager: {}\naudience: staff\n{restrict}",
            word(&format!("manager {number}"))
        );
        house.put(&format!("customers/c{number:03}/dossier.yaml"), root);
    }
    house
}

/// Every open byte of home and of what stands beside it.
fn open_bytes(site: &Site) -> BTreeMap<String, String> {
    let of_home = |name: &str| name == "index.html" || name.starts_with("list-") || name.starts_with("rows/");
    let files = site.files.iter().filter(|(name, _)| of_home(name));
    files.map(|(name, bytes)| (name.clone(), outside(&String::from_utf8_lossy(bytes)))).collect()
}

#[test]
fn rows_beside_home_hold_nothing_that_is_sealed_and_tell_nothing_of_it() {
    let house = house();
    house.put(
        "customers/hidden/dossier.yaml",
        format!("name: {}\ntier: a\nindustry: b\naccount_manager: c\naudience: legal\n", han("sealed customer")),
    );
    house.must_build();
    let site = Site::of(&house);
    let before = open_bytes(&site);
    assert!(before.keys().any(|name| name.starts_with("rows/")) && before.contains_key("list-2.html"));
    let open = [word("manager 555")];
    assert!(site.haystack_of(|name| name.starts_with("rows/")).holds(&open));
    assert!(site.haystack_of(|name| name == "list-2.html").holds(&open));
    let sealed = [han("sealed customer"), word("manager 7"), word("manager 553")];
    let hay = site.haystack();
    for secret in &sealed {
        assert!(!hay.holds(std::slice::from_ref(secret)), "{secret} stands in the open");
    }
    for (reader, reads) in [("leg", true), ("fin", false)] {
        let opened = site.opened(&house.keys[reader]);
        for secret in &sealed {
            assert_eq!(opened.holds(std::slice::from_ref(secret)), reads, "{reader}: {secret}");
        }
    }

    // More of it, before and behind, changes no open byte: neither the pieces nor where they end.
    for name in ["Aaa", "Customer300b", "Zzz"] {
        let root = format!("name: {name}\ntier: a\nindustry: b\naccount_manager: c\naudience: legal\n");
        house.put(&format!("customers/{}/dossier.yaml", name.to_lowercase()), root);
    }
    house.must_build();
    assert!(before == open_bytes(&Site::of(&house)), "rows beside home tell how much is sealed");
}
